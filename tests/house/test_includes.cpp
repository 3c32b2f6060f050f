#include <map>
#include <string>

#include <gtest/gtest.h>

#include "tests/house/source_tree.h"

namespace parlando::house {
namespace {

/// A room may include itself and every room of a lower level; rooms of one level don't know each
/// other.
const std::map<std::string, int>& levels() {
  static const std::map<std::string, int> table{
      {"common/core", 0}, {"common/io", 1},      {"common/config", 2}, {"common/audio", 3},
      {"common/data", 4}, {"common/metrics", 5}, {"common/report", 6}, {"common/dist", 7},
      {"preprocess", 8},  {"train", 8},          {"predict", 9},       {"experiments", 10},
      {"cli", 10}};
  return table;
}

std::string room_of(const std::string& path) {
  const std::size_t first = path.find('/');
  if (first == std::string::npos) return "";
  const std::string top = path.substr(0, first);
  return top == "common" ? path.substr(0, path.find('/', first + 1)) : top;
}

bool is_torch(const std::string& include) {
  return include.starts_with("torch/") || include.starts_with("ATen/") ||
         include.starts_with("c10/");
}

bool is_mpi_or_nccl(const std::string& include) {
  return include == "mpi.h" || include == "nccl.h" || include.starts_with("cuda");
}

TEST(Includes, PointOneWay) {
  for (const SourceFile& file : source_tree()) {
    const auto from = levels().find(room_of(file.path));
    if (!file.is_code() || from == levels().end()) continue;
    for (const std::string& include : file.includes()) {
      const auto to = levels().find(room_of(include));
      if (to == levels().end() || to->first == from->first) continue;
      EXPECT_LT(to->second, from->second) << file.path << " includes " << include;
    }
  }
}

TEST(Includes, EveryRoomOfCommonHasALevel) {
  for (const SourceFile& file : source_tree()) {
    if (!file.is_code() || !file.path.starts_with("common/")) continue;
    EXPECT_TRUE(levels().contains(room_of(file.path)))
        << file.path << ": add its folder to the order of dependencies";
  }
}

TEST(Includes, NameFilesOfTheProjectFromItsRoot) {
  for (const SourceFile& file : source_tree()) {
    if (!file.is_code()) continue;
    for (const std::string& include : file.includes()) {
      EXPECT_FALSE(include.starts_with(".")) << file.path << " includes " << include;
    }
  }
}

TEST(Includes, CommonAndPreprocessKnowNoTorch) {
  for (const SourceFile& file : source_tree()) {
    if (!file.is_code() || file.path.starts_with("train/") || file.path.starts_with("tests/"))
      continue;
    for (const std::string& include : file.includes()) {
      EXPECT_FALSE(is_torch(include)) << file.path << " includes " << include;
    }
  }
}

TEST(Includes, OnlyTheDistributedLayerAndTheTrainerKnowMpi) {
  for (const SourceFile& file : source_tree()) {
    const bool allowed = file.path.starts_with("common/dist/") || file.path.starts_with("train/") ||
                         file.path.starts_with("tests/") ||
                         file.path.starts_with("experiments/benchmarks/");
    if (!file.is_code() || allowed) continue;
    for (const std::string& include : file.includes()) {
      EXPECT_FALSE(is_mpi_or_nccl(include)) << file.path << " includes " << include;
    }
  }
}

TEST(Includes, HeadersThatNameTorchTypesIncludeTorch) {
  for (const SourceFile& file : source_tree()) {
    if (!file.path.starts_with("train/") || !file.path.ends_with(".h")) continue;
    if (file.text.find("torch::") == std::string::npos) continue;
    bool reaches_torch = false;
    for (const std::string& include : file.includes()) {
      reaches_torch = reaches_torch || is_torch(include) || include.starts_with("train/");
    }
    EXPECT_TRUE(reaches_torch) << file.path << " uses torch:: and includes no header that has it";
  }
}

}  // namespace
}  // namespace parlando::house
