#include "preprocess/pipeline/clip_loader.h"

#include <cerrno>
#include <cstdint>
#include <cstring>

#include <sys/stat.h>

#include "common/core/error.h"

namespace parlando::preprocess {
namespace {

constexpr std::int64_t kNanoseconds = 1'000'000'000;

/// Whether size and time of the file are still those of the scan.
bool unchanged(const std::filesystem::path& path, const data::Clip& clip) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) {
    fail(ErrorKind::data, "cannot be read: {}", std::strerror(errno));
  }
  const std::int64_t modified = info.st_mtim.tv_sec * kNanoseconds + info.st_mtim.tv_nsec;
  return info.st_size == clip.file_bytes && modified == clip.modified_ns;
}

audio::DecodedAudio decode_verified(const std::filesystem::path& path, const data::Clip& clip) {
  audio::DecodedAudio audio = audio::decode_audio(path);
  if (audio::audio_hash(audio) != clip.audio_hash) {
    fail(ErrorKind::data, "changed since the scan; scan again");
  }
  return audio;
}

}  // namespace

audio::DecodedAudio load_clip(const std::filesystem::path& root, const data::Clip& clip,
                              double seconds) {
  const std::filesystem::path path = root / clip.path;
  if (unchanged(path, clip) && seconds > 0) return audio::decode_audio(path, seconds);
  audio::DecodedAudio audio = decode_verified(path, clip);
  // The whole clip was needed for the hash only; what counts is what decoding a part gives.
  return seconds > 0 ? audio::decode_audio(path, seconds) : audio;
}

void check_clip(const std::filesystem::path& root, const data::Clip& clip) {
  const std::filesystem::path path = root / clip.path;
  if (!unchanged(path, clip)) decode_verified(path, clip);
}

}  // namespace parlando::preprocess
