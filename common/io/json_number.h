#pragma once

#include "common/io/json.h"

namespace parlando {

/// JSON has no infinities and no NaN: these become null.
Json number_or_null(double value);

}  // namespace parlando
