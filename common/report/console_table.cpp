#include "common/report/console_table.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "common/report/numbers.h"

namespace parlando::report {

std::string metrics_table(const metrics::Evaluation& evaluation) {
  std::size_t width = std::string("weighted F1").size();
  for (const std::string& name : evaluation.classes) {
    width = std::max(width, fmt::formatted_size("{}", name));
  }
  std::string text;
  auto out = std::back_inserter(text);
  const std::size_t line = width + 4 * 11;

  fmt::format_to(out, "  {:<{}}{:>11}{:>11}{:>11}{:>11}\n", "%", width, "precision", "recall", "F1",
                 "support");
  fmt::format_to(out, "  {:-<{}}\n", "", line);
  for (std::size_t i = 0; i < evaluation.classes.size(); ++i) {
    const metrics::ClassScores& scores = evaluation.per_class[i];
    fmt::format_to(out, "  {:<{}}{:>11}{:>11}{:>11}{:>11}\n", evaluation.classes[i], width,
                   percent(scores.precision), percent(scores.recall), percent(scores.f1),
                   scores.support);
  }
  fmt::format_to(out, "  {:-<{}}\n", "", line);
  const std::array<std::pair<const char*, const metrics::Figure*>, 4> figures{
      {{"accuracy", &evaluation.accuracy},
       {"UAR", &evaluation.uar},
       {"macro F1", &evaluation.macro_f1},
       {"weighted F1", &evaluation.weighted_f1}}};
  for (const auto& [name, figure] : figures) {
    fmt::format_to(out, "  {:<{}}{:>11}   95 % interval {:>5} to {:>5}\n", name, width,
                   percent(figure->value), percent(figure->low), percent(figure->high));
  }
  fmt::format_to(out, "  {} clips; intervals: {} ({} resamples of {})\n", evaluation.n(),
                 evaluation.interval_method, evaluation.resamples, evaluation.clusters);
  return text;
}

}  // namespace parlando::report
