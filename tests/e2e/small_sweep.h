#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/e2e/small_dataset.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"

namespace parlando::test {

/// A sweep over trainings of a second on a small dataset.
class SmallSweep {
 public:
  /// `lines`: of the sweep's file, without train and data.
  explicit SmallSweep(const std::string& lines);

  const SmallDataset& data() const { return data_; }
  std::filesystem::path config() const { return data_.folder() / "sweep.yaml"; }
  std::filesystem::path out() const { return data_.folder() / "sweep"; }
  std::filesystem::path trial(int index) const;

  /// parlando-sweep run on it.
  std::vector<std::string> run_command(const std::vector<std::string>& more = {}) const;
  /// Another action on the sweep's folder, without its file.
  ProcessResult act(const std::string& action, const std::vector<std::string>& more = {}) const;

 private:
  SmallDataset data_;
};

}  // namespace parlando::test
