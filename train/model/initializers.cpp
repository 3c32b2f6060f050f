#include "train/model/initializers.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "common/core/error.h"
#include "common/core/random.h"

namespace parlando::train {
namespace {

at::Tensor uniform(const ParameterPlan& parameter, double limit, std::uint64_t seed) {
  at::Tensor tensor = at::empty(parameter.shape, at::kFloat);
  RandomStream stream(seed, "init/" + parameter.name);
  float* data = tensor.mutable_data_ptr<float>();
  for (std::int64_t i = 0; i < tensor.numel(); ++i)
    data[i] = static_cast<float>(stream.uniform(-limit, limit));
  return tensor;
}

/// The transpose of an orthogonal matrix [columns, rows] (QR of a normal matrix, signs made
/// unique), as Keras draws LSTM's recurrent kernel.
at::Tensor orthogonal(const ParameterPlan& parameter, std::uint64_t seed) {
  const std::int64_t rows = parameter.shape.at(1);
  const std::int64_t columns = parameter.shape.at(0);
  at::Tensor normal = at::empty({std::max(rows, columns), std::min(rows, columns)}, at::kDouble);
  RandomStream stream(seed, "init/" + parameter.name);
  double* data = normal.mutable_data_ptr<double>();
  for (std::int64_t i = 0; i < normal.numel(); ++i) data[i] = stream.normal();
  auto [q, r] = at::linalg_qr(normal);
  q = q * at::sign(at::diagonal(r));
  return (rows < columns ? q : q.t()).contiguous().to(at::kFloat);
}

at::Tensor forget_gate(const ParameterPlan& parameter) {
  at::Tensor bias = at::zeros(parameter.shape);
  const std::int64_t hidden = bias.numel() / 4;
  bias.narrow(0, hidden, hidden).fill_(1);
  return bias;
}

}  // namespace

at::Tensor start_of(const ParameterPlan& parameter, std::uint64_t seed) {
  switch (parameter.start) {
    case Start::glorot:
      return uniform(parameter, std::sqrt(6.0 / (parameter.fan_in + parameter.fan_out)), seed);
    case Start::orthogonal:
      return orthogonal(parameter, seed);
    case Start::fan_in:
      return uniform(parameter, 1 / std::sqrt(parameter.fan_in), seed);
    case Start::zero:
      return at::zeros(parameter.shape);
    case Start::one:
      return at::ones(parameter.shape);
    case Start::forget_gate:
      return forget_gate(parameter);
  }
  fail(ErrorKind::internal, "parameter '{}' has no start", parameter.name);
}

}  // namespace parlando::train
