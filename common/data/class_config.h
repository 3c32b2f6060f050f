#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/config/schema.h"
#include "common/data/corpus.h"

namespace parlando::data {

/// The `classes:` block of a configuration: which classes there are, and which labels of the corpus
/// belong to them.
struct ClassConfig {
  std::string preset = "own";
  std::vector<std::string> set;
  std::map<std::string, std::optional<std::string>> map;
  std::string others = "refuse";

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("preset", preset,
            {.help = "own: the corpus's labels; seven: calm becomes neutral; common: the six that "
                     "all known corpora share",
             .choices = {"own", "seven", "common"}});
    v.field("set", set, {.help = "class names in the order of their indices; [] = the preset's"});
    v.field("map", map, {.help = "label of the corpus: class, or null to leave its clips out"});
    v.field("others", others,
            {.help = "clips whose label is neither mapped nor in the set",
             .choices = {"refuse", "leave-out"}});
  }

  /// Throws Error(usage) if a class stands twice or a label is mapped to no class of the set.
  void validate() const;
};

/// Gives every clip its class and sets Corpus::classes. Clips left out are counted by label in
/// Corpus::left_out; those of unknown labels become defects. The set is config.set, else the
/// preset's, else what the corpus's classes become. Names in `map` win over the preset's. Applying
/// the same configuration again changes nothing.
void apply_classes(Corpus& corpus, const ClassConfig& config);

/// For the option --classes: the name of a preset, or a YAML file with a `classes:` block, for
/// instance a recipe of preprocess. Throws Error(usage).
ClassConfig load_class_config(const std::string& name_or_file);

}  // namespace parlando::data
