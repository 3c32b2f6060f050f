#include "common/dist/watched_communicator.h"

#include <utility>

#include <unistd.h>

namespace parlando::dist {
namespace {

constexpr bool kWaitsForRanks = true;

class WatchedRequest : public Request {
 public:
  WatchedRequest(std::unique_ptr<Request> request, Watchdog& watchdog)
      : request_(std::move(request)), watchdog_(watchdog) {}
  ~WatchedRequest() override {
    if (done_) return;
    const Watchdog::Operation operation = watchdog_.enter("gradient all_reduce", kWaitsForRanks);
    request_.reset();
  }
  WatchedRequest(const WatchedRequest&) = delete;
  WatchedRequest& operator=(const WatchedRequest&) = delete;

  bool test() override {
    done_ = request_->test();
    return done_;
  }
  void wait() override {
    const Watchdog::Operation operation = watchdog_.enter("gradient all_reduce", kWaitsForRanks);
    request_->wait();
    done_ = true;
  }

 private:
  std::unique_ptr<Request> request_;
  Watchdog& watchdog_;
  bool done_ = false;
};

class WatchedCommunicator : public Communicator {
 public:
  WatchedCommunicator(Communicator& group, Watchdog& watchdog)
      : group_(group), watchdog_(watchdog) {}

  int rank() const override { return group_.rank(); }
  int size() const override { return group_.size(); }
  std::string backend() const override { return group_.backend(); }

  void all_reduce(Buffer buffer, ReduceOp op) override {
    const Watchdog::Operation operation = watchdog_.enter("all_reduce", kWaitsForRanks);
    group_.all_reduce(buffer, op);
  }
  std::unique_ptr<Request> all_reduce_async(Buffer buffer) override {
    const Watchdog::Operation operation = watchdog_.enter("gradient all_reduce", kWaitsForRanks);
    return std::make_unique<WatchedRequest>(group_.all_reduce_async(buffer), watchdog_);
  }
  void broadcast(Buffer buffer, int root) override {
    const Watchdog::Operation operation = watchdog_.enter("broadcast", kWaitsForRanks);
    group_.broadcast(buffer, root);
  }
  void barrier() override {
    const Watchdog::Operation operation = watchdog_.enter("barrier", kWaitsForRanks);
    group_.barrier();
  }
  [[noreturn]] void abort(int exit_code) override {
    group_.abort(exit_code);
    _exit(exit_code);
  }

 private:
  Communicator& group_;
  Watchdog& watchdog_;
};

}  // namespace

std::unique_ptr<Communicator> watch(Communicator& group, Watchdog& watchdog) {
  return std::make_unique<WatchedCommunicator>(group, watchdog);
}

}  // namespace parlando::dist
