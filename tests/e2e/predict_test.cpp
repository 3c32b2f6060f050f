#include <cmath>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/text.h"
#include "common/io/atomic_file.h"
#include "common/io/json.h"
#include "tests/e2e/small_dataset.h"
#include "tests/support/wav_file.h"

namespace parlando {
namespace {

using test::ProcessResult;
using test::program;
using test::run_process;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr double kAgree = 1e-5;  // of a probability: batches of other clips change the last bits

std::vector<Json> lines_of(const std::string& text) {
  std::vector<Json> lines;
  for (const std::string& line : split_text(text, '\n')) {
    if (!line.empty()) lines.push_back(Json::parse(line));
  }
  return lines;
}

std::vector<double> probabilities_of(const Json& line) {
  std::vector<double> values;
  for (const auto& [name, value] : line.at("probabilities").items()) {
    values.push_back(value.get<double>());
  }
  return values;
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  EXPECT_EQ(a.size(), b.size());
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

/// A dataset of the small network and two runs on it: as SmallDataset has it, and one of whole
/// clips whose padding is masked.
class Predict : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    small = std::make_unique<test::SmallDataset>();
    whole = std::make_unique<test::SmallDataset>(std::vector<std::string>{
        "waveform.duration=0", "waveform.fix_length=0", "waveform.trim.top_db=40"});
    train(*small, {});
    train(*whole, {"model.mask=true", "input.frames=0", "input.padding=batch"});
  }
  static void TearDownTestSuite() {
    small.reset();
    whole.reset();
  }

  static void train(const test::SmallDataset& data, std::vector<std::string> options) {
    // So that probabilities are far from equal.
    options.insert(options.end(), {"epochs=4", "optimizer.learning_rate=0.01"});
    const ProcessResult result = run_process(data.train_command(data.folder() / "run", options));
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }

  static std::filesystem::path run() { return small->folder() / "run"; }

  static ProcessResult predict(const std::vector<std::string>& arguments,
                               const std::filesystem::path& model = run()) {
    std::vector<std::string> command{program("parlando-predict"), "--model", model.string()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return run_process(command);
  }

  /// The same with what a shell command writes on stdin.
  static ProcessResult predict_from(const std::string& source, const std::string& arguments) {
    return run_process({"sh", "-c",
                        source + " | " + program("parlando-predict") + " --model " +
                            run().string() + " " + arguments});
  }

  static ProcessResult evaluate(const std::filesystem::path& run_folder,
                                const std::vector<std::string>& more) {
    std::vector<std::string> command{program("parlando-evaluate"), "--run", run_folder.string(),
                                     "--json"};
    command.insert(command.end(), more.begin(), more.end());
    return run_process(command);
  }

  /// Predictions of all clips of a corpus by the names of their files, without the ending.
  static std::map<std::string, Json> predict_corpus(const test::SmallDataset& data) {
    const ProcessResult result =
        predict({data.corpus().string(), "--json", "--threads", "2"}, data.folder() / "run");
    EXPECT_EQ(result.exit_code, 0) << result.err;
    std::map<std::string, Json> lines;
    for (const Json& line : lines_of(result.out)) {
      lines.emplace(std::filesystem::path(line.at("clip").get<std::string>()).stem().string(),
                    line);
    }
    return lines;
  }

  static std::vector<std::string> some_clips(std::size_t count) {
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(small->corpus())) {
      if (entry.path().extension() == ".wav") paths.push_back(entry.path().string());
    }
    std::ranges::sort(paths);
    paths.resize(count);
    return paths;
  }

