#include "train/measure/tensor_memory.h"

#include <algorithm>
#include <mutex>
#include <unordered_map>

#include <c10/core/Allocator.h>
#include <c10/util/Logging.h>
#include <c10/util/ThreadLocalDebugInfo.h>

namespace parlando::train {
namespace {

constexpr int kErrorsOnly = 2;  // of c10's levels

}  // namespace

/// Hears of every allocation. Backward of a device runs on another thread, which inherits this.
class TensorMemory::Reporter : public c10::MemoryReportingInfoBase {
 public:
  explicit Reporter(at::Device device) : type_(device.type()) {}

  void reportMemoryUsage(void* pointer, std::int64_t size, std::size_t, std::size_t,
                         at::Device device) override {
    if (device.type() != type_) return;
    const std::lock_guard lock(mutex_);
    if (size > 0) {
      sizes_[pointer] = size;
      now_ += size;
      peak_ = std::max(peak_, now_);
    } else if (const auto known = sizes_.find(pointer); known != sizes_.end()) {
      now_ -= known->second;
      sizes_.erase(known);
    }
  }
  bool memoryProfilingEnabled() const override { return true; }

  std::int64_t peak() const {
    const std::lock_guard lock(mutex_);
    return peak_;
  }

 private:
  at::DeviceType type_;
  mutable std::mutex mutex_;
  std::unordered_map<void*, std::int64_t> sizes_;
  std::int64_t now_ = 0, peak_ = 0;
};

TensorMemory::TensorMemory(at::Device device)
    : reporter_(std::make_shared<Reporter>(device)),
      guard_(std::make_unique<c10::DebugInfoGuard>(c10::DebugInfoKind::PROFILER_STATE, reporter_)),
      log_level_(FLAGS_caffe2_log_level) {
  // libtorch warns when memory from before is given back, which is to be expected.
  FLAGS_caffe2_log_level = kErrorsOnly;
}

TensorMemory::~TensorMemory() {
  FLAGS_caffe2_log_level = log_level_;
}

std::int64_t TensorMemory::peak() const {
  return reporter_->peak();
}

}  // namespace parlando::train
