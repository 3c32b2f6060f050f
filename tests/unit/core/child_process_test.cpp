#include "common/core/child_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/core/memory.h"

namespace parlando {
namespace {

TEST(RunChild, TellsWhatTheProgramSaidAndHowItEnded) {
  const ChildResult result = run_child({"sh", "-c", "cat; echo out; echo err >&2; exit 7"});
  EXPECT_EQ(result.exit_code, 7);
  EXPECT_EQ(result.output, "out\n");
  EXPECT_EQ(result.errors, "err\n");
}

TEST(RunChild, ReadsMoreThanAPipeHoldsOnBothEnds) {
  const ChildResult result =
      run_child({"sh", "-c", "head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero; printf end"});
  EXPECT_EQ(result.output.size(), 300003u);
  EXPECT_EQ(result.errors.size(), 300000u);
}

TEST(RunChild, TellsTheSignalThatEndedTheProgram) {
  EXPECT_EQ(run_child({"sh", "-c", "kill -KILL $$"}).exit_code, 128 + 9);
}

TEST(RunChild, StartsInAFolderWithAnEnvironment) {
  const ChildResult result = run_child({"sh", "-c", "pwd; echo $WORD; test -n \"$PATH\""},
                                       {.environment = {{"WORD", "said"}}, .folder = "/"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.output, "/\nsaid\n");
}

TEST(RunChild, KillsWhatOutlivesItsTime) {
  // The second one has closed its ends: only its own end is left to wait for.
  for (const char* script : {"exec sleep 60", "exec >&- 2>&-; exec sleep 60"}) {
    const ChildResult result = run_child({"sh", "-c", script}, {.timeout_seconds = 0.2});
    EXPECT_EQ(result.exit_code, 128 + 9) << script;
    EXPECT_GT(result.pid, 0);
  }
}

TEST(RunChild, NamesAProgramThatIsNotThere) {
  try {
    run_child({"no-such-program"});
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.what(), testing::HasSubstr("no-such-program"));
  }
}

TEST(ReadableBytes, TakesTheUnitThatFits) {
  EXPECT_EQ(readable_bytes(0), "0 B");
  EXPECT_EQ(readable_bytes(1023), "1023 B");
  EXPECT_EQ(readable_bytes(1536), "1.5 KiB");
  EXPECT_EQ(readable_bytes(std::int64_t{5} << 30), "5.0 GiB");
  EXPECT_EQ(readable_bytes(std::int64_t{5} << 50), "5120.0 TiB");
}

TEST(MachineMemory, IsMoreThanThisProcessNeeds) {
  EXPECT_GT(machine_memory(), 1 << 24);
}

}  // namespace
}  // namespace parlando
