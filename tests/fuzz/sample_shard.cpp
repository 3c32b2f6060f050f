#include "tests/fuzz/sample_shard.h"

#include <array>
#include <string>
#include <vector>

#include "common/data/shard_writer.h"

namespace parlando::fuzz {
namespace {

constexpr std::array kNames{"03-01-01-01-01-01-01", "03-01-05-02-01-01-02", "03-02-05-01-02-01-02"};

}  // namespace

data::ShardEntry write_sample_shard(const std::filesystem::path& path) {
  data::ShardWriter writer(kSampleFeatureRows);
  std::size_t frames = 2;
  for (const data::Clip& clip : sample_corpus().clips) {
    data::DatasetRow row;
    row.clip = row.source = clip.id;
    row.emotion = clip.label == "neutral" ? 0 : 1;
    row.actor = clip.speaker;
    row.channel = clip.channel;
    row.frames = static_cast<std::int64_t>(frames);
    writer.add(row, std::vector<float>(frames * kSampleFeatureRows, -1.5F));
    ++frames;
  }
  data::DatasetRow variant;
  variant.source = kNames[0];
  variant.clip = variant.source + "+1";
  variant.augmentation = R"({"op":"noise","seed":3,"std":0.01})";
  writer.add(variant, {});
  return writer.write(path);
}

data::Corpus sample_corpus() {
  data::Corpus corpus;
  corpus.name = "sample";
  corpus.synthetic = true;
  corpus.root = "clips";
  corpus.classes = {"neutral", "angry"};
  for (const std::string name : kNames) {
    data::Clip clip;
    clip.id = name;
    clip.path = name + ".wav";
    clip.label = name[7] == '1' ? "neutral" : "angry";
    clip.speaker = name.substr(18);
    clip.channel = name[4] == '1' ? "speech" : "song";
    clip.sample_rate = 16000;
    clip.channels = 1;
    clip.samples = 400;
    clip.peak = 0.5;
    clip.audio_hash = std::string(32, name[19]);
    corpus.clips.push_back(clip);
  }
  corpus.defects.push_back({"holiday.wav", "empty file"});
  return corpus;
}

data::DatasetManifest sample_manifest(const data::ShardEntry& shard) {
  data::DatasetManifest manifest;
  manifest.id = std::string(32, 'a');
  manifest.corpus_name = "sample";
  manifest.recipe = "name: sample\n";
  for (std::size_t i = 0; i < kSampleFeatureRows; ++i) {
    manifest.row_names.push_back("mel_" + std::to_string(i));
  }
  manifest.classes = {"neutral", "angry"};
  manifest.split.train = {kNames[0]};
  manifest.split.validation = {kNames[1]};
  manifest.split.test = {kNames[2]};
  manifest.shards = {shard};
  return manifest;
}

}  // namespace parlando::fuzz
