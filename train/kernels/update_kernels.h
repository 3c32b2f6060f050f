#pragma once

#include <cstddef>

namespace parlando::train {

/// What an update needs besides the vectors; the kernels change element i alone by what is at i, so
/// that a vector may be cut anywhere between threads.
struct UpdateStep {
  double gradient_bound = 0;  ///< gradients are bounded to +- this; 0 = not at all
  double gradient_scale = 1;  ///< then multiplied by this
  double gradient_decay = 0;  ///< then so many times the parameter is added
  double weight_scale = 1;    ///< parameters are multiplied by it first (decoupled weight decay)
};

/// p -= rate * m / (sqrt(v) * root_scale + epsilon)
struct AdamStep {
  double beta1 = 0, beta2 = 0;
  double rate = 0;
  double root_scale = 1;
  double epsilon = 0;
};

/// velocity = momentum * velocity + velocity_rate * g;  p -= rate * (nesterov ? momentum * velocity
/// + velocity_rate * g : velocity).
struct SgdStep {
  double momentum = 0;
  double velocity_rate = 1;
  double rate = 0;
  bool nesterov = false;
};

template <class T>
void adam_update(const UpdateStep& update, const AdamStep& step, const T* gradients, T* values,
                 T* first_moment, T* second_moment, std::size_t count);

template <class T>
void sgd_update(const UpdateStep& update, const SgdStep& step, const T* gradients, T* values,
                T* velocity, std::size_t count);

/// Sum of squares, in double; infinite or no number if a gradient is. With `bound` above 0 each
/// gradient counts as bounded to +- bound, unless it is infinite.
template <class T>
double sum_of_squares(const T* gradients, std::size_t count, double bound);

}  // namespace parlando::train
