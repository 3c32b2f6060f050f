#pragma once

#include <vector>

#include "common/io/json.h"
#include "tests/support/process.h"

namespace parlando::test {

/// What Keras and PyTorch computed (recorded/record.py).
inline Json recorded(const char* part) {
  return read_json(source_path("tests/unit/train/recorded/recipe.json")).at(part);
}

using Numbers = std::vector<double>;

}  // namespace parlando::test
