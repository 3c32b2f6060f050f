#include "common/data/manifest_rows.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/io/atomic_file.h"
#include "common/io/csv.h"
#include "common/io/json.h"

namespace parlando::data {
namespace {

/// A list whose columns something else than commas separates looks like one with one column.
void refuse_separators(const CsvRecord& header, const std::string& file) {
  const std::pair<char, const char*> separators[]{{';', "semicolons"}, {'\t', "tabs"}};
  for (const auto& [separator, name] : separators) {
    if (header.fields[0].find(separator) == std::string::npos) continue;
    fail(ErrorKind::data, "{}:{}: {} separate the columns; save the list with commas", file,
         header.line, name);
  }
}

void read_names(const CsvRecord& header, const std::string& file, ManifestRows& rows) {
  rows.named_columns = true;
  if (!header.error.empty()) {
    fail(ErrorKind::data, "{}:{}: the line of column names is broken: {}", file, header.line,
         header.error);
  }
  if (header.fields.size() == 1) refuse_separators(header, file);
  std::set<std::string> seen;
  for (const std::string& field : header.fields) {
    rows.columns.push_back(trim_text(field));
    const std::string& name = rows.columns.back();
    if (!is_utf8(name)) {
      fail(ErrorKind::data, "{}:{}: a column name is not UTF-8", file, header.line);
    }
    if (!name.empty() && !seen.insert(name).second) {
      fail(ErrorKind::data, "{}:{}: column '{}' stands twice", file, header.line, name);
    }
  }
}

ManifestRow row_of(const CsvRecord& record, const std::vector<std::string>& columns) {
  ManifestRow row;
  row.line = record.line;
  row.error = record.error;
  for (std::size_t i = 0; i < std::min(record.fields.size(), columns.size()); ++i) {
    row.values[columns[i]] = trim_text(record.fields[i]);
  }
  if (row.error.empty() && record.fields.size() != columns.size()) {
    row.error = fmt::format("{} fields instead of the {} that line 1 names", record.fields.size(),
                            columns.size());
  }
  return row;
}

ManifestRow row_of(std::string_view text, std::size_t line) {
  ManifestRow row;
  row.line = line;
  if (!is_utf8(text)) {
    row.error = "not UTF-8";
    return row;
  }
  const Json object = Json::parse(text, nullptr, false);
  if (!object.is_object()) {
    row.error = object.is_discarded() ? "not valid JSON" : "not a JSON object";
    return row;
  }
  for (const auto& [key, value] : object.items()) {
    if (value.is_string()) {
      row.values[key] = trim_text(value.get<std::string>());
    } else if (!value.is_structured()) {
      row.values[key] = value.is_null() ? "" : value.dump();
    }
  }
  return row;
}

void read_json_lines(std::string_view text, ManifestRows& rows) {
  std::set<std::string> seen;
  std::size_t line = 0;
  while (!text.empty()) {
    ++line;
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view content = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (trim_text(content).empty()) continue;
    rows.rows.push_back(row_of(content, line));
    for (const auto& [key, value] : rows.rows.back().values) {
      if (seen.insert(key).second) rows.columns.push_back(key);
    }
  }
}

}  // namespace

ManifestRows read_manifest_rows(const std::filesystem::path& path) {
  const std::string file = path.string();
  const std::string text = read_file(path);
  ManifestRows rows;
  if (lower_text(path.extension().string()) != ".csv") {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    std::string_view content = text;
    if (content.starts_with(kByteOrderMark)) content.remove_prefix(kByteOrderMark.size());
    read_json_lines(content, rows);
  } else {
    const std::vector<CsvRecord> records = parse_csv(text);
    if (!records.empty()) read_names(records.front(), file, rows);
    for (std::size_t i = 1; i < records.size(); ++i) {
      rows.rows.push_back(row_of(records[i], rows.columns));
    }
  }
  if (rows.columns.empty() && rows.rows.empty())
    fail(ErrorKind::data, "{}: the file is empty", file);
  return rows;
}

}  // namespace parlando::data
