#include "preprocess/verbs/preprocess/summary.h"

#include <cstdio>
#include <string>
#include <vector>

#include "common/core/log.h"

namespace parlando::preprocess {
namespace {

constexpr double kMebibyte = 1024.0 * 1024.0;

Json defects_to_json(const std::vector<data::Defect>& defects) {
  Json json = Json::array();
  for (const data::Defect& defect : defects) {
    json.push_back({{"path", defect.path}, {"reason", defect.reason}});
  }
  return json;
}

std::string text_of(const Json& json) {
  // A defect's path may hold bytes that are no UTF-8.
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

void print_summary(const PreprocessJob& job, const PreprocessSummary& summary) {
  if (summary.missing_shards > 0) {
    log_info(
        "{}: part {} is done, {} shards in {:.1f} s; {} shards of other parts are missing: the "
        "last process to end completes the dataset",
        job.out.string(), job.worker.name(), summary.shards, summary.seconds,
        summary.missing_shards);
    return;
  }
  const std::string what = fmt::format(
      "{} clips ({} train, {} validation, {} test), {} rows with variants, {} shards, {:.1f} MiB",
      summary.clips, summary.train, summary.validation, summary.test, summary.rows, summary.shards,
      static_cast<double>(summary.bytes) / kMebibyte);
  if (summary.up_to_date) {
    log_info("{}: nothing to do: the dataset is finished and up to date ({}); checked in {:.2f} s",
             job.out.string(), what, summary.seconds);
    return;
  }
  log_info(
      "{}: {}; {:.1f} s ({:.1f} s of it listing the corpus), {:.0f} clips/s, {:.0f} x real time",
      job.out.string(), what, summary.seconds, summary.plan_seconds, summary.clips_per_second,
      summary.real_time_factor);
}

Json summary_to_json(const PreprocessJob& job, const PreprocessSummary& summary) {
  return {{"dataset", job.out.string()},
          {"id", summary.dataset_id},
          {"up_to_date", summary.up_to_date},
          {"clips", summary.clips},
          {"rows", summary.rows},
          {"shards", summary.shards},
          {"shards_kept", summary.shards_kept},
          {"bytes", summary.bytes},
          {"split",
           {{"train", summary.train}, {"validation", summary.validation}, {"test", summary.test}}},
          {"threads", job.threads},
          {"plan_seconds", summary.plan_seconds},
          {"seconds", summary.seconds},
          {"clips_per_second", summary.clips_per_second},
          {"real_time_factor", summary.real_time_factor},
          {"missing_shards", summary.missing_shards},
          {"defects", defects_to_json(summary.defects)}};
}

void print_dry_run(const PreprocessJob& job, const DryRun& plan, bool json) {
  if (json) {
    const Json value{
        {"dataset", job.out.string()},
        {"clips", plan.clips},
        {"seconds", plan.seconds},
        {"split", {{"train", plan.train}, {"validation", plan.validation}, {"test", plan.test}}},
        {"variants", plan.variants},
        {"shards", plan.shards},
        {"own_shards", plan.own_shards},
        {"shards_kept", plan.kept},
        {"shards_to_do", plan.to_do},
        {"feature_bytes_at_most", plan.bytes},
        {"defects", defects_to_json(plan.defects)}};
    std::puts(text_of(value).c_str());
    return;
  }
  for (const data::Defect& defect : plan.defects) log_error("{}: {}", defect.path, defect.reason);
  const std::string part =
      job.worker.alone() ? "" : fmt::format(" ({} of part {})", plan.own_shards, job.worker.name());
  log_info(
      "{}: would hold {} clips of {:.0f} s ({} train, {} validation, {} test) and {} variants in "
      "{} shards{}, at most {:.1f} MiB of features; {} shards are there already, {} would be made; "
      "{} files are defective by name or header; "
      "nothing is written",
      job.out.string(), plan.clips, plan.seconds, plan.train, plan.validation, plan.test,
      plan.variants, plan.shards, part, static_cast<double>(plan.bytes) / kMebibyte, plan.kept,
      plan.to_do, plan.defects.size());
}

}  // namespace parlando::preprocess
