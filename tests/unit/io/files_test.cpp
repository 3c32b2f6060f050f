#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/core/error.h"
#include "common/io/atomic_file.h"
#include "common/io/checksum.h"
#include "common/io/file_lock.h"
#include "common/io/json.h"
#include "common/io/npy.h"
#include "tests/support/scratch_folder.h"

namespace parlando {
namespace {

std::string message_of(const std::function<void()>& action, ErrorKind kind) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind);
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

TEST(WriteFileAtomically, ReplacesTheFileAndLeavesNoTemporary) {
  const test::ScratchFolder folder;
  write_file_atomically(folder / "deep/file", "one");
  write_file_atomically(folder / "deep/file", "two");
  EXPECT_EQ(read_file(folder / "deep/file"), "two");
  const auto entries = std::filesystem::directory_iterator(folder / "deep");
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 1);
}

TEST(WriteFileAtomically, NamesThePathThatCannotBeWritten) {
  const std::string message =
      message_of([] { write_file_atomically("/proc/nowhere/file", "x"); }, ErrorKind::artefact);
  EXPECT_NE(message.find("/proc/nowhere"), std::string::npos) << message;
}

TEST(Hasher, TellsFieldsApartByTheirLengths) {
  Hasher first, second;
  first.update_field("ab");
  first.update_field("c");
  second.update_field("a");
  second.update_field("bc");
  EXPECT_NE(first.hex(), second.hex());
  EXPECT_EQ(hash_text("parlando").size(), 32u);
}

TEST(HashFile, EqualsTheHashOfItsContent) {
  const test::ScratchFolder folder;
  const std::string content(3 << 20, 'x');
  write_file_atomically(folder / "file", content);
  EXPECT_EQ(hash_file(folder / "file"), hash_text(content));
}

TEST(FolderLock, SharedHoldersKeepAnExclusiveOneOut) {
  const test::ScratchFolder folder;
  const FolderLock first(folder.path(), {.shared = true});
  EXPECT_NO_THROW(const FolderLock second(folder.path(), {.shared = true}));
  EXPECT_THROW(const FolderLock third(folder.path()), Error);
  EXPECT_NO_THROW(const FolderLock other(folder.path(), {.file = ".lock-other"}));
}

TEST(FolderLock, WithoutLocksAFileNamesItsOwner) {
  const test::ScratchFolder folder;
  const std::filesystem::path path = folder / ".lock.owner";
  EXPECT_EQ(take_owner_file(path), "");
  EXPECT_THAT(take_owner_file(path), testing::HasSubstr("process " + std::to_string(getpid())));
  test::write_text(path, "another-host 1\n");
  EXPECT_THAT(take_owner_file(path), testing::HasSubstr("process 1 on another-host"));
}

TEST(FolderLock, AnOwnerThatDiedHereIsReplaced) {
  const test::ScratchFolder folder;
  const std::filesystem::path path = folder / ".lock.owner";
  take_owner_file(path);
  std::string text = test::read_text(path);
  const pid_t child = fork();
  if (child == 0) _exit(0);
  waitpid(child, nullptr, 0);
  test::write_text(path, text.substr(0, text.find(' ')) + " " + std::to_string(child) + "\n");
  EXPECT_EQ(take_owner_file(path), "");
}

TEST(FolderLock, RefusesASecondWriterAndIsFreeAfterwards) {
  const test::ScratchFolder folder;
  {
    const FolderLock lock(folder.path());
    const std::string message =
        message_of([&] { const FolderLock second(folder.path()); }, ErrorKind::artefact);
    EXPECT_NE(message.find("another process"), std::string::npos) << message;
  }
  EXPECT_NO_THROW(const FolderLock again(folder.path()));
}

LockOptions start_of(const std::string& job, std::int64_t restart) {
  return {.job = job, .restart = restart};
}

TEST(FolderLock, GoesOnBesideAnEarlierStartOfItsJob) {
  const test::ScratchFolder folder;
  const FolderLock left_behind(folder.path(), start_of("slurm-4", 0));
  EXPECT_THROW(const FolderLock other(folder.path(), start_of("slurm-5", 1)), Error);
  EXPECT_THROW(const FolderLock twice(folder.path(), start_of("slurm-4", 0)), Error);
  EXPECT_THROW(const FolderLock none(folder.path()), Error);
  EXPECT_NO_THROW(const FolderLock later(folder.path(), start_of("slurm-4", 1)));
}

