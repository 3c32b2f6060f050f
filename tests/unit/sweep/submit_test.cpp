#include "experiments/sweep/submit/submit.h"

#include <cstdlib>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/sweep/made_up_sweep.h"

namespace parlando::sweep {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

/// Programs of SLURM that do as a line of shell says.
class MadeUpSlurm : public testing::Test {
 protected:
  MadeUpSlurm() : path_(std::getenv("PATH")) {
    setenv("PATH", (programs_.path().string() + ":" + path_).c_str(), 1);
    setenv("PARLANDO_HOME", test::source_path("").c_str(), 1);
    say("scontrol", "echo MaxArraySize = 1001");
    say("squeue", "exit 0");
    say("sbatch", "echo 77");
  }
  ~MadeUpSlurm() override {
    setenv("PATH", path_.c_str(), 1);
    unsetenv("PARLANDO_HOME");
  }

  void say(const std::string& program, const std::string& line) {
    test::write_text(programs_ / program, "#!/bin/sh\n" + line + "\n");
    std::filesystem::permissions(programs_ / program, std::filesystem::perms::owner_all);
  }

  std::string refusal() {
    try {
      submit(made_.sweep());
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::distributed);
      return error.what();
    }
    return "";
  }

  test::ScratchFolder programs_;
  std::string path_;
  MadeUpSweep made_{{"1", "2"}, {}};
};

TEST_F(MadeUpSlurm, GivesTheJobsNumberAfterWhateverElseItSays) {
  say("sbatch", "echo Welcome; echo '4711;cluster'");
  EXPECT_EQ(submit(made_.sweep()).round.jobs.at(0).id, "4711");
}

TEST_F(MadeUpSlurm, IsNotBelievedWithoutANumber) {
  for (const char* line : {"echo garbage", "exit 0", "echo 12a"}) {
    say("sbatch", line);
    EXPECT_THAT(refusal(), HasSubstr("sbatch gave no job number"));
  }
}

TEST_F(MadeUpSlurm, IsAskedAgainIfItDoesNotTellItsQueue) {
  submit(made_.sweep());
  say("squeue", "echo Unable to contact slurm controller >&2; exit 1");
  EXPECT_THAT(refusal(), HasSubstr("Unable to contact"));
  say("squeue", "echo Invalid job id specified >&2; exit 1");
  EXPECT_THAT(submit(made_.sweep()).round.elements, SizeIs(2)) << "a job that it has forgotten";
}

TEST_F(MadeUpSlurm, GetsACollectorThatDidNotFitIntoTheQueue) {
  say("sbatch", "case \"$*\" in *collect.sbatch) echo full >&2; exit 1;; esac; echo 77");
  EXPECT_THAT(refusal(), HasSubstr("sbatch refused the collector: full"));
  say("squeue", "printf '0\\n1\\n'");
  say("sbatch", "case \"$*\" in *afterany:77\\ *collect.sbatch) echo 78;; esac");
  const Submission again = submit(made_.sweep());
  EXPECT_TRUE(again.round.elements.empty()) << "they wait in the queue";
  EXPECT_EQ(again.collector, "78");
  EXPECT_EQ(submit(made_.sweep()).collector, "") << "one is enough";
}

}  // namespace
}  // namespace parlando::sweep
