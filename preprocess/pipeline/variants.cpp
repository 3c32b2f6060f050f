#include "preprocess/pipeline/variants.h"

#include <algorithm>

#include "common/core/random.h"
#include "common/io/checksum.h"

namespace parlando::preprocess {
namespace {

constexpr std::uint64_t kSeedLimit = std::uint64_t{1} << 53;  // exact in every JSON reader
constexpr std::size_t kHexDigits = 16;                        // of 64 bits

const VariantOperation& pick(const std::vector<VariantOperation>& operations, double draw) {
  for (const VariantOperation& operation : operations) {
    if (draw < operation.probability) return operation;
    draw -= operation.probability;
  }
  return operations.back();
}

}  // namespace

data::RowOperation choose_operation(const VariantsConfig& config, const std::string& clip, int copy,
                                    std::int64_t frames) {
  const std::uint64_t clip_hash = std::stoull(hash_text(clip).substr(0, kHexDigits), nullptr, 16);
  RandomStream stream(config.seed, "variant", clip_hash, static_cast<std::uint32_t>(copy));
  const VariantOperation& chosen = pick(config.operations, stream.uniform());
  data::RowOperation operation;
  operation.op = chosen.op;
  if (chosen.op == "noise") {
    operation.std = chosen.std;
    operation.seed = stream.below(kSeedLimit);
  } else {
    const std::int64_t within =
        config.within_frames > 0 ? std::min(config.within_frames, frames) : frames;
    operation.frames = static_cast<std::int64_t>(chosen.fraction * static_cast<double>(within));
    const auto starts = static_cast<std::uint64_t>(within - operation.frames + 1);
    operation.start = static_cast<std::int64_t>(stream.below(starts));
  }
  return operation;
}

}  // namespace parlando::preprocess
