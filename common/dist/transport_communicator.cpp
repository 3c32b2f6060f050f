#include "common/dist/transport_communicator.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <utility>
#include <vector>

#include <fmt/ranges.h>
#include <sched.h>
#include <unistd.h>

#include "common/core/error.h"
#include "common/dist/collective.h"

namespace parlando::dist {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kSpinsBeforeSleep = 20000;
constexpr useconds_t kSleepMicroseconds = 50;

// Transports take tags below 32768; each collective uses two.
constexpr int kSequences = 16384;

class TransportRequest;

class TransportCommunicator : public Communicator {
 public:
  TransportCommunicator(std::unique_ptr<Transport> transport, double timeout_seconds)
      : transport_(std::move(transport)), timeout_seconds_(timeout_seconds) {}

  int rank() const override { return transport_->rank(); }
  int size() const override { return transport_->size(); }
  std::string backend() const override { return transport_->name(); }

  void all_reduce(Buffer buffer, ReduceOp op) override {
    start("all_reduce", make_all_reduce(*transport_, next_tag(), buffer, op))->wait();
  }
  std::unique_ptr<Request> all_reduce_async(Buffer buffer) override {
    return start("gradient all_reduce",
                 make_all_reduce(*transport_, next_tag(), buffer, ReduceOp::sum));
  }
  void broadcast(Buffer buffer, int root) override {
    start("broadcast", make_broadcast(*transport_, next_tag(), buffer, root))->wait();
  }
  void barrier() override {
    std::array<std::int64_t, 1> nothing{};
    start("barrier", make_all_reduce(*transport_, next_tag(), std::span(nothing), ReduceOp::max))
        ->wait();
  }
  [[noreturn]] void abort(int exit_code) override {
    transport_->abort(exit_code);
    _exit(exit_code);
  }

  double timeout_seconds() const { return timeout_seconds_; }
  void advance_all();
  void enter(TransportRequest* request) { active_.push_back(request); }
  void leave(TransportRequest* request) { std::erase(active_, request); }

 private:
  std::unique_ptr<Request> start(const char* name, std::unique_ptr<Collective> collective);

  int next_tag() {
    sequence_ = (sequence_ + 1) % kSequences;
    return 2 * sequence_;
  }

  std::unique_ptr<Transport> transport_;
  double timeout_seconds_;
  int sequence_ = 0;
  std::vector<TransportRequest*> active_;
};

class TransportRequest : public Request {
 public:
  TransportRequest(TransportCommunicator& group, const char* name,
                   std::unique_ptr<Collective> collective)
      : group_(group), name_(name), collective_(std::move(collective)) {
    group_.enter(this);
  }
  ~TransportRequest() override {
    // While an exception unwinds, the peers may never answer: the job is about to be ended.
    if (!done_ && std::uncaught_exceptions() == 0) {
      try {
        wait();
      } catch (const Error&) {
        group_.abort(static_cast<int>(ErrorKind::distributed));
      }
    }
    group_.leave(this);
  }
  TransportRequest(const TransportRequest&) = delete;
  TransportRequest& operator=(const TransportRequest&) = delete;

  bool test() override {
    done_ = done_ || collective_->advance();
    return done_;
  }

  void wait() override {
    const Clock::time_point start = Clock::now();
    for (int spin = 0; !test(); ++spin) {
      group_.advance_all();
      if (spin < kSpinsBeforeSleep) {
        sched_yield();
        continue;
      }
      usleep(kSleepMicroseconds);
      if (std::chrono::duration<double>(Clock::now() - start).count() > group_.timeout_seconds())
        fail_late();
    }
  }

 private:
  [[noreturn]] void fail_late() const {
    const std::vector<int> missing = collective_->missing();
    fail(ErrorKind::distributed,
         "rank {}: {} got no answer from rank{} {} within {:.0f} s; a rank is lost or stuck "
         "(distributed.timeout_seconds sets the limit)",
         group_.rank(), name_, missing.size() == 1 ? "" : "s", fmt::join(missing, ", "),
         group_.timeout_seconds());
  }

  TransportCommunicator& group_;
  const char* name_;
  std::unique_ptr<Collective> collective_;
  bool done_ = false;
};

void TransportCommunicator::advance_all() {
  for (TransportRequest* request : active_) request->test();
}

std::unique_ptr<Request> TransportCommunicator::start(const char* name,
                                                      std::unique_ptr<Collective> collective) {
  return std::make_unique<TransportRequest>(*this, name, std::move(collective));
}

}  // namespace

std::unique_ptr<Communicator> make_transport_communicator(std::unique_ptr<Transport> transport,
                                                          double timeout_seconds) {
  return std::make_unique<TransportCommunicator>(std::move(transport), timeout_seconds);
}

}  // namespace parlando::dist
