#include <cmath>

#include <fmt/format.h>

#include "common/report/line_chart.h"
#include "common/report/numbers.h"
#include "common/report/page.h"
#include "common/report/sections.h"

namespace parlando::report {
namespace {

using Value = double Epoch::*;

LineSeries series_of(const RunRecord& run, const std::string& label, const std::string& css_class,
                     Value value) {
  LineSeries series{label, css_class, {}};
  for (const Epoch& epoch : run.epochs) {
    series.points.push_back({static_cast<double>(epoch.epoch), epoch.*value});
  }
  return series;
}

bool any_known(const RunRecord& run, Value value) {
  for (const Epoch& epoch : run.epochs) {
    if (std::isfinite(epoch.*value)) return true;
  }
  return false;
}

LineChart chart_of(const RunRecord& run, const std::string& id, const std::string& title) {
  LineChart chart;
  chart.id = id;
  chart.title = title;
  chart.x_label = "epoch";
  if (run.best_epoch > 0) {
    chart.mark = static_cast<double>(run.best_epoch);
    chart.mark_label = fmt::format("best: epoch {}", run.best_epoch);
  }
  return chart;
}

/// Mean over the epochs that say it, weighted by their time; NaN if none does.
double data_wait_of(const RunRecord& run) {
  double waited = 0, total = 0;
  for (const Epoch& epoch : run.epochs) {
    if (!std::isfinite(epoch.data_wait) || !std::isfinite(epoch.seconds)) continue;
    waited += epoch.data_wait * epoch.seconds;
    total += epoch.seconds;
  }
  return waited / total;
}

std::string summary_of(const RunRecord& run) {
  std::string text = counted(static_cast<std::int64_t>(run.epochs.size()), "epoch", "epochs");
  if (run.train_seconds > 0) text += " in " + readable_duration(run.train_seconds);
  if (run.samples_per_second > 0) {
    text += fmt::format(", {:.0f} samples a second", run.samples_per_second);
  }
  if (run.world_size > 0) {
    text += ", on " + counted(run.world_size, "process", "processes");
  }
  text += ".";
  const double data_wait = data_wait_of(run);
  if (std::isfinite(data_wait)) {
    text += fmt::format(" Steps waited {} % of their time for data.", percent(data_wait));
  }
  if (const Epoch* best = run.best()) {
    text += fmt::format(" {} epoch {}",
                        run.evaluation ? "The weights are those of" : "Best so far:", best->epoch);
    if (std::isfinite(best->validation_accuracy)) {
      text += fmt::format(", with {} % on the validation side", percent(best->validation_accuracy));
    }
    text += ".";
  }
  return text;
}

}  // namespace

std::string training_section(const RunRecord& run) {
  if (run.epochs.empty()) return "";
  const Epoch& last = run.epochs.back();

  LineChart loss = chart_of(run, "chart-loss", "Loss over epochs");
  loss.series = {series_of(run, "training", "s1", &Epoch::train_loss),
                 series_of(run, "validation", "s2", &Epoch::validation_loss)};
  loss.description = fmt::format("In the last epoch, {}: training {}, validation {}.", last.epoch,
                                 compact(last.train_loss), compact(last.validation_loss));

  LineChart accuracy = chart_of(run, "chart-accuracy", "Accuracy over epochs");
  accuracy.percent = true;
  accuracy.series = {series_of(run, "training", "s1", &Epoch::train_accuracy),
                     series_of(run, "validation", "s2", &Epoch::validation_accuracy)};
  if (any_known(run, &Epoch::validation_uar)) {
    accuracy.series.push_back(series_of(run, "validation UAR", "s3", &Epoch::validation_uar));
  }
  accuracy.description =
      fmt::format("In the last epoch, {}: training {} %, validation {} %.", last.epoch,
                  percent(last.train_accuracy), percent(last.validation_accuracy));

  std::string figures = make_figure(draw_line_chart(loss), "Loss") +
                        make_figure(draw_line_chart(accuracy), "Accuracy");
  if (any_known(run, &Epoch::learning_rate)) {
    LineChart rate = chart_of(run, "chart-rate", "Learning rate over epochs");
    rate.logarithmic = true;
    rate.series = {series_of(run, "learning rate", "s1", &Epoch::learning_rate)};
    rate.description = fmt::format("From {} to {}.", compact(run.epochs.front().learning_rate),
                                   compact(last.learning_rate));
    figures += make_figure(draw_line_chart(rate), "Learning rate");
  }
  if (any_known(run, &Epoch::samples_per_second)) {
    LineChart speed = chart_of(run, "chart-speed", "Training speed over epochs");
    speed.from_zero = true;
    speed.series = {series_of(run, "samples a second", "s1", &Epoch::samples_per_second)};
    speed.description =
        fmt::format("Last epoch: {:.0f} samples a second.", last.samples_per_second);
    figures += make_figure(draw_line_chart(speed), "Samples a second");
  }
  return make_section("training", "How it learned", summary_of(run),
                      "<div class=\"pair\">\n" + figures + "</div>\n");
}

}  // namespace parlando::report
