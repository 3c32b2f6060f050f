#include "common/data/class_config.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "common/config/visitors.h"
#include "common/core/error.h"
#include "common/core/log.h"
#include "common/core/text.h"

namespace parlando::data {
namespace {

using LabelMap = std::map<std::string, std::optional<std::string>>;

const std::vector<std::string>& preset_set(const std::string& preset) {
  static const std::vector<std::string> none;
  static const std::vector<std::string> seven{"neutral", "happy",   "sad",      "angry",
                                              "fearful", "disgust", "surprised"};
  static const std::vector<std::string> common(seven.begin(), seven.end() - 1);
  if (preset == "seven") return seven;
  return preset == "common" ? common : none;
}

LabelMap preset_map(const std::string& preset) {
  if (preset == "seven") return {{"calm", "neutral"}};
  if (preset == "common") {
    return {{"calm", std::nullopt}, {"surprised", std::nullopt}, {"bored", std::nullopt}};
  }
  return {};
}

/// What the corpus's own classes become under `map`, in their order.
std::vector<std::string> mapped_classes(const std::vector<std::string>& own, const LabelMap& map) {
  std::vector<std::string> classes;
  for (const std::string& label : own) {
    const auto mapped = map.find(label);
    if (mapped != map.end() && !mapped->second) continue;
    const std::string& name = mapped == map.end() ? label : *mapped->second;
    if (std::ranges::find(classes, name) == classes.end()) classes.push_back(name);
  }
  return classes;
}

/// A slip of the pen in the map would change nothing without a word.
void warn_about_slips(const std::vector<std::string>& own, const LabelMap& map) {
  for (const auto& [label, target] : map) {
    if (std::ranges::find(own, label) != own.end()) continue;
    const std::string near = nearest(label, own);
    if (near.empty()) continue;
    log_warning("classes.map: the corpus has no label '{}'; did you mean '{}'?", label, near);
  }
}

}  // namespace

void ClassConfig::validate() const {
  std::unordered_set<std::string> names;
  for (const std::string& name : set) {
    if (name.empty()) fail(ErrorKind::usage, "set: a class has an empty name");
    if (!names.insert(name).second) fail(ErrorKind::usage, "set: class '{}' stands twice", name);
  }
  const std::vector<std::string>& classes = set.empty() ? preset_set(preset) : set;
  for (const auto& [label, name] : map) {
    if (!name || classes.empty() || std::ranges::find(classes, *name) != classes.end()) continue;
    fail(ErrorKind::usage, "map: '{}' becomes '{}', which is not in the set ({})", label, *name,
         join_text(classes, ", "));
  }
}

void apply_classes(Corpus& corpus, const ClassConfig& config) {
  config.validate();
  LabelMap map = config.map;
  map.merge(preset_map(config.preset));
  std::vector<std::string> classes = config.set.empty() ? preset_set(config.preset) : config.set;
  if (classes.empty()) classes = mapped_classes(corpus.classes, map);
  warn_about_slips(corpus.classes, config.map);

  const std::unordered_set<std::string> known(classes.begin(), classes.end());
  std::vector<Clip> kept;
  for (Clip& clip : corpus.clips) {
    const auto mapped = map.find(clip.label);
    const bool leave_out = mapped != map.end() && !mapped->second;
    const std::string name = leave_out || mapped == map.end() ? clip.label : *mapped->second;
    if (leave_out || (!known.contains(name) && config.others == "leave-out")) {
      ++corpus.left_out[clip.label];
    } else if (!known.contains(name)) {
      corpus.defects.push_back(
          {clip.path, fmt::format("its label '{}' is no class ({}); map it to one, or to null to "
                                  "leave its clips out (classes.map)",
                                  clip.label, join_text(classes, ", "))});
    } else {
      clip.label = name;
      kept.push_back(std::move(clip));
    }
  }
  corpus.clips = std::move(kept);
  corpus.classes = std::move(classes);
}

ClassConfig load_class_config(const std::string& name_or_file) {
  ClassConfig config;
  if (name_or_file == "own" || name_or_file == "seven" || name_or_file == "common") {
    config.preset = name_or_file;
    return config;
  }
  std::string source;
  const YAML::Node root = config_detail::load_layers({ConfigLayer(name_or_file)}, {}, source);
  const YAML::Node block = root["classes"];
  if (!block.IsDefined()) {
    fail(ErrorKind::usage,
         "{}: no block 'classes'; give own, seven, common, or a YAML file that has one", source);
  }
  config_detail::read_struct(config, block, config_detail::Place{source, "classes"});
  return config;
}

}  // namespace parlando::data
