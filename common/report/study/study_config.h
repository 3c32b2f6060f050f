#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/config/schema.h"

namespace parlando::report {

/// Figures that somebody published of a system, between 0 and 1.
struct PublishedFigures {
  std::optional<double> accuracy, uar, macro_f1, weighted_f1;
  std::string source;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("accuracy", accuracy, {.help = "share of clips", .min = 0, .max = 1});
    v.field("uar", uar, {.help = "unweighted average recall", .min = 0, .max = 1});
    v.field("macro_f1", macro_f1, {.help = "mean over the classes", .min = 0, .max = 1});
    v.field("weighted_f1", weighted_f1, {.help = "mean by support", .min = 0, .max = 1});
    v.field("source", source, {.help = "where, and how they were found"});
  }
};

/// A row of a study: one change against its baseline.
struct StudyRowConfig {
  std::string id;
  std::string title;
  std::string train, preprocess;
  std::vector<std::string> overlays;
  std::map<std::string, YamlText> set;
  std::vector<std::uint64_t> seeds;
  std::vector<int> folds;
  std::string note;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("id", id, {.help = "names its files: a-z, 0-9, - and .", .required = true});
    v.field("title", title, {.help = "in tables; \"\" = the id"});
    v.field("train", train, {.help = "instead of the study's"});
    v.field("preprocess", preprocess, {.help = "instead of the study's"});
    v.field("overlays", overlays,
            {.help = "files with the blocks train: and preprocess:, laid over; later ones win"});
    v.field("set", set, {.help = "keys of the training, and of preprocess as preprocess.KEY"});
    v.field("seeds", seeds, {.help = "instead of the study's; [] = those"});
    v.field("folds", folds, {.help = "instead of the study's; [] = those"});
    v.field("note", note, {.help = "what a reader should know"});
  }

  const std::string& name() const { return title.empty() ? id : title; }
};

/// A study: experiments/studies/*.yaml. Rows, each trained with the same seeds (and folds), so that
/// row r and row s are compared pair by pair.
struct StudyConfig {
  std::string name;
  std::string title;
  std::string question;
  std::string preprocess, train;
  std::vector<std::uint64_t> seeds;
  std::vector<int> folds;
  std::vector<std::string> seed_sets{"seed", "split"};
  std::string baseline;
  std::vector<std::string> compare{"accuracy", "uar"};
  PublishedFigures published;
  std::vector<std::string> robustness;
  std::string side = "test";
  std::vector<StudyRowConfig> rows;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("name", name, {.help = "of its file and of its results", .required = true});
    v.field("title", title, {.help = "of its page; \"\" = the name"});
    v.field("question", question, {.help = "what it is to find out, in one sentence"});
    v.field("preprocess", preprocess,
            {.help = "configuration of preprocess that rows change", .required = true});
    v.field("train", train,
            {.help = "configuration of training that rows change", .required = true});
    v.field("seeds", seeds, {.help = "each row with each of these", .required = true});
    v.field("folds", folds, {.help = "and with each of these split.fold; [] = the recipe's"});
    v.field("seed_sets", seed_sets,
            {.help = "what follows the seed: seed = weights, order and dropout; split = the draw "
                     "of the sides; variants = the stored variants",
             .choices = {"seed", "split", "variants"}});
    v.field("baseline", baseline, {.help = "the row that others are compared with"});
    v.field("compare", compare,
            {.help = "figures that are compared",
             .choices = {"accuracy", "uar", "macro_f1", "weighted_f1"}});
    v.field("published", published, {.help = "figures published of the baseline"});
    v.field("robustness", robustness,
            {.help = "conditions that each run is tested under besides, as evaluate --conditions"});
    v.field(
        "side", side,
        {.help = "whose figures count; validation leaves the test side unread: studies that choose",
         .choices = {"test", "validation"}});
    v.field("rows", rows, {.help = "one change each", .required = true});
  }
  /// Throws Error(usage) for rows that contradict each other or the study.
  void validate() const;

  bool tests() const { return side == "test"; }
  /// "Test side" or "Validation side".
  const char* side_title() const { return tests() ? "Test side" : "Validation side"; }
  const std::string& heading() const { return title.empty() ? name : title; }
  const std::vector<std::uint64_t>& seeds_of(const StudyRowConfig& row) const {
    return row.seeds.empty() ? seeds : row.seeds;
  }
  const std::vector<int>& folds_of(const StudyRowConfig& row) const {
    return row.folds.empty() ? folds : row.folds;
  }
};

/// Reads a study's file; paths in it are relative to the working folder. Throws Error(usage) naming
/// file, line and key.
StudyConfig load_study_config(const std::string& file);
std::string dump_study_config(const StudyConfig& config);

}  // namespace parlando::report
