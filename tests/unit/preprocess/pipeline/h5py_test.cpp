#include <cstdlib>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "preprocess/pipeline/preprocess_job.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/preprocess/pipeline/sample_job.h"

namespace parlando {
namespace {

std::filesystem::path python() {
  if (const char* chosen = std::getenv("PARLANDO_PYTHON")) return chosen;
  return test::source_path(".deps/venv/bin/python");
}

constexpr const char* kScript = R"(
import json, pathlib, sys
import h5py, numpy as np
folder = pathlib.Path(sys.argv[1])
manifest = json.loads((folder / "manifest.json").read_text())
assert len(manifest["shards"]) > 1
rows = 0
for shard in manifest["shards"]:
    with h5py.File(folder / shard["file"]) as f:
        assert f["features"].dtype == np.float32 and f["features"].fletcher32
        assert f["features"].shape == (shard["frames"], len(manifest["row_names"]))
        assert np.isfinite(f["features"][:]).all()
        offsets = f["offsets"][:]
        assert offsets.dtype == np.int64 and len(offsets) == shard["rows"] + 1
        assert offsets[0] == 0 and offsets[-1] == shard["frames"] and (np.diff(offsets) >= 0).all()
        assert f["emotion"].dtype == np.int64
        for name in ("clip", "channel", "sex", "intensity", "statement", "repetition", "actor",
                     "augmentation", "source", "audio_hash"):
            assert h5py.check_string_dtype(f[name].dtype).encoding == "utf-8", name
            assert len(f[name].asstr()[:]) == shard["rows"], name
        for frames, text in zip(np.diff(offsets), f["augmentation"].asstr()[:]):
            assert (frames == 0) == (json.loads(text)["op"] in ("noise", "time_mask") if text else False)
        rows += shard["rows"]
print(rows)
)";

TEST(Dataset, OpensWithH5py) {
  if (!std::filesystem::exists(python())) {
    GTEST_SKIP() << "no Python at " << python() << "; name one with h5py in PARLANDO_PYTHON";
  }
  const test::ScratchFolder folder;
  const preprocess::PreprocessSummary summary =
      preprocess::run_preprocess(test::sample_job(folder / "dataset"));
  const test::ProcessResult result =
      test::run_process({python().string(), "-c", kScript, (folder / "dataset").string()});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, std::to_string(summary.rows) + "\n");
}

}  // namespace
}  // namespace parlando
