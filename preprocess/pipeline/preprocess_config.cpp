#include "preprocess/pipeline/preprocess_config.h"

#include <algorithm>
#include <cmath>

#include "common/core/error.h"

namespace parlando::preprocess {
namespace {

constexpr double kProbabilityTolerance = 1e-9;  // thirds do not add up to 1 exactly

}  // namespace

std::vector<std::string> VariantOperation::choices() {
  std::vector<std::string> names{"noise", "time_mask", "freq_mask"};
  const std::vector<std::string>& waveform_names = audio::waveform_operations();
  names.insert(names.end(), waveform_names.begin(), waveform_names.end());
  return names;
}

bool VariantsConfig::change_waveforms() const {
  return copies > 0 && std::ranges::any_of(operations, &VariantOperation::on_waveform);
}

void VariantsConfig::validate() const {
  if (copies == 0) return;
  if (choose == "each") {
    if (operations.empty()) fail(ErrorKind::usage, "operations: at least one is needed");
    if (!std::ranges::is_partitioned(operations, &VariantOperation::on_waveform)) {
      fail(ErrorKind::usage,
           "operations: those on the waveform come before those on features, and so must the list");
    }
    return;
  }
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
