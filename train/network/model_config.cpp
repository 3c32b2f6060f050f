#include "train/network/model_config.h"

#include <algorithm>

#include "common/core/error.h"
#include "common/core/text.h"

namespace parlando::train {

void ConvBlockConfig::validate() const {
  if (padding == "same" && kernel % 2 == 0) {
    fail(ErrorKind::usage, "kernel is {}; 'same' padding needs an odd kernel", kernel);
  }
  std::vector<std::string> sorted = order;
  std::ranges::sort(sorted);
  if (sorted != std::vector<std::string>{"activation", "dropout", "norm", "pool"}) {
    fail(ErrorKind::usage,
         "order is [{}]; it must name activation, pool, norm and dropout once each",
         join_text(order, ", "));
  }
}

}  // namespace parlando::train
