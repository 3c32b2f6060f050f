#include "experiments/sweep/space/sweep_config.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/config/config.h"
#include "common/core/error.h"

namespace parlando::sweep {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kBase = "train: t.yaml\ndata: d\nmetric: {name: validation_uar}\n";

std::string refusal(const std::string& yaml) {
  try {
    parse_config<SweepConfig>(yaml, "s.yaml");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  return "";
}

TEST(SweepConfig, SurvivesItsDump) {
  const auto config = parse_config<SweepConfig>(
      std::string(kBase) +
          "method: asha\nrun_cap: 9\n"
          "parameters:\n  a: {values: [1, x, [2, 3], \"007\"]}\n"
          "  b: {parameters: {c: {min: 1e-4, max: 1, distribution: log_uniform_values}}}\n"
          "  d: {value: true, when: {a: [1, x]}}\n"
          "early_terminate: {min_iter: 2}\nslurm: {additional_parameters: {comment: hi}}\n",
      "s.yaml");
  const std::string text = dump_sweep_config(config);
  EXPECT_EQ(dump_sweep_config(parse_config<SweepConfig>(text, "dump")), text);
  EXPECT_EQ(config.parameters.at("a").values[3].text, "\"007\"");
  EXPECT_EQ(config.early_terminate->min_iter, 2);
}

TEST(SweepConfig, RefusesTheTestSide) {
  for (const std::string name : {"test_uar", "test_accuracy", "uar", "accuracy"}) {
    EXPECT_THAT(refusal("train: t\ndata: d\nmethod: grid\nparameters: {a: {value: 1}}\n"
                        "metric: {name: " +
                        name + "}\n"),
                AllOf(HasSubstr("validation side alone"), HasSubstr("s.yaml:5")));
  }
  EXPECT_THAT(refusal("train: t\ndata: d\nmethod: grid\nparameters: {a: {value: 1}}\n"
                      "metric: {name: validation_ua}\n"),
              HasSubstr("did you mean 'validation_uar'?"));
}

TEST(SweepConfig, NamesLineAndKeyOfWhatIsWrong) {
  const std::string base = kBase;
  EXPECT_THAT(refusal(base + "method: grid\nparameters: {}\n"), HasSubstr("parameters: is empty"));
  EXPECT_THAT(refusal(base + "method: bayes\nparameters: {a: {value: 1}}\n"),
              HasSubstr("'bayes' is not one of grid, random, asha"));
  EXPECT_THAT(refusal(base + "method: random\nparameters: {a: {value: 1}}\n"),
              HasSubstr("run_cap"));
  EXPECT_THAT(refusal(base + "method: grid\nparameter: {a: {value: 1}}\n"),
              HasSubstr("did you mean 'parameters'?"));
  EXPECT_THAT(refusal(base + "method: grid\nparameters: {a: {valuess: [1]}}\n"),
              AllOf(HasSubstr("s.yaml:5: parameters.a"), HasSubstr("did you mean 'values'?")));
  EXPECT_THAT(
      refusal(base + "method: asha\nrun_cap: 3\nseeds: [1, 2]\nparameters: {a: {value: 1}}\n"),
      HasSubstr("compares single trials"));
  EXPECT_THAT(refusal(base + "preprocess: p\nmethod: grid\nparameters: {a: {value: 1}}\n"),
              HasSubstr("exclude each other"));
  EXPECT_THAT(refusal("train: t\nmethod: grid\nparameters: {a: {value: 1}}\n"
                      "metric: {name: validation_loss, goal: maximize}\n"),
              HasSubstr("worst trial"));
}

TEST(SweepConfig, RefusesWhatWouldTrainTwice) {
  const std::string grid = std::string(kBase) + "method: grid\nparameters: {a: {value: 1}}\n";
  EXPECT_THAT(refusal(grid + "seeds: [3, 1, 3]\n"), HasSubstr("seeds: 3 stands twice"));
  EXPECT_THAT(refusal(grid + "folds: [0, 0]\n"), HasSubstr("folds: 0 stands twice"));
}

TEST(SweepConfig, RefusesOptionsOfSbatchThatItNeedsItself) {
  const std::string grid = std::string(kBase) + "method: grid\nparameters: {a: {value: 1}}\n";
  for (const char* name : {"array", "wrap", "export", "parsable", "test-only"}) {
    EXPECT_THAT(refusal(grid + "slurm: {additional_parameters: {" + name + ": x}}\n"),
                HasSubstr("the sweep sets it itself"));
  }
  for (const char* name : {"--qos", "a b", "\"\"", "Q", "\"a=b\""}) {
    EXPECT_THAT(refusal(grid + "slurm: {additional_parameters: {" + name + ": x}}\n"),
                HasSubstr("is no option of sbatch"));
  }
}

TEST(SweepConfig, HasANameOfOneLine) {
  const std::string grid = std::string(kBase) + "method: grid\nparameters: {a: {value: 1}}\n";
  for (const char* name : {"\"\"", "\"a\\nb: [\""})
    EXPECT_THAT(refusal(grid + "name: " + name + "\n"), HasSubstr("one line of text"));
}

}  // namespace
}  // namespace parlando::sweep
