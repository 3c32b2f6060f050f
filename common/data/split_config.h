#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/config/schema.h"

namespace parlando::data {

/// Channels (speech, song) that a side holds clips of; none given = all. The clips of others are
/// left out of that side, and stand on no other.
struct ChannelsConfig {
  std::vector<std::string> train, validation, test;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("train", train, {.help = "of the training side; [] = all"});
    v.field("validation", validation, {.help = "of the validation side; [] = all"});
    v.field("test", test, {.help = "of the test side; [] = all"});
  }
  bool operator==(const ChannelsConfig&) const = default;
};

/// The `split:` block of a configuration.
struct SplitConfig {
  std::string scheme = "stratified";
  std::string by = "emotion-channel";
  std::uint64_t seed = 42;
  double test_fraction = 0.2;
  double validation_fraction = 0.1;  ///< of the clips that are not in the test side
  int fold = 0;
  int folds = 5;
  bool shuffle = true;
  std::optional<int> inner_fold{};
  int inner_folds = 5;
  std::string validation_from = "published";
  std::vector<std::string> validation_speakers{};
  ChannelsConfig channels{};

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("scheme", scheme,
            {.help = "how clips are divided",
             .choices = {"stratified", "stratified-pairs", "kfold", "kfold-pairs", "luna5",
                         "emobox6", "loso", "group-kfold", "stratified-group-kfold"}});
    v.field("by", by, {.help = "strata", .choices = {"emotion", "emotion-channel"}});
    v.field("seed", seed, {.help = "of the draw; scikit-learn's random_state"});
    v.field("test_fraction", test_fraction,
            {.help = "share of the test side, stratified schemes", .min = 0.01, .max = 0.9});
    v.field("validation_fraction", validation_fraction,
            {.help = "share of the clips outside the test side that validates; 0 = none",
             .min = 0.0,
             .max = 0.9});
    v.field(
        "fold", fold,
        {.help = "which fold tests; which draw of the generator, stratified schemes", .min = 0});
    v.field("folds", folds, {.help = "of the schemes *kfold*", .min = 2});
    v.field("shuffle", shuffle,
            {.help = "kfold, kfold-pairs, stratified-group-kfold: deal in the order of the draw"});
    v.field(
        "inner_fold", inner_fold,
        {.help = "nested folds: this fold of the clips outside the test side validates", .min = 0});
    v.field("inner_folds", inner_folds, {.help = "of the clips outside the test side", .min = 2});
    v.field("validation_from", validation_from,
            {.help = "validation speakers: luna5's published ones, or the next fold's",
             .choices = {"published", "next-fold"}});
    v.field(
        "validation_speakers", validation_speakers,
        {.help =
             "speakers that validate, schemes of whole speakers; [] = as validation_from says"});
    v.field("channels", channels, {.help = "that each side holds clips of"});
  }
};

/// What a split made elsewhere is called; SplitConfig can't ask for it.
inline constexpr const char* kImportedScheme = "imported";

}  // namespace parlando::data
