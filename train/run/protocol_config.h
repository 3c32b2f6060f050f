#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace parlando::train {

inline constexpr const char* kValidationIsTest = "validation-is-test";
inline constexpr const char* kAugmentedValidation = "augmented-validation";

/// Departures from honest figures, to show what they are worth: leaks that published systems had,
/// and labels that mean nothing. All of it marks the run's results (docs/splits.md).
struct ProtocolConfig {
  std::vector<std::string> allow_leak;
  double augmented_share = 0.1;
  bool permute_labels = false;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("allow_leak", allow_leak,
            {.help = "what fills the dataset's empty validation side: the test side, or changed "
                     "copies of training clips; figures are then too good",
             .choices = {kValidationIsTest, kAugmentedValidation}});
    v.field("augmented_share", augmented_share,
            {.help = "augmented-validation: share of the training samples, its last ones",
             .min = 0.001,
             .max = 0.5});
    v.field(
        "permute_labels", permute_labels,
        {.help = "deals the labels of all clips out anew, by the seed: nothing can be learned"});
  }

  bool leaks() const { return !allow_leak.empty(); }
  bool allows(const char* leak) const {
    return std::ranges::find(allow_leak, leak) != allow_leak.end();
  }
  bool validates_on_test() const { return allows(kValidationIsTest); }
  bool validates_on_variants() const { return allows(kAugmentedValidation); }

  /// Throws Error(usage) for leaks that exclude each other.
  void validate() const;
  /// Says on stderr what the figures of such a run are worth.
  void warn() const;
};

}  // namespace parlando::train
