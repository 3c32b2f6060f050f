#include "preprocess/pipeline/clip_loader.h"

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>

#include <sys/stat.h>

#include "common/core/error.h"
#include "common/data/clip_audio.h"

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

/// Decodes; the reason of an error does not repeat the path, which the caller knows.
audio::DecodedAudio decode(const std::filesystem::path& path) {
  try {
    return audio::decode_audio(path);
  } catch (const Error& error) {
    const std::string text = error.what();
    const std::string prefix = path.string() + ": ";
    throw Error(error.kind(), text.starts_with(prefix) ? text.substr(prefix.size()) : text);
  }
}

/// Decodes all of a clip whose audio is unknown, and describes it.
audio::DecodedAudio decode_unknown(const std::filesystem::path& path, data::Clip& clip) {
  audio::DecodedAudio audio = decode(path);
  if (audio.sample_rate != clip.sample_rate || audio.samples != clip.samples) {
    fail(ErrorKind::data, "changed while the corpus was read; run the command again");
  }
  data::describe_audio(audio, clip);
  return audio;
}

audio::DecodedAudio decode_verified(const std::filesystem::path& path, const data::Clip& clip) {
  audio::DecodedAudio audio = decode(path);
  if (audio.sample_rate != clip.sample_rate || audio.samples != clip.samples ||
      audio::audio_hash(audio) != clip.audio_hash) {
    fail(ErrorKind::data, "changed since the scan; scan again");
  }
  return audio;
}

}  // namespace

audio::DecodedAudio load_clip(const std::filesystem::path& root, data::Clip& clip) {
  const std::filesystem::path path = root / clip.path;
  return clip.audio_hash.empty() ? decode_unknown(path, clip) : decode_verified(path, clip);
}

void check_clip(const std::filesystem::path& root, data::Clip& clip) {
  const std::filesystem::path path = root / clip.path;
  if (clip.audio_hash.empty()) {
    decode_unknown(path, clip);
  } else if (!unchanged(path, clip)) {
    decode_verified(path, clip);
  }
}

}  // namespace parlando::preprocess
