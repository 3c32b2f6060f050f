#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"

namespace parlando::test {

/// A synthetic corpus of a few clips, its dataset of small spectrograms and a small network's
/// configuration, made by the real programs.
class SmallDataset {
 public:
  /// `keys`: further key=value for preprocess.
  explicit SmallDataset(const std::vector<std::string>& keys = {});

  const std::filesystem::path& folder() const { return scratch_.path(); }
  std::filesystem::path corpus() const { return folder() / "corpus"; }
  std::filesystem::path data() const { return folder() / "data"; }
  std::filesystem::path config() const { return folder() / "train.yaml"; }

  /// Clips of the training side and their variants.
  std::int64_t training_samples() const;

  /// parlando-train on it.
  std::vector<std::string> train_command(const std::filesystem::path& run,
                                         const std::vector<std::string>& overrides) const;

 private:
  ScratchFolder scratch_;
};

/// Changes one byte in the middle of a file.
void damage(const std::filesystem::path& file);

/// Every option of the recipe that draws, sums or remembers something, switched on.
std::vector<std::string> all_recipe_options();

/// mpirun for `ranks` ranks on this machine, more than there are cores if need be.
std::vector<std::string> mpirun(int ranks);

/// Lets mpirun start as root, as in a container.
ProcessOptions mpi_options();

}  // namespace parlando::test
