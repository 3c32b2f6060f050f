#include "tests/unit/data/audio_file.h"

#include <cmath>
#include <memory>
#include <numbers>
#include <stdexcept>

#include <sndfile.h>

namespace parlando::test {
namespace {

constexpr int kSampleRate = 16000;

struct CloseSound {
  void operator()(SNDFILE* file) const { sf_close(file); }
};

}  // namespace

std::vector<float> tone(double pitch, std::size_t samples) {
  std::vector<float> values(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    const double phase = 2 * std::numbers::pi * pitch * static_cast<double>(i) / kSampleRate;
    // Multiples of 1/32768 survive 16 bits unchanged.
    values[i] = static_cast<float>(std::round(8192 * std::sin(phase)) / 32768);
  }
  return values;
}

void write_audio(const std::filesystem::path& path, const std::vector<float>& samples,
                 int channels) {
  std::filesystem::create_directories(path.parent_path());
  SF_INFO info{};
  info.samplerate = kSampleRate;
  info.channels = channels;
  info.format = path.extension() == ".flac" ? SF_FORMAT_FLAC | SF_FORMAT_PCM_16
                                            : SF_FORMAT_WAV | SF_FORMAT_FLOAT;
  const std::unique_ptr<SNDFILE, CloseSound> file(sf_open(path.c_str(), SFM_WRITE, &info));
  if (!file) throw std::runtime_error("can't write " + path.string());
  const auto frames = static_cast<sf_count_t>(samples.size()) / channels;
  if (sf_writef_float(file.get(), samples.data(), frames) != frames) {
    throw std::runtime_error("can't write all of " + path.string());
  }
}

}  // namespace parlando::test
