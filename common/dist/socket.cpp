#include "common/dist/socket.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/core/error.h"

namespace parlando::dist {
namespace {

constexpr std::chrono::milliseconds kRetryInterval{50};
constexpr int kBacklog = 1024;

[[noreturn]] void fail_with_errno(const std::string& what) {
  fail(ErrorKind::distributed, "{}: {}", what, std::strerror(errno));
}

/// Until the descriptor can be read or written without waiting.
void wait_for(int descriptor, short events, Deadline deadline, const char* what) {
  while (true) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0)
      fail(ErrorKind::distributed, "{}: no answer from the other side in time", what);
    pollfd entry{descriptor, events, 0};
    const int ready = poll(&entry, 1, static_cast<int>(std::min<std::int64_t>(left.count(), 1000)));
    if (ready > 0) return;
    if (ready < 0 && errno != EINTR) fail_with_errno(what);
  }
}

sockaddr_in resolve(const TcpAddress& address) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int status = getaddrinfo(address.host.c_str(), nullptr, &hints, &found);
  if (status != 0) {
    fail(ErrorKind::distributed, "the host name '{}' of rank 0 is not known here: {}", address.host,
         gai_strerror(status));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, freeaddrinfo);
  sockaddr_in result{};
  std::memcpy(&result, found->ai_addr, sizeof(result));
  result.sin_port = htons(static_cast<std::uint16_t>(address.port));
  return result;
}

template <class Address>
sockaddr* generic(Address& address) {
  return reinterpret_cast<sockaddr*>(&address);
}

Socket make_socket() {
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) fail_with_errno("socket");
  return socket;
}

void send_without_delay(const Socket& socket) {
  const int on = 1;
  setsockopt(socket.descriptor(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

}  // namespace

Socket::~Socket() {
  close();
}

Socket::Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

Socket& Socket::operator=(Socket&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

void Socket::close() {
  if (is_open()) ::close(std::exchange(descriptor_, -1));
}

void Socket::send_all(std::span<const std::byte> bytes, Deadline deadline) const {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN || errno == EINTR) {
      wait_for(descriptor_, POLLOUT, deadline, "sending");
    } else {
      fail_with_errno("sending");
    }
  }
}

void Socket::receive_all(std::span<std::byte> bytes, Deadline deadline) const {
  while (!bytes.empty()) {
    const ssize_t got = ::recv(descriptor_, bytes.data(), bytes.size(), 0);
    if (got > 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(got));
    } else if (got == 0) {
      fail(ErrorKind::distributed, "receiving: the other side has closed the connection");
    } else if (errno == EAGAIN || errno == EINTR) {
      wait_for(descriptor_, POLLIN, deadline, "receiving");
    } else {
      fail_with_errno("receiving");
    }
  }
}

Socket Socket::accept(Deadline deadline) const {
  while (true) {
    Socket connection(accept4(descriptor_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (connection.is_open()) {
      send_without_delay(connection);
      return connection;
    }
    if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) fail_with_errno("accept");
    wait_for(descriptor_, POLLIN, deadline, "waiting for the other ranks to connect");
  }
}

int Socket::local_port() const {
  sockaddr_in address{};
  socklen_t length = sizeof(address);
  if (getsockname(descriptor_, generic(address), &length) != 0) fail_with_errno("getsockname");
  return ntohs(address.sin_port);
}

std::string Socket::peer_address() const {
  sockaddr_in address{};
  socklen_t length = sizeof(address);
  if (getpeername(descriptor_, generic(address), &length) != 0) fail_with_errno("getpeername");
  std::array<char, INET_ADDRSTRLEN> text{};
  inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size());
  return text.data();
}

Socket listen_on(const TcpAddress& address) {
  sockaddr_in local = resolve(address);
  const bool is_loopback = (ntohl(local.sin_addr.s_addr) >> 24) == 127;
  if (!is_loopback) local.sin_addr.s_addr = htonl(INADDR_ANY);
  Socket socket = make_socket();
  const int on = 1;
  setsockopt(socket.descriptor(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (bind(socket.descriptor(), generic(local), sizeof(local)) != 0 ||
      listen(socket.descriptor(), kBacklog) != 0) {
    fail_with_errno(fmt::format("listening on port {} of {}", address.port, address.host));
  }
  return socket;
}

Socket connect_to(const TcpAddress& address, Deadline deadline) {
  const std::string what = fmt::format("connecting to {}:{}", address.host, address.port);
  sockaddr_in remote = resolve(address);
  while (true) {
    Socket socket = make_socket();
    int error = 0;
    if (connect(socket.descriptor(), generic(remote), sizeof(remote)) != 0) {
      error = errno;
      if (error == EINPROGRESS) {
        wait_for(socket.descriptor(), POLLOUT, deadline, what.c_str());
        socklen_t length = sizeof(error);
        getsockopt(socket.descriptor(), SOL_SOCKET, SO_ERROR, &error, &length);
      }
    }
    if (error == 0) {
      send_without_delay(socket);
      return socket;
    }
    if (std::chrono::steady_clock::now() + kRetryInterval > deadline)
      fail(ErrorKind::distributed, "{}: {}", what, std::strerror(error));
    std::this_thread::sleep_for(kRetryInterval);
  }
}

}  // namespace parlando::dist
