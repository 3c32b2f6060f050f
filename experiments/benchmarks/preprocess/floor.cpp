#include <algorithm>
#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <sndfile.h>

#include "common/audio/fft.h"
#include "common/audio/kernels.h"
#include "common/audio/resampler.h"
#include "common/audio/window.h"
#include "common/config/command_line.h"
#include "common/core/cpu.h"
#include "common/core/error.h"
#include "common/core/program.h"
#include "common/data/clip_files.h"

namespace {

using namespace parlando;

constexpr double kRate = 22050;
constexpr std::size_t kFft = 2048;
constexpr std::size_t kHop = 512;

/// What every extractor has to do with a clip, and nothing else: decode, mix, resample, and one
/// windowed transform a frame.
class Floor {
 public:
  explicit Floor(double seconds) : seconds_(seconds), window_(audio::periodic_hann(kFft)) {}

  /// Returns the sum of some bins, so that no transform can be left out.
  double process(const std::filesystem::path& path) {
    SF_INFO info{};
    SNDFILE* sound = sf_open(path.c_str(), SFM_READ, &info);
    if (sound == nullptr) fail(ErrorKind::data, "{}: {}", path.string(), sf_strerror(nullptr));
    sf_count_t wanted = info.frames;
    if (seconds_ > 0)
      wanted = std::min(wanted, static_cast<sf_count_t>(seconds_ * info.samplerate));
    const auto channels = static_cast<std::size_t>(info.channels);
    samples_.resize(static_cast<std::size_t>(wanted) * channels);
    const sf_count_t got = sf_readf_float(sound, samples_.data(), wanted);
    sf_close(sound);
    mono_.resize(static_cast<std::size_t>(got));
    for (std::size_t i = 0; i < mono_.size(); ++i) {
      float sum = 0;
      for (std::size_t c = 0; c < channels; ++c) sum += samples_[i * channels + c];
      mono_[i] = sum / static_cast<float>(channels);
    }
    resampler_.resample(mono_, info.samplerate, resampled_);
    resampled_.resize(resampled_.size() + kFft);
    double check = 0;
    for (std::size_t first = 0; first + kFft <= resampled_.size(); first += kHop) {
      audio::kernels::apply_window({resampled_.data() + first, kFft}, window_, fft_.input());
      check += fft_.transform()[1].real();
    }
    return check;
  }

 private:
  double seconds_;
  std::vector<double> window_;
  audio::RealFft fft_{kFft};
  audio::Resampler resampler_{kRate};
  std::vector<float> samples_, mono_, resampled_;
};

int run(int argc, const char* const* argv) {
  std::string corpus;
  double seconds = 0;
  int threads = available_cores();
  CommandLine line("bench_floor", "The least that any extractor of features has to do.",
                   "bench_floor ravdess --seconds 3");
  line.app().add_option("corpus", corpus, "folder of clips")->required();
  line.app().add_option("--seconds", seconds, "that are read of a clip; 0 = all");
  line.app().add_option("--threads", threads, "worker threads")->check(CLI::Range(1, 1024));
  if (const auto code = line.parse(argc, argv)) return *code;

  const data::ClipListing listing = data::list_clip_files(corpus);
  std::atomic<std::size_t> next{0};
  std::vector<double> checks(static_cast<std::size_t>(threads));
  std::vector<std::thread> workers;
  for (double& check : checks) {
    workers.emplace_back([&] {
      Floor floor(seconds);
      for (std::size_t i = next++; i < listing.files.size(); i = next++) {
        check += floor.process(std::filesystem::path(corpus) / listing.files[i].path);
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  double check = 0;
  for (const double part : checks) check += part;
  fmt::print("{{\"clips\": {}, \"check\": {:.3f}}}\n", listing.files.size(), check);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("bench_floor", [&] { return run(argc, argv); });
}
