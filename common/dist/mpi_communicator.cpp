#include "common/dist/mpi_communicator.h"

#include <chrono>
#include <climits>
#include <exception>

#include <mpi.h>
#include <sched.h>
#include <unistd.h>

#include "common/core/error.h"

namespace parlando::dist {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kSpinsBeforeSleep = 20000;
constexpr useconds_t kSleepMicroseconds = 50;

MPI_Datatype mpi_type(DataType type) {
  switch (type) {
    case DataType::float32:
      return MPI_FLOAT;
    case DataType::float64:
      return MPI_DOUBLE;
    case DataType::int64:
      return MPI_INT64_T;
  }
  return MPI_BYTE;
}

MPI_Op mpi_op(ReduceOp op) {
  switch (op) {
    case ReduceOp::sum:
      return MPI_SUM;
    case ReduceOp::max:
      return MPI_MAX;
    case ReduceOp::min:
      return MPI_MIN;
  }
  return MPI_SUM;
}

int checked_count(const Buffer& buffer) {
  if (buffer.count > INT_MAX) {
    fail(ErrorKind::internal, "a collective over {} elements is more than MPI counts",
         buffer.count);
  }
  return static_cast<int>(buffer.count);
}

/// What a wait needs to name itself.
struct Operation {
  const char* name;
  int rank;
  double timeout_seconds;
};

void check(int status, const Operation& operation) {
  if (status == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING] = {};
  int length = 0;
  MPI_Error_string(status, text, &length);
  fail(ErrorKind::distributed, "rank {}: {} failed: {}", operation.rank, operation.name, text);
}

class MpiRequest : public Request {
 public:
  MpiRequest(MPI_Request request, Operation operation) : request_(request), operation_(operation) {}
  ~MpiRequest() override {
    // While an exception unwinds, the peers may never answer: the job is about to be aborted.
    if (!done_ && std::uncaught_exceptions() == 0) {
      try {
        wait();
      } catch (const Error&) {
        MPI_Abort(MPI_COMM_WORLD, static_cast<int>(ErrorKind::distributed));
      }
    }
  }
  MpiRequest(const MpiRequest&) = delete;
  MpiRequest& operator=(const MpiRequest&) = delete;

  bool test() override {
    if (done_) return true;
    int flag = 0;
    check(MPI_Test(&request_, &flag, MPI_STATUS_IGNORE), operation_);
    done_ = flag != 0;
    return done_;
  }

  void wait() override {
    const Clock::time_point start = Clock::now();
    for (int spin = 0; !test(); ++spin) {
      if (spin < kSpinsBeforeSleep) {
        sched_yield();
        continue;
      }
      usleep(kSleepMicroseconds);
      if (std::chrono::duration<double>(Clock::now() - start).count() >
          operation_.timeout_seconds) {
        fail(ErrorKind::distributed,
             "rank {}: {} got no answer from the other ranks within {:.0f} s; a rank is lost or "
             "stuck "
             "(distributed.timeout_seconds sets the limit)",
             operation_.rank, operation_.name, operation_.timeout_seconds);
      }
    }
  }

 private:
  MPI_Request request_;
  Operation operation_;
  bool done_ = false;
};

class MpiCommunicator : public Communicator {
 public:
  explicit MpiCommunicator(double timeout_seconds) : timeout_seconds_(timeout_seconds) {
    int provided = 0;
    if (MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS ||
        provided < MPI_THREAD_FUNNELED) {
      fail(ErrorKind::distributed,
           "MPI did not start; run 'parlando doctor' for the launch environment");
    }
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &size_);
  }
  ~MpiCommunicator() override { MPI_Finalize(); }
  MpiCommunicator(const MpiCommunicator&) = delete;
  MpiCommunicator& operator=(const MpiCommunicator&) = delete;

  int rank() const override { return rank_; }
  int size() const override { return size_; }
  std::string backend() const override { return "mpi"; }

  void all_reduce(Buffer buffer, ReduceOp op) override {
    start_all_reduce(buffer, op, "all_reduce").wait();
  }

  std::unique_ptr<Request> all_reduce_async(Buffer buffer) override {
    MPI_Request request = MPI_REQUEST_NULL;
    const Operation operation = describe("gradient all_reduce");
    check(MPI_Iallreduce(MPI_IN_PLACE, buffer.data, checked_count(buffer), mpi_type(buffer.type),
                         MPI_SUM, MPI_COMM_WORLD, &request),
          operation);
    return std::make_unique<MpiRequest>(request, operation);
  }

  void broadcast(Buffer buffer, int root) override {
    MPI_Request request = MPI_REQUEST_NULL;
    const Operation operation = describe("broadcast");
    check(MPI_Ibcast(buffer.data, checked_count(buffer), mpi_type(buffer.type), root,
                     MPI_COMM_WORLD, &request),
          operation);
    MpiRequest(request, operation).wait();
  }

  void barrier() override {
    MPI_Request request = MPI_REQUEST_NULL;
    const Operation operation = describe("barrier");
    check(MPI_Ibarrier(MPI_COMM_WORLD, &request), operation);
    MpiRequest(request, operation).wait();
  }

  [[noreturn]] void abort(int exit_code) override {
    MPI_Abort(MPI_COMM_WORLD, exit_code);
    _exit(exit_code);
  }

 private:
  Operation describe(const char* name) const { return {name, rank_, timeout_seconds_}; }

  MpiRequest start_all_reduce(Buffer buffer, ReduceOp op, const char* name) const {
    MPI_Request request = MPI_REQUEST_NULL;
    const Operation operation = describe(name);
    check(MPI_Iallreduce(MPI_IN_PLACE, buffer.data, checked_count(buffer), mpi_type(buffer.type),
                         mpi_op(op), MPI_COMM_WORLD, &request),
          operation);
    return {request, operation};
  }

  double timeout_seconds_;
  int rank_ = 0;
  int size_ = 1;
};

}  // namespace

std::unique_ptr<Communicator> make_mpi_communicator(double timeout_seconds) {
  return std::make_unique<MpiCommunicator>(timeout_seconds);
}

}  // namespace parlando::dist
