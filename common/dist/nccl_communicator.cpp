#include "common/dist/nccl_communicator.h"

#include <array>
#include <chrono>
#include <cstring>

#include <cuda_runtime_api.h>
#include <nccl.h>
#include <unistd.h>

#include "common/core/error.h"

namespace parlando::dist {
namespace {

using Clock = std::chrono::steady_clock;

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
  Event() {
    check_cuda(cudaEventCreateWithFlags(&event_, cudaEventDisableTiming), "cudaEventCreate");
  }
  ~Event() { cudaEventDestroy(event_); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  cudaEvent_t get() const { return event_; }

 private:
  cudaEvent_t event_ = nullptr;
};

/// The id that all ranks must share, from rank 0 over the host communicator.
ncclUniqueId share_id(Communicator& host) {
  ncclUniqueId id{};
  if (host.is_root() && ncclGetUniqueId(&id) != ncclSuccess) {
    fail(ErrorKind::distributed, "ncclGetUniqueId failed: {}", ncclGetLastError(nullptr));
  }
  std::array<std::int64_t, sizeof(id) / sizeof(std::int64_t)> words{};
  static_assert(sizeof(words) == sizeof(id));
  std::memcpy(words.data(), &id, sizeof(id));
  host.broadcast(std::span(words), 0);
  std::memcpy(&id, words.data(), sizeof(id));
  return id;
}

class NcclCommunicator : public Communicator {
 public:
  NcclCommunicator(Communicator& host, int device, cudaStream_t compute, double timeout_seconds)
      : host_(host), compute_(compute), timeout_seconds_(timeout_seconds) {
    check_cuda(cudaSetDevice(device), "cudaSetDevice");
    const ncclUniqueId id = share_id(host);
    check_cuda(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "cudaStreamCreate");
    ncclConfig_t config = NCCL_CONFIG_INITIALIZER;
    config.blocking = 0;
    start(ncclCommInitRankConfig(&comm_, host.size(), id, host.rank(), &config),
          "ncclCommInitRank");
  }
  ~NcclCommunicator() override {
    ncclCommAbort(comm_);
    cudaStreamDestroy(stream_);
  }
  NcclCommunicator(const NcclCommunicator&) = delete;
  NcclCommunicator& operator=(const NcclCommunicator&) = delete;

  int rank() const override { return host_.rank(); }
  int size() const override { return host_.size(); }
  std::string backend() const override { return "nccl"; }

  void all_reduce(Buffer buffer, ReduceOp op) override {
    join(compute_, stream_);
    start(ncclAllReduce(buffer.data, buffer.data, buffer.count, nccl_type(buffer.type), nccl_op(op),
                        comm_, stream_),
          "ncclAllReduce");
    join(stream_, compute_);
  }

  std::unique_ptr<Request> all_reduce_async(Buffer buffer) override;

  void broadcast(Buffer buffer, int root) override {
    join(compute_, stream_);
    start(ncclBroadcast(buffer.data, buffer.data, buffer.count, nccl_type(buffer.type), root, comm_,
                        stream_),
          "ncclBroadcast");
    join(stream_, compute_);
  }

  void barrier() override { host_.barrier(); }
  [[noreturn]] void abort(int exit_code) override {
    ncclCommAbort(comm_);
    host_.abort(exit_code);
    _exit(exit_code);
  }

  /// True when the event has passed; throws if NCCL reports an error meanwhile.
  bool passed(const Event& event) {
    ncclResult_t state = ncclSuccess;
    ncclCommGetAsyncError(comm_, &state);
    if (state != ncclSuccess && state != ncclInProgress) fail_with(state, "collective");
    return cudaEventQuery(event.get()) == cudaSuccess;
  }

  /// Device work of `second` waits for what `first` holds so far.
  void join(cudaStream_t first, cudaStream_t second) {
    const Event event;
    check_cuda(cudaEventRecord(event.get(), first), "cudaEventRecord");
    check_cuda(cudaStreamWaitEvent(second, event.get(), 0), "cudaStreamWaitEvent");
  }

  cudaStream_t stream() const { return stream_; }
  cudaStream_t compute() const { return compute_; }
  double timeout_seconds() const { return timeout_seconds_; }

  [[noreturn]] void fail_with(ncclResult_t state, const char* name) {
    fail(ErrorKind::distributed, "rank {}: {}: {} ({})", rank(), name, ncclGetErrorString(state),
         ncclGetLastError(comm_));
  }

 private:
  /// A non-blocking communicator answers ncclInProgress; polls until it is through or the time is
  /// up.
  void start(ncclResult_t state, const char* name) {
    const Clock::time_point begin = Clock::now();
    while (state == ncclInProgress) {
      ncclCommGetAsyncError(comm_, &state);
      if (std::chrono::duration<double>(Clock::now() - begin).count() > timeout_seconds_) {
        fail(ErrorKind::distributed, "rank {}: {} got no answer within {:.0f} s", rank(), name,
             timeout_seconds_);
      }
    }
    if (state != ncclSuccess) fail_with(state, name);
  }

  Communicator& host_;
  cudaStream_t compute_;
  double timeout_seconds_;
  cudaStream_t stream_ = nullptr;
  ncclComm_t comm_ = nullptr;
};

class NcclRequest : public Request {
 public:
  explicit NcclRequest(NcclCommunicator& communicator) : communicator_(communicator) {
    check_cuda(cudaEventRecord(event_.get(), communicator.stream()), "cudaEventRecord");
  }
  bool test() override { return communicator_.passed(event_); }
  void wait() override {
    // The host polls, so that a lost peer ends in an error here and not in a hang of the device.
    const Clock::time_point begin = Clock::now();
    while (!test()) {
      usleep(10);
      if (std::chrono::duration<double>(Clock::now() - begin).count() >
          communicator_.timeout_seconds()) {
        fail(ErrorKind::distributed, "rank {}: gradient all_reduce got no answer within {:.0f} s",
             communicator_.rank(), communicator_.timeout_seconds());
      }
    }
    check_cuda(cudaStreamWaitEvent(communicator_.compute(), event_.get(), 0),
               "cudaStreamWaitEvent");
  }

 private:
  NcclCommunicator& communicator_;
  Event event_;
};

std::unique_ptr<Request> NcclCommunicator::all_reduce_async(Buffer buffer) {
  join(compute_, stream_);
  start(ncclAllReduce(buffer.data, buffer.data, buffer.count, nccl_type(buffer.type), ncclSum,
                      comm_, stream_),
        "ncclAllReduce");
  return std::make_unique<NcclRequest>(*this);
}

}  // namespace

bool has_nccl() {
  return true;
}

std::unique_ptr<Communicator> make_nccl_communicator(Communicator& host, int device,
                                                     void* compute_stream, double timeout_seconds) {
  return std::make_unique<NcclCommunicator>(host, device, static_cast<cudaStream_t>(compute_stream),
                                            timeout_seconds);
}

}  // namespace parlando::dist
