#include <cstdio>
#include <memory>

#include <gtest/gtest.h>

#include "common/dist/connect.h"
#include "tests/mpi/group.h"

namespace parlando::test {
namespace {

std::unique_ptr<dist::Communicator>& owner() {
  static std::unique_ptr<dist::Communicator> group;
  return group;
}

}  // namespace

dist::Communicator& group() {
  return *owner();
}

}  // namespace parlando::test

int main(int argc, char** argv) {
  using namespace parlando;
  testing::InitGoogleTest(&argc, argv);
  test::owner() = dist::connect(dist::detect_launch(), /*timeout_seconds=*/20);
  const int failed = RUN_ALL_TESTS();
  // A rank that failed may have left an operation out: the others must not wait for it.
  std::fflush(nullptr);
  if (failed != 0) test::group().abort(1);
  test::owner().reset();
  return 0;
}
