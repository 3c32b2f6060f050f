#include <map>
#include <set>
#include <string>
#include <vector>

#include "cli/inspect/describe.h"
#include "common/data/augmentation.h"
#include "common/data/corpus.h"
#include "common/data/dataset.h"
#include "common/data/split.h"
#include "common/io/hdf5.h"

namespace parlando::inspect {
namespace {

using Counts = std::map<std::string, std::int64_t>;

Json to_json(const Counts& counts) {
  Json result = Json::object();
  for (const auto& [name, n] : counts) result[name.empty() ? "(not given)" : name] = n;
  return result;
}

/// Adds a variant to the count of each operation that it got.
void count_operations(const std::string& text, Counts& counts) {
  const data::Augmentation augmentation = data::augmentation_from_text(text);
  std::set<std::string> names;
  for (const Json& operation : augmentation.waveform) {
    names.insert(json_get<std::string>(operation, "op", "augmentation " + text));
  }
  for (const data::RowOperation& operation : augmentation.features) names.insert(operation.op);
  if (names.empty()) names.insert("none");
  for (const std::string& name : names) ++counts[name];
}

}  // namespace

Json describe_corpus(const std::filesystem::path& file) {
  const data::Corpus corpus = data::read_corpus(file);
  Counts labels, channels, rates;
  std::map<std::string, bool> speakers;
  double seconds = 0;
  for (const data::Clip& clip : corpus.clips) {
    ++labels[clip.label];
    ++channels[clip.channel];
    ++rates[fmt::format("{} Hz", clip.sample_rate)];
    speakers[clip.speaker] = true;
    seconds += clip.seconds();
  }
  Json defects = Json::array();
  for (const data::Defect& defect : corpus.defects) {
    defects.push_back({{"path", defect.path}, {"reason", defect.reason}});
  }
  return Json{{"name", corpus.name},
              {"synthetic", corpus.synthetic},
              {"root", corpus.root.string()},
              {"hash", corpus.hash()},
              {"clips", corpus.clips.size()},
              {"speakers", speakers.size()},
              {"hours", seconds / 3600},
              {"classes", corpus.classes},
              {"clips_by_label", to_json(labels)},
              {"clips_by_channel", to_json(channels)},
              {"clips_by_rate", to_json(rates)},
              {"groups_of_identical_audio", corpus.duplicates().size()},
              {"defects", defects}};
}

Json describe_split(const Json& json, const std::string& source) {
  const data::Split split = data::split_from_json(json, source);
  Json dropped = Json::array();
  for (const data::DroppedClip& clip : split.dropped) {
    dropped.push_back({{"clip", clip.id}, {"reason", clip.reason}});
  }
  Json result{{"scheme", split.config.scheme},
              {"by", split.config.by},
              {"seed", split.config.seed},
              {"fold", split.config.fold},
              {"clips",
               {{"train", split.train.size()},
                {"validation", split.validation.size()},
                {"test", split.test.size()}}},
              {"dropped", dropped},
              {"hash", split.hash()},
              {"corpus_hash", split.corpus_hash}};
  if (json.contains("audit")) {
    Json relations = Json::array();
    for (Json relation : json["audit"].value("relations", Json::array())) {
      if (relation.is_object()) relation.erase("pairs");
      relations.push_back(relation);
    }
    result["relations"] = relations;
  }
  return result;
}

Json describe_dataset(const std::filesystem::path& folder) {
  const data::Dataset dataset(folder);
  const data::DatasetManifest& manifest = dataset.manifest();
  Counts labels, operations;
  std::size_t variants = 0, changed = 0;
  for (const data::DatasetRow& row : dataset.rows()) {
    if (row.clip != row.source) {
      ++variants;
      changed += row.frames > 0 ? 1 : 0;
      count_operations(row.augmentation, operations);
      continue;
    }
    const auto label = static_cast<std::size_t>(row.emotion);
    ++labels[label < manifest.classes.size() ? manifest.classes[label] : "(no such class)"];
  }
  std::int64_t bytes = 0, frames = 0;
  for (const data::ShardEntry& shard : manifest.shards) {
    bytes += shard.bytes;
    frames += shard.frames;
  }
  const data::Split& split = manifest.split;
  return Json{{"id", manifest.id},
              {"corpus",
               {{"name", manifest.corpus_name},
                {"synthetic", manifest.synthetic},
                {"hash", manifest.corpus_hash}}},
              {"clips", dataset.size() - variants},
              {"variants_of_training_clips", variants},
              {"variants_with_frames_of_their_own", changed},
              {"variants_by_operation", to_json(operations)},
              {"clips_by_label", to_json(labels)},
              {"feature_rows", manifest.row_names.size()},
              {"frames", frames},
              {"classes", manifest.classes},
              {"shards", manifest.shards.size()},
              {"bytes", bytes},
              {"split",
               {{"scheme", split.config.scheme},
                {"seed", split.config.seed},
                {"train", split.train.size()},
                {"validation", split.validation.size()},
                {"test", split.test.size()},
                {"hash", split.hash()}}},
              {"written_by", "parlando " + manifest.version}};
}

Json describe_shard(const std::filesystem::path& file) {
  Hdf5Reader reader(file);
  const auto [frames, rows] = reader.open_matrix("features");
  const std::vector<std::int64_t> offsets = reader.read_integers("offsets");
  const std::vector<std::string> clips = reader.read_strings("clip");
  const std::vector<std::string> sources = reader.read_strings("source");
  if (offsets.size() != clips.size() + 1 || sources.size() != clips.size() ||
      offsets.back() != static_cast<std::int64_t>(frames)) {
    fail(ErrorKind::artefact,
         "{}: offsets, clips and frames of the shard do not fit together; run 'parlando "
         "preprocess' again",
         file.string());
  }
  std::size_t variants = 0;
  for (std::size_t i = 0; i < clips.size(); ++i) variants += clips[i] != sources[i] ? 1 : 0;
  return Json{{"clips", clips.size() - variants},
              {"variants", variants},
              {"frames", frames},
              {"feature_rows", rows},
              {"bytes", std::filesystem::file_size(file)},
              {"first_clip", clips.empty() ? "" : clips.front()},
              {"last_clip", clips.empty() ? "" : clips.back()}};
}

}  // namespace parlando::inspect
