#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace parlando::audio {

/// Sounds for augmentation as mono waveforms at one rate, decoded when first asked for; those used
/// last are kept, within 64 MiB. Thread-safe.
class SoundCache {
 public:
  using Sound = std::shared_ptr<const std::vector<float>>;

  explicit SoundCache(std::int64_t sample_rate) : sample_rate_(sample_rate) {}

  /// The first minute of the file. Throws Error(usage) naming it if it can't be decoded.
  Sound get(const std::string& file);

 private:
  Sound find(const std::string& file);
  Sound load(const std::string& file) const;

  std::int64_t sample_rate_;
  std::mutex mutex_;
  std::list<std::pair<std::string, Sound>> sounds_;  ///< used last first
  std::size_t samples_ = 0;
};

}  // namespace parlando::audio
