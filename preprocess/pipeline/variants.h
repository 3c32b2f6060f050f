#pragma once

#include <cstdint>
#include <string>

#include "common/data/row_operation.h"
#include "preprocess/pipeline/preprocess_config.h"

namespace parlando::preprocess {

/// The operation of copy number `copy` (from 1) of a clip with `frames` frames: a function of the
/// arguments alone.
data::RowOperation choose_operation(const VariantsConfig& config, const std::string& clip, int copy,
                                    std::int64_t frames);

}  // namespace parlando::preprocess
