#include "train/run/run_result.h"

#include "common/core/version.h"
#include "common/metrics/evaluation_json.h"

namespace parlando::train {

Json result_to_json(const RunResult& result) {
  const data::SplitConfig& split = result.split.config;
  Json json = metrics::evaluation_to_json(result.evaluation);
  json["leaks"] = result.protocol.allow_leak;
  json["permuted_labels"] = result.protocol.permute_labels;
  json["seed"] = result.seed;
  json["split"] = {{"scheme", split.scheme},
                   {"by", split.by},
                   {"seed", split.seed},
                   {"fold", split.fold},
                   {"hash", result.identity.split_hash}};
  json["epochs"] = result.outcome.epochs;
  json["best_epoch"] = result.outcome.best_epoch;
  json["train_seconds"] = result.outcome.seconds;
  json["samples_per_second"] = result.outcome.samples_per_second;
  json["world_size"] = result.world_size;
  json["parameters"] = result.parameters;
  json["config_hash"] = result.identity.config_hash;
  json["data_hash"] = result.identity.data_hash;
  json["version"] = version();
  json["corpus"] = {{"name", result.dataset.corpus_name},
                    {"synthetic", result.dataset.synthetic},
                    {"hash", result.dataset.corpus_hash}};
  json["audit"] = result.audit;
  return json;
}

}  // namespace parlando::train
