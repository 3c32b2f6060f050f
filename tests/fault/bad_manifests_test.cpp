#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/fault/wav_bytes.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"

namespace parlando::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

/// A file that can't be used, or of which a part can't.
struct BadFile {
  std::string kind;
  std::string content;
  int exit_code;
  std::string reason;
};

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

/// Twenty clips of two labels, and a corpus manifest and a split of them.
class BadManifests : public testing::Test {
 protected:
  void SetUp() override {
    for (int i = 0; i < 20; ++i) {
      WavHeader header;
      header.rate = 8000 + 100 * static_cast<std::uint32_t>(i);
      const std::string emotion = i % 2 == 0 ? "03" : "05";
      const std::string name =
          fmt::format("03-01-{}-01-01-{:02}-{:02}", emotion, 1 + i / 10, 1 + i % 10);
      write_text(folder_ / "clips" / (name + ".wav"), wav_bytes(header));
    }
    const ProcessResult scan =
        parlando({"scan", (folder_ / "clips").string(), "--out", manifest_.string()});
    ASSERT_EQ(scan.exit_code, 0) << scan.err;
    sound_ = read_text(manifest_);
  }

  ProcessResult preprocess(const std::vector<std::string>& more = {"split.by=emotion"}) {
    std::vector<std::string> words{"preprocess",
                                   "--config",
                                   source_path("configs/preprocess/mel128.yaml").string(),
                                   "--corpus",
                                   manifest_.string(),
                                   "--out",
                                   (folder_ / "data").string()};
    words.insert(words.end(), more.begin(), more.end());
    return parlando(words);
  }

  static void expect(const BadFile& file, const ProcessResult& result) {
    EXPECT_EQ(result.exit_code, file.exit_code) << file.kind << ": " << result.err;
    EXPECT_THAT(result.out + result.err, HasSubstr(file.reason)) << file.kind;
  }

  ScratchFolder folder_;
  std::filesystem::path manifest_ = folder_ / "corpus.jsonl";
  std::string sound_;
};

TEST_F(BadManifests, OfAScanAreDamagedArtefacts) {
  const std::size_t second = sound_.find('\n') + 1;
  const std::string line = sound_.substr(second, sound_.find('\n', second) + 1 - second);
  const std::string id = json::parse(line).at("clip");
  const std::vector<BadFile> files{
      {"empty", "", 4, "corpus.jsonl"},
      {"a line cut short", sound_.substr(0, sound_.size() - 40), 4, "corpus.jsonl:21"},
      {"lines missing", sound_.substr(0, sound_.size() - line.size()), 4, "corpus.jsonl"},
      {"another version", replaced(sound_, "\"version\":", "\"version\":99"), 4, "version 99"},
      {"no count of clips", replaced(sound_, "\"clips\":20", "\"clops\":20"), 4, "'clips'"},
      {"a count that is text", replaced(sound_, "\"clips\":20", "\"clips\":\"many\""), 4,
       "'clips'"},
      {"a negative count", replaced(sound_, "\"clips\":20", "\"clips\":-20"), 4, "corpus.jsonl"},
      {"no audio hash", replaced(sound_, "\"audio_hash\"", "\"audio_mash\""), 4, "corpus.jsonl:2"},
      {"a number as a label", replaced(sound_, "\"label\":\"happy\"", "\"label\":7"), 4, "label"},
      {"a label that is no class", replaced(sound_, "\"label\":\"happy\"", "\"label\":\"merry\""),
       4, "merry"},
      {"a clip twice", replaced(sound_, line, line + line), 4, id},
      {"a list instead of an object", replaced(sound_, line, "[1,2]\n"), 4, "corpus.jsonl:2"},
      {"bytes that are no UTF-8", replaced(sound_, "\"happy\"", "\"h\xFF\xFEppy\""), 4,
       "corpus.jsonl"},
      {"zeros in the middle", replaced(sound_, line, std::string(200, '\0') + "\n"), 4,
       "corpus.jsonl:2"},
      {"a header of ten thousand brackets", std::string(10000, '[') + "\n", 4, "corpus.jsonl"},
      {"the root moved away", replaced(sound_, "/clips\"", "/chips\""), 3, id}};
  for (const BadFile& file : files) {
    write_text(manifest_, file.content);
    // A list that names no format is taken for one that a person wrote.
    BadFile expected = file;
    if (file.content.find("parlando-corpus") == std::string::npos) expected.exit_code = 3;
    expect(expected, preprocess());
    EXPECT_FALSE(std::filesystem::exists(folder_ / "data/manifest.json")) << file.kind;
  }
}

TEST_F(BadManifests, OfFilesThatChangedSinceAreRefused) {
  const std::filesystem::path clip = folder_ / "clips/03-01-03-01-01-01-01.wav";
  write_text(clip, wav_bytes({.rate = 9999}));
  expect({"a changed clip", "", 3, "03-01-03-01-01-01-01.wav: changed since the scan"},
         preprocess());
  std::filesystem::remove(clip);
  expect({"an absent clip", "", 3, "03-01-03-01-01-01-01.wav: cannot be read"}, preprocess());
}

