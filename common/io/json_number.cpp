#include "common/io/json_number.h"

#include <cmath>

namespace parlando {

Json number_or_null(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

}  // namespace parlando
