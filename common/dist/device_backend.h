#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "common/dist/communicator.h"

namespace parlando::dist {

/// What the ranks of a device group share to find each other: NCCL's unique id.
using DeviceGroupId = std::array<std::int64_t, 16>;

/// A point in the work that was handed to the communication stream.
class DeviceMark {
 public:
  virtual ~DeviceMark() = default;
  virtual bool passed() = 0;
  /// Later work of the compute stream begins after this point.
  virtual void hold_compute() = 0;
};

/// What a group of ranks on devices needs of NCCL and CUDA. No call waits, and none decides
/// anything: that is the DeviceCommunicator's business, so that it can be tested without a device.
class DeviceBackend {
 public:
  enum class State { ready, in_progress, failed };

  virtual ~DeviceBackend() = default;

  virtual std::string name() const = 0;
  /// Of the library; it must be the same on all ranks.
  virtual std::int64_t version() = 0;
  /// Names the device among those of all hosts; two ranks can't have the same.
  virtual std::string device_id() = 0;

  virtual DeviceGroupId make_id() = 0;
  virtual State start(const DeviceGroupId& id, int rank, int size) = 0;
  /// Hand an operation in, behind what the compute stream has been given so far.
  virtual State all_reduce(Buffer buffer, ReduceOp op) = 0;
  virtual State broadcast(Buffer buffer, int root) = 0;
  /// Of the last call, and of all operations under way: `failed` may come at any time.
  virtual State state() = 0;
  virtual std::string last_error() = 0;
  virtual std::unique_ptr<DeviceMark> mark() = 0;

  /// Gives the group up, whatever is under way.
  virtual void abort() = 0;
};

}  // namespace parlando::dist
