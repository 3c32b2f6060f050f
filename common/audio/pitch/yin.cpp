#include "common/audio/pitch/yin.h"

#include <algorithm>

namespace parlando::audio {

Yin::Yin(const YinParameters& parameters, double trough_threshold)
    : parameters_(parameters), trough_threshold_(trough_threshold), difference_(parameters) {}

void Yin::compute(std::span<const float> signal, std::vector<float>& f0) {
  f0.resize(difference_.start(signal));
  for (std::size_t t = 0; t < f0.size(); ++t) {
    const std::span<const double> values = difference_.frame(t);
    std::size_t best = 0;
    while (best < values.size() && !(values[best] < trough_threshold_ && is_trough(values, best))) {
      ++best;
    }
    if (best == values.size()) {
      best = static_cast<std::size_t>(std::ranges::min_element(values) - values.begin());
    }
    const double period =
        static_cast<double>(parameters_.min_period() + best) + trough_shift(values, best);
    f0[t] = static_cast<float>(parameters_.sample_rate / period);
  }
}

}  // namespace parlando::audio
