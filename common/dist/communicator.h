#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace parlando::dist {

enum class DataType { float32, float64, int64 };
enum class ReduceOp { sum, max, min };

std::size_t size_of(DataType type);

/// A typed view of contiguous memory that a collective reads and writes; on the device for a device
/// communicator, on the host otherwise.
struct Buffer {
  void* data = nullptr;
  std::size_t count = 0;  ///< elements
  DataType type = DataType::float32;

  Buffer(void* memory, std::size_t elements, DataType data_type)
      : data(memory), count(elements), type(data_type) {}
  template <std::size_t N>
  Buffer(std::span<float, N> span) : Buffer(span.data(), span.size(), DataType::float32) {}
  template <std::size_t N>
  Buffer(std::span<double, N> span) : Buffer(span.data(), span.size(), DataType::float64) {}
  template <std::size_t N>
  Buffer(std::span<std::int64_t, N> span) : Buffer(span.data(), span.size(), DataType::int64) {}
};

/// A collective under way. Destroying it waits.
class Request {
 public:
  virtual ~Request() = default;
  /// Makes progress; true when it is done.
  virtual bool test() = 0;
  /// Throws Error(distributed) when the time limit passes, naming operation and rank.
  virtual void wait() = 0;
};

/// The group of processes that train one model. A group of one makes every collective a no-op, so
/// callers never ask for the size. All ranks call the same operations in the same order. Not
/// thread-safe. Operations throw Error(distributed), naming operation and rank, when a peer does
/// not answer in time.
class Communicator {
 public:
  virtual ~Communicator() = default;

  virtual int rank() const = 0;
  virtual int size() const = 0;
  virtual std::string backend() const = 0;  ///< "single", "mpi" or "nccl"

  virtual void all_reduce(Buffer buffer, ReduceOp op) = 0;
  /// Sum; `buffer` must live and stay untouched until the request is done.
  virtual std::unique_ptr<Request> all_reduce_async(Buffer buffer) = 0;
  virtual void broadcast(Buffer buffer, int root) = 0;
  virtual void barrier() = 0;
  /// Ends the whole job with this exit code; for failures that the other ranks can't know of.
  [[noreturn]] virtual void abort(int exit_code) = 0;

  bool is_root() const { return rank() == 0; }
};

/// The identity: one process.
std::unique_ptr<Communicator> make_single_communicator();

}  // namespace parlando::dist