  static std::unique_ptr<test::SmallDataset> small, whole;
};

std::unique_ptr<test::SmallDataset> Predict::small, Predict::whole;

TEST_F(Predict, SaysOfRecordingsWhatWasEvaluated) {
  for (const test::SmallDataset* data : {small.get(), whole.get()}) {
    std::map<std::string, Json> lines = predict_corpus(*data);
    EXPECT_EQ(lines.size(), 160u) << "wav and FLAC, mono and stereo, of several rates";
    const std::vector<Json> evaluated =
        lines_of(read_file(data->folder() / "run/predictions-test.jsonl"));
    ASSERT_GE(evaluated.size(), 20u);
    for (const Json& expected : evaluated) {
      const Json& line = lines.at(expected.at("clip"));
      EXPECT_LT(largest_difference(probabilities_of(line),
                                   expected.at("probabilities").get<std::vector<double>>()),
                kAgree)
          << line.at("clip");
    }
  }
}

TEST_F(Predict, GivesTheSameLinesOnAnyNumberOfThreads) {
  const std::string corpus = small->corpus().string();
  EXPECT_EQ(predict({corpus, "--json", "--threads", "1"}).out,
            predict({corpus, "--json", "--threads", "3"}).out);
}

TEST_F(Predict, PrintsATableForPeople) {
  const std::vector<std::string> clips = some_clips(2);
  const ProcessResult result = predict({clips[0], clips[1], "--attention"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr(clips[0]));
  EXPECT_THAT(result.out, HasSubstr(" %  then "));
  EXPECT_THAT(result.out, HasSubstr("█"));
  EXPECT_EQ(result.err, "");
}

TEST_F(Predict, TellsWhereTheNetworkLooked) {
  const ProcessResult result = predict({some_clips(1)[0], "--json", "--attention"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json attention = Json::parse(result.out).at("attention");
  EXPECT_DOUBLE_EQ(attention.at("step_seconds").get<double>(), 4 * 1024 / 22050.0);
  EXPECT_EQ(attention.at("weights").size(), 64u / 4);
  double sum = 0;
  for (const Json& weight : attention.at("weights")) sum += weight.get<double>();
  EXPECT_NEAR(sum, 1, 1e-5);
}

TEST_F(Predict, NamesBadClipsAndDoesTheRest) {
  const std::filesystem::path folder = small->folder() / "bad";
  test::write_text(folder / "a-text.wav", "not sound");
  test::write_wav(folder / "b-truncated.wav", 8000, 4000);
  test::write_wav(folder / "c-whole.wav", 16000);
  const ProcessResult result = predict({folder.string(), (folder / "gone.wav").string(), "--json"});
  EXPECT_EQ(result.exit_code, 3);
  const std::vector<Json> lines = lines_of(result.out);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_THAT(lines[0].at("error").get<std::string>(), HasSubstr("not readable as audio"));
  EXPECT_THAT(lines[1].at("error").get<std::string>(), HasSubstr("truncated"));
  EXPECT_TRUE(lines[2].at("label").is_string());
  EXPECT_THAT(lines[3].at("error").get<std::string>(), HasSubstr("no such file"));
  EXPECT_THAT(result.err, HasSubstr("b-truncated.wav: truncated"));
  EXPECT_THAT(result.err, HasSubstr("3 of 4 can't be used"));
}

TEST_F(Predict, TakesAListOnStdin) {
  const std::vector<std::string> clips = some_clips(3);
  const ProcessResult listed =
      predict_from("printf '%s\\n' " + clips[0] + " " + clips[1] + " " + clips[2], "- --json");
  ASSERT_EQ(listed.exit_code, 0) << listed.err;
  EXPECT_EQ(listed.out, predict({clips[0], clips[1], clips[2], "--json"}).out);
  const ProcessResult nothing = predict_from("true", "-");
  EXPECT_EQ(nothing.exit_code, 3);
  EXPECT_THAT(nothing.err, HasSubstr("names no clip"));
}

TEST_F(Predict, RefusesAnEmptyFolderAndAModelThatIsNotThere) {
  std::filesystem::create_directories(small->folder() / "empty");
  const ProcessResult empty = predict({(small->folder() / "empty").string()});
  EXPECT_EQ(empty.exit_code, 3);
  EXPECT_THAT(empty.err, HasSubstr("no wav or FLAC file"));
  const ProcessResult absent = predict({"clip.wav"}, small->folder() / "no-run");
  EXPECT_EQ(absent.exit_code, 4);
  EXPECT_THAT(absent.err, HasSubstr("give a run folder"));
  EXPECT_EQ(predict({}).exit_code, 2);
  EXPECT_EQ(predict({"clip.wav", "--hop", "1"}).exit_code, 2);
}

/// Three clips of one rate, one behind the other, as 16-bit mono at 22050 Hz.
std::vector<float> long_recording(std::size_t samples) {
  std::vector<float> sound(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    const double t = static_cast<double>(i) / 22050;
    const double hertz = 150 + 100 * std::floor(t / 2);
    sound[i] = static_cast<float>(
        std::round(8000 * std::sin(6.283 * hertz * t) * (0.6 + 0.4 * std::sin(9 * t))) / 32768);
  }
  return sound;
}

TEST_F(Predict, FollowsALongRecordingInWindows) {
  const std::filesystem::path path = small->folder() / "long.wav";
  test::write_float_wav(path, long_recording(22050 * 10 + 5000), 22050);
  const ProcessResult result = predict({path.string(), "--window", "3", "--hop", "1", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json line = Json::parse(result.out);
  const Json& windows = line.at("windows");
  ASSERT_EQ(windows.size(), 9u) << "eight whole ones and the rest";
  EXPECT_EQ(windows[1].at("start"), 1.0);
  EXPECT_EQ(windows[1].at("end"), 4.0);
  EXPECT_NEAR(windows[8].at("end").get<double>(), line.at("seconds").get<double>(), 1e-6);
  double at = 0;
  for (const Json& segment : line.at("segments")) {
    EXPECT_EQ(segment.at("start").get<double>(), at) << "no gaps";
    at = segment.at("end").get<double>();
  }
  EXPECT_NEAR(at, line.at("seconds").get<double>(), 1e-6);
  const ProcessResult table = predict({path.string(), "--window", "3", "--hop", "1"});
  EXPECT_THAT(table.out, HasSubstr("9 windows"));
}

TEST_F(Predict, HearsInAStreamWhatItHearsInTheFile) {
  const std::filesystem::path path = small->folder() / "stream.wav";
  const std::vector<float> sound = long_recording(22050 * 6);
  test::write_float_wav(path, sound, 22050);
  std::string raw;
  for (const float sample : sound) {
    const auto value = static_cast<std::uint16_t>(std::lround(sample * 32768));
    raw += static_cast<char>(value & 0xFF);
    raw += static_cast<char>(value >> 8);
  }
  test::write_text(small->folder() / "stream.raw", raw);
  const Json file =
      Json::parse(predict({path.string(), "--window", "2", "--hop", "0.5", "--json"}).out);
  const ProcessResult of_wav =
      predict_from("cat " + path.string(), "--stream --window 2 --hop 0.5 --json");
  const ProcessResult of_samples =
      predict_from("cat " + (small->folder() / "stream.raw").string(),
                   "--stream --rate 22050 --window 2 --hop 0.5 --json");
  for (const ProcessResult& result : {of_wav, of_samples}) {
    ASSERT_EQ(result.exit_code, 0) << result.err;
    const std::vector<Json> windows = lines_of(result.out);
    ASSERT_EQ(windows.size(), file.at("windows").size());
    for (std::size_t i = 0; i < windows.size(); ++i) {
      EXPECT_EQ(windows[i].at("start"), file.at("windows")[i].at("start"));
      EXPECT_LT(
          largest_difference(probabilities_of(windows[i]), probabilities_of(file.at("windows")[i])),
          kAgree);
    }
  }
  const ProcessResult silent = predict_from("true", "--stream");
  EXPECT_EQ(silent.exit_code, 3);
  EXPECT_THAT(silent.err, HasSubstr("before any sound came"));
}

TEST_F(Predict, SpeaksWhileTheStreamGoesOn) {
  const std::filesystem::path raw = small->folder() / "half.raw";
  test::write_text(raw, std::string(std::size_t{2} * 16000 * 3, '\0'));
  const std::string out = (small->folder() / "rolling").string();
  // What stands in the file while the stream is still open.
  const ProcessResult result =
      run_process({"sh", "-c",
                   "{ cat " + raw.string() + "; for i in $(seq 300); do [ -s " + out +
                       " ] && break; sleep 0.1; done; cp " + out + " " + out + "-seen; } | " +
                       program("parlando-predict") + " --model " + run().string() +
                       " --stream --window 2 --hop 1 --json > " + out});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_GE(lines_of(test::read_text(out + "-seen")).size(), 1u);
}

TEST_F(Predict, UnderTheConditionCleanSaysWhatWasEvaluated) {
  for (const test::SmallDataset* data : {small.get(), whole.get()}) {
    const std::filesystem::path copy = data->folder() / "clean";
    std::filesystem::copy(data->folder() / "run", copy, std::filesystem::copy_options::recursive);
    const ProcessResult result = evaluate(copy, {"--robustness", "clean"});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    const Json document = Json::parse(result.out);
    EXPECT_EQ(document.at("conditions")[0].at("accuracy"), document.at("accuracy").at("value"));
    EXPECT_EQ(document.at("conditions")[0].at("uar"), document.at("uar").at("value"));
    const std::vector<Json> stored = lines_of(read_file(copy / "predictions-test.jsonl"));
    const std::vector<Json> anew = lines_of(read_file(copy / "conditions/test-clean.jsonl"));
    ASSERT_EQ(stored.size(), anew.size());
    for (std::size_t i = 0; i < stored.size(); ++i) {
      EXPECT_EQ(stored[i].at("clip"), anew[i].at("clip"));
      EXPECT_EQ(stored[i].at("true"), anew[i].at("true"));
      EXPECT_LT(largest_difference(stored[i].at("probabilities").get<std::vector<double>>(),
                                   anew[i].at("probabilities").get<std::vector<double>>()),
                kAgree);
    }
  }
}

TEST_F(Predict, RepeatsItsRobustnessOnAnyNumberOfThreadsAndLogsTheReads) {
  const std::filesystem::path copy = small->folder() / "noisy";
  std::filesystem::copy(run(), copy, std::filesystem::copy_options::recursive);
  const std::vector<std::string> conditions{
      "--robustness", "snr10,telephone,gain-20,noise 0 dB",
      "--perturb",    "slow={op: time_stretch, factor: [0.8, 0.8]}",
      "--corpus",     small->corpus().string()};
  const auto with = [&](const char* threads) {
    std::vector<std::string> arguments = conditions;
    arguments.insert(arguments.end(), {"--threads", threads});
    return evaluate(copy, arguments);
  };
  const ProcessResult one = with("1"), three = with("3");
  ASSERT_EQ(one.exit_code, 0) << one.err;
  EXPECT_EQ(one.out, three.out);
  const Json robustness = Json::parse(one.out).at("conditions");
  ASSERT_EQ(robustness.size(), 5u);
  EXPECT_EQ(robustness[3].at("condition"), "noise 0 dB");
  EXPECT_EQ(robustness[4].at("condition"), "slow");
  for (const char* name : {"snr10", "telephone", "slow"}) {
    EXPECT_NE(read_file(copy / "conditions" / fmt::format("test-{}.jsonl", name)),
              read_file(copy / "predictions-test.jsonl"))
        << name;
  }
  // mel128 takes the level out again: its decibels are relative to the loudest.
  const std::vector<Json> quiet = lines_of(read_file(copy / "conditions/test-gain-20.jsonl"));
  const std::vector<Json> plain = lines_of(read_file(copy / "predictions-test.jsonl"));
  for (std::size_t i = 0; i < plain.size(); ++i) {
    EXPECT_LT(largest_difference(plain[i].at("probabilities").get<std::vector<double>>(),
                                 quiet[i].at("probabilities").get<std::vector<double>>()),
              1e-3);
  }
  EXPECT_EQ(read_json(copy / "robustness.json").at("conditions"), robustness);
  const std::string log = read_file(copy / "test_reads.jsonl");
  EXPECT_THAT(log, HasSubstr("conditions: snr10, telephone, gain-20, noise 0 dB, slow"));
}

TEST_F(Predict, MeasuresRobustnessOnTheAudioThatWasPreprocessedAlone) {
  const std::filesystem::path copy = small->folder() / "elsewhere";
  std::filesystem::copy(run(), copy, std::filesystem::copy_options::recursive);
  const ProcessResult other =
      evaluate(copy, {"--robustness", "clean", "--corpus", whole->corpus().string()});
  EXPECT_EQ(other.exit_code, 0) << "the same corpus in another folder: " << other.err;
  const ProcessResult absent =
      evaluate(copy, {"--robustness", "clean", "--corpus", (small->folder() / "no").string()});
  EXPECT_EQ(absent.exit_code, 2);
  EXPECT_THAT(absent.err, HasSubstr("--corpus"));
  const std::filesystem::path changed = small->folder() / "changed-corpus";
  std::filesystem::copy(small->corpus(), changed, std::filesystem::copy_options::recursive);
  const Json test_side = read_json(copy / "split.json").at("test");
  for (const auto& entry : std::filesystem::recursive_directory_iterator(changed)) {
    if (entry.path().stem() == test_side[0].get<std::string>()) test::write_wav(entry.path(), 9000);
  }
  const ProcessResult wrong =
      evaluate(copy, {"--robustness", "clean", "--corpus", changed.string()});
  EXPECT_EQ(wrong.exit_code, 3);
  EXPECT_THAT(wrong.err, HasSubstr("not the audio that the dataset was made from"));
  EXPECT_EQ(evaluate(copy, {"--robustness", "snr"}).exit_code, 2);
}

}  // namespace
}  // namespace parlando
