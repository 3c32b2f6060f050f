#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "predict/windows/timeline.h"
#include "train/run/inference.h"

namespace parlando::predict {

/// Writes predictions to stdout, each as soon as it is there: a table for people, or a line of JSON
/// each (docs/predict.md).
class Output {
 public:
  struct Options {
    bool json = false;
    bool attention = false;
    double attention_step = 0;     ///< seconds between its weights; 0: no fixed step
    std::size_t clip_columns = 0;  ///< width of the clips' names in the table
  };
  Output(std::vector<std::string> classes, const Options& options)
      : classes_(std::move(classes)), options_(options) {}

  /// A clip as a whole.
  void clip(const std::string& path, double seconds, const train::ClipScores& scores);
  /// A clip in windows, and what they come to.
  void timeline(const std::string& path, double seconds, std::span<const WindowScores> windows,
                std::span<const Segment> segments);
  /// The newest window of a stream.
  void window(const WindowScores& window);
  /// Names a clip that can't be used; the line of JSON has its reason.
  void defect(const std::string& path, const std::string& reason);

 private:
  void header(const std::string& line);

  std::vector<std::string> classes_;
  Options options_;
  bool has_header_ = false;
};

}  // namespace parlando::predict
