#include "train/run/protocol_config.h"

#include "common/core/error.h"
#include "common/core/log.h"

namespace parlando::train {

void ProtocolConfig::validate() const {
  if (allow_leak.size() < 2) return;
  fail(ErrorKind::usage,
       "allow_leak: one leak at a time can fill the validation side; keep one of {}"
       " and {}",
       kValidationIsTest, kAugmentedValidation);
}

void ProtocolConfig::warn() const {
  for (const std::string& leak : allow_leak) {
    log_warning("protocol.allow_leak: {}: the figures of this run are too good, and say so", leak);
  }
  if (permute_labels)
    log_warning("protocol.permute_labels: the labels of this run are dealt out at random");
}

}  // namespace parlando::train
