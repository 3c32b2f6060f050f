#include "common/audio/blocks/delta.h"

#include "common/audio/savgol.h"
#include "common/core/error.h"

namespace parlando::audio {
namespace {

class DeltaBlock : public Block {
 public:
  DeltaBlock(Block& source, const DeltaFilter& filter) : source_(source), filter_(filter) {}

  std::size_t rows() const override { return source_.rows(); }
  std::optional<FrameGrid> grid() const override { return source_.grid(); }
  std::vector<std::string> row_suffixes() const override { return source_.row_suffixes(); }

 protected:
  const Spectrogram& compute(ClipAnalysis& clip) override {
    filter_.apply(source_.features(clip), delta_);
    return delta_;
  }

 private:
  Block& source_;
  DeltaFilter filter_;
  Spectrogram delta_;
};

}  // namespace

std::string DeltaRecipe::default_name() const {
  return order == 1 ? of + "_delta" : fmt::format("{}_delta{}", of, order);
}

std::unique_ptr<Block> DeltaRecipe::make(const BlockContext& context) const {
  if (width % 2 == 0) fail(ErrorKind::usage, "width: {} is even; an odd number is needed", width);
  if (order >= width) {
    fail(ErrorKind::usage, "order: {} needs a width of more than {} frames", order, width);
  }
  Block& source = context.earlier(of);
  return std::make_unique<DeltaBlock>(
      source, DeltaFilter(static_cast<std::size_t>(width), order, savgol_mode_named(mode)));
}

}  // namespace parlando::audio
