#include "tests/fault/defective_clips.h"

#include <limits>
#include <stdexcept>

#include <fmt/format.h>
#include <sndfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/fault/wav_bytes.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/audio/sound_file.h"

namespace parlando::test {
namespace {

using Path = std::filesystem::path;

/// A name like RAVDESS's, of actors that the synthetic corpus lacks: the n-th of the damaged clips.
std::string sound_name(std::size_t n, const char* ending) {
  return fmt::format("damaged/03-01-{:02}-01-01-01-{:02}{}", 2 + n % 7, 901 + n / 7, ending);
}

/// The first `share` of a sound file in a format of libsndfile.
std::string encoded(int format, double share = 1) {
  const ScratchFolder folder;
  write_sound(folder / "sound", tone(300, 16000, 6000), {.rate = 16000, .format = format});
  const std::string bytes = read_text(folder / "sound");
  return bytes.substr(0, static_cast<std::size_t>(share * static_cast<double>(bytes.size())));
}

std::string patched(std::string bytes, std::size_t at, const std::string& patch) {
  return bytes.replace(at, patch.size(), patch);
}

constexpr int kFlac = SF_FORMAT_FLAC | SF_FORMAT_PCM_16;

std::string flac() {
  return encoded(kFlac);
}

/// WAVE_FORMAT_EXTENSIBLE with a codec id that nobody knows.
std::string extensible_wav() {
  WavHeader header{.codec = 0xFFFE};
  header.extension =
      little_endian(22, 2) + little_endian(16, 2) + little_endian(0, 4) + std::string(16, '\x5A');
  return wav_bytes(header);
}

/// An RF64 file whose 64-bit data size is larger than the file.
std::string long_rf64() {
  WavHeader header{.data_bytes = 0xFFFFFFFF, .form = "RF64"};
  std::string bytes = wav_bytes(header);
  const std::string sizes = little_endian(100000, 8) + little_endian(99000, 8) +
                            little_endian(49500, 8) + little_endian(0, 4);
  return bytes.replace(4, 4, little_endian(0xFFFFFFFF, 4))
      .insert(12, "ds64" + little_endian(28, 4) + sizes);
}

struct Bytes {
  const char* kind;
  const char* ending;
  std::string bytes;
  const char* reason;
};

std::vector<Bytes> wav_damage() {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const std::string sound = wav_bytes({});
  return {
      {"header cut short", ".wav", sound.substr(0, 36), "truncated"},
      {"cut within the first chunk", ".wav", sound.substr(0, 20), "truncated"},
      {"cut after RIFF", ".wav", sound.substr(0, 10), "not readable as audio"},
      {"samples cut short", ".wav", sound.substr(0, 400), "truncated"},
      {"no samples", ".wav", patched(sound.substr(0, 44), 40, little_endian(0, 4)), "no samples"},
      {"length field of four gigabytes", ".wav", wav_bytes({.data_bytes = 0xFFFFFFF0}),
       "truncated"},
      {"length field of RF64 beyond the file", ".wav", long_rf64(), "truncated"},
      {"big-endian wav cut short", ".wav",
       encoded(SF_FORMAT_WAV | SF_FORMAT_PCM_16 | SF_ENDIAN_BIG, 0.5), "truncated"},
      {"unknown chunk longer than the file", ".wav",
       wav_bytes({.before_data = "junk" + little_endian(0xFFFFFFF0, 4)}), "truncated"},
      {"zero rate", ".wav", wav_bytes({.rate = 0}), "lacks the sample rate"},
      {"rate of two gigahertz", ".wav", wav_bytes({.rate = 2000000000}), "rate"},
      {"rate of 10 Hz", ".wav", wav_bytes({.rate = 10}), "rate"},
      {"zero channels", ".wav", wav_bytes({.channels = 0}), "hannel"},
      {"60000 channels", ".wav", wav_bytes({.channels = 60000}), "channels"},
      {"zero bits a sample", ".wav", wav_bytes({.bits = 0, .block_align = 0}), "not readable"},
      {"57 bits a sample", ".wav", wav_bytes({.bits = 57, .block_align = 8}), "not readable"},
      {"unknown codec", ".wav", wav_bytes({.codec = 0x1234}), "not readable"},
      {"MP3 inside a wav", ".wav", wav_bytes({.codec = 0x55}), ""},
      {"unknown extensible codec", ".wav", extensible_wav(), "not readable"},
      {"a sample that is no number", ".wav", float_wav_bytes(kNan), "sample 100 is nan"},
      {"an infinite sample", ".wav", float_wav_bytes(kInfinity), "sample 100 is inf"},
      {"a sample of minus infinity", ".wav", float_wav_bytes(-kInfinity), "sample 100 is -inf"}};
}

std::vector<Bytes> flac_damage() {
  const std::string sound = flac();
  const std::size_t middle = sound.size() / 2;
  return {
      {"FLAC header cut short", ".flac", sound.substr(0, 20), "not readable"},
      {"FLAC without frames", ".flac", sound.substr(0, 42), ""},
      {"FLAC cut short", ".flac", sound.substr(0, middle), ""},
      {"FLAC with damaged frames", ".flac", patched(sound, middle, std::string(64, '\x5A')), ""},
      {"FLAC with a wrong frame checksum", ".flac", patched(sound, sound.size() - 2, "\x5A\x5A"),
       ""},
      {"FLAC that promises billions of samples", ".flac", patched(sound, 22, "\xFF\xFF\xFF\xFF"),
       "4294967295"},
      {"FLAC of zero rate", ".flac", patched(sound, 18, std::string(2, '\0')), ""}};
}

std::vector<Bytes> foreign_content() {
  const std::string mp3_frame = "\xFF\xFB\x90\x64" + std::string(413, '\0');
  return {
      {"empty file", ".wav", "", "empty file"},
      {"empty FLAC file", ".flac", "", "empty file"},
      {"one byte", ".wav", "R", "not readable as audio"},
      {"text", ".wav", "Kids are talking by the door.\n", "not readable as audio"},
      {"a web page", ".flac", "<!DOCTYPE html><title>404</title>", "not readable as audio"},
      {"zeros, as after a crash", ".wav", std::string(4096, '\0'), "not readable as audio"},
      {"a zip archive", ".wav", "PK\x03\x04" + std::string(60, 'x'), "not readable as audio"},
      {"MP3 renamed", ".wav", mp3_frame + mp3_frame + mp3_frame, "neither wav nor FLAC"},
      {"MP3 with a tag renamed", ".wav",
       "ID3\x04" + std::string(6, '\0') + mp3_frame + mp3_frame + mp3_frame,
       "not readable as audio"},
      {"AIFF renamed", ".wav", encoded(SF_FORMAT_AIFF | SF_FORMAT_PCM_16), "neither wav nor FLAC"},
      {"AU renamed", ".flac", encoded(SF_FORMAT_AU | SF_FORMAT_PCM_16), "neither wav nor FLAC"}};
}

}  // namespace

std::vector<DefectiveClip> damaged_sound() {
  std::vector<DefectiveClip> clips;
  for (const std::vector<Bytes>& group : {foreign_content(), wav_damage(), flac_damage()}) {
    for (const Bytes& bytes : group) {
      clips.push_back({bytes.kind, sound_name(clips.size(), bytes.ending), bytes.reason,
                       [content = bytes.bytes](const Path& path) { write_text(path, content); }});
    }
  }
  return clips;
}

std::vector<DefectiveClip> misnamed_sound() {
  const auto sound = [](const Path& path) { write_text(path, wav_bytes({.rate = 8000})); };
  const std::string pattern = "the name is not MM-CC-EE-II-SS-RR-AA";
  std::vector<DefectiveClip> clips{
      {"a foreign name", "names/holiday.wav", pattern, sound},
      {"a name of six fields", "names/03-01-05-02-01-01.wav", pattern, sound},
      {"a name of eight fields", "names/03-01-05-02-01-01-01-01.wav", pattern, sound},
      {"a field of letters", "names/03-01-ha-02-01-01-01.wav", pattern, sound},
      {"an empty field", "names/03-01--02-01-01-01.wav", pattern, sound},
      {"a field of one digit", "names/3-01-05-02-01-01-01.wav", "not two digits", sound},
      {"the sound of a video", "names/01-01-05-02-01-01-01.wav", "video", sound},
      {"an unknown modality", "names/04-01-05-02-01-01-01.wav", "modality '04'", sound},
      {"an unknown channel", "names/03-03-05-02-01-01-01.wav", "channel '03'", sound},
      {"an unknown emotion", "names/03-01-09-02-01-01-01.wav", "emotion '09'", sound},
      {"an unknown intensity", "names/03-01-05-03-01-01-01.wav", "intensity '03'", sound},
      {"an unknown statement", "names/03-01-05-02-03-01-01.wav", "statement '03'", sound},
      {"an unknown repetition", "names/03-01-05-02-01-03-01.wav", "repetition '03'", sound},
      {"actor zero", "names/03-01-05-02-01-01-00.wav", "actor '00'", sound},
      {"an actor of seven digits", "names/03-01-05-02-01-01-0000011.wav", "actor", sound},
      {"a name as long as the file system takes", "names/" + std::string(251, 'x') + ".wav",
       pattern, sound},
      {"a name with a line break", "names/two\nlines.wav", pattern, sound},
      {"a name that is no UTF-8", "names/\xE9t\xE9.wav", "UTF-8", sound}};
  const auto copy = [](const Path& path) {
    write_text(path, wav_bytes({.rate = 11025}));
    write_text(path.parent_path().parent_path() / "first" / path.filename(),
               wav_bytes({.rate = 12000}));
  };
  clips.push_back({"a clip in two files", "second/03-02-05-02-01-01-24.wav",
                   "second file of clip 03-02-05-02-01-01-24", copy});
  return clips;
}

std::vector<DefectiveClip> odd_files() {
  const auto fail_unless = [](bool done, const char* what) {
    if (!done) throw std::runtime_error(what);
  };
  return {{"a folder", "odd/03-01-02-01-01-01-20.wav", "a folder",
           [](const Path& path) { std::filesystem::create_directories(path); }},
          {"a link to nowhere", "odd/03-01-03-01-01-01-20.wav", "No such file",
           [](const Path& path) { std::filesystem::create_symlink("nowhere", path); }},
          {"a link to itself", "odd/03-01-04-01-01-01-20.wav", "symbolic links",
           [](const Path& path) { std::filesystem::create_symlink(path.filename(), path); }},
          {"a pipe", "odd/03-01-05-01-01-01-20.wav", "not a regular file",
           [=](const Path& path) { fail_unless(mkfifo(path.c_str(), 0600) == 0, "mkfifo"); }},
          {"a device", "odd/03-01-06-01-01-01-20.wav", "not a regular file",
           [](const Path& path) { std::filesystem::create_symlink("/dev/zero", path); }},
          {"a socket", "odd/03-01-07-01-01-01-20.wav", "not a regular file", [=](const Path& path) {
             sockaddr_un address{};
             address.sun_family = AF_UNIX;
             path.string().copy(address.sun_path, sizeof(address.sun_path) - 1);
             const int socket_file = socket(AF_UNIX, SOCK_STREAM, 0);
             const auto* raw = reinterpret_cast<const sockaddr*>(&address);
             fail_unless(bind(socket_file, raw, sizeof(address)) == 0, "bind");
             close(socket_file);
           }}};
}

}  // namespace parlando::test
