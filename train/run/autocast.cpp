#include "train/run/autocast.h"

#include <ATen/autocast_mode.h>

namespace parlando::train {

Autocast::Autocast(bool enabled, at::Device device) : enabled_(enabled), type_(device.type()) {
  if (!enabled_) return;
  at::autocast::set_autocast_enabled(type_, true);
  at::autocast::set_autocast_dtype(type_, at::kBFloat16);
  at::autocast::increment_nesting();
}

Autocast::~Autocast() {
  if (!enabled_) return;
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  at::autocast::set_autocast_enabled(type_, false);
}

}  // namespace parlando::train
