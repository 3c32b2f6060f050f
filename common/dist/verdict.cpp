#include "common/dist/verdict.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "common/core/text.h"

namespace parlando::dist {
namespace {

constexpr std::size_t kPeersNamed = 4;

std::string rank_name(int rank, int size) {
  return size == 1 ? "" : fmt::format("rank {} of {}: ", rank, size);
}

std::string peer_text(const Peer& peer) {
  const std::string name =
      peer.process.host.empty()
          ? fmt::format("rank {}", peer.rank)
          : fmt::format("rank {} (pid {} on {})", peer.rank, peer.process.pid, peer.process.host);
  const std::string last = describe(peer.activity);
  switch (peer.presence) {
    case Peer::Presence::absent:
      return fmt::format("rank {} has not come, or has left", peer.rank);
    case Peer::Presence::running:
      return fmt::format("{} is in {}", name, last);
    case Peer::Presence::stopped:
      return fmt::format("{} is stopped, last in {}", name, last);
    case Peer::Presence::gone:
      return fmt::format("{} has ended, last in {}", name, last);
    case Peer::Presence::silent:
      return fmt::format("{} gives no sign of life, last in {}", name, last);
  }
  return name;
}

std::vector<Peer> filtered(const std::vector<Peer>& peers,
                           const std::function<bool(const Peer&)>& wanted) {
  std::vector<Peer> result;
  std::ranges::copy_if(peers, std::back_inserter(result), wanted);
  return result;
}

std::string list(const std::vector<Peer>& peers) {
  std::vector<std::string> parts;
  for (const Peer& peer : peers) {
    if (parts.size() < kPeersNamed) parts.push_back(peer_text(peer));
  }
  if (peers.size() > kPeersNamed)
    parts.push_back(fmt::format("{} more ranks", peers.size() - kPeersNamed));
  return join_text(parts, "; ");
}

/// The peers that explain a wait: lost ones; else those that do not wait themselves; else all.
std::vector<Peer> culprits(const std::vector<Peer>& peers) {
  for (const auto& wanted : std::vector<std::function<bool(const Peer&)>>{
           [](const Peer& peer) { return peer.lost(); },
           [](const Peer& peer) { return peer.presence == Peer::Presence::absent; },
           [](const Peer& peer) { return !peer.activity.waits_for_ranks; }}) {
    std::vector<Peer> found = filtered(peers, wanted);
    if (!found.empty()) return found;
  }
  return peers;
}

}  // namespace

std::string describe(const Activity& activity) {
  if (activity.epoch == 0) return activity.operation;
  if (activity.step == 0) return fmt::format("{}, epoch {}", activity.operation, activity.epoch);
  return fmt::format("{}, step {} of epoch {}", activity.operation, activity.step, activity.epoch);
}

std::string timeout_message(int rank, int size, const Activity& own, double seconds,
                            const std::string& limit_key, const std::vector<Peer>& peers) {
  const std::string others = own.waits_for_ranks ? list(culprits(peers)) : "";
  return fmt::format("{}no progress for {:.3g} s in {}{}{}; the job ends ({} sets the limit)",
                     rank_name(rank, size), seconds, describe(own), others.empty() ? "" : "; ",
                     others, limit_key);
}

std::string lost_peer_message(int rank, int size, const Activity& own,
                              const std::vector<Peer>& peers) {
  return fmt::format("{}asked to stop in {}, but {}; the job ends at its last checkpoint",
                     rank_name(rank, size), describe(own),
                     list(filtered(peers, [](const Peer& peer) { return peer.lost(); })));
}

}  // namespace parlando::dist
