#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parlando {

/// One program of the family: `parlando NAME` runs `parlando-NAME`.
struct Verb {
  std::string_view name;
  std::string_view purpose;  ///< one line for people
};

/// Every verb, in the order in which a person meets them.
std::span<const Verb> verbs();

/// The names of verbs(), for nearest().
std::vector<std::string> verb_names();

/// What `parlando` and `parlando --help` print.
std::string overview();

}  // namespace parlando
