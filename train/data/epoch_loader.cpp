#include "train/data/epoch_loader.h"

#include <algorithm>
#include <span>
#include <utility>

namespace parlando::train {

EpochLoader::EpochLoader(const BatchBuilder& builder, std::vector<std::size_t> order,
                         std::int64_t epoch, std::size_t batch_size, std::size_t first_step,
                         const InputConfig& config)
    : order_(std::move(order)),
      batches_(first_step, (order_.size() + batch_size - 1) / batch_size,
               static_cast<std::size_t>(config.prefetch),
               static_cast<std::size_t>(config.loader_threads),
               [this, &builder, epoch, batch_size](std::size_t step) {
                 const std::size_t begin = step * batch_size;
                 const std::size_t count = std::min(batch_size, order_.size() - begin);
                 return builder.build(std::span(order_).subspan(begin, count), epoch,
                                      static_cast<std::int64_t>(begin));
               }) {}

}  // namespace parlando::train
