#pragma once

#include <string>
#include <vector>

namespace parlando::train {

enum class Verdict { information, good, warning };

/// One thing that doctor looked at.
struct Check {
  std::string group, name, value;
  Verdict verdict = Verdict::information;
  std::string advice{};  ///< what to do, for a warning
};

/// Versions, machine, launch environment, devices and limits of this process.
std::vector<Check> run_checks();

}  // namespace parlando::train
