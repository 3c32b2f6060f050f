#include "experiments/sweep/submit/submission_text.h"

#include <iostream>

#include "common/core/log.h"
#include "common/io/json.h"

namespace parlando::sweep {

void print_submission(const Submission& submission, bool json) {
  if (submission.round.elements.empty()) {
    log_info("nothing to submit: all is finished, queued or running");
    if (submission.collector.empty()) return;
  }
  Json jobs = Json::array();
  for (const SubmittedRound::ArrayJob& job : submission.round.jobs) {
    log_info("array job {} with {} elements", job.id, job.count);
    jobs.push_back(job.id);
  }
  log_info("job {} collects the results when they have ended", submission.collector);
  if (!json) return;
  std::cout << Json{{"round", submission.round.round},
                    {"jobs", jobs},
                    {"collector", submission.collector}}
                   .dump(2)
            << "\n";
}

}  // namespace parlando::sweep
