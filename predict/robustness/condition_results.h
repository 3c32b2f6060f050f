#pragma once

#include <span>
#include <string>

#include "common/io/json.h"
#include "common/metrics/evaluation.h"

namespace parlando::predict {

/// Figures of one side under a condition.
struct ConditionResult {
  std::string condition;
  metrics::Evaluation evaluation;
};

/// [{"condition", "n", "accuracy", "uar", "macro_f1", "weighted_f1", "ci95": {"accuracy": [low,
/// high], ...}}], in their order.
Json condition_results_to_json(std::span<const ConditionResult> results);

/// A line a condition: accuracy and UAR with their 95 % intervals, macro F1; per cent; ends with a
/// newline.
std::string condition_table(std::span<const ConditionResult> results);

}  // namespace parlando::predict
