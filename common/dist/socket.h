#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace parlando::dist {

/// Where a server listens: a host name or an IPv4 address, and a port.
struct TcpAddress {
  std::string host;
  int port = 0;
};

using Deadline = std::chrono::steady_clock::time_point;

/// A TCP socket. All operations throw Error(distributed) when they fail or the deadline passes.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  ~Socket();
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&& other) noexcept;

  int descriptor() const { return descriptor_; }
  bool is_open() const { return descriptor_ >= 0; }
  void close();

  void send_all(std::span<const std::byte> bytes, Deadline deadline) const;
  void receive_all(std::span<std::byte> bytes, Deadline deadline) const;
  /// The next connection to a listening socket.
  Socket accept(Deadline deadline) const;
  int local_port() const;
  std::string peer_address() const;  ///< IPv4 address of the other end

 private:
  int descriptor_ = -1;
};

/// Listens on a port, or on any free one for 0: on the loopback interface alone if `host` is of it,
/// otherwise on all.
Socket listen_on(const TcpAddress& address);

/// Connects, trying again until the deadline while nobody listens there.
Socket connect_to(const TcpAddress& address, Deadline deadline);

}  // namespace parlando::dist
