#include "train/optim/gradient_reducer.h"

#include <functional>
#include <utility>

#include <torch/csrc/autograd/function_hook.h>
#include <torch/csrc/autograd/variable.h>

#include "common/core/error.h"

namespace parlando::train {
namespace {

class Hook : public torch::autograd::PostAccumulateGradHook {
 public:
  explicit Hook(std::function<void()> action) : action_(std::move(action)) {}
  void operator()(const torch::autograd::Variable&) override { action_(); }

 private:
  std::function<void()> action_;
};

}  // namespace

GradientReducer::GradientReducer(std::vector<NamedTensor>& parameters, FlatParameters& flat,
                                 dist::Communicator& communicator, std::size_t bucket_bytes)
    : flat_(flat), communicator_(communicator), bucket_of_(parameters.size()) {
  const std::size_t element = flat.values().element_size();
  for (std::size_t i = parameters.size(); i-- > 0;) {
    const std::int64_t begin = flat.offset(i);
    const std::int64_t end = begin + parameters[i].tensor.numel();
    const bool full =
        !buckets_.empty() &&
        static_cast<std::size_t>(buckets_.back().end - begin) * element > bucket_bytes;
    if (buckets_.empty() || full)
      buckets_.push_back(
          {.begin = begin, .end = end, .parameters = 0, .missing = 0, .request = {}});
    Bucket& bucket = buckets_.back();
    bucket.begin = begin;
    ++bucket.parameters;
    bucket_of_[i] = buckets_.size() - 1;
    torch::autograd::impl::set_post_acc_grad_hooks(
        parameters[i].tensor, std::make_unique<Hook>([this, i] { on_gradient(i); }));
  }
}

void GradientReducer::start(std::size_t passes) {
  flat_.gradients().zero_();
  launched_ = 0;
  for (Bucket& bucket : buckets_) {
    bucket.missing = bucket.parameters * passes;
    bucket.request.reset();
  }
}

void GradientReducer::on_gradient(std::size_t parameter) {
  Bucket& bucket = buckets_[bucket_of_[parameter]];
  if (bucket.missing > 0) --bucket.missing;
  launch_ready();
  // A collective advances only when somebody looks after it.
  for (std::size_t i = 0; i < launched_; ++i) buckets_[i].request->test();
}

dist::Buffer GradientReducer::view(const Bucket& bucket) const {
  const at::Tensor range = flat_.gradients().narrow(0, bucket.begin, bucket.end - bucket.begin);
  const auto type =
      range.scalar_type() == at::kDouble ? dist::DataType::float64 : dist::DataType::float32;
  return {range.mutable_data_ptr(), static_cast<std::size_t>(range.numel()), type};
}

void GradientReducer::launch_ready() {
  while (launched_ < buckets_.size() && buckets_[launched_].missing == 0) {
    buckets_[launched_].request = communicator_.all_reduce_async(view(buckets_[launched_]));
    ++launched_;
  }
}

void GradientReducer::finish() {
  if (launched_ != buckets_.size()) {
    fail(ErrorKind::internal, "backward left {} of {} gradient buckets without all gradients",
         buckets_.size() - launched_, buckets_.size());
  }
  for (Bucket& bucket : buckets_) bucket.request->wait();
}

}  // namespace parlando::train
