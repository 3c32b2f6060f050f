#pragma once

#include <cstdint>
#include <string>

namespace parlando::dist {

/// What a rank is doing.
struct Activity {
  std::string operation = "starting";
  bool waits_for_ranks = false;  ///< a collective: whoever is late is elsewhere
  std::int64_t epoch = 0;        ///< from 1; 0 = in none
  std::int64_t step = 0;         ///< of the epoch, from 1; 0 = in none
};

/// "gradient all_reduce, step 17 of epoch 2".
std::string describe(const Activity& activity);

}  // namespace parlando::dist
