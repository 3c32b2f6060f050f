#include "common/data/split_import.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/data/audit.h"
#include "common/data/manifest_rows.h"
#include "common/io/json.h"

namespace parlando::data {
namespace {

constexpr std::size_t kProblemsShown = 10;

/// Collects the clips of a split that names them by id or path, and what is wrong with it.
class Import {
 public:
  Import(const Corpus& corpus, std::string file) : corpus_(corpus), file_(std::move(file)) {
    for (std::size_t i = 0; i < corpus.clips.size(); ++i) {
      by_name_.emplace(corpus.clips[i].path, i);
      by_name_.insert_or_assign(corpus.clips[i].id, i);
    }
    places_.resize(corpus.clips.size());
    split_.config.scheme = kImportedScheme;
    split_.corpus_hash = corpus.hash();
    split_.classes = corpus.classes;
  }

  void add(const std::string& name, const std::string& side, const std::string& place) {
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) {
      problem(place, fmt::format("the corpus has no clip '{}'", name));
      return;
    }
    std::string& earlier = places_[found->second];
    if (!earlier.empty()) {
      problem(place, fmt::format("clip '{}' stands at {} already", name, earlier));
      return;
    }
    earlier = fmt::format("{} ({})", place, side);
    const std::string& id = corpus_.clips[found->second].id;
    if (side == "train") {
      split_.train.push_back(id);
    } else if (side == "validation" || side == "val" || side == "valid" || side == "dev") {
      split_.validation.push_back(id);
    } else if (side == "test") {
      split_.test.push_back(id);
    } else if (side == "dropped") {
      split_.dropped.push_back({id, "left out by the split"});
    } else {
      problem(place, fmt::format("side '{}' is not one of train, validation, test, dropped", side));
    }
  }

  void problem(const std::string& place, const std::string& what) {
    problems_.push_back(place + ": " + what);
  }

  Split finish() {
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (!places_[i].empty()) continue;
      problem("clip '" + corpus_.clips[i].id + "'", "on no side; give it one, or 'dropped'");
    }
    if (problems_.empty() && (split_.train.empty() || split_.test.empty())) {
      problem("sides", split_.train.empty() ? "no clip trains" : "no clip tests");
    }
    if (!problems_.empty()) refuse();
    return std::move(split_);
  }

 private:
  [[noreturn]] void refuse() {
    const std::size_t count = problems_.size();
    if (count > kProblemsShown) problems_.resize(kProblemsShown);
    fail(ErrorKind::data, "{}: the split does not fit the corpus, {} problem(s):\n  {}{}", file_,
         count, join_text(problems_, "\n  "), count > kProblemsShown ? "\n  ..." : "");
  }

  const Corpus& corpus_;
  std::string file_;
  std::unordered_map<std::string, std::size_t> by_name_;
  std::vector<std::string> places_;  ///< where each clip of the corpus was named
  std::vector<std::string> problems_;
  Split split_;
};

void import_rows(const ManifestRows& rows, const std::string& file, Import& import) {
  const auto has = [&](const char* column) {
    return std::ranges::find(rows.columns, column) != rows.columns.end();
  };
  const char* name = has("clip") ? "clip" : has("id") ? "id" : "path";
  if (!has("side") || !has(name)) {
    fail(ErrorKind::data, "{}: a split needs the columns 'side' and 'clip', 'id' or 'path'", file);
  }
  for (const ManifestRow& row : rows.rows) {
    const std::string place = fmt::format("line {}", row.line);
    if (!row.error.empty()) {
      import.problem(place, row.error);
    } else if (!row.values.contains(name) || !row.values.contains("side")) {
      import.problem(place, fmt::format("'{}' or 'side' is missing", name));
    } else {
      import.add(row.values.at(name), lower_text(row.values.at("side")), place);
    }
  }
}

/// Returns the relations that the file declares.
std::vector<std::string> import_lists(const Json& json, const std::string& file, Import& import) {
  std::vector<std::string> tolerates;
  if (!json.is_object()) fail(ErrorKind::data, "{}: a split is a JSON object", file);
  for (const auto& [key, value] : json.items()) {
    const auto names = json_get<std::vector<std::string>>(json, key, file);
    if (key == "tolerates") {
      tolerates = names;
      continue;
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
      import.add(names[i], key, fmt::format("{}[{}]", key, i));
    }
  }
  return tolerates;
}

}  // namespace

Split read_split(const std::filesystem::path& path, const Corpus& corpus,
                 const std::vector<std::string>& tolerates) {
  const std::string file = path.string();
  const bool lists = lower_text(path.extension().string()) == ".json";
  const Json json = lists ? read_json(path) : Json();
  if (json.is_object() && json.contains("format")) {
    if (!tolerates.empty()) {
      fail(ErrorKind::usage, "{}: its scheme says what is tolerated; only imported splits declare",
           file);
    }
    return split_from_json(json, file);
  }
  Import import(corpus, file);
  std::vector<std::string> declared;
  if (lists) {
    declared = import_lists(json, file, import);
  } else {
    import_rows(read_manifest_rows(path), file, import);
  }
  Split split = import.finish();
  split.tolerates = tolerates;
  split.tolerates.insert(split.tolerates.end(), declared.begin(), declared.end());
  check_tolerable(split.tolerates);
  return split;
}

Split load_split(const std::filesystem::path& path, const Corpus& corpus,
                 const std::vector<std::string>& tolerates) {
  Split split = read_split(path, corpus, tolerates);
  check_split(split, corpus);
  return split;
}

}  // namespace parlando::data
