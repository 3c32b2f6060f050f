#include "common/audio/blocks/external.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "common/core/error.h"
#include "common/io/hdf5.h"
#include "common/io/npy.h"

namespace parlando::audio {
namespace {

namespace fs = std::filesystem;

/// Where the arrays are: one a clip id.
class ArraySource {
 public:
  virtual ~ArraySource() = default;
  virtual NpyArray read(const std::string& clip_id) = 0;
  /// Changes when the array of that clip changes; "" if it has none that can be read. Throws
  /// Error(usage) if there is no source.
  virtual std::string hash(const std::string& clip_id, const FileHash& hash_of) = 0;
};

[[noreturn]] void fail_absent(const fs::path& path) {
  fail(ErrorKind::usage, "external features: {}: does not exist; correct the block's path",
       path.string());
}

/// "" for a file that can't be read: that is a defect of its clip, which read() names.
std::string hash_or_nothing(const fs::path& file, const FileHash& hash_of) {
  try {
    return hash_of(file);
  } catch (const Error&) {
    return "";
  }
}

class NpyFolder : public ArraySource {
 public:
  explicit NpyFolder(fs::path folder) : folder_(std::move(folder)) {}

  NpyArray read(const std::string& clip_id) override {
    const fs::path file = file_of(clip_id);
    if (!fs::exists(file)) fail(ErrorKind::data, "{}: no such file", file.string());
    if (!fs::is_regular_file(file)) fail(ErrorKind::data, "{}: not a file", file.string());
    return read_npy(file);
  }

  std::string hash(const std::string& clip_id, const FileHash& hash_of) override {
    const fs::path file = file_of(clip_id);
    if (fs::is_regular_file(file)) return hash_or_nothing(file, hash_of);
    if (!fs::is_directory(folder_)) fail_absent(folder_);
    return "";
  }

 private:
  fs::path file_of(const std::string& clip_id) const { return folder_ / (clip_id + ".npy"); }

  fs::path folder_;
};

/// The file is opened at the first clip and hashed as a whole: any change of it changes all clips.
class Hdf5File : public ArraySource {
 public:
  explicit Hdf5File(fs::path file) : file_(std::move(file)) {}

  NpyArray read(const std::string& clip_id) override {
    open();
    return {reader_->shape(clip_id), reader_->read_floats(clip_id)};
  }

  std::string hash(const std::string&, const FileHash& hash_of) override {
    if (!hash_.empty()) return hash_;
    if (!fs::is_regular_file(file_)) fail_absent(file_);
    try {
      open();
    } catch (const Error& error) {
      fail(ErrorKind::usage,
           "external features: {}; the block's path is a folder of .npy files or an HDF5 file",
           error.what());
    }
    return hash_ = hash_of(file_);
  }

 private:
  void open() {
    if (!reader_) reader_.emplace(file_);
  }

  fs::path file_;
  std::optional<Hdf5Reader> reader_;
  std::string hash_;
};

std::unique_ptr<ArraySource> open_source(const std::string& path) {
  const std::string ending = fs::path(path).extension().string();
  std::error_code ignored;
  if (ending == ".h5" || ending == ".hdf5" || fs::is_regular_file(path, ignored))
    return std::make_unique<Hdf5File>(path);
  return std::make_unique<NpyFolder>(path);
}

class ExternalBlock : public Block {
 public:
  ExternalBlock(const ExternalRecipe& recipe, std::optional<FrameGrid> repeat_over)
      : recipe_(recipe), repeat_over_(repeat_over), source_(open_source(recipe.path)) {}

  std::size_t rows() const override { return static_cast<std::size_t>(recipe_.rows); }
  std::optional<FrameGrid> grid() const override { return repeat_over_; }
  std::size_t max_frames() const override { return static_cast<std::size_t>(recipe_.max_frames); }
  std::string input_hash(const std::string& clip_id, const FileHash& hash) override {
    return source_->hash(clip_id, hash);
  }

 protected:
  const Spectrogram& compute(ClipAnalysis& clip) override {
    const NpyArray array = read(clip.clip_id());
    const std::size_t frames = array.shape.size() == 2 ? array.shape[1] : 1;
    const std::size_t repeats = repeat_over_ ? repeat_over_->frames(clip.waveform().size()) : 1;
    values_.reshape(frames * repeats, rows());
    for (std::size_t t = 0; t < values_.frames; ++t) {
      const std::size_t source = repeat_over_ ? 0 : t;
      const std::span<float> out = values_.frame(t);
      for (std::size_t r = 0; r < out.size(); ++r) out[r] = array.values[r * frames + source];
    }
    return values_;
  }

 private:
  /// The array of a clip; whatever is wrong with it is a defect of that clip.
  NpyArray read(const std::string& clip_id) {
    NpyArray array;
    try {
      array = source_->read(clip_id);
    } catch (const Error& error) {
      fail(ErrorKind::data, "no external features: {}", error.what());
    }
    const auto wrong = [&](const std::string& why) {
      fail(ErrorKind::data, "external features of '{}' in {}: {}", clip_id, recipe_.path, why);
    };
    const std::vector<std::size_t>& shape = array.shape;
    if (shape.empty() || shape.size() > 2) {
      wrong(fmt::format("{} dimensions, expected [rows, frames] or [rows]", shape.size()));
    }
    if (shape[0] != rows()) wrong(fmt::format("{} rows, the recipe says {}", shape[0], rows()));
    const std::size_t frames = shape.size() == 2 ? shape[1] : 1;
    if (repeat_over_ && frames != 1) {
      wrong(fmt::format("{} frames; an array that is repeated has one", frames));
    }
    if (frames == 0) wrong("no frames");
    const auto bad = std::find_if(array.values.begin(), array.values.end(),
                                  [](float value) { return !std::isfinite(value); });
    if (bad != array.values.end()) wrong(fmt::format("holds {}, not a finite number", *bad));
    return array;
  }

  ExternalRecipe recipe_;
  std::optional<FrameGrid> repeat_over_;
  std::unique_ptr<ArraySource> source_;
  Spectrogram values_;
};

}  // namespace

std::unique_ptr<Block> ExternalRecipe::make(const BlockContext& context) const {
  if (path.empty()) fail(ErrorKind::usage, "path: the folder or file of the arrays is needed");
  if (repeat && !context.grid()) {
    fail(ErrorKind::usage, "repeat: a block that has frames must come before this one");
  }
  return std::make_unique<ExternalBlock>(*this, repeat ? context.grid() : std::nullopt);
}

}  // namespace parlando::audio
