#pragma once

#include <string>

#include "common/io/json.h"

namespace parlando::inspect {

/// The description as lines for people: aligned "name  value", nested members indented, long lists
/// cut.
std::string to_text(const Json& description);

}  // namespace parlando::inspect
