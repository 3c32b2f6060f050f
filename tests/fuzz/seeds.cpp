#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <sndfile.h>

#include "common/core/program.h"
#include "common/data/dataset_manifest.h"
#include "common/data/split.h"
#include "common/io/atomic_file.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/fuzz/sample_shard.h"

namespace {

using namespace parlando;

struct SoundSeed {
  const char* name;
  int format;
  int channels = 1;
};

constexpr std::array kSounds{
    SoundSeed{"pcm16.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16},
    SoundSeed{"pcm16-stereo.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 2},
    SoundSeed{"pcm8.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_U8},
    SoundSeed{"pcm24.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_24},
    SoundSeed{"pcm32.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_32},
    SoundSeed{"float.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT},
    SoundSeed{"double.wav", SF_FORMAT_WAV | SF_FORMAT_DOUBLE},
    SoundSeed{"extensible.wav", SF_FORMAT_WAVEX | SF_FORMAT_PCM_16, 2},
    SoundSeed{"rf64.wav", SF_FORMAT_RF64 | SF_FORMAT_PCM_16},
    SoundSeed{"rifx.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16 | SF_ENDIAN_BIG},
    SoundSeed{"ulaw.wav", SF_FORMAT_WAV | SF_FORMAT_ULAW},
    SoundSeed{"ima.wav", SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM},
    SoundSeed{"ms.wav", SF_FORMAT_WAV | SF_FORMAT_MS_ADPCM},
    SoundSeed{"gsm.wav", SF_FORMAT_WAV | SF_FORMAT_GSM610},
    SoundSeed{"pcm16.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16},
    SoundSeed{"pcm24-stereo.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_24, 2},
    SoundSeed{"foreign.aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16}};

void write_sound(const std::filesystem::path& folder, const SoundSeed& seed) {
  std::filesystem::create_directories(folder);
  SF_INFO info{};
  info.samplerate = 8000;
  info.channels = seed.channels;
  info.format = seed.format;
  SNDFILE* file = sf_open((folder / seed.name).c_str(), SFM_WRITE, &info);
  fuzz::require(file != nullptr, seed.name);
  std::vector<float> samples(static_cast<std::size_t>(64 * seed.channels));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = static_cast<float>(0.5 * std::sin(0.3 * static_cast<double>(i)));
  }
  sf_write_float(file, samples.data(), static_cast<sf_count_t>(samples.size()));
  sf_close(file);
}

void write_manifests(const std::filesystem::path& folder, const data::ShardEntry& shard) {
  const data::Corpus corpus = fuzz::sample_corpus();
  const data::DatasetManifest manifest = fuzz::sample_manifest(shard);
  for (const data::Clip& clip : corpus.clips) {
    write_file_atomically(folder / ("name-" + clip.id), "n" + clip.id);
  }
  for (const char* path : {"1wav/03a01Fa.wav", "21001_DFA_ANG_XX.wav", "3OAF_back_angry.wav",
                           "4AudioData/DC/sa12.wav"}) {
    write_file_atomically(folder / fmt::format("path-{}", path[0]), path);
  }
  write_file_atomically(folder / "list-csv",
                        "lpath,label,speaker,id\r\nlist.csv,\"a,\"\"b\",1,x\r\n../a,b,c,d\n");
  write_file_atomically(folder / "list-json-lines",
                        "j{\"path\":\"list.jsonl\",\"label\":\"sad\",\"speaker\":1}\n[]\n");
  data::write_corpus(folder / "corpus", corpus);
  write_file_atomically(folder / "corpus", "c" + read_file(folder / "corpus"));
  write_file_atomically(folder / "split", "s" + data::split_to_json(manifest.split).dump());
  write_file_atomically(folder / "dataset", "d" + data::manifest_to_json(manifest).dump());
}

void write_shards(const std::filesystem::path& folder, const std::filesystem::path& shard) {
  write_file_atomically(folder / "whole", "d" + read_file(shard));
  for (int i = 0; i < 8; ++i) {
    std::string bytes = "c";
    for (int k = 0; k < 32; ++k) bytes += static_cast<char>((k * (2 * i + 1) + 37 * i) % 251);
    write_file_atomically(folder / fmt::format("arrays-{}", i), bytes);
  }
}

void write_configs(const std::filesystem::path& folder) {
  write_file_atomically(folder / "override", "=waveform.sample_rate=16000");
  write_file_atomically(folder / "override-list", "=features.0.n_mels=40");
  write_file_atomically(folder / "anchors", "name: &n x\nsplit: {scheme: stratified, by: *n}\n");
  write_file_atomically(folder / "empty", "");
}

}  // namespace

/// Writes the inputs that fuzzing starts from, all made here: fuzz_seeds FOLDER.
int main(int argc, char** argv) {
  return run_program("fuzz_seeds", [&] {
    fuzz::require(argc == 2, "usage: fuzz_seeds FOLDER");
    const std::filesystem::path folder = argv[1];
    for (const SoundSeed& seed : kSounds) write_sound(folder / "decode", seed);
    const std::filesystem::path shard = folder / "sample.h5";
    const data::ShardEntry entry = fuzz::write_sample_shard(shard);
    write_manifests(folder / "manifest", entry);
    write_shards(folder / "shard", shard);
    write_configs(folder / "config");
    std::filesystem::remove(shard);
    return 0;
  });
}
