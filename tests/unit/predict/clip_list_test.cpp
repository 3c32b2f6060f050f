#include "predict/input/clip_list.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"

namespace parlando::predict {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ListClips : public ::testing::Test {
 protected:
  std::string make(const std::string& name) {
    test::write_text(folder_ / name, "x");
    return (folder_ / name).string();
  }

  test::ScratchFolder folder_;
  std::istringstream nothing_;
};

TEST_F(ListClips, TakesFilesAsNamedAndFoldersAtAnyDepth) {
  const std::string b = make("deep/er/b.flac"), a = make("deep/a.WAV"), one = make("one.txt");
  make("deep/notes.txt");
  make("deep/._a.wav");
  const ClipList list = list_clips({one, (folder_ / "deep").string()}, nothing_);
  EXPECT_THAT(list.paths, ElementsAre(one, a, b));
  EXPECT_THAT(list.defects, IsEmpty());
}

TEST_F(ListClips, TakesAListOfFilesAndFolders) {
  const std::string a = make("deep/a.wav"), b = make("b.wav");
  std::istringstream lines(b + "\r\n\n  " + (folder_ / "deep").string() + "\nabsent.wav");
  const ClipList list = list_clips({"-"}, lines);
  EXPECT_THAT(list.paths, ElementsAre(b, a, "absent.wav"));
}

TEST_F(ListClips, NamesAFolderWithoutClips) {
  make("deep/notes.txt");
  const ClipList list = list_clips({(folder_ / "deep").string()}, nothing_);
  EXPECT_THAT(list.paths, IsEmpty());
  ASSERT_EQ(list.defects.size(), 1u);
  EXPECT_EQ(list.defects[0].path, (folder_ / "deep").string());
  EXPECT_THAT(list.defects[0].reason, HasSubstr("no wav or FLAC file"));
}

TEST_F(ListClips, NamesWhatScanWouldNot) {
  std::filesystem::create_directories(folder_ / "deep/folder.wav");
  const std::string a = make("deep/a.wav");
  const ClipList list = list_clips({(folder_ / "deep").string()}, nothing_);
  EXPECT_THAT(list.paths, ElementsAre(a));
  ASSERT_EQ(list.defects.size(), 1u);
  EXPECT_EQ(list.defects[0].path, (folder_ / "deep/folder.wav").string());
}

}  // namespace
}  // namespace parlando::predict
