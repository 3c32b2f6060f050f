#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace parlando::dist {

/// A message under way. It may not be destroyed before it is done, unless the job ends.
class Transfer {
 public:
  virtual ~Transfer() = default;
  /// Makes progress; true when the message is delivered or taken over.
  virtual bool test() = 0;
};

/// Messages between the ranks of a job: what MPI and TCP have in common, and all that the
/// collectives are made of. Messages of one sender with one tag arrive in the order in which they
/// were sent. Not thread-safe. Operations throw Error(distributed), naming the rank, when a peer
/// is gone.
class Transport {
 public:
  virtual ~Transport() = default;

  virtual int rank() const = 0;
  virtual int size() const = 0;
  virtual std::string name() const = 0;  ///< "mpi" or "tcp"

  /// `bytes` must live and stay untouched until the transfer is done. 0 <= tag < 32768.
  virtual std::unique_ptr<Transfer> send(int peer, int tag, std::span<const std::byte> bytes) = 0;
  /// The message must have exactly this length.
  virtual std::unique_ptr<Transfer> receive(int peer, int tag, std::span<std::byte> bytes) = 0;

  /// Ends the whole job with this exit code.
  [[noreturn]] virtual void abort(int exit_code) = 0;
};

}  // namespace parlando::dist
