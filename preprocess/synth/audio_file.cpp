#include "preprocess/synth/audio_file.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <system_error>
#include <vector>

#include <sndfile.h>

#include "common/core/error.h"

namespace parlando::preprocess {
namespace {

constexpr std::uintmax_t kWavHeader = 44;  // bytes

struct Close {
  void operator()(SNDFILE* file) const { sf_close(file); }
};
using File = std::unique_ptr<SNDFILE, Close>;

/// A file in memory for libsndfile.
struct Memory {
  std::string bytes;
  std::size_t position = 0;
};

Memory& memory(void* user) {
  return *static_cast<Memory*>(user);
}

sf_count_t length_of(void* user) {
  return static_cast<sf_count_t>(memory(user).bytes.size());
}

sf_count_t seek_to(sf_count_t offset, int whence, void* user) {
  Memory& file = memory(user);
  const sf_count_t origin = whence == SEEK_SET   ? 0
                            : whence == SEEK_CUR ? static_cast<sf_count_t>(file.position)
                                                 : length_of(user);
  file.position = static_cast<std::size_t>(std::max<sf_count_t>(0, origin + offset));
  return static_cast<sf_count_t>(file.position);
}

sf_count_t read_from(void* target, sf_count_t count, void* user) {
  Memory& file = memory(user);
  if (file.position >= file.bytes.size()) return 0;
  const std::size_t wanted = static_cast<std::size_t>(count);
  const std::size_t size = std::min(wanted, file.bytes.size() - file.position);
  std::memcpy(target, file.bytes.data() + file.position, size);
  file.position += size;
  return static_cast<sf_count_t>(size);
}

sf_count_t write_to(const void* source, sf_count_t count, void* user) {
  Memory& file = memory(user);
  const std::size_t size = static_cast<std::size_t>(count);
  if (file.bytes.size() < file.position + size) file.bytes.resize(file.position + size);
  std::memcpy(file.bytes.data() + file.position, source, size);
  file.position += size;
  return count;
}

sf_count_t tell(void* user) {
  return static_cast<sf_count_t>(memory(user).position);
}

}  // namespace

std::string encode_audio(const Performance& performance, std::span<const std::int16_t> samples) {
  const std::size_t channels = static_cast<std::size_t>(performance.channels);
  std::vector<std::int16_t> interleaved(samples.size() * channels);
  for (std::size_t i = 0; i < interleaved.size(); ++i) interleaved[i] = samples[i / channels];

  Memory bytes;
  bytes.bytes.reserve(kWavHeader + interleaved.size() * sizeof(std::int16_t));
  SF_VIRTUAL_IO io{length_of, seek_to, read_from, write_to, tell};
  SF_INFO info{};
  info.samplerate = static_cast<int>(performance.sample_rate);
  info.channels = performance.channels;
  info.format = (performance.flac ? SF_FORMAT_FLAC : SF_FORMAT_WAV) | SF_FORMAT_PCM_16;
  File file(sf_open_virtual(&io, SFM_WRITE, &info, &bytes));
  if (!file) fail(ErrorKind::internal, "cannot encode audio: {}", sf_strerror(nullptr));
  const sf_count_t frames = static_cast<sf_count_t>(samples.size());
  if (sf_writef_short(file.get(), interleaved.data(), frames) != frames) {
    fail(ErrorKind::internal, "cannot encode audio: {}", sf_strerror(file.get()));
  }
  file.reset();  // completes the header
  return std::move(bytes.bytes);
}

bool is_complete(const std::filesystem::path& path, const Performance& performance) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) return false;
  if (!performance.flac) {
    return size == kWavHeader + performance.samples *
                                    static_cast<std::uintmax_t>(performance.channels) *
                                    sizeof(std::int16_t);
  }
  SF_INFO info{};
  const File file(sf_open(path.c_str(), SFM_READ, &info));
  if (!file || info.samplerate != performance.sample_rate ||
      info.channels != performance.channels ||
      info.frames != static_cast<sf_count_t>(performance.samples)) {
    return false;
  }
  std::array<std::int16_t, 2> last{};
  return sf_seek(file.get(), info.frames - 1, SEEK_SET) == info.frames - 1 &&
         sf_readf_short(file.get(), last.data(), 1) == 1;
}

}  // namespace parlando::preprocess
