#include "common/data/layout.h"

#include <algorithm>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/data/ravdess.h"
#include "common/data/speech_corpora.h"

namespace parlando::data {
namespace {

Clip parse_ravdess_path(const std::filesystem::path& path) {
  return parse_ravdess_name(path.stem().string());
}

std::size_t count_labelled(const Layout& layout, std::span<const std::string> paths) {
  return static_cast<std::size_t>(std::ranges::count_if(paths, [&](const std::string& path) {
    try {
      static_cast<void>(layout.parse(path));
      return true;
    } catch (const Error&) {
      return false;
    }
  }));
}

}  // namespace

const std::vector<Layout>& layouts() {
  static const std::vector<std::string> six{"neutral", "happy",   "sad",
                                            "angry",   "fearful", "disgust"};
  static const auto six_and = [](const char* seventh) {
    std::vector<std::string> names = six;
    names.emplace_back(seventh);
    return names;
  };
  static const std::vector<Layout> all{
      {"ravdess", "RAVDESS", kRavdessNamePattern, ravdess_classes(), parse_ravdess_path},
      {"emodb", "EMO-DB", kEmodbPattern, six_and("bored"), parse_emodb},
      {"crema-d", "CREMA-D", kCremadPattern, six, parse_cremad},
      {"tess", "TESS", kTessPattern, six_and("surprised"), parse_tess},
      {"savee", "SAVEE", kSaveePattern, six_and("surprised"), parse_savee}};
  return all;
}

const std::vector<std::string>& layout_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list{"auto"};
    for (const Layout& layout : layouts()) list.emplace_back(layout.name);
    return list;
  }();
  return names;
}

const Layout& choose_layout(const std::string& name, std::span<const std::string> paths) {
  const Layout* best = &layouts().front();
  std::size_t most = 0;
  for (const Layout& layout : layouts()) {
    if (name == layout.name) return layout;
    if (name != "auto") continue;
    const std::size_t labelled = count_labelled(layout, paths);
    if (2 * labelled > paths.size()) return layout;
    if (labelled > most) {
      most = labelled;
      best = &layout;
    }
  }
  if (name != "auto") {
    fail(ErrorKind::usage, "layout '{}' does not exist; there are {}", name,
         join_text(layout_names(), ", "));
  }
  return *best;
}

}  // namespace parlando::data