TEST(FolderLock, OfSharedHoldersIsOfNoJob) {
  const test::ScratchFolder folder;
  { const FolderLock ended(folder.path(), start_of("slurm-4", 0)); }
  const FolderLock shared(folder.path(), {.shared = true});
  EXPECT_THROW(const FolderLock later(folder.path(), start_of("slurm-4", 1)), Error);
}

TEST(FolderLock, TakesTheOwnersFileOfAnEarlierStartOfItsJob) {
  const test::ScratchFolder folder;
  const std::filesystem::path path = folder / ".lock.owner";
  test::write_text(path, "another-host 1 slurm-4 0\n");
  EXPECT_THAT(take_owner_file(path, start_of("slurm-5", 1)), testing::HasSubstr("another-host"));
  EXPECT_EQ(take_owner_file(path, start_of("slurm-4", 1)), "");
  EXPECT_THAT(take_owner_file(path), testing::HasSubstr("process " + std::to_string(getpid())));
}

TEST(Npy, ReadsBackWhatItWrote) {
  const test::ScratchFolder folder;
  const std::vector<float> values{1, -2.5F, 3, 4, 5, 6};
  const std::vector<std::size_t> shape{2, 3};
  write_npy(folder / "a.npy", values, shape);
  const NpyArray array = read_npy(folder / "a.npy");
  EXPECT_EQ(array.shape, shape);
  EXPECT_EQ(array.values, values);
}

std::string npy_of(const std::string& order, const std::string& shape,
                   const std::vector<float>& values) {
  const std::string header =
      "{'descr': '<f4', 'fortran_order': " + order + ", 'shape': (" + shape + "), }\n";
  std::string content("\x93NUMPY\x01\x00", 8);
  content += static_cast<char>(header.size());
  content += '\0';
  return content + header +
         std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
}

TEST(Npy, ReadsATransposedArray) {
  const test::ScratchFolder folder;
  write_file_atomically(folder / "a.npy", npy_of("True", "2, 3", {1, 4, 2, 5, 3, 6}));
  const NpyArray array = read_npy(folder / "a.npy");
  EXPECT_EQ(array.shape, (std::vector<std::size_t>{2, 3}));
  EXPECT_EQ(array.values, (std::vector<float>{1, 2, 3, 4, 5, 6}));
}

TEST(Npy, RefusesAnAbsurdShape) {
  const test::ScratchFolder folder;
  for (const std::string shape :
       {"99999999999999999999, 1", "4294967296, 4294967296", "3000000000"}) {
    write_file_atomically(folder / "a.npy", npy_of("False", shape, {1, 2}));
    const std::string message =
        message_of([&] { read_npy(folder / "a.npy"); }, ErrorKind::artefact);
    EXPECT_NE(message.find("shape"), std::string::npos) << message;
  }
}

TEST(Npy, RefusesATruncatedFile) {
  const test::ScratchFolder folder;
  const std::vector<std::size_t> shape{4};
  write_npy(folder / "a.npy", std::vector<float>{1, 2, 3, 4}, shape);
  std::filesystem::resize_file(folder / "a.npy", std::filesystem::file_size(folder / "a.npy") - 4);
  const std::string message = message_of([&] { read_npy(folder / "a.npy"); }, ErrorKind::artefact);
  EXPECT_NE(message.find("a.npy"), std::string::npos) << message;
}

TEST(JsonGet, NamesFileAndKey) {
  const Json json{{"a", "text"}};
  EXPECT_NE(
      message_of([&] { json_get<int>(json, "b", "f.json"); }, ErrorKind::artefact).find("'b'"),
      std::string::npos);
  EXPECT_NE(
      message_of([&] { json_get<int>(json, "a", "f.json"); }, ErrorKind::artefact).find("f.json"),
      std::string::npos);
}

}  // namespace
}  // namespace parlando
