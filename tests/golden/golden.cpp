#include "tests/golden/golden.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace parlando::golden {
namespace {

constexpr const char* kFolderVariable = "PARLANDO_GOLDEN";
constexpr const char* kLogVariable = "PARLANDO_GOLDEN_LOG";

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

}  // namespace

std::filesystem::path path(const std::string& name) {
  return std::filesystem::path(environment(kFolderVariable)) / name;
}

NpyArray load(const std::string& name) {
  return read_npy(path(name));
}

testing::AssertionResult within(std::span<const float> actual, std::span<const float> expected,
                                double tolerance) {
  if (actual.size() != expected.size()) {
    return testing::AssertionFailure()
           << actual.size() << " elements, expected " << expected.size();
  }
  double worst = 0;
  std::size_t where = 0;
  std::size_t outside = 0;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const double error =
        std::abs(static_cast<double>(actual[i]) - static_cast<double>(expected[i]));
    if (!(error <= tolerance)) ++outside;
    if (error > worst || std::isnan(error)) {
      worst = error;
      where = i;
    }
    if (std::isnan(error)) break;
  }
  if (outside == 0) {
    return testing::AssertionSuccess() << "largest difference " << fmt::format("{:.3g}", worst);
  }
  return testing::AssertionFailure() << fmt::format(
             "largest difference {:.6g} at element {} ({} against {}), {} of {} beyond the "
             "tolerance of {:.3g}",
             worst, where, actual[where], expected[where], outside, actual.size(), tolerance);
}

double largest(std::span<const float> values) {
  double result = 0;
  for (const float value : values) result = std::max(result, std::abs(static_cast<double>(value)));
  return result;
}

void count_case(const std::string& name) {
  const std::string file = environment(kLogVariable);
  if (file.empty() || testing::Test::HasFailure()) return;
  const std::string line = "golden-case " + name + "\n";
  // One write in append mode: the lines of test programs that run at the same time do not mix.
  const int log = open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  const ssize_t written = log < 0 ? -1 : write(log, line.data(), line.size());
  if (log >= 0) close(log);
  EXPECT_EQ(written, static_cast<ssize_t>(line.size())) << kLogVariable << "=" << file;
}

void GoldenTest::SetUp() {
  const std::string folder = environment(kFolderVariable);
  if (folder.empty()) {
    GTEST_SKIP() << kFolderVariable << " is not set: it names the folder of the golden arrays";
  }
  ASSERT_TRUE(std::filesystem::is_directory(folder)) << kFolderVariable << "=" << folder;
}

}  // namespace parlando::golden
