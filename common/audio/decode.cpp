#include "common/audio/decode.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <memory>
#include <span>
#include <string_view>

#include <sndfile.h>

#include "common/audio/flac_header.h"
#include "common/audio/mono.h"
#include "common/audio/wav_length.h"
#include "common/core/error.h"
#include "common/io/buffered_file.h"
#include "common/io/checksum.h"

namespace parlando::audio {
namespace {

constexpr std::int64_t kMinRate = 1000;
constexpr std::int64_t kMaxRate = 768000;
constexpr std::int64_t kMaxChannels = 64;
constexpr const char* kForeign = "not readable as audio: neither wav nor FLAC inside";
/// Samples that the first block may allocate: a header alone must not cost more memory than this.
constexpr std::int64_t kFirstBlock = std::int64_t{1} << 20;
/// Samples that are hashed at once.
constexpr std::size_t kHashBlock = 4096;

/// Bytes that are read at once: most clips are read in one go, and the header of nearly all.
constexpr std::size_t kClipWindow = std::size_t{256} << 10;
constexpr std::size_t kHeaderWindow = std::size_t{4} << 10;

struct CloseSound {
  void operator()(SNDFILE* file) const { sf_close(file); }
};
using Sound = std::unique_ptr<SNDFILE, CloseSound>;

[[noreturn]] void defect(const std::filesystem::path& path, const std::string& reason) {
  fail(ErrorKind::data, "{}: {}", path.string(), reason);
}

/// libsndfile's message as a part of ours.
std::string library_reason(std::string message) {
  constexpr std::string_view kPrefix = "Error : ";
  if (message.starts_with(kPrefix)) message.erase(0, kPrefix.size());
  if (message.find("SF_INFO struct incomplete") != std::string::npos) {
    return "the header lacks the sample rate, the channels or the format";
  }
  while (message.ends_with('.') || message.ends_with('\n')) message.pop_back();
  return message;
}

/// libsndfile reads many more containers; what bears the name of a clip and is none of these is a
/// mistake.
bool is_clip_format(int format) {
  const int container = format & SF_FORMAT_TYPEMASK;
  return container == SF_FORMAT_WAV || container == SF_FORMAT_WAVEX ||
         container == SF_FORMAT_RF64 || container == SF_FORMAT_FLAC;
}

void check_header(const std::filesystem::path& path, std::int64_t rate, std::int64_t channels) {
  if (rate < kMinRate || rate > kMaxRate) {
    defect(path, fmt::format("sample rate of {} Hz in the header, expected {} to {}", rate,
                             kMinRate, kMaxRate));
  }
  if (channels < 1 || channels > kMaxChannels) {
    defect(path,
           fmt::format("{} channels in the header, expected 1 to {}", channels, kMaxChannels));
  }
}

sf_count_t file_length(void* file) {
  return static_cast<ByteReader*>(file)->size();
}

sf_count_t file_position(void* file) {
  return static_cast<ByteReader*>(file)->position();
}

sf_count_t move_in_file(sf_count_t offset, int whence, void* user) {
  auto* const file = static_cast<ByteReader*>(user);
  if (whence == SEEK_CUR) offset += file->position();
  if (whence == SEEK_END) offset += file->size();
  file->seek(offset);
  return offset;
}

sf_count_t read_file(void* out, sf_count_t count, void* file) {
  const std::span<std::byte> bytes(static_cast<std::byte*>(out), static_cast<std::size_t>(count));
  return static_cast<sf_count_t>(static_cast<ByteReader*>(file)->read(bytes));
}

/// An audio file that is open for reading; `file` must outlive it. `path` is its name in errors.
struct OpenSound {
  OpenSound(const std::filesystem::path& path, ByteReader& file);

