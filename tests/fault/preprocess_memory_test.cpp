#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "tests/fault/preprocess_command.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/wav_file.h"

namespace parlando::test {
namespace {

/// A list of `count` clips of a hundredth of a second, in `folder`.
std::filesystem::path list_clips(const std::filesystem::path& folder, int count) {
  std::string list = "path,label,speaker\n";
  for (int i = 0; i < count; ++i) {
    const std::string name = "clip" + std::to_string(i) + ".wav";
    // The lengths differ, so that no two clips sound alike.
    const std::filesystem::path path = folder / name;
    if (!std::filesystem::exists(path)) write_wav(path, 160 + static_cast<std::size_t>(i));
    list += name + (i % 2 == 0 ? ",happy,s" : ",sad,s") + std::to_string(i % 20) + "\n";
  }
  const std::filesystem::path path = folder / (std::to_string(count) + ".csv");
  write_text(path, list);
  return path;
}

/// Largest resident memory of any program that this test has run, KiB.
long peak_of_children() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  return usage.ru_maxrss;
}

TEST(PreprocessMemory, GrowsByLabelsNotByFeatures) {
  constexpr int kClips = 600;
  // Names, labels and hashes of a clip and of its rows: far less than its features.
  constexpr double kMostPerClip = 3;  // KiB
  const ScratchFolder folder;
  const auto run = [&](int clips) {
    std::vector<std::string> command =
        preprocess_command(list_clips(folder.path(), clips), folder / std::to_string(clips));
    // Features of 66560 bytes a clip: 120 MB for the larger corpus.
    command.insert(command.end(), {"split.by=emotion", "variants.copies=0"});
    const ProcessResult result = run_process(command);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return peak_of_children();
  };
  const long small = run(kClips);
  const long large = run(4 * kClips);
  EXPECT_LT(static_cast<double>(large - small) / (3 * kClips), kMostPerClip)
      << small << " KiB for " << kClips << " clips, " << large << " KiB for " << 4 * kClips;
}

}  // namespace
}  // namespace parlando::test
