#include "common/dist/tcp_communicator.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <utility>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/core/error.h"
#include "common/dist/transport_communicator.h"

namespace parlando::dist {
namespace {

/// Goes before every message.
struct Header {
  std::uint64_t tag = 0;
  std::uint64_t bytes = 0;
};

constexpr std::uint64_t kLongestMessage = std::uint64_t{1} << 33;

/// The messages to and from one rank.
class Link {
 public:
  Link(Socket socket, int rank, int peer) : socket_(std::move(socket)), rank_(rank), peer_(peer) {}

  std::shared_ptr<bool> send(int tag, std::span<const std::byte> bytes) {
    const auto done = std::make_shared<bool>(false);
    outgoing_.push_back({{static_cast<std::uint64_t>(tag), bytes.size()}, bytes, 0, done});
    push();
    return done;
  }

  std::shared_ptr<bool> receive(int tag, std::span<std::byte> bytes) {
    const auto done = std::make_shared<bool>(false);
    const auto early = std::ranges::find(early_, static_cast<std::uint64_t>(tag), &Early::tag);
    if (early != early_.end()) {
      check_length(early->bytes.size(), bytes.size());
      std::ranges::copy(early->bytes, bytes.begin());
      early_.erase(early);
      *done = true;
    } else {
      posted_.push_back({static_cast<std::uint64_t>(tag), bytes, done});
    }
    return done;
  }

  /// Sends and takes in what goes without waiting.
  void progress() {
    push();
    pull();
  }

  bool is_waited_for() const { return !posted_.empty() || !outgoing_.empty(); }
  int descriptor() const { return socket_.descriptor(); }

 private:
  struct Outgoing {
    Header header;
    std::span<const std::byte> bytes;
    std::size_t sent;  // of header and bytes
    std::shared_ptr<bool> done;
  };
  struct Posted {
    std::uint64_t tag;
    std::span<std::byte> bytes;
    std::shared_ptr<bool> done;
  };
  struct Early {
    std::uint64_t tag;
    std::vector<std::byte> bytes;
  };

  void check_length(std::size_t sent, std::size_t expected) const {
    if (sent == expected) return;
    fail(ErrorKind::distributed,
         "rank {}: rank {} sent {} bytes where {} were expected; the ranks are not in the same "
         "operation",
         rank_, peer_, sent, expected);
  }

  [[noreturn]] void fail_lost(const char* why) const {
    fail(ErrorKind::distributed, "rank {}: lost the connection to rank {}: {}", rank_, peer_, why);
  }

  void push() {
    while (!outgoing_.empty()) {
      Outgoing& message = outgoing_.front();
      const bool in_header = message.sent < sizeof(Header);
      const std::span<const std::byte> rest =
          in_header ? std::as_bytes(std::span(&message.header, 1)).subspan(message.sent)
                    : message.bytes.subspan(message.sent - sizeof(Header));
      if (!rest.empty()) {
        const int more = in_header && !message.bytes.empty() ? MSG_MORE : 0;
        const ssize_t sent =
            ::send(socket_.descriptor(), rest.data(), rest.size(), MSG_NOSIGNAL | more);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (sent < 0) fail_lost(std::strerror(errno));
        message.sent += static_cast<std::size_t>(sent);
      }
      if (message.sent < sizeof(Header) + message.bytes.size()) continue;
      *message.done = true;
      outgoing_.pop_front();
    }
  }

  /// Fills `into` from `got` on; true when it is full.
  bool fill(std::span<std::byte> into, std::size_t& got) {
    while (got < into.size()) {
      const ssize_t count =
          ::recv(socket_.descriptor(), into.data() + got, into.size() - got, MSG_DONTWAIT);
      if (count < 0 && (errno == EAGAIN || errno == EINTR)) return false;
      if (count < 0) fail_lost(std::strerror(errno));
      if (count == 0) {
        // A rank that is through may leave, as long as nobody waits for it.
        if (!posted_.empty() || got > 0) fail_lost("it has ended");
        return false;
      }
      got += static_cast<std::size_t>(count);
    }
    return true;
  }

