#include "common/audio/resampler.h"

#include <algorithm>
#include <cmath>

#include <soxr.h>

#include "common/core/error.h"

namespace parlando::audio {
namespace {

/// Samples that libsoxr gets at once: what it keeps between its stages then stays in the cache. The
/// values do not depend on it.
constexpr std::size_t kBlock = 8192;

[[noreturn]] void fail_soxr(soxr_error_t error, double from, double to) {
  fail(ErrorKind::data, "can't resample from {} to {} Hz: {}", from, to,
       error != nullptr ? error : "unknown error");
}

}  // namespace

std::int64_t resampled_length(std::int64_t samples, double from, double to) {
  if (from == to) return samples;
  return static_cast<std::int64_t>(std::ceil(static_cast<double>(samples) * (to / from)));
}

void Resampler::Delete::operator()(soxr* handle) const {
  soxr_delete(handle);
}

void Resampler::prepare(double rate) {
  if (soxr_ && rate == source_rate_) {
    if (const soxr_error_t error = soxr_clear(soxr_.get())) fail_soxr(error, rate, target_rate_);
    return;
  }
  const soxr_io_spec_t io = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
  const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
  const soxr_runtime_spec_t runtime = soxr_runtime_spec(1);
  soxr_error_t error = nullptr;
  soxr_.reset(soxr_create(rate, target_rate_, 1, &error, &io, &quality, &runtime));
  if (error != nullptr || !soxr_) {
    soxr_.reset();
    fail_soxr(error, rate, target_rate_);
  }
  source_rate_ = rate;
}

void Resampler::resample(std::span<const float> in, double rate, std::vector<float>& out) {
  if (rate == target_rate_) {
    out.assign(in.begin(), in.end());
    return;
  }
  const auto samples = static_cast<std::int64_t>(in.size());
  out.resize(static_cast<std::size_t>(resampled_length(samples, rate, target_rate_)));
  if (in.empty()) return;
  prepare(rate);
  std::size_t written = 0;
  for (std::size_t first = 0; first < in.size(); first += kBlock) {
    const std::span<const float> block = in.subspan(first, std::min(kBlock, in.size() - first));
    // The complement of the length tells libsoxr that this is the end of the signal (as
    // soxr_oneshot does).
    const bool last = first + block.size() == in.size();
    const std::size_t length = last ? ~block.size() : block.size();
    std::size_t got = 0;
    const soxr_error_t error = soxr_process(soxr_.get(), block.data(), length, nullptr,
                                            out.data() + written, out.size() - written, &got);
    if (error != nullptr) fail_soxr(error, rate, target_rate_);
    written += got;
  }
  std::fill(out.begin() + static_cast<std::ptrdiff_t>(written), out.end(), 0.0F);
}

}  // namespace parlando::audio
