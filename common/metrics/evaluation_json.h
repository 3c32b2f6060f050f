#pragma once

#include <string>

#include "common/io/json.h"
#include "common/metrics/evaluation.h"

namespace parlando::metrics {

/// The fields of result.json that follow from predictions: accuracy, uar, macro_f1, weighted_f1
/// (each
/// {"value", "ci95": [low, high]}), per_class, confusion [true][predicted], classes, n_test,
/// breakdowns, interval.
Json evaluation_to_json(const Evaluation& evaluation);

/// Reads them back; `json` may hold other fields too. Throws Error(artefact) naming `source` and
/// the key.
Evaluation evaluation_from_json(const Json& json, const std::string& source);

}  // namespace parlando::metrics
