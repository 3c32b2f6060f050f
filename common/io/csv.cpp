#include "common/io/csv.h"

#include <utility>

namespace parlando {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

class CsvParser {
 public:
  explicit CsvParser(std::string_view text) : text_(text) {
    if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  }

  std::vector<CsvRecord> parse() {
    std::vector<CsvRecord> records;
    while (position_ < text_.size()) {
      if (skip_line_end()) continue;
      records.push_back(record());
    }
    return records;
  }

 private:
  CsvRecord record() {
    CsvRecord made;
    made.line = line_;
    do {
      std::string field;
      made.error = at('"') ? quoted(field) : plain(field);
      made.fields.push_back(std::move(field));
      if (!made.error.empty()) {
        skip_to_line_end();
        break;
      }
    } while (take(','));
    skip_line_end();
    return made;
  }

  std::string plain(std::string& field) {
    const std::size_t begin = position_;
    while (position_ < text_.size() && !at(',') && !at_line_end()) {
      if (at('"')) return "a quote stands inside a field that does not begin with one";
      ++position_;
    }
    field = text_.substr(begin, position_ - begin);
    return "";
  }

  /// Leaves the position at the start where the closing quote is missing, so that the next line is
  /// read as a record of its own.
  std::string quoted(std::string& field) {
    const std::size_t start = position_;
    const std::size_t start_line = line_;
    ++position_;
    while (position_ < text_.size()) {
      const char c = text_[position_++];
      if (c == '\n') ++line_;
      if (c != '"') {
        field += c;
      } else if (at('"')) {
        field += '"';
        ++position_;
      } else {
        const bool ends = position_ == text_.size() || at(',') || at_line_end();
        return ends ? "" : "text follows a closing quote";
      }
    }
    position_ = start;
    line_ = start_line;
    field.clear();
    return "a quote is opened and never closed";
  }

  bool at(char c) const { return position_ < text_.size() && text_[position_] == c; }
  bool at_line_end() const { return at('\n') || text_.substr(position_, 2) == "\r\n"; }
  bool take(char c) {
    if (!at(c)) return false;
    ++position_;
    return true;
  }
  bool skip_line_end() {
    if (!at_line_end()) return false;
    position_ += at('\n') ? 1 : 2;
    ++line_;
    return true;
  }
  void skip_to_line_end() {
    while (position_ < text_.size() && !at_line_end()) ++position_;
  }

  std::string_view text_;
  std::size_t position_ = 0;
  std::size_t line_ = 1;
};

}  // namespace

std::vector<CsvRecord> parse_csv(std::string_view text) {
  return CsvParser(text).parse();
}

}  // namespace parlando
