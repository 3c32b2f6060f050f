#pragma once

#include <string>

#include "common/data/audit.h"

namespace parlando::preprocess {

/// Every relation with its count and whether the scheme tolerates it, then the pairs of those that
/// it does not. Ends with a newline.
std::string audit_table(const data::Audit& audit, const std::string& scheme);

}  // namespace parlando::preprocess
