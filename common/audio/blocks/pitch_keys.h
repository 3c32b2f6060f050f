#pragma once

#include <memory>
#include <optional>
#include <string>

#include "common/audio/clip_analysis.h"
#include "common/audio/effects/harmonic.h"
#include "common/audio/pitch/normalize.h"

namespace parlando::audio {

/// Which waveform a block looks at.
struct SourceKey {
  bool harmonic = false;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("harmonic", harmonic,
            {.help = "of the harmonic part (librosa.effects.harmonic) instead of the waveform"});
  }
};

/// Gives a block the analysis of the waveform that its SourceKey names; the harmonic part is made
/// once a clip for all blocks. Not thread-safe.
class WaveformSource {
 public:
  explicit WaveformSource(const SourceKey& key) : harmonic_(key.harmonic) {}

  ClipAnalysis& of(ClipAnalysis& clip);

 private:
  bool harmonic_;
  std::unique_ptr<Hpss> hpss_;
};

/// By how much a clip is tuned away from A = 440 Hz.
struct TuningKey {
  std::string tuning = "auto";

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("tuning", tuning, {.help = "fraction of a bin; 'auto' is estimated clip by clip"});
  }

  /// Nothing for "auto". Throws Error(usage) for what is no number in [-0.5, 0.5].
  std::optional<double> value() const;
};

/// What the vector of a frame is divided by.
struct NormKey {
  std::string norm = "inf";

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("norm", norm,
            {.help = "divide a frame by its largest value (inf), its sum (1), its length (2)",
             .choices = {"inf", "1", "2", "none"}});
  }

  Norm value() const;
};

}  // namespace parlando::audio
