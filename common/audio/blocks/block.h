#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/audio/clip_analysis.h"
#include "common/audio/framing.h"
#include "common/audio/spectrogram.h"
#include "common/io/hash_cache.h"

namespace parlando::audio {

/// One block of feature rows, made by the make() of its recipe (feature_block.h). Constructors only
/// look at their parameters: tables that take time are made at the first clip. Not thread-safe.
class Block {
 public:
  virtual ~Block() = default;

  virtual std::size_t rows() const = 0;

  /// How its frames lie, or nothing if only the clip tells.
  virtual std::optional<FrameGrid> grid() const = 0;

  /// Frames that a clip has at most, for a block without a grid.
  virtual std::size_t max_frames() const { return 1; }

  /// Hash of what the block reads of that clip besides its waveform; "" if nothing. `hash` gives
  /// that of a file. Throws Error(usage) if there is nothing to read from for any clip.
  virtual std::string input_hash(const std::string& clip_id, const FileHash& hash);

  /// One suffix a row; a row's name is "<block>_<suffix>". By default "0", "1", ...
  virtual std::vector<std::string> row_suffixes() const;

  /// The features of the clip that `clip` stands on, [frames, rows]; computed once a clip, valid
  /// until the next one. Throws Error(data) if the clip has no such features.
  const Spectrogram& features(ClipAnalysis& clip);

 protected:
  /// What features() keeps; the result lives until the next call.
  virtual const Spectrogram& compute(ClipAnalysis& clip) = 0;

 private:
  const ClipAnalysis* analysis_ = nullptr;
  std::uint64_t clip_ = 0;
  const Spectrogram* features_ = nullptr;
};

/// What a block may look at while it is made.
class BlockContext {
 public:
  explicit BlockContext(std::int64_t sample_rate) : sample_rate_(sample_rate) {}

  /// Of the waveform, Hz.
  std::int64_t sample_rate() const { return sample_rate_; }

  /// The block of that name that stands earlier in the recipe. Throws Error(usage) if there is
  /// none, naming those there are.
  Block& earlier(const std::string& name) const;

  /// How the frames of the earlier blocks lie; nothing if none of them tells.
  const std::optional<FrameGrid>& grid() const { return grid_; }

  void add(const std::string& name, Block& block);

 private:
  struct Entry {
    std::string name;
    Block* block;
  };
  std::int64_t sample_rate_;
  std::vector<Entry> earlier_;
  std::optional<FrameGrid> grid_;
};

}  // namespace parlando::audio
