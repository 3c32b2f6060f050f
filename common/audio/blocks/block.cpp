#include "common/audio/blocks/block.h"

#include "common/core/error.h"
#include "common/core/text.h"

namespace parlando::audio {

std::vector<std::string> Block::row_suffixes() const {
  std::vector<std::string> suffixes;
  for (std::size_t i = 0; i < rows(); ++i) suffixes.push_back(std::to_string(i));
  return suffixes;
}

std::string Block::input_hash(const std::string&, const FileHash&) {
  return "";
}

const Spectrogram& Block::features(ClipAnalysis& clip) {
  if (features_ == nullptr || analysis_ != &clip || clip_ != clip.number()) {
    features_ = nullptr;
    features_ = &compute(clip);
    analysis_ = &clip;
    clip_ = clip.number();
  }
  return *features_;
}

Block& BlockContext::earlier(const std::string& name) const {
  std::vector<std::string> names;
  for (const Entry& entry : earlier_) {
    if (entry.name == name) return *entry.block;
    names.push_back(entry.name);
  }
  fail(ErrorKind::usage, "no earlier block is named '{}'{}", name,
       names.empty() ? "" : "; there are " + join_text(names, ", "));
}

void BlockContext::add(const std::string& name, Block& block) {
  earlier_.push_back({name, &block});
  if (!grid_) grid_ = block.grid();
}

}  // namespace parlando::audio
