#pragma once

#include <string>

namespace parlando::train {

enum class Verdict { information, good, warning, bad };

/// One thing that doctor looked at.
struct Check {
  std::string group, name, value;
  Verdict verdict = Verdict::information;
  std::string advice{};  ///< what to do, for a warning and for what is bad
};

}  // namespace parlando::train
