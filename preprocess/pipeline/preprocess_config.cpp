#include "preprocess/pipeline/preprocess_config.h"

#include <cmath>

#include "common/core/error.h"

namespace parlando::preprocess {
namespace {

constexpr double kProbabilityTolerance = 1e-9;  // thirds do not add up to 1 exactly

}  // namespace

void VariantsConfig::validate() const {
  if (copies == 0) return;
  double total = 0;
  for (const VariantOperation& operation : operations) total += operation.probability;
  if (std::abs(total - 1) > kProbabilityTolerance) {
    fail(ErrorKind::usage, "the probabilities of the operations add up to {} instead of 1", total);
  }
}

void PreprocessConfig::validate() const {
  if (recipe.features.empty()) fail(ErrorKind::usage, "features: at least one block is needed");
}

}  // namespace parlando::preprocess
