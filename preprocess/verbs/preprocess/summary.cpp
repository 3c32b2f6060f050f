#include "preprocess/verbs/preprocess/summary.h"

#include "common/core/log.h"

namespace parlando::preprocess {
namespace {

constexpr double kMebibyte = 1024.0 * 1024.0;

}  // namespace

void print_summary(const PreprocessJob& job, const PreprocessSummary& summary) {
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
  Json defects = Json::array();
  for (const data::Defect& defect : summary.defects) {
    defects.push_back({{"path", defect.path}, {"reason", defect.reason}});
  }
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
          {"defects", defects}};
}

}  // namespace parlando::preprocess
