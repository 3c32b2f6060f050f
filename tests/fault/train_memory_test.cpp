#include <filesystem>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/e2e/small_dataset.h"

namespace parlando::test {
namespace {

constexpr double kMebibyte = 1 << 20;

/// Largest resident memory of a program, MiB.
double peak_of(const std::vector<std::string>& command) {
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  EXPECT_EQ(posix_spawn(&child, words.front(), &actions, nullptr, words.data(), environ), 0);
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  rusage usage{};
  EXPECT_EQ(wait4(child, &status, 0, &usage), child);
  EXPECT_EQ(status, 0);
  return static_cast<double>(usage.ru_maxrss) * 1024 / kMebibyte;
}

TEST(TrainMemory, StaysBelowALimitThatTheDatasetIsLargerThan) {
  constexpr double kLimit = 16, kSlack = 8;  // MiB; slack for what the allocator keeps
  const SmallDataset data({"features.0.n_mels=128", "features.0.hop_length=64"});
  double dataset = 0;
  for (const auto& entry : std::filesystem::directory_iterator(data.data())) {
    if (entry.path().extension() == ".h5")
      dataset += static_cast<double>(entry.file_size()) / kMebibyte;
  }
  ASSERT_GT(dataset, 4 * kLimit);
  // Small batches, so that what is under way weighs little beside what is kept.
  const auto peak = [&](const std::string& memory) {
    return peak_of(data.train_command(
        data.folder() / memory, {"epochs=2", "batch_size=2", "input.prefetch=1", "input.frames=0",
                                 "input.normalization=per-row", "model.conv_dimensions=1",
                                 "model.conv.0.pool=8", "input.memory=" + memory}));
  };
  const double nothing_kept = peak("0");
  const double limited = peak("16MiB");
  const double all_kept = peak("4GiB");
  EXPECT_LT(limited - nothing_kept, kLimit + kSlack);
  // Training and validation are four fifths of the clips; what the allocator keeps blurs the
  // difference.
  EXPECT_GT(all_kept - nothing_kept, 1.5 * (kLimit + kSlack))
      << "the limit is what made the difference";
}

}  // namespace
}  // namespace parlando::test
