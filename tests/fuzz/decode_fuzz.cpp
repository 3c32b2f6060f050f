#include <cmath>
#include <cstdint>
#include <filesystem>
#include <span>

#include "common/audio/decode.h"
#include "common/audio/mono.h"
#include "tests/fuzz/fuzz_input.h"

using namespace parlando;

namespace {

void check_audio(const audio::DecodedAudio& clip) {
  fuzz::require(clip.sample_rate > 0 && clip.channels > 0 && clip.samples > 0,
                "a clip without rate, channels or samples was accepted");
  fuzz::require(clip.interleaved.size() == static_cast<std::size_t>(clip.channels * clip.samples),
                "the samples do not fit their count");
  fuzz::require(audio::all_finite(clip.interleaved), "a sample is not a finite number");
}

}  // namespace

/// Any bytes as an audio file: decoded whole, in part, and hashed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::ScratchFolder folder;
  static const std::filesystem::path clip = folder.path() / "clip.wav";
  fuzz::write_input(clip, fuzz::as_text({data, size}));
  fuzz::may_refuse([] {
    const audio::DecodedAudio whole = audio::decode_audio(clip);
    check_audio(whole);
    fuzz::require(audio::audio_hash(whole).size() == 32, "the hash has another length");
  });
  fuzz::may_refuse([] { check_audio(audio::decode_audio(clip, 0.01)); });
  return 0;
}
