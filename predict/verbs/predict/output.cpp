#include "predict/verbs/predict/output.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numeric>

#include <fmt/format.h>

#include "common/core/log.h"
#include "common/io/json.h"

namespace parlando::predict {
namespace {

constexpr std::size_t kLabelColumns = 10;

void print_line(const Json& line) {
  fmt::print("{}\n", line.dump(-1, ' ', false, Json::error_handler_t::replace));
  std::fflush(stdout);
}

double rounded(double seconds) {
  constexpr double kMicro = 1e6;
  return std::round(seconds * kMicro) / kMicro;
}

std::size_t best_of(const std::vector<double>& probabilities) {
  return static_cast<std::size_t>(std::ranges::max_element(probabilities) - probabilities.begin());
}

/// Adds label, confidence and probabilities; nulls where there are none.
void add_scores(const std::vector<std::string>& classes, const std::vector<double>& probabilities,
                Json& line) {
  if (probabilities.empty()) {
    for (const char* key : {"label", "confidence", "probabilities"}) line[key] = nullptr;
    return;
  }
  const std::size_t best = best_of(probabilities);
  line["label"] = classes[best];
  line["confidence"] = probabilities[best];
  Json& values = line["probabilities"] = Json::object();
  for (std::size_t i = 0; i < classes.size(); ++i) values[classes[i]] = probabilities[i];
}

Json window_to_json(const std::vector<std::string>& classes, const WindowScores& window) {
  Json line{{"start", rounded(window.begin)}, {"end", rounded(window.end)}};
  add_scores(classes, window.probabilities, line);
  return line;
}

/// "happy      93.1 %  then surprised 4.0 %".
std::string verdict(const std::vector<std::string>& classes,
                    const std::vector<double>& probabilities) {
  if (probabilities.empty()) return fmt::format("{:<{}}", "-", kLabelColumns);
  std::vector<std::size_t> order(classes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(
      order, [&](std::size_t a, std::size_t b) { return probabilities[a] > probabilities[b]; });
  std::string text = fmt::format("{:<{}} {:5.1f} %", classes[order[0]], kLabelColumns,
                                 100 * probabilities[order[0]]);
  if (order.size() > 1) {
    text += fmt::format("  then {} {:.1f} %", classes[order[1]], 100 * probabilities[order[1]]);
  }
  return text;
}

/// Weights as bars of eight heights, the largest full.
std::string bars_of(const std::vector<float>& weights) {
  static constexpr std::array kBars{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const float largest = std::ranges::max(weights);
  std::string bars;
  for (const float weight : weights) {
    const float height = weight / largest * static_cast<float>(kBars.size() - 1);
    bars += kBars[static_cast<std::size_t>(std::lround(height))];
  }
  return bars;
}

}  // namespace

void Output::header(const std::string& line) {
  if (!has_header_) fmt::print("{}\n", line);
  has_header_ = true;
}

void Output::clip(const std::string& path, double seconds, const train::ClipScores& scores) {
  if (options_.json) {
    Json line{{"clip", path}, {"seconds", rounded(seconds)}};
    add_scores(classes_, scores.probabilities, line);
    if (options_.attention) {
      line["attention"] = {{"step_seconds", options_.attention_step},
                           {"weights", scores.attention}};
    }
    print_line(line);
    return;
  }
  header(fmt::format("{:<{}}  seconds  {:<{}} probability", "clip", options_.clip_columns, "label",
                     kLabelColumns));
  fmt::print("{:<{}}  {:7.2f}  {}\n", path, options_.clip_columns, seconds,
             verdict(classes_, scores.probabilities));
  if (options_.attention && !scores.attention.empty()) {
    fmt::print("{:<{}}  {}\n", "", options_.clip_columns, bars_of(scores.attention));
  }
}

void Output::timeline(const std::string& path, double seconds,
                      std::span<const WindowScores> windows, std::span<const Segment> segments) {
  if (!options_.json) {
    fmt::print("{}  {:.2f} s, {} windows\n", path, seconds, windows.size());
    for (const Segment& segment : segments) {
      fmt::print("  {:8.2f} - {:8.2f} s  {:<{}} {:5.1f} %\n", segment.begin, segment.end,
                 classes_[segment.best], kLabelColumns, 100 * segment.confidence);
    }
    return;
  }
  Json line{{"clip", path}, {"seconds", rounded(seconds)}};
  Json& list = line["windows"] = Json::array();
  for (const WindowScores& window : windows) list.push_back(window_to_json(classes_, window));
  Json& merged = line["segments"] = Json::array();
  for (const Segment& segment : segments) {
    merged.push_back({{"start", rounded(segment.begin)},
                      {"end", rounded(segment.end)},
                      {"label", classes_[segment.best]},
                      {"confidence", segment.confidence}});
  }
  print_line(line);
}

void Output::window(const WindowScores& window) {
  if (options_.json) {
    print_line(window_to_json(classes_, window));
    return;
  }
  fmt::print("{:8.2f} - {:8.2f} s  {}\n", window.begin, window.end,
             verdict(classes_, window.probabilities));
  std::fflush(stdout);
}

void Output::defect(const std::string& path, const std::string& reason) {
  log_error("{}: {}", path, reason);
  if (options_.json) print_line({{"clip", path}, {"error", reason}});
}

}  // namespace parlando::predict
