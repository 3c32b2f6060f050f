#include "common/report/study/study_config.h"

#include <algorithm>

#include "common/config/config.h"
#include "common/core/error.h"
#include "common/core/text.h"

namespace parlando::report {
namespace {

/// Ids become names of folders, and parts of --only.
bool is_id(const std::string& text) {
  return !text.empty() && text.front() != '.' &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.") == std::string::npos;
}

template <class T>
void refuse_twice(const std::string& key, std::vector<T> values) {
  std::ranges::sort(values);
  const auto twice = std::ranges::adjacent_find(values);
  if (twice == values.end()) return;
  fail(ErrorKind::usage, "{}: {} stands twice, and would train the same twice", key, *twice);
}

void check_folds(const std::string& key, const std::vector<int>& folds) {
  refuse_twice(key, folds);
  if (std::ranges::any_of(folds, [](int fold) { return fold < 0; }))
    fail(ErrorKind::usage, "{}: folds are counted from 0", key);
}

}  // namespace

void StudyConfig::validate() const {
  if (!is_id(name)) fail(ErrorKind::usage, "name: '{}': only a-z, 0-9, - and . may be in it", name);
  if (seeds.empty()) fail(ErrorKind::usage, "seeds: is empty; each row needs at least one");
  if (rows.empty()) fail(ErrorKind::usage, "rows: is empty");
  if (compare.empty()) fail(ErrorKind::usage, "compare: is empty");
  if (!tests() && !robustness.empty()) {
    fail(
        ErrorKind::usage,
        "robustness: conditions are tested on the test side, which side: validation leaves unread");
  }
  refuse_twice("seeds", seeds);
  check_folds("folds", folds);
  std::vector<std::string> ids;
  for (const StudyRowConfig& row : rows) {
    if (!is_id(row.id)) {
      fail(ErrorKind::usage, "rows: id '{}': only a-z, 0-9, - and . may be in it", row.id);
    }
    ids.push_back(row.id);
    refuse_twice(fmt::format("rows: {}: seeds", row.id), row.seeds);
    check_folds(fmt::format("rows: {}: folds", row.id), row.folds);
  }
  refuse_twice("rows: id", ids);
  if (!baseline.empty() && std::ranges::find(ids, baseline) == ids.end()) {
    const std::string near = nearest(baseline, ids);
    fail(ErrorKind::usage, "baseline: there is no row '{}'{}", baseline,
         near.empty() ? "" : fmt::format("; did you mean '{}'?", near));
  }
}

StudyConfig load_study_config(const std::string& file) {
  return load_config<StudyConfig>({file});
}

std::string dump_study_config(const StudyConfig& config) {
  return dump_config(config);
}

}  // namespace parlando::report
