#include "common/dist/mpi_communicator.h"

#include <climits>

#include <mpi.h>
#include <unistd.h>

#include "common/core/error.h"
#include "common/dist/transport_communicator.h"

namespace parlando::dist {
namespace {

void check(int status, int rank, const char* what, int peer) {
  if (status == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING] = {};
  int length = 0;
  MPI_Error_string(status, text, &length);
  fail(ErrorKind::distributed, "rank {}: {} rank {} failed: {}", rank, what, peer, text);
}

int checked_length(std::size_t bytes) {
  if (bytes > INT_MAX)
    fail(ErrorKind::internal, "a message of {} bytes is more than MPI counts", bytes);
  return static_cast<int>(bytes);
}

class MpiTransfer : public Transfer {
 public:
  MpiTransfer(MPI_Request request, int rank, int peer)
      : request_(request), rank_(rank), peer_(peer) {}
  bool test() override {
    int flag = 0;
    check(MPI_Test(&request_, &flag, MPI_STATUS_IGNORE), rank_, "a message to or from", peer_);
    return flag != 0;
  }

 private:
  MPI_Request request_;
  int rank_;
  int peer_;
};

class MpiTransport : public Transport {
 public:
  MpiTransport() {
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
  ~MpiTransport() override { MPI_Finalize(); }
  MpiTransport(const MpiTransport&) = delete;
  MpiTransport& operator=(const MpiTransport&) = delete;

  int rank() const override { return rank_; }
  int size() const override { return size_; }
  std::string name() const override { return "mpi"; }

  std::unique_ptr<Transfer> send(int peer, int tag, std::span<const std::byte> bytes) override {
    MPI_Request request = MPI_REQUEST_NULL;
    check(MPI_Isend(bytes.data(), checked_length(bytes.size()), MPI_BYTE, peer, tag, MPI_COMM_WORLD,
                    &request),
          rank_, "sending to", peer);
    return std::make_unique<MpiTransfer>(request, rank_, peer);
  }

  std::unique_ptr<Transfer> receive(int peer, int tag, std::span<std::byte> bytes) override {
    MPI_Request request = MPI_REQUEST_NULL;
    check(MPI_Irecv(bytes.data(), checked_length(bytes.size()), MPI_BYTE, peer, tag, MPI_COMM_WORLD,
                    &request),
          rank_, "receiving from", peer);
    return std::make_unique<MpiTransfer>(request, rank_, peer);
  }

  [[noreturn]] void abort(int exit_code) override {
    MPI_Abort(MPI_COMM_WORLD, exit_code);
    _exit(exit_code);
  }

 private:
  int rank_ = 0;
  int size_ = 1;
};

}  // namespace

std::unique_ptr<Communicator> make_mpi_communicator(double timeout_seconds) {
  return make_transport_communicator(std::make_unique<MpiTransport>(), timeout_seconds);
}

}  // namespace parlando::dist
