#include "train/kernels/update_kernels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "common/core/multiversion.h"

namespace parlando::train {
namespace {

/// UpdateStep in the type of the vectors.
template <class T>
struct Change {
  T bound, scale, decay, weight_scale;

  explicit Change(const UpdateStep& update)
      : bound(update.gradient_bound > 0 ? static_cast<T>(update.gradient_bound)
                                        : std::numeric_limits<T>::infinity()),
        scale(static_cast<T>(update.gradient_scale)),
        decay(static_cast<T>(update.gradient_decay)),
        weight_scale(static_cast<T>(update.weight_scale)) {}

  T gradient(T g, T value) const {
    return std::min(std::max(g, -bound), bound) * scale + decay * value;
  }
};

template <class T>
PARLANDO_MULTIVERSION void adam(Change<T> change, AdamStep step, const T* __restrict gradients,
                                T* __restrict values, T* __restrict first, T* __restrict second,
                                std::size_t count) {
  const T beta1 = static_cast<T>(step.beta1), beta2 = static_cast<T>(step.beta2);
  const T rest1 = static_cast<T>(1 - step.beta1), rest2 = static_cast<T>(1 - step.beta2);
  const T rate = static_cast<T>(step.rate), root_scale = static_cast<T>(step.root_scale);
  const T epsilon = static_cast<T>(step.epsilon);
  for (std::size_t i = 0; i < count; ++i) {
    const T g = change.gradient(gradients[i], values[i]);
    const T m = beta1 * first[i] + rest1 * g;
    const T v = beta2 * second[i] + rest2 * g * g;
    first[i] = m;
    second[i] = v;
    values[i] = values[i] * change.weight_scale - rate * m / (std::sqrt(v) * root_scale + epsilon);
  }
}

template <class T>
PARLANDO_MULTIVERSION void sgd(Change<T> change, SgdStep step, const T* __restrict gradients,
                               T* __restrict values, T* __restrict velocity, std::size_t count) {
  const T momentum = static_cast<T>(step.momentum);
  const T velocity_rate = static_cast<T>(step.velocity_rate);
  const T rate = static_cast<T>(step.rate);
  for (std::size_t i = 0; i < count; ++i) {
    const T pull = velocity_rate * change.gradient(gradients[i], values[i]);
    const T moved = momentum * velocity[i] + pull;
    velocity[i] = moved;
    const T along = step.nesterov ? momentum * moved + pull : moved;
    values[i] = values[i] * change.weight_scale - rate * along;
  }
}

template <class T>
PARLANDO_MULTIVERSION double squares(const T* __restrict gradients, std::size_t count, T bound) {
  // Sums side by side, so that the loop vectorises.
  constexpr std::size_t kLanes = 16;
  std::array<double, kLanes> sums{};
  const auto add = [&](std::size_t lane, T g) {
    const auto bounded = static_cast<double>(std::min(std::max(g, -bound), bound));
    // g - g is 0 unless g is infinite, which the bound would hide.
    sums[lane] += bounded * bounded + static_cast<double>(g - g);
  };
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) add(lane, gradients[i + lane]);
  }
  for (; i < count; ++i) add(0, gradients[i]);
  double sum = 0;
  for (const double part : sums) sum += part;
  return sum;
}

}  // namespace

template <class T>
void adam_update(const UpdateStep& update, const AdamStep& step, const T* gradients, T* values,
                 T* first_moment, T* second_moment, std::size_t count) {
  adam(Change<T>(update), step, gradients, values, first_moment, second_moment, count);
}

template <class T>
void sgd_update(const UpdateStep& update, const SgdStep& step, const T* gradients, T* values,
                T* velocity, std::size_t count) {
  sgd(Change<T>(update), step, gradients, values, velocity, count);
}

template <class T>
double sum_of_squares(const T* gradients, std::size_t count, double bound) {
  return squares(gradients, count,
                 bound > 0 ? static_cast<T>(bound) : std::numeric_limits<T>::infinity());
}

template void adam_update(const UpdateStep&, const AdamStep&, const float*, float*, float*, float*,
                          std::size_t);
template void adam_update(const UpdateStep&, const AdamStep&, const double*, double*, double*,
                          double*, std::size_t);
template void sgd_update(const UpdateStep&, const SgdStep&, const float*, float*, float*,
                         std::size_t);
template void sgd_update(const UpdateStep&, const SgdStep&, const double*, double*, double*,
                         std::size_t);
template double sum_of_squares(const float*, std::size_t, double);
template double sum_of_squares(const double*, std::size_t, double);

}  // namespace parlando::train
