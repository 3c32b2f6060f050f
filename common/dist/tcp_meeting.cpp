#include <array>
#include <cstdint>
#include <cstring>
#include <string>

#include <fmt/ranges.h>

#include "common/core/error.h"
#include "common/dist/tcp_communicator.h"

namespace parlando::dist {
namespace {

constexpr std::uint64_t kMagic = 0x7061726c616e646f;  // "parlando"
constexpr std::uint32_t kProtocol = 1;
/// How long a connection may take to say who it is, so that a stray one does not stop the others.
constexpr std::chrono::seconds kGreetingTime{5};

struct Greeting {
  std::uint64_t magic = kMagic;
  std::uint32_t protocol = kProtocol;
  std::int32_t rank = 0;
  std::int32_t size = 0;
  std::int32_t port = 0;  ///< where this rank listens
};

/// Where a rank listens, for the others. Rank 0 sends one for each rank after `refused` = 0.
struct Place {
  std::array<char, 16> address{};
  std::int32_t port = 0;
  std::int32_t refused = 0;
};

template <class T>
void send_value(const Socket& socket, const T& value, Deadline deadline) {
  socket.send_all(std::as_bytes(std::span(&value, 1)), deadline);
}

template <class T>
T receive_value(const Socket& socket, Deadline deadline) {
  T value;
  socket.receive_all(std::as_writable_bytes(std::span(&value, 1)), deadline);
  return value;
}

Greeting greeting_of(const TcpMeeting& meeting, int port) {
  Greeting greeting;
  greeting.rank = meeting.rank;
  greeting.size = meeting.size;
  greeting.port = port;
  return greeting;
}

/// The next connection that says it is one of ours, and what it says.
std::pair<Socket, Greeting> accept_rank(const Socket& listener, Deadline deadline) {
  while (true) {
    Socket socket = listener.accept(deadline);
    try {
      const Deadline soon = std::min(deadline, std::chrono::steady_clock::now() + kGreetingTime);
      const auto greeting = receive_value<Greeting>(socket, soon);
      if (greeting.magic == kMagic) return {std::move(socket), greeting};
    } catch (const Error&) {
      // Somebody who says nothing: not one of ours.
    }
  }
}

/// Why rank 0 does not take this one in; empty if it does.
std::string objection(const Greeting& greeting, const TcpMeeting& meeting,
                      const std::vector<Socket>& sockets) {
  if (greeting.protocol != kProtocol) return "a rank runs another version of this program";
  if (greeting.size != meeting.size) {
    return fmt::format("a rank was told of {} ranks, rank 0 of {}", greeting.size, meeting.size);
  }
  if (greeting.rank < 1 || greeting.rank >= meeting.size)
    return fmt::format("a rank calls itself {} of {}", greeting.rank, meeting.size);
  if (sockets[static_cast<std::size_t>(greeting.rank)].is_open())
    return fmt::format("two processes call themselves rank {}", greeting.rank);
  return {};
}

std::vector<Socket> gather_ranks(const TcpMeeting& meeting, Deadline deadline) {
  std::vector<Socket> sockets(static_cast<std::size_t>(meeting.size));
  std::vector<Place> places(sockets.size());
  const Socket listener = listen_on(meeting.root);
  for (int missing = meeting.size - 1; missing > 0; --missing) {
    std::pair<Socket, Greeting> arrival;
    try {
      arrival = accept_rank(listener, deadline);
    } catch (const Error&) {
      std::vector<int> absent;
      for (int rank = 1; rank < meeting.size; ++rank) {
        if (!sockets[static_cast<std::size_t>(rank)].is_open()) absent.push_back(rank);
      }
      fail(ErrorKind::distributed, "rank{} {} did not connect to {}:{} within {:.0f} s",
           absent.size() == 1 ? "" : "s", fmt::join(absent, ", "), meeting.root.host,
           meeting.root.port, meeting.timeout_seconds);
    }
    const auto& [socket, greeting] = arrival;
    const std::string reason = objection(greeting, meeting, sockets);
    if (!reason.empty()) {
      Place refusal;
      refusal.refused = 1;
      send_value(socket, refusal, deadline);
      for (const Socket& other : sockets) {
        if (other.is_open()) send_value(other, refusal, deadline);
      }
      fail(ErrorKind::distributed, "{}; start all ranks with the same variables", reason);
    }
    const auto rank = static_cast<std::size_t>(greeting.rank);
    socket.peer_address().copy(places[rank].address.data(), places[rank].address.size() - 1);
    places[rank].port = greeting.port;
    sockets[rank] = std::move(arrival.first);
  }
  for (const Socket& socket : sockets) {
    if (!socket.is_open()) continue;
    for (const Place& place : places) send_value(socket, place, deadline);
  }
  return sockets;
}

std::vector<Socket> join_ranks(const TcpMeeting& meeting, Deadline deadline) {
  std::vector<Socket> sockets(static_cast<std::size_t>(meeting.size));
  Socket& root = sockets.front() = connect_to(meeting.root, deadline);
  const bool is_local = root.peer_address().starts_with("127.");
  const Socket listener = listen_on({is_local ? "127.0.0.1" : "0.0.0.0", 0});
  send_value(root, greeting_of(meeting, listener.local_port()), deadline);
  std::vector<Place> places;
  for (int rank = 0; rank < meeting.size; ++rank) {
    places.push_back(receive_value<Place>(root, deadline));
    if (places.back().refused != 0) {
      fail(ErrorKind::distributed,
           "rank {}: rank 0 refused the ranks that came; its message says why", meeting.rank);
    }
  }
  for (int rank = 1; rank < meeting.rank; ++rank) {
    const Place& place = places[static_cast<std::size_t>(rank)];
    Socket socket = connect_to({place.address.data(), place.port}, deadline);
    send_value(socket, greeting_of(meeting, 0), deadline);
    sockets[static_cast<std::size_t>(rank)] = std::move(socket);
  }
  for (int missing = meeting.size - 1 - meeting.rank; missing > 0; --missing) {
    auto [socket, greeting] = accept_rank(listener, deadline);
    if (greeting.rank <= meeting.rank || greeting.rank >= meeting.size) {
      fail(ErrorKind::distributed, "rank {}: a process calls itself rank {}", meeting.rank,
           greeting.rank);
    }
    sockets[static_cast<std::size_t>(greeting.rank)] = std::move(socket);
  }
  return sockets;
}

}  // namespace

std::vector<Socket> meet(const TcpMeeting& meeting) {
  const Deadline deadline = std::chrono::steady_clock::now() +
                            std::chrono::duration_cast<std::chrono::milliseconds>(
                                std::chrono::duration<double>(meeting.timeout_seconds));
  try {
    return meeting.rank == 0 ? gather_ranks(meeting, deadline) : join_ranks(meeting, deadline);
  } catch (const Error& error) {
    fail(ErrorKind::distributed, "rank {} of {} did not get together with the others at {}:{}: {}",
         meeting.rank, meeting.size, meeting.root.host, meeting.root.port, error.what());
  }
}

}  // namespace parlando::dist
