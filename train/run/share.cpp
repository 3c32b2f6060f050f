#include "train/run/share.h"

#include <array>
#include <cstdint>
#include <cstring>

#include "common/core/error.h"

namespace parlando::train {

dist::Buffer buffer_of(const at::Tensor& tensor) {
  const auto count = static_cast<std::size_t>(tensor.numel());
  switch (tensor.scalar_type()) {
    case at::kFloat:
      return {tensor.mutable_data_ptr(), count, dist::DataType::float32};
    case at::kDouble:
      return {tensor.mutable_data_ptr(), count, dist::DataType::float64};
    case at::kLong:
      return {tensor.mutable_data_ptr(), count, dist::DataType::int64};
    default:
      fail(ErrorKind::internal, "a tensor of this type is not shared between ranks");
  }
}

void broadcast_tensor(at::Tensor& tensor, dist::Communicator& communicator) {
  if (tensor.is_cpu() && tensor.is_contiguous()) {
    communicator.broadcast(buffer_of(tensor), 0);
    return;
  }
  const at::Tensor host = tensor.detach().cpu().contiguous();
  communicator.broadcast(buffer_of(host), 0);
  const at::NoGradGuard guard;
  tensor.copy_(host);
}

void broadcast_text(std::string& text, dist::Communicator& communicator) {
  std::array<std::int64_t, 1> length{static_cast<std::int64_t>(text.size())};
  communicator.broadcast(std::span(length), 0);
  text.resize(static_cast<std::size_t>(length[0]));
  std::vector<std::int64_t> words(text.size() / sizeof(std::int64_t) + 1);
  std::memcpy(words.data(), text.data(), text.size());
  communicator.broadcast(std::span(words), 0);
  std::memcpy(text.data(), words.data(), text.size());
}

}  // namespace parlando::train
