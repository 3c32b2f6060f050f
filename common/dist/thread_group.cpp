#include "common/dist/thread_group.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "common/core/error.h"
#include "common/dist/tree_reduce.h"

namespace parlando::dist {
namespace {

/// How often collectives under way are looked after while no member asks for anything.
constexpr std::chrono::microseconds kPollInterval{200};

std::size_t bytes_of(const Buffer& buffer) {
  return buffer.count * size_of(buffer.type);
}

/// As many members run as there are tokens. Not std::counting_semaphore: in libstdc++'s acquire() a
/// thread may sleep while a token is free (GCC bug 104928), and here nobody else would wake it.
class Tokens {
 public:
  explicit Tokens(int count) : free_(count) {}

  void acquire() {
    std::unique_lock lock(mutex_);
    released_.wait(lock, [&] { return free_ > 0; });
    --free_;
  }
  void release() {
    {
      const std::lock_guard lock(mutex_);
      ++free_;
    }
    released_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable released_;
  int free_;
};

/// What a member asks for. The members' calls number i belong together.
struct Call {
  enum class Kind { reduce, reduce_async, broadcast } kind;
  Buffer buffer;
  ReduceOp op;
  int root;
};

}  // namespace

class ThreadGroup::State {
 public:
  State(Communicator& outer, ThreadGroupOptions options);
  ~State();

  Communicator& outer() { return outer_; }
  int members() const { return options_.members; }
  Communicator& member(int i) { return *communicators_[static_cast<std::size_t>(i)]; }
  void run(const std::function<void(int)>& body);

  /// Of member i: hands a call in and returns its number; asks for it; waits for it.
  std::size_t post(int i, Call call);
  bool is_done(std::size_t number);
  void wait_for(int i, std::size_t number);

 private:
  class Member;
  class MemberRequest;
  struct Pending {
    std::size_t number;
    std::vector<Call> calls;
    std::unique_ptr<Request> request;
  };

  void work(int i);
  void end_with(std::exception_ptr error);
  void serve();
  std::vector<Call> take_next();
  void carry_out(std::size_t number, const std::vector<Call>& calls);
  void poll_pending();
  void finish(std::size_t number, const std::vector<Call>& calls);
  bool all_wait() const;

  Communicator& outer_;
  ThreadGroupOptions options_;
  Tokens tokens_;
  std::vector<std::unique_ptr<Communicator>> communicators_;

  std::mutex mutex_;
  std::condition_variable to_members_, to_server_;
  const std::function<void(int)>* body_ = nullptr;  // of the run under way
  std::uint64_t runs_ = 0;
  int working_ = 0;  // members whose body has not ended
  bool closing_ = false;
  std::exception_ptr error_;
  std::vector<std::deque<Call>> posted_;  // by member, from call `taken_` on
  std::vector<std::size_t> counts_;       // calls of each member in this run
  std::size_t taken_ = 0;
  std::vector<char> done_;                           // by call number
  std::vector<std::optional<std::size_t>> awaited_;  // call that a member waits for

  std::vector<Pending> pending_;  // of the serving thread alone
  std::vector<std::thread> threads_;
};

class ThreadGroup::State::MemberRequest : public Request {
 public:
  MemberRequest(State& state, int index, std::size_t number)
      : state_(state), index_(index), number_(number) {}
  bool test() override { return state_.is_done(number_); }
  void wait() override { state_.wait_for(index_, number_); }

 private:
  State& state_;
  int index_;
  std::size_t number_;
};

class ThreadGroup::State::Member : public Communicator {
 public:
  Member(State& state, int index) : state_(state), index_(index) {}
  int rank() const override { return state_.outer().rank() * state_.members() + index_; }
  int size() const override { return state_.outer().size() * state_.members(); }
  std::string backend() const override { return state_.outer().backend(); }

