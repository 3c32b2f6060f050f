#include "train/run/step_log.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "common/core/error.h"
#include "common/io/atomic_file.h"
#include "common/io/json.h"

namespace parlando::train {

void StepLog::truncate(std::int64_t epochs, std::int64_t steps) {
  if (path_.empty()) return;
  std::ifstream file(path_);
  std::string kept, line;
  while (std::getline(file, line)) {
    const Json record = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    // A line that was cut short is the last one.
    if (record.is_discarded()) break;
    const std::pair<std::int64_t, std::int64_t> at{record.value("epoch", std::int64_t{0}),
                                                   record.value("step", std::int64_t{0})};
    if (at > std::pair{epochs + 1, steps}) break;
    kept += line + "\n";
  }
  write_file_atomically(path_, kept);
  file_.open(path_, std::ios::app);
}

void StepLog::append(const StepRecord& record) {
  if (path_.empty()) return;
  Json line{{"epoch", record.epoch},     {"step", record.step},
            {"loss", record.loss},       {"learning_rate", record.learning_rate},
            {"samples", record.samples}, {"batch", fmt::format("{:016x}", record.batch)}};
  if (!record.skipped.empty()) {
    line["loss"] = nullptr;
    line["skipped"] = true;
    line["reason"] = record.skipped;
  }
  if (!(file_ << line.dump() << "\n" << std::flush)) {
    fail(ErrorKind::artefact, "{}: cannot write: {}; free some space and run the command again",
         path_.string(), std::strerror(errno));
  }
}

}  // namespace parlando::train
