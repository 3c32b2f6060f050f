#pragma once

#include <string>
#include <vector>

#include "common/dist/communicator.h"
#include "train/model/classifier.h"

namespace parlando::train {

/// Sends a tensor's values from rank 0 to all ranks. float32, float64 and int64.
void broadcast_tensor(at::Tensor& tensor, dist::Communicator& communicator);

/// Sends a text from rank 0 to all ranks.
void broadcast_text(std::string& text, dist::Communicator& communicator);

/// The typed view of a contiguous tensor that collectives take.
dist::Buffer buffer_of(const at::Tensor& tensor);

}  // namespace parlando::train