TEST_F(BadManifests, WrittenByAPersonNameTheLineAndTheReason) {
  const std::string clip = "clips/03-01-03-01-01-01-01.wav";
  const std::string other = "clips/03-01-05-01-01-01-02.wav";
  const std::string header = "path,label,speaker\n";
  const std::string good = clip + ",happy,1\n";
  const std::vector<BadFile> files{
      {"empty", "", 3, "empty"},
      {"a header alone", header, 3, "no clip"},
      {"a missing column", "path,label\n" + clip + ",happy\n", 3, "'speaker'"},
      {"semicolons", "path;label;speaker\n", 3, "semicolons separate the columns"},
      {"tabs", "path\tlabel\tspeaker\n", 3, "tabs separate the columns"},
      {"a misspelt column", "path,lable,speaker\n" + good, 3, "did you mean"},
      {"a column twice", "path,label,label,speaker\n", 3, "twice"},
      {"a broken quote in the header", "path,\"label,speaker\n" + good, 3, "list.csv"},
      {"a broken quote", header + good + "\"" + other + ",angry,2\n", 3, "3"},
      {"text after a quote", header + good + "\"" + other + "\"x,angry,2\n", 3, "3"},
      {"too few fields", header + good + other + ",angry\n", 3, "2 fields instead of the 3"},
      {"too many fields", header + good + other + ",angry,2,3\n", 3, "4 fields instead of the 3"},
      {"no label", header + good + other + ",,2\n", 3, "'label' is empty"},
      {"no speaker", header + good + other + ",angry,\n", 3, "'speaker' is empty"},
      {"no path", header + good + ",angry,2\n", 3, "'path' is empty"},
      {"a clip twice", header + good + good, 3, "already"},
      {"an id twice", "path,label,speaker,id\n" + clip + ",happy,1,a\n" + other + ",angry,2,a\n", 3,
       "'a' stands in line 2 already"},
      {"an absent clip", header + good + "clips/none.wav,angry,2\n", 3, "No such file"},
      {"a folder as a clip", header + good + "clips,angry,2\n", 3, "not a regular file"},
      {"a path out of the folder", header + good + "../../etc/passwd,angry,2\n", 3, "leaves"},
      {"a label that is no UTF-8", header + good + other + ",\xE9,2\n", 3, "UTF-8"},
      {"a control character", header + good + other + ",an\x01gry,2\n", 3, "control character"},
      {"a file that is no sound", header + good + "list.csv,angry,2\n", 3,
       "not readable as audio"}};
  for (const BadFile& file : files) {
    write_text(folder_ / "list.csv", file.content);
    expect(file, parlando({"scan", (folder_ / "list.csv").string()}));
  }
  write_text(folder_ / "list.csv", header + good + other + ",furious,2\n");
  expect({"an unknown label", "", 3, "furious"},
         parlando({"scan", (folder_ / "list.csv").string(), "--classes", "seven"}));
}

TEST_F(BadManifests, AsJsonLinesNameTheLineAndTheReason) {
  const std::string good =
      R"({"path":"clips/03-01-03-01-01-01-01.wav","label":"happy","speaker":"1"})"
      "\n";
  const std::vector<BadFile> files{
      {"not JSON", good + "{path: clips}\n", 3, "not valid JSON"},
      {"cut short", good + R"({"path":"clips/03-01-05-)", 3, "not valid JSON"},
      {"no object", good + "[1, 2]\n", 3, "not a JSON object"},
      {"a key missing",
       good + R"({"path":"clips/03-01-05-01-01-01-02.wav","label":"angry"})"
              "\n",
       3, "'speaker' is missing"},
      {"no UTF-8", good + "{\"path\":\"\xFF\"}\n", 3, "UTF-8"}};
  for (const BadFile& file : files) {
    write_text(folder_ / "list.jsonl", file.content);
    expect(file, parlando({"scan", (folder_ / "list.jsonl").string()}));
  }
}

TEST_F(BadManifests, OfASplitAreRefused) {
  const std::filesystem::path path = folder_ / "split.json";
  const ProcessResult made = parlando({"split", "--corpus", manifest_.string(), "--scheme",
                                       "stratified", "--by", "emotion", "--out", path.string()});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  const json sound = json::parse(read_text(path));
  const auto changed = [&](const std::function<void(json&)>& change) {
    json copy = sound;
    change(copy);
    return copy.dump();
  };
  const std::string trained = sound.at("train").at(0);
  const std::vector<BadFile> files{
      {"empty", "", 4, "not valid JSON"},
      {"cut short", sound.dump().substr(0, 300), 4, "not valid JSON"},
      {"a list", "[]", 3, "a split is a JSON object"},
      {"another format", R"({"format":"other"})", 4, "not a split"},
      {"another version", changed([](json& s) { s["version"] = 77; }), 4, "version 77"},
      {"a version that is text", changed([](json& s) { s["version"] = "one"; }), 4, "'version'"},
      {"a side missing", changed([](json& s) { s.erase("test"); }), 4, "'test'"},
      {"a side that is no list", changed([](json& s) { s["test"] = 3; }), 4, "'test'"},
      {"an edited side", changed([](json& s) { s["train"].erase(0); }), 4, "hash"},
      {"a dropped clip without reason", changed([](json& s) {
         s["dropped"] = {{{"id", "x"}}};
       }),
       4, "'reason'"},
      {"a clip that the corpus lacks", changed([](json& s) {
         s.erase("hash");
         s["train"].push_back("nobody");
       }),
       3, "nobody"},
      {"a clip on two sides", changed([&](json& s) {
         s.erase("hash");
         s["test"].push_back(trained);
       }),
       3, trained}};
  for (const BadFile& file : files) {
    write_text(path, file.content);
    expect(file, preprocess({"--split", path.string()}));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "data/manifest.json")) << file.kind;
  }
}

}  // namespace
}  // namespace parlando::test
