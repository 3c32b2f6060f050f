#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/report/sweep/sweep_record.h"

namespace parlando::report {

/// Configurations that tables show.
inline constexpr std::size_t kLeaderboardRows = 20;

/// "60 trials of 20 configurations: 57 finished, 3 failed".
std::string counts_in_words(const SweepRecord& sweep);

/// Plain sentences on what the figures show and what they do not.
std::vector<std::string> sweep_meaning(const SweepRecord& sweep);

/// What the share of the variance says, and what it does not.
std::string importance_in_words(const SweepRecord& sweep);

/// "after 2 epochs, the first rung", or "at the end of the training".
std::string first_rung_in_words(const SweepRecord& sweep);

/// Trains the best configuration and reads the test side once; "" if there is none.
std::string test_command(const SweepRecord& sweep);

/// The commands that take up missing and failed trials, here and on SLURM.
std::vector<std::string> continue_commands(const SweepRecord& sweep);

/// Numbers of the failed trials by what went wrong.
std::map<std::string, std::vector<int>> failures(const SweepRecord& sweep);
std::vector<int> open_trials(const SweepRecord& sweep);

/// "3, 5, 8 and 12 more".
std::string numbers_in_words(const std::vector<int>& numbers);

/// "61.2 – 70.4 %", or "-".
std::string interval_text(const SweepRecord& sweep, const SweepRow& row);
/// "2 of 3" where trials lack, else "3".
std::string trials_text(const SweepRow& row);
/// The value of a parameter in a row; "-" where it has none.
std::string value_text(const SweepRecord& sweep, const SweepRow& row, const std::string& key);

/// "trial 12: batch_size 32, model.lstm.hidden 64".
std::string trial_in_words(const SweepRecord& sweep, const SweepTrial& trial);

}  // namespace parlando::report
