#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace parlando::data {

/// One record of a table that a person gave, CSV or JSON lines: its texts by column.
struct ManifestRow {
  std::size_t line = 0;
  std::map<std::string, std::string> values;  ///< without blanks around them; null is ""
  std::string error;                          ///< why the record is broken, "" if it is not
};

struct ManifestRows {
  bool named_columns = false;        ///< line 1 names the columns (CSV)
  std::vector<std::string> columns;  ///< every name that occurs, in order of appearance
  std::vector<ManifestRow> rows;
};

/// Reads *.csv as CSV with a line of column names, anything else as JSON lines; numbers and the
/// like are taken as they are written, lists and objects are ignored. Throws Error(data) if the
/// file is empty, its line of names is broken or names a column twice; Error(artefact) if it can't
/// be read.
ManifestRows read_manifest_rows(const std::filesystem::path& path);

}  // namespace parlando::data
