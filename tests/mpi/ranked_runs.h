#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "common/io/json.h"
#include "tests/e2e/small_dataset.h"

namespace parlando::test {

std::vector<Json> json_lines(const std::filesystem::path& path);

/// Losses of steps.jsonl.
std::vector<double> losses_of(const std::filesystem::path& run);

/// Runs on one small dataset, by any number of ranks.
class RankedRuns : public testing::Test {
 protected:
  /// Trains in run folder `name`; `ranks` by mpirun if it is more than 1.
  std::filesystem::path train(const std::string& name, int ranks,
                              const std::vector<std::string>& overrides) const;
  /// The same by a launcher's `command`.
  std::filesystem::path start(const std::string& name, std::vector<std::string> command,
                              const std::vector<std::string>& overrides) const;

  /// All of a recipe's options, with a batch that two, three and four ranks can't divide, and that
  /// leaves a last one of one or two samples: fewer than ranks.
  std::vector<std::string> recipe(const std::vector<std::string>& more) const;

  SmallDataset data_;
};

}  // namespace parlando::test
