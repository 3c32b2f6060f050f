#include "train/model/activation.h"

#include "common/core/error.h"

namespace parlando::train {

at::Tensor activate(const at::Tensor& input, const std::string& kind) {
  if (kind == "relu") return at::relu(input);
  if (kind == "elu") return at::elu(input);
  if (kind == "gelu") return at::gelu(input);
  if (kind == "tanh") return at::tanh(input);
  if (kind == "none") return input;
  fail(ErrorKind::internal, "no activation '{}'", kind);
}

}  // namespace parlando::train
