#include "train/run/predict.h"

#include <algorithm>
#include <utility>

#include "common/core/prefetcher.h"
#include "common/dist/together.h"
#include "train/data/sampler.h"

namespace parlando::train {
namespace {

constexpr std::size_t kBatch = 32;
/// Read ahead while the network computes.
constexpr std::size_t kBatchesAhead = 2;

}  // namespace

InputBatch read_batch(const ClipFeatures& features, std::size_t begin, std::size_t count,
                      bool trim) {
  std::vector<std::int64_t> lengths;
  for (std::size_t i = begin; i < begin + count; ++i)
    lengths.push_back(static_cast<std::int64_t>(features.clips()[i].valid_frames));
  const std::size_t frames =
      trim ? static_cast<std::size_t>(std::ranges::max(lengths)) : features.frames();
  const std::size_t elements = frames * features.rows();
  InputBatch batch{
      .features = at::empty({static_cast<std::int64_t>(count), static_cast<std::int64_t>(frames),
                             static_cast<std::int64_t>(features.rows())},
                            at::kFloat),
      .lengths = std::move(lengths)};
  float* values = batch.features.mutable_data_ptr<float>();
  for (std::size_t i = 0; i < count; ++i)
    features.read(begin + i, std::span(values + i * elements, elements));
  return batch;
}

at::Tensor classify(Classifier& model, const InputBatch& batch, StepObserver* observer) {
  const at::NoGradGuard guard;
  const at::Tensor like = model.parameters().front().tensor;
  const at::Tensor logits =
      model.forward(batch.features.to(like.device(), like.scalar_type()),
                    ForwardContext{.lengths = batch.lengths, .observer = observer});
  return at::softmax(logits.to(at::kDouble), 1).cpu().contiguous();
}

std::size_t Probabilities::best(std::size_t clip) const {
  const std::span<const double> row = of(clip);
  return static_cast<std::size_t>(std::ranges::max_element(row) - row.begin());
}

Probabilities predict(Classifier& model, const ClipFeatures& features, std::size_t classes,
                      dist::Communicator& communicator, const std::function<void()>& on_batch) {
  Probabilities result{.classes = classes,
                       .values = std::vector<double>(features.size() * classes, 0.0)};
  const Share share =
      share_of_blocks(features.size(), kBatch, communicator.rank(), communicator.size());
  const auto count_from = [&](std::size_t begin) { return std::min(kBatch, share.end - begin); };
  dist::together(communicator, [&] {
    Prefetcher<InputBatch> batches(
        0, (share.size() + kBatch - 1) / kBatch, kBatchesAhead, 1, [&](std::size_t i) {
          const std::size_t begin = share.begin + i * kBatch;
          return read_batch(features, begin, count_from(begin), model.masks_padding());
        });
    for (std::size_t begin = share.begin; !batches.done(); begin += kBatch) {
      const at::Tensor probabilities = classify(model, batches.next());
      std::copy_n(probabilities.const_data_ptr<double>(), count_from(begin) * classes,
                  result.values.begin() + static_cast<std::ptrdiff_t>(begin * classes));
      if (on_batch) on_batch();
    }
  });
  // Every clip is non-zero on one rank only, so the sum is that rank's value, exactly.
  communicator.all_reduce(std::span(result.values), dist::ReduceOp::sum);
  return result;
}

double mean_loss(const Probabilities& probabilities, const ClipFeatures& features,
                 const LossConfig& config) {
  double sum = 0;
  for (std::size_t i = 0; i < features.size(); ++i) {
    const auto label = static_cast<std::size_t>(features.clips()[i].label);
    sum += loss_of(config, probabilities.of(i), label);
  }
  return features.size() > 0 ? sum / static_cast<double>(features.size()) : 0;
}

std::vector<metrics::Prediction> to_predictions(const Probabilities& probabilities,
                                                const ClipFeatures& features,
                                                const data::Dataset& dataset) {
  std::vector<metrics::Prediction> predictions;
  for (std::size_t i = 0; i < features.size(); ++i) {
    const data::DatasetRow& row = dataset.rows()[features.clips()[i].dataset_row];
    const std::span<const double> values = probabilities.of(i);
    predictions.push_back({.clip = row.clip,
                           .truth = static_cast<int>(features.clips()[i].label),
                           .predicted = static_cast<int>(probabilities.best(i)),
                           .probabilities = {values.begin(), values.end()},
                           .channel = row.channel,
                           .sex = row.sex,
                           .intensity = row.intensity,
                           .statement = row.statement,
                           .repetition = row.repetition,
                           .actor = row.actor});
  }
  return predictions;
}

}  // namespace parlando::train
