#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/dist/communicator.h"

namespace parlando::dist {

/// What each rank has, by rank, known to all ranks afterwards.
std::vector<std::int64_t> gather_numbers(Communicator& communicator, std::int64_t own);
std::vector<std::string> gather_texts(Communicator& communicator, const std::string& own);

/// The ranks whose number is not that of most ranks, or not rank 0's if no number has a majority.
std::vector<int> odd_ranks(const std::vector<std::int64_t>& numbers);

}  // namespace parlando::dist
