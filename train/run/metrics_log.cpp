#include "train/run/metrics_log.h"

#include <array>
#include <chrono>
#include <fstream>
#include <utility>

#include "common/core/text.h"
#include "common/io/atomic_file.h"
#include "common/io/json.h"
#include "train/run/run_folder.h"

namespace parlando::train {
namespace {

double seconds_since_1970() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

void keep_lines(const std::filesystem::path& path, std::int64_t count) {
  std::ifstream file(path);
  std::string kept, line;
  for (std::int64_t i = 0; i < count && std::getline(file, line); ++i) kept += line + "\n";
  write_file_atomically(path, kept);
}

/// A block of code in Markdown: every line behind four spaces.
std::string code_block(const std::string& text) {
  std::string block;
  for (const std::string& line : split_text(text, '\n')) block += "    " + line + "\n";
  return block;
}

}  // namespace

MetricsLog::MetricsLog(const std::filesystem::path& run, std::int64_t epochs,
                       const std::string& config)
    : lines_(run / run_files::kMetrics), events_(run / run_files::kEvents, epochs) {
  keep_lines(lines_, epochs);
  if (events_.empty()) events_.add_text(0, seconds_since_1970(), "config", code_block(config));
}

void MetricsLog::append(const EpochMetrics& m) {
  const Json line{{"epoch", m.epoch},
                  {"train_loss", m.train_loss},
                  {"train_accuracy", m.train_accuracy},
                  {"validation_loss", m.validation.loss},
                  {"validation_accuracy", m.validation.accuracy},
                  {"validation_uar", m.validation.uar},
                  {"validation_macro_f1", m.validation.macro_f1},
                  {"learning_rate", m.learning_rate},
                  {"seconds", m.seconds},
                  {"samples_per_second", m.samples_per_second},
                  {"data_wait", m.data_wait},
                  {"skipped_steps", m.skipped},
                  {"best", m.best}};
  append_line(lines_, line.dump());
  const std::array<std::pair<std::string, double>, 10> scalars{
      {{"loss/train", m.train_loss},
       {"loss/validation", m.validation.loss},
       {"accuracy/train", m.train_accuracy},
       {"accuracy/validation", m.validation.accuracy},
       {"uar/validation", m.validation.uar},
       {"macro_f1/validation", m.validation.macro_f1},
       {"learning_rate", m.learning_rate},
       {"speed/samples_per_second", m.samples_per_second},
       {"speed/data_wait", m.data_wait},
       {"speed/seconds", m.seconds}}};
  events_.add_scalars(m.epoch, seconds_since_1970(), scalars);
}

}  // namespace parlando::train