  void all_reduce(Buffer buffer, ReduceOp op) override {
    state_.wait_for(index_, state_.post(index_, {Call::Kind::reduce, buffer, op, 0}));
  }
  std::unique_ptr<Request> all_reduce_async(Buffer buffer) override {
    return std::make_unique<MemberRequest>(
        state_, index_, state_.post(index_, {Call::Kind::reduce_async, buffer, ReduceOp::sum, 0}));
  }
  void broadcast(Buffer buffer, int root) override {
    state_.wait_for(index_,
                    state_.post(index_, {Call::Kind::broadcast, buffer, ReduceOp::sum, root}));
  }
  void barrier() override {
    std::array<std::int64_t, 1> nothing{};
    all_reduce(std::span(nothing), ReduceOp::max);
  }
  [[noreturn]] void abort(int exit_code) override {
    state_.outer().abort(exit_code);
    std::terminate();
  }

 private:
  State& state_;
  int index_;
};

ThreadGroup::State::State(Communicator& outer, ThreadGroupOptions options)
    : outer_(outer),
      options_(std::move(options)),
      tokens_(options_.running > 0 ? options_.running : options_.members),
      posted_(static_cast<std::size_t>(options_.members)),
      counts_(static_cast<std::size_t>(options_.members)),
      awaited_(static_cast<std::size_t>(options_.members)) {
  for (int i = 0; i < options_.members; ++i) {
    communicators_.push_back(std::make_unique<Member>(*this, i));
    threads_.emplace_back([this, i] { work(i); });
  }
}

ThreadGroup::State::~State() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  to_members_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ThreadGroup::State::work(int i) {
  std::uint64_t seen = 0;
  bool started = false;
  while (true) {
    const std::function<void(int)>* body = nullptr;
    {
      std::unique_lock lock(mutex_);
      to_members_.wait(lock, [&] { return closing_ || runs_ != seen; });
      if (closing_) return;
      seen = runs_;
      body = body_;
    }
    tokens_.acquire();
    try {
      if (!std::exchange(started, true) && options_.on_start) options_.on_start();
      (*body)(i);
    } catch (...) {
      end_with(std::current_exception());
    }
    tokens_.release();
    const std::lock_guard lock(mutex_);
    --working_;
    to_server_.notify_one();
  }
}

void ThreadGroup::State::end_with(std::exception_ptr error) {
  const std::lock_guard lock(mutex_);
  if (!error_) error_ = std::move(error);
  to_members_.notify_all();
  to_server_.notify_one();
}

std::size_t ThreadGroup::State::post(int i, Call call) {
  const auto member = static_cast<std::size_t>(i);
  const std::lock_guard lock(mutex_);
  if (error_) std::rethrow_exception(error_);
  posted_[member].push_back(call);
  const std::size_t number = counts_[member]++;
  if (done_.size() <= number) done_.resize(number + 1, 0);
  to_server_.notify_one();
  return number;
}

bool ThreadGroup::State::is_done(std::size_t number) {
  const std::lock_guard lock(mutex_);
  if (error_) std::rethrow_exception(error_);
  return done_[number] != 0;
}

void ThreadGroup::State::wait_for(int i, std::size_t number) {
  if (is_done(number)) return;
  tokens_.release();
  {
    std::unique_lock lock(mutex_);
    awaited_[static_cast<std::size_t>(i)] = number;
    to_server_.notify_one();
    to_members_.wait(lock, [&] { return error_ || done_[number] != 0; });
    awaited_[static_cast<std::size_t>(i)].reset();
  }
  tokens_.acquire();
  if (!is_done(number)) fail(ErrorKind::internal, "a collective of a thread group was lost");
}

void ThreadGroup::State::run(const std::function<void(int)>& body) {
  {
    const std::lock_guard lock(mutex_);
    body_ = &body;
    ++runs_;
    working_ = options_.members;
    error_ = nullptr;
    taken_ = 0;
    done_.clear();
    std::ranges::fill(counts_, std::size_t{0});
    for (std::deque<Call>& calls : posted_) calls.clear();
  }
  to_members_.notify_all();
  try {
    serve();
  } catch (...) {
    end_with(std::current_exception());
  }
  std::unique_lock lock(mutex_);
  to_server_.wait(lock, [&] { return working_ == 0; });
  pending_.clear();
  if (error_) std::rethrow_exception(error_);
}

void ThreadGroup::State::serve() {
  while (true) {
    const std::vector<Call> calls = take_next();
    if (!calls.empty()) {
      carry_out(taken_++, calls);
    } else {
      poll_pending();
      const std::lock_guard lock(mutex_);
      if (error_ || (working_ == 0 && pending_.empty())) return;
    }
  }
}

/// True if no member whose body is under way can go on before a collective is through.
bool ThreadGroup::State::all_wait() const {
  return std::ranges::count_if(awaited_, [&](const std::optional<std::size_t>& number) {
           return number && done_[*number] == 0;
         }) == working_;
}

/// The next call of all members; empty if one of them has not come so far yet. Waits for that,
/// but not for long while collectives are under way.
std::vector<Call> ThreadGroup::State::take_next() {
  std::unique_lock lock(mutex_);
  const auto is_there = [&] {
    return std::ranges::all_of(posted_, [](const auto& calls) { return !calls.empty(); });
  };
  const auto is_news = [&] { return error_ || all_wait() || is_there(); };
  if (pending_.empty()) {
    to_server_.wait(lock, is_news);
  } else {
    to_server_.wait_for(lock, kPollInterval, is_news);
  }
  std::vector<Call> calls;
  if (error_) return calls;
  if (!is_there()) {
    // All wait for collectives that not all take part in.
    if (pending_.empty() && working_ > 0 && all_wait())
      fail(ErrorKind::internal, "a member of a thread group left a collective out");
    return calls;
  }
  for (std::deque<Call>& queue : posted_) {
    calls.push_back(queue.front());
    queue.pop_front();
  }
  return calls;
}

void ThreadGroup::State::carry_out(std::size_t number, const std::vector<Call>& calls) {
  const Call& first = calls.front();
  for (const Call& call : calls) {
    if (call.kind != first.kind || call.buffer.count != first.buffer.count ||
        call.buffer.type != first.buffer.type || call.op != first.op || call.root != first.root) {
      fail(ErrorKind::internal, "the members of a thread group differ in collective {}", number);
    }
  }
  if (first.kind == Call::Kind::broadcast) {
    const int process = first.root / members();
    if (process == outer_.rank()) {
      const Buffer& source = calls[static_cast<std::size_t>(first.root % members())].buffer;
      if (source.data != first.buffer.data)
        std::memcpy(first.buffer.data, source.data, bytes_of(source));
    }
    outer_.broadcast(first.buffer, process);
    return finish(number, calls);
  }
  std::vector<void*> pieces;
  for (const Call& call : calls) pieces.push_back(call.buffer.data);
  tree_reduce(pieces, first.buffer.count, first.buffer.type, first.op);
  if (first.kind == Call::Kind::reduce_async) {
    pending_.push_back({number, calls, outer_.all_reduce_async(first.buffer)});
    return;
  }
  outer_.all_reduce(first.buffer, first.op);
  finish(number, calls);
}

void ThreadGroup::State::poll_pending() {
  std::erase_if(pending_, [&](Pending& pending) {
    // Once all members wait, nothing else comes up: wait as well, with the time limit of `outer`.
    bool nothing_else = false;
    {
      const std::lock_guard lock(mutex_);
      nothing_else = all_wait();
    }
    if (nothing_else) pending.request->wait();
    if (!pending.request->test()) return false;
    finish(pending.number, pending.calls);
    return true;
  });
}

void ThreadGroup::State::finish(std::size_t number, const std::vector<Call>& calls) {
  const Buffer& result = calls.front().buffer;
  for (std::size_t i = 1; i < calls.size(); ++i)
    std::memcpy(calls[i].buffer.data, result.data, bytes_of(result));
  const std::lock_guard lock(mutex_);
  done_[number] = 1;
  to_members_.notify_all();
}

ThreadGroup::ThreadGroup(Communicator& outer, ThreadGroupOptions options)
    : state_(std::make_unique<State>(outer, std::move(options))) {}

ThreadGroup::~ThreadGroup() = default;

Communicator& ThreadGroup::member(int i) {
  return state_->member(i);
}

void ThreadGroup::run(const std::function<void(int)>& body) {
  state_->run(body);
}

}  // namespace parlando::dist
