#include "tests/golden/audio/signals.h"

#include <cmath>

#include "tests/golden/audio/cases.h"

namespace parlando::golden {

std::vector<Signal> voices() {
  std::vector<Signal> all = {{"synth/stages", "synth/y22050.npy"}};
  for (const std::string clip : {"03-01-04-01-02-02-09", "03-02-03-02-01-02-10"}) {
    all.push_back({"stages/" + clip, "clips/" + clip + "/y22050.npy"});
  }
  return all;
}

std::vector<Signal> edge_signals() {
  std::vector<Signal> all;
  for (const std::string edge : {"silence_1s", "short_0.02s", "square_1s"}) {
    all.push_back({"edge/" + edge, "edge/" + edge + "/y22050.npy"});
  }
  return all;
}

std::vector<Signal> all_signals() {
  std::vector<Signal> all = voices();
  for (const Signal& signal : edge_signals()) all.push_back(signal);
  return all;
}

std::string signal_name(const testing::TestParamInfo<Signal>& info) {
  return test_name(info.param.folder);
}

double correlation(const std::vector<float>& a, const std::vector<float>& b) {
  double ab = 0;
  double aa = 0;
  double bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    aa += static_cast<double>(a[i]) * static_cast<double>(a[i]);
    bb += static_cast<double>(b[i]) * static_cast<double>(b[i]);
  }
  return ab / std::sqrt(aa * bb);
}

}  // namespace parlando::golden
