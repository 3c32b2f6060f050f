#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/golden/golden.h"

namespace parlando::golden {

/// A waveform at 22050 Hz with a folder of stages, each computed of it by one call of librosa.
struct Signal {
  std::string folder;
  std::string waveform;

  std::vector<float> samples() const { return load(waveform).values; }
  NpyArray stage(const std::string& name) const { return load(folder + "/" + name + ".npy"); }
};

/// The synthetic signal and two clips.
std::vector<Signal> voices();
/// Silence, 441 samples and a full-scale square wave.
std::vector<Signal> edge_signals();
/// Both.
std::vector<Signal> all_signals();

/// Name of a test that has a Signal as its parameter.
std::string signal_name(const testing::TestParamInfo<Signal>& info);

/// Correlation of two waveforms of the same length.
double correlation(const std::vector<float>& a, const std::vector<float>& b);

}  // namespace parlando::golden
