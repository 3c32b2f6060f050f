#include "common/audio/blocks/decibel_keys.h"

namespace parlando::audio {

DecibelScale DecibelKeys::scale() const {
  DecibelScale scale{.amin = amin, .top_db = top_db};
  set_reference(scale, ref);
  return scale;
}

}  // namespace parlando::audio