  SF_INFO info{};
  Sound sound;
};

OpenSound::OpenSound(const std::filesystem::path& path, ByteReader& file) {
  if (file.size() == 0) defect(path, "empty file");
  check_wav_length(path, file);
  file.seek(0);
  SF_VIRTUAL_IO io{file_length, move_in_file, read_file, nullptr, file_position};
  sound.reset(sf_open_virtual(&io, SFM_READ, &info, &file));
  if (!file.error().empty()) defect(path, "can't be read: " + file.error());
  if (!sound) {
    defect(path, fmt::format("not readable as audio ({})", library_reason(sf_strerror(nullptr))));
  }
  if (!is_clip_format(info.format)) defect(path, kForeign);
  check_header(path, info.samplerate, info.channels);
}

/// Frames to read at most. A header may claim any length: what is true shows only while reading.
std::int64_t frames_wanted(const SF_INFO& info, double seconds) {
  if (seconds <= 0) return info.frames;
  const double limit = std::floor(seconds * info.samplerate);
  return limit < static_cast<double>(info.frames) ? static_cast<std::int64_t>(limit) : info.frames;
}

/// Reads up to `wanted` frames, growing the buffer only as samples really arrive.
std::int64_t read_frames(SNDFILE* sound, std::int64_t wanted, std::int64_t channels,
                         std::vector<float>& out) {
  std::int64_t have = 0;
  std::int64_t block = std::max<std::int64_t>(kFirstBlock / channels, 1);
  while (have < wanted) {
    const std::int64_t ask = std::min(block, wanted - have);
    out.resize(static_cast<std::size_t>((have + ask) * channels));
    const std::int64_t got = sf_readf_float(sound, out.data() + have * channels, ask);
    have += std::max<std::int64_t>(got, 0);
    if (got < ask) break;
    block = have;
  }
  out.resize(static_cast<std::size_t>(have * channels));
  return have;
}

/// Largest absolute sample. Throws if one is not finite.
float checked_peak(const std::filesystem::path& path, std::span<const float> samples,
                   std::int64_t channels) {
  const float peak = peak_of(samples);
  if (std::isfinite(peak)) return peak;
  const auto bad = std::find_if(samples.begin(), samples.end(),
                                [](float value) { return !std::isfinite(value); });
  defect(path, fmt::format("sample {} is {}, not a finite number",
                           (bad - samples.begin()) / channels, *bad));
}

bool channels_equal(const DecodedAudio& audio) {
  const auto channels = static_cast<std::size_t>(audio.channels);
  for (std::size_t i = 0; i < audio.interleaved.size(); i += channels) {
    for (std::size_t c = 1; c < channels; ++c) {
      if (audio.interleaved[i + c] != audio.interleaved[i]) return false;
    }
  }
  return true;
}

DecodedAudio decode(const std::filesystem::path& path, ByteReader& file, double seconds) {
  const OpenSound open(path, file);
  const SF_INFO& info = open.info;
  SNDFILE* const sound = open.sound.get();

  DecodedAudio audio;
  audio.sample_rate = info.samplerate;
  audio.channels = info.channels;
  const std::int64_t wanted = frames_wanted(info, seconds);
  audio.samples = read_frames(sound, wanted, audio.channels, audio.interleaved);
  if (!file.error().empty()) defect(path, "can't be read: " + file.error());
  if (const int error = sf_error(sound); error != SF_ERR_NO_ERROR) {
    defect(path, fmt::format("damaged after {} samples ({})", audio.samples,
                             library_reason(sf_error_number(error))));
  }
  if (audio.samples < wanted && wanted != SF_COUNT_MAX) {
    defect(path, fmt::format("truncated: the header promises {} samples, decoding gives {}",
                             info.frames, audio.samples));
  }
  if (audio.samples == 0) defect(path, "no samples");
  audio.peak = checked_peak(path, audio.interleaved, audio.channels);
  return audio;
}

}  // namespace

AudioHeader read_audio_header(const std::filesystem::path& path) {
  BufferedFile file(path, kHeaderWindow);
  if (const auto header = read_flac_header(file)) {
    check_header(path, header->sample_rate, header->channels);
    return *header;
  }
  const OpenSound open(path, file);
  const SF_INFO& info = open.info;
  if (info.frames == SF_COUNT_MAX) {
    const DecodedAudio audio = decode_audio(path);
    return {audio.sample_rate, audio.channels, audio.samples};
  }
  if (info.frames <= 0) defect(path, "no samples");
  return {info.samplerate, info.channels, info.frames};
}

DecodedAudio decode_audio(const std::filesystem::path& path, double seconds) {
  BufferedFile file(path, kClipWindow);
  return decode(path, file, seconds);
}

DecodedAudio decode_audio(std::span<const std::byte> bytes, const std::string& name,
                          double seconds) {
  MemoryReader file(bytes);
  return decode(name, file, seconds);
}

std::string audio_hash(const DecodedAudio& audio) {
  const auto samples = static_cast<std::size_t>(audio.samples);
  const auto channels = static_cast<std::size_t>(audio.channels);
  const bool same = channels > 1 && channels_equal(audio);
  Hasher hasher;
  hasher.update_field(std::to_string(audio.sample_rate));
  std::array<float, kHashBlock> mono;
  for (std::size_t first = 0; first < samples; first += kHashBlock) {
    const std::size_t count = std::min(kHashBlock, samples - first);
    const std::span<const float> frames =
        std::span(audio.interleaved).subspan(first * channels, count * channels);
    if (channels == 1 && !has_negative_zero(frames)) {
      hasher.update(std::as_bytes(frames));
      continue;
    }
    if (same) {
      for (std::size_t i = 0; i < count; ++i) mono[i] = frames[i * channels];
    } else {
      mean_of_channels(frames, channels, {mono.data(), count});
    }
    // Adding zero turns -0, which sounds like 0, into 0.
    for (std::size_t i = 0; i < count; ++i) mono[i] += 0.0F;
    hasher.update(std::as_bytes(std::span<const float>(mono.data(), count)));
  }
  return hasher.hex();
}

}  // namespace parlando::audio
