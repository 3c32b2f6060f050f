#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace parlando {

/// Makes items ahead of the thread that uses them: item `first`, `first + 1`, ... up to `end`, in
/// order whatever the number of threads, never more than `depth` that are not taken yet. What an
/// item's maker throws is thrown by the next() that would have given the item. next() belongs to
/// one thread; the maker is called on the prefetcher's own, by several at once if there are
/// several.
template <class Item>
class Prefetcher {
 public:
  using Make = std::function<Item(std::size_t index)>;

  Prefetcher(std::size_t first, std::size_t end, std::size_t depth, std::size_t threads, Make make)
      : make_(std::move(make)),
        end_(end),
        next_made_(first),
        next_taken_(first),
        slots_(std::max<std::size_t>(1, depth)) {
    try {
      for (std::size_t i = 0; i < std::max<std::size_t>(1, threads); ++i) {
        threads_.emplace_back([this] { work(); });
      }
    } catch (...) {  // the system has no more threads
      stop();
      throw;
    }
  }
  /// Waits for the items that are being made, and makes no others.
  ~Prefetcher() { stop(); }
  Prefetcher(const Prefetcher&) = delete;
  Prefetcher& operator=(const Prefetcher&) = delete;

  /// Whether every item was taken.
  bool done() const { return next_taken_ == end_; }

  /// The next item; done() must be false. After an item whose maker threw, the next one follows.
  Item next() {
    std::unique_lock lock(mutex_);
    Slot& slot = slots_[next_taken_ % slots_.size()];
    const auto start = std::chrono::steady_clock::now();
    ready_.wait(lock, [&] { return slot.item.has_value() || slot.error; });
    waited_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    std::optional<Item> item = std::exchange(slot.item, std::nullopt);
    const std::exception_ptr error = std::exchange(slot.error, nullptr);
    ++next_taken_;
    lock.unlock();
    room_.notify_all();
    if (error) std::rethrow_exception(error);
    return std::move(*item);
  }

  /// Seconds that next() has waited for items, in total.
  double waited() const { return waited_; }

 private:
  struct Slot {
    std::optional<Item> item;
    std::exception_ptr error;
  };

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    room_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      room_.wait(lock, [this] {
        return stopped_ || next_made_ == end_ || next_made_ < next_taken_ + slots_.size();
      });
      if (stopped_ || next_made_ == end_) return;
      const std::size_t index = next_made_++;
      lock.unlock();
      Slot made;
      try {
        made.item.emplace(make_(index));
      } catch (...) {
        made.error = std::current_exception();
      }
      lock.lock();
      slots_[index % slots_.size()] = std::move(made);
      ready_.notify_one();
    }
  }

  Make make_;
  std::size_t end_;
  std::mutex mutex_;
  std::condition_variable room_, ready_;
  std::size_t next_made_, next_taken_;
  std::vector<Slot> slots_;
  double waited_ = 0;
  bool stopped_ = false;
  std::vector<std::thread> threads_;  // last: they use all the others
};

}  // namespace parlando
