#pragma once

#include "train/torch.h"

namespace parlando::train {

/// While it lives, products (convolutions, dense layers, libtorch's LSTM) take bfloat16 copies of
/// their float32 arguments. Nothing if not `enabled`. Not for a backward pass, which takes the
/// types that the forward pass chose.
class Autocast {
 public:
  Autocast(bool enabled, at::Device device);
  ~Autocast();
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  bool enabled_;
  at::DeviceType type_;
};

}  // namespace parlando::train
