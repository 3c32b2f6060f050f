#pragma once

#include <string>

#include "common/audio/decibel.h"

namespace parlando::audio {

/// The keys of librosa.power_to_db.
struct DecibelKeys {
  std::string ref = "max";
  double amin = 1e-10;
  double top_db = 80;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("ref", ref, {.help = "0 dB: 'max' of the clip or a number"});
    v.field("amin", amin, {.help = "what is quieter counts as this", .min = 1e-37});
    v.field("top_db", top_db,
            {.help = "floor below the largest value; 0 = none", .unit = "dB", .min = 0});
  }

  /// Throws Error(usage) for a wrong `ref`.
  DecibelScale scale() const;
};

}  // namespace parlando::audio
