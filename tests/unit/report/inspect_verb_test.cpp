#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/data/corpus.h"
#include "common/data/split.h"
#include "common/io/json.h"
#include "common/io/npy.h"
#include "common/report/study/study_row.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/report/run_folder.h"

namespace parlando {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class InspectVerb : public testing::Test {
 protected:
  test::ProcessResult inspect(const fs::path& path, bool json = false) {
    std::vector<std::string> command{test::program("parlando-inspect"), path.string()};
    if (json) command.emplace_back("--json");
    return test::run_process(command);
  }

  Json json_of(const fs::path& path) {
    const auto result = inspect(path, true);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return parse_json(result.out, "stdout");
  }

  void expect_refused(const fs::path& path, const std::string& why) {
    const auto result = inspect(path);
    EXPECT_EQ(result.exit_code, 4) << path;
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, HasSubstr(why));
  }

  data::Corpus corpus() const {
    data::Corpus made;
    made.name = "mini";
    made.root = folder_.path();
    made.classes = {"calm", "happy"};
    for (int i = 0; i < 5; ++i) {
      data::Clip clip;
      clip.id = fmt::format("clip-{}", i);
      clip.path = clip.id + ".wav";
      clip.label = i < 2 ? "calm" : "happy";
      clip.speaker = fmt::format("0{}", 1 + i % 2);
      clip.sample_rate = 16000;
      clip.channels = 1;
      clip.samples = 32000;
      clip.audio_hash = clip.id;
      made.clips.push_back(clip);
    }
    return made;
  }

  /// One [2, 3] float32 tensor of ones.
  static std::string tensors(const std::string& header, std::size_t data_bytes) {
    std::string file(8, '\0');
    for (std::size_t i = 0; i < 8; ++i)
      file[i] = static_cast<char>(header.size() >> (8 * i) & 0xFF);
    return file + header + std::string(data_bytes, '\1');
  }

  test::ScratchFolder folder_;
};

constexpr const char* kHeader =
    R"({"__metadata__":{"name":"m"},"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}})";

TEST_F(InspectVerb, DescribesARun) {
  report::write_run_folder(folder_ / "run");
  const Json json = json_of(folder_ / "run");
  EXPECT_EQ(json.at("kind"), "run");
  EXPECT_DOUBLE_EQ(json.at("accuracy").at("value").get<double>(), 0.75);
  EXPECT_EQ(json.at("best_epoch"), 9);
  EXPECT_THAT(inspect(folder_ / "run").out, HasSubstr("finished and evaluated"));
}

TEST_F(InspectVerb, DescribesTheFilesOfARun) {
  report::write_run_folder(folder_ / "run");
  EXPECT_EQ(json_of(folder_ / "run/result.json").at("n_test"), 40);
  EXPECT_EQ(json_of(folder_ / "run/metrics.jsonl").at("epochs"), 12);
  EXPECT_EQ(json_of(folder_ / "run/test_reads.jsonl").at("reads"), 1);
  EXPECT_EQ(json_of(folder_ / "run/environment.json").at("host"), "node-17");
  EXPECT_EQ(json_of(folder_ / "run/config.yaml").at("keys").at("epochs"), "12");
  const Json predictions = json_of(folder_ / "run/predictions-test.jsonl");
  EXPECT_EQ(predictions.at("right"), 30);
  EXPECT_EQ(predictions.at("clips"), 40);
}

TEST_F(InspectVerb, DescribesARowOfAStudy) {
  report::StudyRow row;
  row.study = "parts";
  row.row = "no-lstm";
  row.leaks = {"validation-is-test"};
  row.figures.accuracy = 0.75;
  report::write_study_row(folder_ / "seed-01.json", row);
  const Json json = json_of(folder_ / "seed-01.json");
  EXPECT_EQ(json.at("kind"), "row of a study");
  EXPECT_EQ(json.at("leaks"), Json{"validation-is-test"});
  EXPECT_EQ(json.at("figures").at("accuracy"), 0.75);
}

TEST_F(InspectVerb, DescribesACorpusManifest) {
  data::write_corpus(folder_ / "corpus.jsonl", corpus());
  const Json json = json_of(folder_ / "corpus.jsonl");
  EXPECT_EQ(json.at("kind"), "corpus manifest");
  EXPECT_EQ(json.at("clips"), 5);
  EXPECT_EQ(json.at("speakers"), 2);
  EXPECT_EQ(json.at("clips_by_label").at("happy"), 3);
  EXPECT_DOUBLE_EQ(json.at("hours").get<double>(), 10.0 / 3600);
}

