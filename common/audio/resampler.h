#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

struct soxr;

namespace parlando::audio {

/// Length after resampling `samples` from one rate to another: ceil(samples * to / from), in the
/// double arithmetic of librosa.resample.
std::int64_t resampled_length(std::int64_t samples, double from, double to);

/// Changes the sampling rate of mono signals with libsoxr, quality HQ, float32 in and out: the same
/// bits as librosa.resample(res_type="soxr_hq"). Keeps its filters for the rate of the last signal.
/// Not thread-safe.
class Resampler {
 public:
  explicit Resampler(double target_rate) : target_rate_(target_rate) {}

  /// Writes resampled_length() samples to `out`, which is resized. Throws Error(data) if libsoxr
  /// can't convert between the rates.
  void resample(std::span<const float> in, double rate, std::vector<float>& out);

 private:
  struct Delete {
    void operator()(soxr* handle) const;
  };
  void prepare(double rate);

  double target_rate_;
  double source_rate_ = 0;
  std::unique_ptr<soxr, Delete> soxr_;
};

}  // namespace parlando::audio
