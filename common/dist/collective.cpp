#include "common/dist/collective.h"

#include <algorithm>
#include <cstring>

#include "common/dist/tree_reduce.h"

namespace parlando::dist {
namespace {

// Up to this length one round with everything is faster than two with parts.
constexpr std::size_t kSmallBytes = 8192;

std::span<std::byte> bytes_of(const Buffer& buffer, std::size_t begin, std::size_t end) {
  const std::size_t element = size_of(buffer.type);
  return {static_cast<std::byte*>(buffer.data) + begin * element, (end - begin) * element};
}

class AllReduce : public Collective {
 public:
  AllReduce(Transport& transport, int tag, Buffer buffer, ReduceOp op)
      : transport_(transport),
        buffer_(buffer),
        op_(op),
        small_(buffer.count * size_of(buffer.type) <= kSmallBytes),
        collect_(transport, tag),
        spread_(transport, tag + 1) {
    const auto ranks = static_cast<std::size_t>(transport.size());
    const std::size_t own = part(transport.rank()).size();
    scratch_ = std::make_unique_for_overwrite<std::byte[]>((ranks - 1) * own);
    std::size_t slot = 0;
    for (int peer = 0; peer < transport.size(); ++peer) {
      if (peer == transport.rank()) {
        pieces_.push_back(part(peer).data());
        continue;
      }
      const std::span<std::byte> piece = std::span(scratch_.get() + own * slot++, own);
      pieces_.push_back(piece.data());
      collect_.receive(peer, piece);
    }
    for_peers([&](int peer) { collect_.send(peer, part(peer)); });
  }

  bool advance() override {
    if (!reduced_) {
      if (!collect_.done()) return false;
      reduce();
    }
    return spread_.done();
  }

  std::vector<int> missing() const override {
    return reduced_ ? spread_.missing() : collect_.missing();
  }

 private:
  /// What `rank` reduces.
  std::span<std::byte> part(int rank) const {
    if (small_) return bytes_of(buffer_, 0, buffer_.count);
    const auto r = static_cast<std::size_t>(rank);
    const auto ranks = static_cast<std::size_t>(transport_.size());
    return bytes_of(buffer_, buffer_.count * r / ranks, buffer_.count * (r + 1) / ranks);
  }

  void reduce() {
    const std::span<std::byte> own = part(transport_.rank());
    tree_reduce(pieces_, own.size() / size_of(buffer_.type), buffer_.type, op_);
    if (pieces_[0] != own.data()) std::memcpy(own.data(), pieces_[0], own.size());
    reduced_ = true;
    if (small_) return;
    for_peers([&](int peer) { spread_.receive(peer, part(peer)); });
    for_peers([&](int peer) { spread_.send(peer, own); });
  }

  /// Every other rank, the next one first, so that not all send to the same one.
  template <class Action>
  void for_peers(const Action& action) const {
    for (int i = 1; i < transport_.size(); ++i) action((transport_.rank() + i) % transport_.size());
  }

  Transport& transport_;
  Buffer buffer_;
  ReduceOp op_;
  bool small_;
  bool reduced_ = false;
  Exchange collect_, spread_;
  std::unique_ptr<std::byte[]> scratch_;
  std::vector<void*> pieces_;
};

class Broadcast : public Collective {
 public:
  Broadcast(Transport& transport, int tag, Buffer buffer, int root)
      : transport_(transport),
        bytes_(bytes_of(buffer, 0, buffer.count)),
        root_(root),
        from_parent_(transport, tag),
        to_children_(transport, tag) {
    // Counted from the root, the parent is the rank without its lowest bit.
    if (distance() != 0) from_parent_.receive(at(distance() & (distance() - 1)), bytes_);
  }

  bool advance() override {
    if (!sent_) {
      if (!from_parent_.done()) return false;
      send_to_children();
    }
    return to_children_.done();
  }

  std::vector<int> missing() const override {
    return sent_ ? to_children_.missing() : from_parent_.missing();
  }

 private:
  int distance() const {
    return (transport_.rank() - root_ + transport_.size()) % transport_.size();
  }
  int at(int distance) const { return (distance + root_) % transport_.size(); }

  void send_to_children() {
    sent_ = true;
    for (int bit = 1; distance() + bit < transport_.size() && (distance() & bit) == 0; bit *= 2)
      to_children_.send(at(distance() + bit), bytes_);
  }

  Transport& transport_;
  std::span<std::byte> bytes_;
  int root_;
  bool sent_ = false;
  Exchange from_parent_, to_children_;
};

}  // namespace

void Exchange::send(int peer, std::span<const std::byte> bytes) {
  pending_.push_back({peer, transport_.send(peer, tag_, bytes)});
}

void Exchange::receive(int peer, std::span<std::byte> bytes) {
  pending_.push_back({peer, transport_.receive(peer, tag_, bytes)});
}

bool Exchange::done() {
  std::erase_if(pending_, [](const Pending& pending) { return pending.transfer->test(); });
  return pending_.empty();
}

std::vector<int> Exchange::missing() const {
  std::vector<int> ranks;
  for (const Pending& pending : pending_) ranks.push_back(pending.peer);
  std::ranges::sort(ranks);
  ranks.erase(std::ranges::unique(ranks).begin(), ranks.end());
  return ranks;
}

std::unique_ptr<Collective> make_all_reduce(Transport& transport, int tag, Buffer buffer,
                                            ReduceOp op) {
  return std::make_unique<AllReduce>(transport, tag, buffer, op);
}

std::unique_ptr<Collective> make_broadcast(Transport& transport, int tag, Buffer buffer, int root) {
  return std::make_unique<Broadcast>(transport, tag, buffer, root);
}

}  // namespace parlando::dist
