#pragma once

#include <filesystem>
#include <span>
#include <string>

#include <gtest/gtest.h>

#include "common/io/npy.h"

/// Comparison with the golden arrays: what librosa and scikit-learn gave for the same input. They
/// lie in the folder that the environment variable PARLANDO_GOLDEN names.
namespace parlando::golden {

/// A file of the golden folder by its path inside.
std::filesystem::path path(const std::string& name);

/// path(name) read as .npy.
NpyArray load(const std::string& name);

/// Whether every element lies within `tolerance` of the expected one (0: equal). A failure names
/// the largest difference and where it is; NaN is never within.
testing::AssertionResult within(std::span<const float> actual, std::span<const float> expected,
                                double tolerance);

/// The largest absolute value, which tolerances of the kind "1e-6 of the maximum" refer to.
double largest(std::span<const float> values);

/// Counts one golden array or file that was compared and agreed: appends "golden-case NAME" to the
/// file that the environment variable PARLANDO_GOLDEN_LOG names, so that a run can prove how much
/// it compared. Call it after the assertions; it counts nothing in a test that has failed.
void count_case(const std::string& name);

/// Base of the tests that need the golden folder: skips them where PARLANDO_GOLDEN is unset, fails
/// them where it names no folder.
class GoldenTest : public testing::Test {
 protected:
  void SetUp() override;
};

}  // namespace parlando::golden
