#pragma once

#include <string>

namespace parlando {

/// Version from git: "0.1.0", or "0.1.0-12-gabc1234" twelve commits later, "-dirty" with local
/// changes.
const std::string& version();

}  // namespace parlando
