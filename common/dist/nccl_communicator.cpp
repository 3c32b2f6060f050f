#include "common/dist/nccl_communicator.h"

#include <cstdlib>
#include <cstring>

#include <cuda_runtime_api.h>
#include <nccl.h>
#include <unistd.h>

#include "common/core/error.h"
#include "common/dist/device_communicator.h"

namespace parlando::dist {
namespace {

void check_cuda(cudaError_t status, const char* what) {
  if (status != cudaSuccess)
    fail(ErrorKind::distributed, "{}: {}", what, cudaGetErrorString(status));
}

ncclDataType_t nccl_type(DataType type) {
  switch (type) {
    case DataType::float32:
      return ncclFloat32;
    case DataType::float64:
      return ncclFloat64;
    case DataType::int64:
      return ncclInt64;
  }
  return ncclInt8;
}

ncclRedOp_t nccl_op(ReduceOp op) {
  switch (op) {
    case ReduceOp::sum:
      return ncclSum;
    case ReduceOp::max:
      return ncclMax;
    case ReduceOp::min:
      return ncclMin;
  }
  return ncclSum;
}

class Event {
 public:
  explicit Event(cudaStream_t stream) {
    check_cuda(cudaEventCreateWithFlags(&event_, cudaEventDisableTiming), "cudaEventCreate");
    check_cuda(cudaEventRecord(event_, stream), "cudaEventRecord");
  }
  ~Event() { cudaEventDestroy(event_); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  bool passed() const {
    const cudaError_t status = cudaEventQuery(event_);
    if (status != cudaErrorNotReady) check_cuda(status, "cudaEventQuery");
    return status == cudaSuccess;
  }
  void hold(cudaStream_t stream) const {
    check_cuda(cudaStreamWaitEvent(stream, event_, 0), "cudaStreamWaitEvent");
  }

 private:
  cudaEvent_t event_ = nullptr;
};

class NcclMark : public DeviceMark {
 public:
  NcclMark(cudaStream_t communication, cudaStream_t compute)
      : event_(communication), compute_(compute) {}
  bool passed() override { return event_.passed(); }
  void hold_compute() override { event_.hold(compute_); }

 private:
  Event event_;
  cudaStream_t compute_;
};

class NcclBackend : public DeviceBackend {
 public:
  NcclBackend(int device, cudaStream_t compute) : device_(device), compute_(compute) {
    check_cuda(cudaSetDevice(device), "cudaSetDevice");
    check_cuda(cudaStreamCreateWithFlags(&communication_, cudaStreamNonBlocking),
               "cudaStreamCreate");
  }
  ~NcclBackend() override {
    abort();
    cudaStreamDestroy(communication_);
  }
  NcclBackend(const NcclBackend&) = delete;
  NcclBackend& operator=(const NcclBackend&) = delete;

  std::string name() const override { return "nccl"; }

  std::int64_t version() override { return nccl_version(); }

  /// NCCL takes ranks with another NCCL_HOSTID for ranks on another host.
  std::string device_id() override {
    char host[256] = {};
    gethostname(host, sizeof(host) - 1);
    const char* host_id = std::getenv("NCCL_HOSTID");
    char bus[32] = {};
    check_cuda(cudaDeviceGetPCIBusId(bus, sizeof(bus), device_), "cudaDeviceGetPCIBusId");
    return fmt::format("{} of {}{}{}", bus, host, host_id != nullptr ? ", NCCL_HOSTID " : "",
                       host_id != nullptr ? host_id : "");
  }

  DeviceGroupId make_id() override {
    ncclUniqueId id{};
    if (ncclGetUniqueId(&id) != ncclSuccess)
      fail(ErrorKind::distributed, "ncclGetUniqueId: {}", ncclGetLastError(nullptr));
    DeviceGroupId words{};
    static_assert(sizeof(words) == sizeof(id));
    std::memcpy(words.data(), &id, sizeof(id));
    return words;
  }

  State start(const DeviceGroupId& words, int rank, int size) override {
    ncclUniqueId id{};
    std::memcpy(&id, words.data(), sizeof(id));
    ncclConfig_t config = NCCL_CONFIG_INITIALIZER;
    config.blocking = 0;
    return remember(ncclCommInitRankConfig(&comm_, size, id, rank, &config));
  }

  State all_reduce(Buffer buffer, ReduceOp op) override {
    Event(compute_).hold(communication_);
    return remember(ncclAllReduce(buffer.data, buffer.data, buffer.count, nccl_type(buffer.type),
                                  nccl_op(op), comm_, communication_));
  }

  State broadcast(Buffer buffer, int root) override {
    Event(compute_).hold(communication_);
    return remember(ncclBroadcast(buffer.data, buffer.data, buffer.count, nccl_type(buffer.type),
                                  root, comm_, communication_));
  }

  State state() override {
    ncclResult_t result = ncclSuccess;
    const ncclResult_t asked = ncclCommGetAsyncError(comm_, &result);
    return remember(asked == ncclSuccess ? result : asked);
  }

  std::string last_error() override {
    return fmt::format("{} ({})", ncclGetErrorString(last_), ncclGetLastError(comm_));
  }

  std::unique_ptr<DeviceMark> mark() override {
    return std::make_unique<NcclMark>(communication_, compute_);
  }

  void abort() override {
    if (comm_ != nullptr) ncclCommAbort(comm_);
    comm_ = nullptr;
  }

 private:
  State remember(ncclResult_t result) {
    last_ = result;
    if (result == ncclSuccess) return State::ready;
    return result == ncclInProgress ? State::in_progress : State::failed;
  }

  int device_;
  cudaStream_t compute_;
  cudaStream_t communication_ = nullptr;
  ncclComm_t comm_ = nullptr;
  ncclResult_t last_ = ncclSuccess;
};

}  // namespace

int nccl_version() {
  int version = 0;
  ncclGetVersion(&version);
  return version;
}

bool has_nccl() {
  return true;
}

std::unique_ptr<Communicator> make_nccl_communicator(Communicator& host, int device,
                                                     void* compute_stream, double timeout_seconds) {
  return make_device_communicator(
      host, std::make_unique<NcclBackend>(device, static_cast<cudaStream_t>(compute_stream)),
      timeout_seconds);
}

}  // namespace parlando::dist
