#include "experiments/sweep/work/sweep_state.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>

#include "common/core/error.h"
#include "common/io/json.h"
#include "common/io/json_number.h"

namespace parlando::sweep {
namespace {

namespace fs = std::filesystem;

double number_of(const Json& json, const std::string& key, const std::string& source) {
  const Json value = json_get<Json>(json, key, source);
  return value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN();
}

/// The trials of the files "0007.json" of a folder.
std::map<int, fs::path> listed(const fs::path& folder, std::size_t trials) {
  std::map<int, fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string stem = entry.path().stem().string();
    int trial = 0;
    const auto parsed = std::from_chars(stem.data(), stem.data() + stem.size(), trial);
    const bool whole = parsed.ec == std::errc() && parsed.ptr == stem.data() + stem.size();
    if (whole && entry.path().extension() == ".json" && trial >= 0 &&
        static_cast<std::size_t>(trial) < trials) {
      found[trial] = entry.path();
    }
  }
  return found;
}

Outcome read_outcome(const fs::path& path) {
  const std::string source = path.string();
  const Json json = read_json(path);
  return {.finished = json_get<std::string>(json, "status", source) == "finished",
          .round = json_get<int>(json, "round", source),
          .value = number_of(json, "value", source),
          .epochs = json_get<std::int64_t>(json, "epochs", source),
          .best_epoch = json_get<std::int64_t>(json, "best_epoch", source),
          .seconds = json_get<double>(json, "seconds", source),
          .exit_code = json_get<int>(json, "exit_code", source),
          .error = json_get<std::string>(json, "error", source)};
}

}  // namespace

void write_outcome(const Sweep& sweep, int trial, const Outcome& outcome) {
  write_json(sweep.outcome(trial), {{"trial", trial},
                                    {"status", outcome.finished ? "finished" : "failed"},
                                    {"round", outcome.round},
                                    {"value", number_or_null(outcome.value)},
                                    {"epochs", outcome.epochs},
                                    {"best_epoch", outcome.best_epoch},
                                    {"seconds", outcome.seconds},
                                    {"exit_code", outcome.exit_code},
                                    {"error", outcome.error}});
}

void write_rung_entry(const Sweep& sweep, int rung, const RungEntry& entry, std::int64_t epochs) {
  write_json(sweep.rung_entry(rung, entry.trial), {{"trial", entry.trial},
                                                   {"round", entry.round},
                                                   {"value", number_or_null(entry.value)},
                                                   {"epochs", epochs}});
}

SweepState::SweepState(const Sweep& sweep) : sweep_(sweep), entries_(sweep.plan.rungs.size()) {
  refresh();
}

void SweepState::refresh() {
  const std::size_t trials = sweep_.trials.size();
  for (std::size_t rung = 0; rung < entries_.size(); ++rung) {
    const fs::path folder = sweep_.folder / sweep_files::kRungs / std::to_string(rung);
    for (const auto& [trial, path] : listed(folder, trials)) {
      if (entries_[rung].contains(trial)) continue;
      const Json json = read_json(path);
      entries_[rung][trial] = {trial, number_of(json, "value", path.string()),
                               json_get<int>(json, "round", path.string())};
    }
  }
  for (const auto& [trial, path] : listed(sweep_.folder / sweep_files::kOutcomes, trials)) {
    // A failure may be followed by another outcome; success is the last word.
    if (finished(trial)) continue;
    const Outcome outcome = read_outcome(path);
    outcomes_.erase(trial);
    if (outcome.finished || !came_further(trial, outcome.round)) outcomes_[trial] = outcome;
  }
}

/// Whether a round after `round` brought a trial to a rung: it failed, was tried again and waits.
bool SweepState::came_further(int trial, int round) const {
  return std::ranges::any_of(entries_, [&](const auto& rung) {
    const auto entry = rung.find(trial);
    return entry != rung.end() && entry->second.round > round;
  });
}

bool SweepState::finished(int trial) const {
  const auto found = outcomes_.find(trial);
  return found != outcomes_.end() && found->second.finished;
}

HalvingState SweepState::halving(int round) const {
  HalvingState state{.trials = static_cast<int>(sweep_.trials.size()), .entries = {}, .failed = {}};
  for (const auto& rung : entries_) {
    std::vector<RungEntry>& entries = state.entries.emplace_back();
    for (const auto& [trial, entry] : rung) entries.push_back(entry);
  }
  for (const auto& [trial, outcome] : outcomes_) {
    if (!outcome.finished && outcome.round >= round) state.failed.insert(trial);
  }
  state.failed.insert(sweep_.left_out.begin(), sweep_.left_out.end());
  return state;
}

}  // namespace parlando::sweep
