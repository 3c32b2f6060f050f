#include "train/run/parameter_check.h"

#include <fmt/ranges.h>

#include "common/dist/gather.h"
#include "common/dist/together.h"
#include "common/io/checksum.h"

namespace parlando::train {
namespace {

void add(Hasher& hasher, const at::Tensor& tensor) {
  const at::Tensor host = tensor.detach().cpu().contiguous();
  hasher.update(std::span(static_cast<const std::byte*>(host.const_data_ptr()), host.nbytes()));
}

}  // namespace

std::int64_t hash_of_parameters(const FlatParameters& flat,
                                const std::vector<NamedTensor>& buffers) {
  Hasher hasher;
  add(hasher, flat.values());
  for (const NamedTensor& buffer : buffers) add(hasher, buffer.tensor);
  return static_cast<std::int64_t>(hasher.number() >> 2);
}

void check_parameters(const FlatParameters& flat, const std::vector<NamedTensor>& buffers,
                      dist::Communicator& communicator, std::int64_t epoch, std::int64_t step) {
  const std::vector<int> drifted =
      dist::odd_ranks(dist::gather_numbers(communicator, hash_of_parameters(flat, buffers)));
  if (drifted.empty()) return;
  dist::fail_together(
      communicator, ErrorKind::distributed,
      fmt::format("rank{} {} drifted: after step {} of epoch {} its parameters are not those of "
                  "the other ranks; suspect its memory, its libraries or its processor, and "
                  "continue from the last checkpoint without it",
                  drifted.size() == 1 ? "" : "s", fmt::join(drifted, ", "), step, epoch));
}

}  // namespace parlando::train
