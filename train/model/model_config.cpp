#include "train/model/model_config.h"

#include "common/core/error.h"

namespace parlando::train {

void ModelConfig::validate() const {
  for (std::size_t i = 0; i < conv.size(); ++i) {
    if (conv[i].kernel % 2 == 0) {
      fail(ErrorKind::usage, "conv.{}.kernel is {}; 'same' padding needs an odd kernel", i,
           conv[i].kernel);
    }
  }
}

}  // namespace parlando::train