  void pull() {
    while (true) {
      if (header_got_ < sizeof(Header)) {
        if (!fill(std::as_writable_bytes(std::span(&header_, 1)), header_got_)) return;
        begin_body();
      }
      if (!fill(body_, body_got_)) return;
      end_body();
    }
  }

  void begin_body() {
    if (header_.bytes > kLongestMessage) fail_lost("it sent something else than a message");
    body_got_ = 0;
    const auto target = std::ranges::find(posted_, header_.tag, &Posted::tag);
    if (target != posted_.end()) {
      check_length(header_.bytes, target->bytes.size());
      current_ = target->done;
      body_ = target->bytes;
      // It keeps its place as a sign that this rank waits.
      return;
    }
    current_.reset();
    spare_.resize(header_.bytes);
    body_ = spare_;
  }

  void end_body() {
    header_got_ = 0;
    if (current_) {
      *current_ = true;
      posted_.erase(std::ranges::find(posted_, current_, &Posted::done));
      return;
    }
    // Somebody may have asked for it while it came in.
    const auto target = std::ranges::find(posted_, header_.tag, &Posted::tag);
    if (target == posted_.end()) {
      early_.push_back({header_.tag, std::exchange(spare_, {})});
      return;
    }
    check_length(spare_.size(), target->bytes.size());
    std::ranges::copy(spare_, target->bytes.begin());
    *target->done = true;
    posted_.erase(target);
  }

  Socket socket_;
  int rank_, peer_;
  std::deque<Outgoing> outgoing_;
  std::deque<Posted> posted_;
  std::deque<Early> early_;  // came before they were asked for
  Header header_;            // of the message that comes in
  std::size_t header_got_ = 0, body_got_ = 0;
  std::span<std::byte> body_;
  std::vector<std::byte> spare_;  // its bytes when nobody has asked for it
  std::shared_ptr<bool> current_;
};

class TcpTransport;

class TcpTransfer : public Transfer {
 public:
  TcpTransfer(TcpTransport& transport, std::shared_ptr<bool> done)
      : transport_(transport), done_(std::move(done)) {}
  bool test() override;

 private:
  TcpTransport& transport_;
  std::shared_ptr<bool> done_;
};

class TcpTransport : public Transport {
 public:
  explicit TcpTransport(const TcpMeeting& meeting) : rank_(meeting.rank) {
    std::vector<Socket> sockets = meet(meeting);
    for (std::size_t peer = 0; peer < sockets.size(); ++peer)
      links_.emplace_back(std::move(sockets[peer]), rank_, static_cast<int>(peer));
  }

  int rank() const override { return rank_; }
  int size() const override { return static_cast<int>(links_.size()); }
  std::string name() const override { return "tcp"; }

  std::unique_ptr<Transfer> send(int peer, int tag, std::span<const std::byte> bytes) override {
    return std::make_unique<TcpTransfer>(*this, link(peer).send(tag, bytes));
  }
  std::unique_ptr<Transfer> receive(int peer, int tag, std::span<std::byte> bytes) override {
    return std::make_unique<TcpTransfer>(*this, link(peer).receive(tag, bytes));
  }
  /// The others notice by their connections.
  [[noreturn]] void abort(int exit_code) override { _exit(exit_code); }

  void progress() {
    for (Link& link : links_) {
      if (link.is_waited_for()) link.progress();
    }
  }

 private:
  Link& link(int peer) { return links_[static_cast<std::size_t>(peer)]; }

  int rank_;
  std::vector<Link> links_;
};

bool TcpTransfer::test() {
  if (!*done_) transport_.progress();
  return *done_;
}

}  // namespace

std::unique_ptr<Communicator> make_tcp_communicator(const TcpMeeting& meeting,
                                                    double timeout_seconds) {
  return make_transport_communicator(std::make_unique<TcpTransport>(meeting), timeout_seconds);
}

}  // namespace parlando::dist
