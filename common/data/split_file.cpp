#include "common/core/error.h"
#include "common/data/split.h"

namespace parlando::data {
namespace {

constexpr const char* kFormat = "parlando-split";
constexpr int kVersion = 2;
constexpr int kOldestVersion = 1;

void read_folds(const Json& json, const std::string& source, Split& split) {
  SplitConfig& config = split.config;
  config.folds = json_get<int>(json, "folds", source);
  config.shuffle = json_get<bool>(json, "shuffle", source);
  const Json inner_fold = json_get<Json>(json, "inner_fold", source);
  if (!inner_fold.is_null()) config.inner_fold = json_get<int>(json, "inner_fold", source);
  config.inner_folds = json_get<int>(json, "inner_folds", source);
  config.validation_from = json_get<std::string>(json, "validation_from", source);
  config.validation_speakers =
      json_get<std::vector<std::string>>(json, "validation_speakers", source);
  if (json.contains("channels")) {
    const Json channels = json_get<Json>(json, "channels", source);
    const auto names = [&](const char* side) {
      return json_get<std::vector<std::string>>(channels, side, source + ": channels");
    };
    config.channels = {names("train"), names("validation"), names("test")};
  }
  split.classes = json_get<std::vector<std::string>>(json, "classes", source);
  split.tolerates = json_get<std::vector<std::string>>(json, "tolerates", source);
}

}  // namespace

Json split_to_json(const Split& split) {
  Json dropped = Json::array();
  for (const DroppedClip& clip : split.dropped) {
    dropped.push_back({{"id", clip.id}, {"reason", clip.reason}});
  }
  return {{"format", kFormat},
          {"version", kVersion},
          {"scheme", split.config.scheme},
          {"by", split.config.by},
          {"seed", split.config.seed},
          {"test_fraction", split.config.test_fraction},
          {"validation_fraction", split.config.validation_fraction},
          {"fold", split.config.fold},
          {"folds", split.config.folds},
          {"shuffle", split.config.shuffle},
          {"inner_fold", split.config.inner_fold ? Json(*split.config.inner_fold) : Json()},
          {"inner_folds", split.config.inner_folds},
          {"validation_from", split.config.validation_from},
          {"validation_speakers", split.config.validation_speakers},
          {"channels",
           {{"train", split.config.channels.train},
            {"validation", split.config.channels.validation},
            {"test", split.config.channels.test}}},
          {"classes", split.classes},
          {"tolerates", split.tolerates},
          {"corpus_hash", split.corpus_hash},
          {"hash", split.hash()},
          {"counts",
           {{"train", split.train.size()},
            {"validation", split.validation.size()},
            {"test", split.test.size()},
            {"dropped", split.dropped.size()}}},
          {"train", split.train},
          {"validation", split.validation},
          {"test", split.test},
          {"dropped", dropped}};
}

Split split_from_json(const Json& json, const std::string& source) {
  if (!json.is_object() || json.value("format", Json()) != kFormat) {
    fail(ErrorKind::artefact, "{}: not a split; make one with parlando split", source);
  }
  const int version = json_get<int>(json, "version", source);
  if (version < kOldestVersion || version > kVersion) {
    fail(ErrorKind::artefact,
         "{}: split of version {}, this program reads versions {} to {}; make it anew", source,
         version, kOldestVersion, kVersion);
  }
  Split split;
  split.config.scheme = json_get<std::string>(json, "scheme", source);
  split.config.by = json_get<std::string>(json, "by", source);
  split.config.seed = json_get<std::uint64_t>(json, "seed", source);
  split.config.test_fraction = json_get<double>(json, "test_fraction", source);
  split.config.validation_fraction = json_get<double>(json, "validation_fraction", source);
  split.config.fold = json_get<int>(json, "fold", source);
  if (version > kOldestVersion) read_folds(json, source, split);
  split.corpus_hash = json_get<std::string>(json, "corpus_hash", source);
  split.train = json_get<std::vector<std::string>>(json, "train", source);
  split.validation = json_get<std::vector<std::string>>(json, "validation", source);
  split.test = json_get<std::vector<std::string>>(json, "test", source);
  for (const Json& clip : json_get<Json>(json, "dropped", source)) {
    split.dropped.push_back(
        {json_get<std::string>(clip, "id", source), json_get<std::string>(clip, "reason", source)});
  }
  if (json.contains("hash") && json_get<std::string>(json, "hash", source) != split.hash()) {
    fail(ErrorKind::artefact,
         "{}: the sides do not fit the hash: the file is damaged or edited. If the edit is meant, "
         "remove "
         "the key 'hash'",
         source);
  }
  return split;
}

}  // namespace parlando::data
