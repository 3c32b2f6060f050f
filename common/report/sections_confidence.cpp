#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "common/metrics/calibration.h"
#include "common/report/escape.h"
#include "common/report/numbers.h"
#include "common/report/page.h"
#include "common/report/reliability_chart.h"
#include "common/report/sections.h"

namespace parlando::report {
namespace {

constexpr std::size_t kMostClips = 20;

double confidence_of(const metrics::Prediction& prediction) {
  return prediction.probabilities[static_cast<std::size_t>(prediction.predicted)];
}

}  // namespace

std::vector<metrics::Prediction> confident_errors(const RunRecord& run) {
  std::vector<metrics::Prediction> wrong;
  for (const metrics::Prediction& prediction : run.predictions) {
    if (prediction.predicted != prediction.truth) wrong.push_back(prediction);
  }
  std::ranges::stable_sort(wrong, std::ranges::greater{}, confidence_of);
  wrong.resize(std::min(kMostClips, wrong.size()));
  return wrong;
}

std::string calibration_section(const RunRecord& run) {
  if (run.predictions.empty()) return "";
  const metrics::Calibration calibration = metrics::calibration_of(run.predictions);
  const std::vector<std::vector<metrics::CalibrationBin>> one{calibration.bins};
  return make_section(
      "calibration", "Whether confidence means what it says",
      fmt::format(
          "Of the clips that the model is 80 % sure of, 80 % should be right. Expected "
          "calibration error (mean distance from that over {} bins): {} points. Brier score "
          "{:.3f}, negative log likelihood {:.3f}.",
          calibration.bins.size(), percent(calibration.ece), calibration.brier, calibration.nll),
      make_figure(draw_reliability_chart("chart-reliability", metrics::reliability(one)),
                  "Accuracy against confidence; bars are shares of the clips"));
}

std::string clips_section(const RunRecord& run) {
  if (!run.evaluation) return "";
  const std::vector<metrics::Prediction> wrong = confident_errors(run);
  if (wrong.empty()) return "";
  std::string rows;
  const auto name = [&](int label) {
    return escape_html(run.evaluation->classes[static_cast<std::size_t>(label)]);
  };
  for (const metrics::Prediction& prediction : wrong) {
    rows += fmt::format(
        "<tr><th scope=\"row\"><code>{}</code></th><td class=\"words\">{}</td><td "
        "class=\"words\">{}</td><td>{}</td></tr>\n",
        escape_html(prediction.clip), name(prediction.truth), name(prediction.predicted),
        percent(confidence_of(prediction)));
  }
  return make_section(
      "clips", "The most confident errors",
      "Test clips taken for something else, the surest first. Listen to them: a label may be "
      "wrong, "
      "or the clip unclear to people too.",
      fmt::format("<div class=\"scroll\"><table class=\"plain\"><caption>{} of {} errors</caption>"
                  "<thead><tr><th scope=\"col\">clip</th><th scope=\"col\" class=\"words\">true "
                  "class</th><th scope=\"col\" class=\"words\">taken for</th><th "
                  "scope=\"col\">confidence, per cent</th></tr></thead><tbody>\n{}</tbody></table>"
                  "</div>\n",
                  wrong.size(),
                  std::ranges::count_if(run.predictions,
                                        [](const auto& p) { return p.truth != p.predicted; }),
                  rows));
}

}  // namespace parlando::report
