#pragma once

#include <cstdint>
#include <vector>

#include "common/dist/communicator.h"
#include "train/model/classifier.h"
#include "train/optim/flat_parameters.h"

namespace parlando::train {

/// 62 bits over all parameters and moving statistics of batch norm; bits that are alike give hashes
/// that are alike.
std::int64_t hash_of_parameters(const FlatParameters& flat,
                                const std::vector<NamedTensor>& buffers);

/// Compares the parameters of all ranks, which are the same bits on each as long as all is well.
/// Throws on all ranks together, naming the ranks that drifted, the step and the epoch (both from
/// 1).
void check_parameters(const FlatParameters& flat, const std::vector<NamedTensor>& buffers,
                      dist::Communicator& communicator, std::int64_t epoch, std::int64_t step);

}  // namespace parlando::train
