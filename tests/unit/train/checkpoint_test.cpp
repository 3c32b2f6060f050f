#include "train/checkpoint/checkpoint.h"

#include <fstream>

#include <gtest/gtest.h>

#include "common/core/error.h"
#include "tests/support/scratch_folder.h"
#include "train/checkpoint/safetensors.h"

namespace parlando::train {
namespace {

std::vector<NamedTensor> some_tensors() {
  return {{"a", torch::tensor({1.5F, -2.0F, 3.0F, 4.0F, 5.0F, 6.0F}).view({2, 3})},
          {"b", torch::tensor({1, 2}, at::kLong)},
          {"empty", at::empty({0}, at::kDouble)}};
}

TEST(Safetensors, ReadsBackWhatItWrote) {
  const test::ScratchFolder folder;
  write_safetensors(folder / "x.safetensors", some_tensors(), {{"name", "value"}});
  const SafetensorsFile file = read_safetensors(folder / "x.safetensors");
  EXPECT_EQ(file.metadata.at("name"), "value");
  for (const NamedTensor& entry : some_tensors()) {
    EXPECT_TRUE(at::equal(file.at(entry.name), entry.tensor)) << entry.name;
  }
  EXPECT_THROW(file.at("absent"), Error);
}

TEST(Safetensors, RefusesDamagedFilesByName) {
  const test::ScratchFolder folder;
  const std::filesystem::path path = folder / "x.safetensors";
  write_safetensors(path, some_tensors(), {});
  const std::string whole = test::read_text(path);
  const std::vector<std::string> damaged{
      "", "short", whole.substr(0, whole.size() - 4), std::string(8, '\xff') + whole.substr(8),
      std::string("\x10\0\0\0\0\0\0\0", 8) + "{\"a\":{\"dtype\":1}}"};
  for (const std::string& content : damaged) {
    test::write_text(path, content);
    try {
      read_safetensors(path);
      ADD_FAILURE() << "accepted " << content.size() << " bytes";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::artefact);
      EXPECT_NE(std::string(error.what()).find("x.safetensors"), std::string::npos);
    }
  }
}

Checkpoint at_epoch(std::int64_t epoch) {
  return {.epoch = epoch,
          .step = 2,
          .tensors = {{"p", at::full({3}, epoch, at::kFloat)}},
          .state = {{"epoch", epoch}}};
}

TEST(Checkpoint, KeepsTheNewestOnes) {
  const test::ScratchFolder folder;
  for (const std::int64_t epoch : {1, 2, 3}) write_checkpoint(folder / "c", at_epoch(epoch), 2);
  EXPECT_EQ(read_newest_checkpoint(folder / "c")->epoch, 3);
  const auto entries = std::filesystem::directory_iterator(folder / "c");
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 2);
}

TEST(Checkpoint, FallsBackToTheOneBeforeADamagedOne) {
  const test::ScratchFolder folder;
  for (const std::int64_t epoch : {1, 2}) write_checkpoint(folder / "c", at_epoch(epoch), 2);
  std::fstream file(folder / "c/epoch-0002-step-000002/state.safetensors",
                    std::ios::in | std::ios::out);
  file.seekp(-1, std::ios::end);
  file.put('\x7f');
  file.close();
  const std::optional<Checkpoint> checkpoint = read_newest_checkpoint(folder / "c");
  ASSERT_TRUE(checkpoint.has_value());
  EXPECT_EQ(checkpoint->epoch, 1);
  EXPECT_EQ(checkpoint->tensors.at(0).tensor[0].item<float>(), 1);
}

TEST(Checkpoint, IgnoresOneThatWasNotFinished) {
  const test::ScratchFolder folder;
  write_checkpoint(folder / "c", at_epoch(1), 2);
  write_checkpoint(folder / "c", at_epoch(2), 2);
  std::filesystem::remove(folder / "c/epoch-0002-step-000002/DONE");
  EXPECT_EQ(read_newest_checkpoint(folder / "c")->epoch, 1);
  EXPECT_FALSE(read_newest_checkpoint(folder / "nothing").has_value());
}

}  // namespace
}  // namespace parlando::train
