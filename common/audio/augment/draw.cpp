#include "common/audio/augment/draw.h"

#include <cstdint>

#include "common/core/error.h"

namespace parlando::audio {
namespace {

constexpr std::uint64_t kSeedLimit = std::uint64_t{1} << 53;  // exact in every JSON reader

double draw(const std::vector<double>& range, RandomStream& stream) {
  return stream.uniform(range[0], range[1]);
}

const std::string& draw_file(const std::vector<std::string>& files, RandomStream& stream) {
  return files[stream.below(files.size())];
}

}  // namespace

Json draw_operation(const std::string& op, const WaveformOptions& options,
                    const std::vector<std::string>& files, RandomStream& stream) {
  Json drawn{{"op", op}};
  if (op == "waveform_noise") {
    drawn["color"] = options.color;
    drawn["snr_db"] = draw(options.snr_db, stream);
    if (options.color == "folder") {
      drawn["file"] = draw_file(files, stream);
      drawn["start"] = stream.uniform();
    } else {
      drawn["seed"] = stream.below(kSeedLimit);
    }
  } else if (op == "gain") {
    drawn["gain_db"] = draw(options.gain_db, stream);
  } else if (op == "time_shift") {
    drawn["seconds"] = draw(options.seconds, stream);
    drawn["roll"] = options.roll;
  } else if (op == "waveform_mask") {
    drawn["fraction"] = draw(options.fraction, stream);
    drawn["position"] = stream.uniform();
  } else if (op == "pitch_shift") {
    drawn["semitones"] = draw(options.semitones, stream);
  } else if (op == "speed" || op == "time_stretch") {
    drawn["factor"] = draw(options.factor, stream);
  } else if (op == "rir") {
    if (options.folder.empty()) {
      drawn["rt60"] = draw(options.rt60, stream);
      drawn["direct_db"] = draw(options.direct_db, stream);
      drawn["seed"] = stream.below(kSeedLimit);
    } else {
      drawn["file"] = draw_file(files, stream);
    }
  } else if (op != "telephone") {
    fail(ErrorKind::internal, "no operation on waveforms is called '{}'", op);
  }
  return drawn;
}

}  // namespace parlando::audio