TEST_F(InspectVerb, DescribesASplit) {
  data::Split split;
  split.train = {"a", "b", "c"};
  split.test = {"d"};
  write_json(folder_ / "split.json", data::split_to_json(split));
  const Json json = json_of(folder_ / "split.json");
  EXPECT_EQ(json.at("kind"), "split");
  EXPECT_EQ(json.at("clips").at("train"), 3);
  EXPECT_EQ(json.at("hash"), split.hash());
}

TEST_F(InspectVerb, DescribesADatasetAndFindsAShardCutShort) {
  const auto run = [](const std::vector<std::string>& command) {
    const auto result = test::run_process(command);
    ASSERT_EQ(result.exit_code, 0) << result.err;
  };
  const fs::path dataset = folder_ / "data";
  run({test::program("parlando-synth"), (folder_ / "corpus").string(), "--clips", "200", "--seed",
       "1"});
  run({test::program("parlando-preprocess"), "--config",
       test::source_path("configs/preprocess/mel128.yaml").string(), "--corpus",
       (folder_ / "corpus").string(), "--out", dataset.string()});
  const Json json = json_of(dataset);
  EXPECT_EQ(json.at("kind"), "dataset");
  EXPECT_EQ(json.at("clips"), 200);
  EXPECT_EQ(json.at("feature_rows"), 128);
  EXPECT_EQ(json.at("corpus").at("synthetic"), true);
  const Json train = json.at("split").at("train");
  EXPECT_EQ(json.at("variants_of_training_clips"), train);
  EXPECT_EQ(json.at("variants_with_frames_of_their_own"), 0);
  const Json operations = json.at("variants_by_operation");
  EXPECT_EQ(operations.at("noise").get<int>() + operations.at("time_mask").get<int>(), train);
  const Json shard = json_of(dataset / "shard-00000.h5");
  EXPECT_EQ(shard.at("clips"), 200);
  EXPECT_EQ(shard.at("variants"), json.at("split").at("train"));
  EXPECT_EQ(shard.at("frames"), 200 * 130) << "three seconds are 130 frames";

  fs::resize_file(dataset / "shard-00000.h5", fs::file_size(dataset / "shard-00000.h5") / 2);
  expect_refused(dataset / "shard-00000.h5", "shard-00000.h5");
  expect_refused(dataset, "shard-00000.h5");
}

TEST_F(InspectVerb, DescribesAnUnfinishedDataset) {
  const auto line = [](const std::string& file) {
    return Json{{"shard", {{"file", file}, {"rows", 7}, {"bytes", 100}}},
                {"clips", Json::array()},
                {"defects", {{{"path", "a.wav"}, {"reason", "empty"}}}}}
               .dump() +
           "\n";
  };
  const std::string header =
      R"({"format":"parlando-dataset-partial","recipe":"mel128","root":"/corpus"})"
      "\n";
  const fs::path dataset = folder_ / "unfinished";
  test::write_text(dataset / "partial-1of2.jsonl", header + line("shard-00000.h5"));
  test::write_text(dataset / "partial-2of2.jsonl", header + line("shard-00001.h5") + "{\"shar");
  const Json json = json_of(dataset);
  EXPECT_EQ(json.at("kind"), "unfinished dataset");
  EXPECT_EQ(json.at("recipe"), "mel128");
  EXPECT_EQ(json.at("shards_done"), 2);
  EXPECT_EQ(json.at("rows"), 14);
  EXPECT_EQ(json.at("defects"), 2);
  EXPECT_EQ(json_of(dataset / "partial-1of2.jsonl").at("shards_done"), 1);
}

TEST_F(InspectVerb, DescribesAnArray) {
  const std::vector<float> values{1, 2, 3, 4, 5, 6};
  const std::vector<std::size_t> shape{2, 3};
  write_npy(folder_ / "x.npy", values, shape);
  const Json json = json_of(folder_ / "x.npy");
  EXPECT_EQ(json.at("shape"), Json({2, 3}));
  EXPECT_DOUBLE_EQ(json.at("mean").get<double>(), 3.5);
  EXPECT_EQ(json.at("not_finite"), 0);
}

TEST_F(InspectVerb, DescribesTensorsAndTheModelAroundThem) {
  test::write_text(folder_ / "model/model.safetensors", tensors(kHeader, 24));
  test::write_text(folder_ / "model/model.json",
                   R"({"format":"parlando-model","version":1,"name":"mel128","classes":["a","b"],)"
                   R"("parameters":{"total":6}})");
  const Json file = json_of(folder_ / "model/model.safetensors");
  EXPECT_EQ(file.at("kind"), "tensors");
  EXPECT_EQ(file.at("elements"), 6);
  const Json model = json_of(folder_ / "model");
  EXPECT_EQ(model.at("kind"), "model");
  EXPECT_EQ(model.at("weights").at("list").at(0).at("shape"), Json({2, 3}));
  EXPECT_THAT(inspect(folder_ / "model").out, HasSubstr("name w, type F32, shape [2, 3]"));
}

