#include "common/core/log.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "common/core/error.h"

namespace parlando {
namespace {

using ::testing::MatchesRegex;

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

class LogFile : public testing::Test {
 protected:
  LogFile() {
    std::string name = (std::filesystem::temp_directory_path() / "parlando-log-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
    folder_ = name;
  }
  ~LogFile() override {
    set_log_level(LogLevel::info);
    open_log_file("/dev/null");
    std::filesystem::remove_all(folder_);
  }

  std::filesystem::path folder_;
};

TEST_F(LogFile, HoldsLinesOfEveryLevelWithTheirTime) {
  open_log_file(folder_ / "log");
  testing::internal::CaptureStderr();
  log_debug("for the file");
  log_warning("for {}", "both");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "warning: for both\n");
  constexpr const char* kTime = "20[0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-9:]+\\.[0-9]+Z ";
  EXPECT_THAT(content_of(folder_ / "log"),
              MatchesRegex(std::string(kTime) + "for the file\n" + kTime + "warning: for both\n"));
}

TEST_F(LogFile, HearsWhatStderrDoesNot) {
  open_log_file(folder_ / "log");
  set_log_level(LogLevel::error);
  testing::internal::CaptureStderr();
  log_info("quiet");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_THAT(content_of(folder_ / "log"), testing::HasSubstr("quiet"));
}

TEST_F(LogFile, IsAppendedTo) {
  open_log_file(folder_ / "log");
  log_debug("first");
  open_log_file(folder_ / "log");
  log_debug("second");
  const std::string content = content_of(folder_ / "log");
  EXPECT_LT(content.find("first"), content.find("second"));
}

TEST_F(LogFile, ThatCannotBeOpenedIsNamed) {
  try {
    open_log_file("/proc/nowhere/log");
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::artefact);
    EXPECT_THAT(error.what(), testing::HasSubstr("/proc/nowhere/log"));
  }
}

}  // namespace
}  // namespace parlando
