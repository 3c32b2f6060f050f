#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace parlando {

/// One record of a CSV text.
struct CsvRecord {
  std::size_t line = 0;             ///< of its first character, from 1
  std::vector<std::string> fields;  ///< unquoted; what was read until `error`
  std::string error;                ///< why the record is broken, "" if it is not
};

/// Reads comma-separated values as RFC 4180 writes them: fields in quotes may hold commas, line
/// ends and doubled quotes; lines end with LF or CRLF; a byte order mark and empty lines are
/// skipped. A broken record carries its reason, and reading goes on with the next line.
std::vector<CsvRecord> parse_csv(std::string_view text);

}  // namespace parlando
