#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/io/json.h"

namespace parlando::report {

/// A trial of a made-up sweep.
struct MadeUpTrial {
  Json parameters = Json::object();
  std::vector<double> rung_values;  ///< NaN = not finite
  std::string status = "finished";
  std::string error = "";
  int configuration = -1;  ///< -1 = one of its own
};

/// A sweep's folder as `parlando sweep collect` leaves it, without a trial being trained.
class SweepResults {
 public:
  explicit SweepResults(std::vector<MadeUpTrial> trials, std::vector<int> rungs = {9});

  std::string name = "lr <b>|\"sweep\"";
  std::string metric = "validation_uar";
  bool write_curves = true;

  /// Configurations are ranked in the order in which they first appear.
  void write(const std::filesystem::path& folder) const;

 private:
  Json trial_entry(std::size_t number) const;
  Json leaderboard() const;
  int configuration(std::size_t number) const;

  std::vector<MadeUpTrial> trials_;
  std::vector<int> rungs_;
};

}  // namespace parlando::report
