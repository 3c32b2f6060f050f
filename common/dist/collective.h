#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "common/dist/communicator.h"
#include "common/dist/transport.h"

namespace parlando::dist {

/// The messages of one step of a collective.
class Exchange {
 public:
  Exchange(Transport& transport, int tag) : transport_(transport), tag_(tag) {}

  void send(int peer, std::span<const std::byte> bytes);
  void receive(int peer, std::span<std::byte> bytes);
  /// Makes progress; true when all messages are through.
  bool done();
  /// The ranks that a message is still under way to or from, each once.
  std::vector<int> missing() const;

 private:
  struct Pending {
    int peer;
    std::unique_ptr<Transfer> transfer;
  };
  Transport& transport_;
  int tag_;
  std::vector<Pending> pending_;
};

/// A collective as a sequence of exchanges; it advances when it is asked to.
class Collective {
 public:
  virtual ~Collective() = default;
  /// Makes progress; true when this rank is through.
  virtual bool advance() = 0;
  /// The ranks that it waits for.
  virtual std::vector<int> missing() const = 0;
};

/// Reduces over all ranks in the order of tree_reduce, whatever the hosts and links between them.
/// Small buffers: every rank gets everything and reduces it. Others: rank r gets and reduces the
/// r-th part, and sends it to all. Uses the tags `tag` and `tag + 1`.
std::unique_ptr<Collective> make_all_reduce(Transport& transport, int tag, Buffer buffer,
                                            ReduceOp op);

/// Sends the root's values to all ranks along a binomial tree.
std::unique_ptr<Collective> make_broadcast(Transport& transport, int tag, Buffer buffer, int root);

}  // namespace parlando::dist
