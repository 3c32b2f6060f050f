#include "preprocess/pipeline/preprocess_config.h"

#include <algorithm>
#include <cmath>
#include <variant>

#include "common/core/error.h"

namespace parlando::preprocess {
namespace {

constexpr double kProbabilityTolerance = 1e-9;  // thirds do not add up to 1 exactly

/// Whether a block says the same whatever is done to the waveform, where no other kind is listed.
bool ignores_waveform(const audio::FeatureBlock& block) {
  return std::holds_alternative<audio::ExternalRecipe>(block.recipe) ||
         std::holds_alternative<audio::DeltaRecipe>(block.recipe);
}

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
  if (variants.change_waveforms() && std::ranges::all_of(recipe.features, ignores_waveform)) {
    fail(ErrorKind::usage,
         "variants.operations: external arrays stay the same whatever is done to the waveform; use "
         "noise, time_mask and freq_mask, or arrays of changed clips as clips of their own");
  }
}

}  // namespace parlando::preprocess
