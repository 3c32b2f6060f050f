#include "train/model/initializers.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "common/core/random.h"

namespace parlando::train {

at::Tensor glorot_uniform(at::IntArrayRef shape, double fan_in, double fan_out, std::uint64_t seed,
                          const std::string& name) {
  const double limit = std::sqrt(6.0 / (fan_in + fan_out));
  at::Tensor tensor = at::empty(shape, at::kFloat);
  RandomStream stream(seed, "init/" + name);
  float* data = tensor.mutable_data_ptr<float>();
  for (std::int64_t i = 0; i < tensor.numel(); ++i)
    data[i] = static_cast<float>(stream.uniform(-limit, limit));
  return tensor;
}

at::Tensor orthogonal(std::int64_t rows, std::int64_t columns, std::uint64_t seed,
                      const std::string& name) {
  const std::int64_t tall = std::max(rows, columns);
  const std::int64_t narrow = std::min(rows, columns);
  at::Tensor normal = at::empty({tall, narrow}, at::kDouble);
  RandomStream stream(seed, "init/" + name);
  double* data = normal.mutable_data_ptr<double>();
  for (std::int64_t i = 0; i < normal.numel(); ++i) data[i] = stream.normal();
  auto [q, r] = at::linalg_qr(normal);
  q = q * at::sign(at::diagonal(r));
  return (rows < columns ? q.t() : q).contiguous().to(at::kFloat);
}

}  // namespace parlando::train
