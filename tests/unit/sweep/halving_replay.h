#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "experiments/sweep/work/curve.h"
#include "experiments/sweep/work/halving.h"

namespace parlando::sweep {

/// Learning curves that trainings left.
struct RecordedCurves {
  std::vector<Curve> curves;
  std::int64_t epochs = 0;  ///< of the recipe; curves that stopped early are shorter
  bool larger_is_better = true;

  std::int64_t all_epochs() const;
  /// Of the best curve, trained to its end.
  double best() const;
};
RecordedCurves read_curves(const std::filesystem::path& path);

struct Replay {
  std::int64_t epochs = 0;  ///< that were trained
  int chosen = -1;          ///< best of the trials that came to the last rung
  double value = 0;         ///< of the trial chosen
};

/// Successive halving as `workers` at a time would do it: each takes the first open job that nobody
/// has, and is busy for its epochs' recorded seconds.
Replay replay(const RecordedCurves& recorded, const HalvingPlan& plan, int workers);

}  // namespace parlando::sweep