TEST_F(InspectVerb, CountsTheParametersOfTheReferenceNetworksAsKerasDoes) {
  const struct {
    std::string name, input;
    int trainable, keras_total;
  } networks[] = {{"mel128", "128x128", 626456, 626904},
                  {"mfcc121", "248x121", 267712, 267968},
                  {"stack187", "130x187", 227785, 228041}};
  for (const auto& network : networks) {
    SCOPED_TRACE(network.name);
    const auto file = test::source_path("configs/train/" + network.name + ".yaml");
    const auto result = test::run_process(
        {test::program("parlando-inspect"), file.string(), "--json", "--input", network.input});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    const Json parameters = parse_json(result.out, "stdout").at("network").at("parameters");
    EXPECT_EQ(parameters.at("trainable"), network.trainable);
    EXPECT_EQ(parameters.at("keras_total"), network.keras_total);
  }
}

TEST_F(InspectVerb, RefusesAnInputThatTheNetworkLeavesNothingOf) {
  const auto file = test::source_path("configs/train/mel128.yaml").string();
  const auto inspect_with = [&](const std::string& input) {
    return test::run_process({test::program("parlando-inspect"), file, "--input", input});
  };
  EXPECT_EQ(inspect_with("4x128").exit_code, 2);
  EXPECT_THAT(inspect_with("4x128").err, HasSubstr("model.conv.2 leaves nothing of 4 frames"));
  EXPECT_EQ(inspect_with("128").exit_code, 2);
  EXPECT_THAT(inspect_with("128").err, HasSubstr("FRAMESxROWS"));
}

TEST_F(InspectVerb, SaysWhetherACheckpointIsComplete) {
  const fs::path checkpoint = folder_ / "checkpoints/epoch-0003-step-000120";
  test::write_text(checkpoint / "state.json",
                   R"({"format":"parlando-checkpoint","version":1,"epoch":3,"step":120})");
  EXPECT_EQ(json_of(checkpoint).at("complete"), false);
  test::write_text(checkpoint / "DONE", "");
  EXPECT_EQ(json_of(checkpoint).at("complete"), true);
  EXPECT_EQ(json_of(folder_ / "checkpoints").at("checkpoints").at(0).at("epoch"), 3);
}

TEST_F(InspectVerb, FindsTensorsCutShort) {
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{23}}) {
    test::write_text(folder_ / "cut.safetensors", tensors(kHeader, bytes));
    expect_refused(folder_ / "cut.safetensors", "cut short");
  }
  test::write_text(folder_ / "cut.safetensors", tensors(kHeader, 24).substr(0, 40));
  expect_refused(folder_ / "cut.safetensors", "cut short in its header");
  test::write_text(folder_ / "cut.safetensors", "abc");
  expect_refused(folder_ / "cut.safetensors", "not a safetensors file");
  test::write_text(folder_ / "huge.safetensors",
                   tensors(R"({"w":{"dtype":"F32","shape":[-1],"data_offsets":[4,0]}})", 4));
  expect_refused(folder_ / "huge.safetensors", "tensor 'w'");
}

TEST_F(InspectVerb, SaysWhatToDoWithWhatItDoesNotKnow) {
  test::write_text(folder_ / "notes.txt", "hello");
  test::write_text(folder_ / "other.json", "{\"a\": 1}");
  test::write_text(folder_ / "broken.json", "{\"a\": ");
  test::write_text(folder_ / "list.jsonl", "[1]\n");
  test::write_text(folder_ / "bad.npy", "no array");
  test::write_text(folder_ / "bad.h5", "no HDF5");
  test::write_text(folder_ / "bad.yaml", "a: [1");
  test::write_text(folder_ / "audio/Actor_01/a.wav", "");
  fs::create_directories(folder_ / "empty");
  expect_refused(folder_ / "notes.txt", "no artefact of parlando");
  expect_refused(folder_ / "other.json", "no artefact of parlando");
  expect_refused(folder_ / "broken.json", "not valid JSON");
  expect_refused(folder_ / "list.jsonl", "no artefact of parlando");
  expect_refused(folder_ / "bad.npy", "bad.npy");
  expect_refused(folder_ / "bad.h5", "bad.h5");
  expect_refused(folder_ / "bad.yaml", "not valid YAML");
  expect_refused(folder_ / "audio", "parlando scan");
  expect_refused(folder_ / "empty", "the folder is empty");
  expect_refused(folder_ / "absent", "no such file or folder");
}

}  // namespace
}  // namespace parlando
