#include "preprocess/pipeline/variants.h"

#include <algorithm>

#include "common/audio/augment/draw.h"
#include "common/audio/augment/sound_folder.h"
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

/// Length and place of a mask on an axis.
struct Mask {
  std::int64_t start, length;
};
Mask draw_mask(double fraction, std::int64_t axis, RandomStream& stream) {
  const auto length = static_cast<std::int64_t>(fraction * static_cast<double>(axis));
  const auto starts = static_cast<std::uint64_t>(axis - length + 1);
  return {static_cast<std::int64_t>(stream.below(starts)), length};
}

}  // namespace

VariantDraws::VariantDraws(const VariantsConfig& config) : config_(config) {
  for (const std::string& folder : sound_folders(config)) {
    sounds_[folder] = audio::list_sounds(folder);
  }
}

std::vector<VariantDraws::Chosen> VariantDraws::choose(const std::string& clip, int copy) const {
  const std::uint64_t clip_hash = std::stoull(hash_text(clip).substr(0, kHexDigits), nullptr, 16);
  const auto position = static_cast<std::uint32_t>(copy);
  if (config_.choose == "one") {
    RandomStream stream(config_.seed, "variant", clip_hash, position);
    const VariantOperation& chosen = pick(config_.operations, stream.uniform());
    return {{&chosen, stream}};
  }
  std::vector<Chosen> chosen;
  for (std::size_t i = 0; i < config_.operations.size(); ++i) {
    // A stream for each operation: what one draws does not depend on the others.
    RandomStream stream(config_.seed, fmt::format("variant {}", i), clip_hash, position);
    if (stream.uniform() < config_.operations[i].probability) {
      chosen.push_back({&config_.operations[i], stream});
    }
  }
  return chosen;
}

std::vector<Json> VariantDraws::waveform(const std::string& clip, int copy) const {
  std::vector<Json> drawn;
  for (Chosen& chosen : choose(clip, copy)) {
    const VariantOperation& operation = *chosen.operation;
    if (!operation.on_waveform()) continue;
    const auto files = sounds_.find(operation.waveform.folder);
    drawn.push_back(audio::draw_operation(
        operation.op, operation.waveform,
        files == sounds_.end() ? std::vector<std::string>{} : files->second, chosen.stream));
  }
  return drawn;
}

std::vector<data::RowOperation> VariantDraws::features(const std::string& clip, int copy,
                                                       std::int64_t frames,
                                                       std::int64_t rows) const {
  std::vector<data::RowOperation> drawn;
  for (Chosen& chosen : choose(clip, copy)) {
    const VariantOperation& operation = *chosen.operation;
    if (operation.on_waveform()) continue;
    data::RowOperation row_operation;
    row_operation.op = operation.op;
    if (operation.op == "noise") {
      row_operation.std = operation.std;
      row_operation.seed = chosen.stream.below(kSeedLimit);
      drawn.push_back(row_operation);
      continue;
    }
    const bool of_frames = operation.op == "time_mask";
    const std::int64_t within =
        config_.within_frames > 0 ? std::min(config_.within_frames, frames) : frames;
    for (int i = 0; i < operation.masks; ++i) {
      const Mask mask = draw_mask(operation.fraction, of_frames ? within : rows, chosen.stream);
      row_operation.start = mask.start;
      (of_frames ? row_operation.frames : row_operation.rows) = mask.length;
      drawn.push_back(row_operation);
    }
  }
  return drawn;
}

std::int64_t longest_variant(const VariantsConfig& config, std::int64_t samples) {
  std::int64_t longest = samples;
  for (const VariantOperation& operation : config.operations) {
    if (!operation.on_waveform()) continue;
    // Each operation may follow the ones before, or is the only one.
    const std::int64_t before = config.choose == "each" ? longest : samples;
    longest = std::max(longest, audio::longest_result(operation.op, operation.waveform, before));
  }
  return longest;
}

std::vector<std::string> sound_folders(const VariantsConfig& config) {
  std::vector<std::string> folders;
  if (config.copies == 0) return folders;
  for (const VariantOperation& operation : config.operations) {
    if (operation.on_waveform() && operation.waveform.needs_folder(operation.op)) {
      folders.push_back(operation.waveform.folder);
    }
  }
  return folders;
}

}  // namespace parlando::preprocess
