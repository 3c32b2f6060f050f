#include "common/dist/device_communicator.h"

#include <chrono>
#include <utility>

#include <unistd.h>

#include "common/core/error.h"
#include "common/dist/gather.h"
#include "common/dist/together.h"

namespace parlando::dist {
namespace {

using Clock = std::chrono::steady_clock;
using State = DeviceBackend::State;

constexpr useconds_t kPollMicroseconds = 10;

void require_one_version(Communicator& host, DeviceBackend& backend) {
  const std::vector<std::int64_t> versions = gather_numbers(host, backend.version());
  for (std::size_t rank = 1; rank < versions.size(); ++rank) {
    if (versions[rank] == versions[0]) continue;
    fail_together(host, ErrorKind::distributed,
                  fmt::format("rank {} has {} {}, rank 0 has {}; give all hosts the same libraries",
                              rank, backend.name(), versions[rank], versions[0]));
  }
}

void require_own_devices(Communicator& host, DeviceBackend& backend) {
  const std::vector<std::string> devices = gather_texts(host, backend.device_id());
  for (std::size_t rank = 0; rank < devices.size(); ++rank) {
    for (std::size_t other = 0; other < rank; ++other) {
      if (devices[rank] != devices[other]) continue;
      fail_together(
          host, ErrorKind::usage,
          fmt::format("ranks {} and {} have the same device ({}); start one rank for each "
                      "device, or let the launcher show each rank its own",
                      other, rank, devices[rank]));
    }
  }
}

DeviceGroupId share_id(Communicator& host, DeviceBackend& backend) {
  DeviceGroupId id{};
  together(host, [&] {
    if (host.is_root()) id = backend.make_id();
  });
  host.broadcast(std::span(id), 0);
  return id;
}

class DeviceCommunicator : public Communicator {
 public:
  DeviceCommunicator(Communicator& host, std::unique_ptr<DeviceBackend> backend,
                     double timeout_seconds)
      : host_(host), backend_(std::move(backend)), timeout_seconds_(timeout_seconds) {
    require_one_version(host, *backend_);
    require_own_devices(host, *backend_);
    const DeviceGroupId id = share_id(host, *backend_);
    settle(backend_->start(id, host.rank(), host.size()), "start");
  }

  int rank() const override { return host_.rank(); }
  int size() const override { return host_.size(); }
  std::string backend() const override { return backend_->name(); }

  void all_reduce(Buffer buffer, ReduceOp op) override {
    settle(backend_->all_reduce(buffer, op), "all_reduce");
    wait_for(*backend_->mark(), "all_reduce");
  }
  std::unique_ptr<Request> all_reduce_async(Buffer buffer) override;
  void broadcast(Buffer buffer, int root) override {
    settle(backend_->broadcast(buffer, root), "broadcast");
    wait_for(*backend_->mark(), "broadcast");
  }
  void barrier() override { host_.barrier(); }
  [[noreturn]] void abort(int exit_code) override {
    backend_->abort();
    host_.abort(exit_code);
    _exit(exit_code);
  }

  bool passed(DeviceMark& mark, const char* name) {
    if (backend_->state() == State::failed) give_up(name, backend_->last_error());
    return mark.passed();
  }

  /// The host polls, so that a lost peer ends in an error here and not in a device that hangs.
  void wait_for(DeviceMark& mark, const char* name) {
    const Clock::time_point begin = Clock::now();
    while (!passed(mark, name)) check_time(begin, name);
    mark.hold_compute();
  }

 private:
  /// Until the library has taken the call in.
  void settle(State state, const char* name) {
    const Clock::time_point begin = Clock::now();
    for (; state == State::in_progress; state = backend_->state()) check_time(begin, name);
    if (state == State::failed) give_up(name, backend_->last_error());
  }

  void check_time(Clock::time_point begin, const char* name) {
    if (std::chrono::duration<double>(Clock::now() - begin).count() > timeout_seconds_) {
      give_up(name, fmt::format("no answer from the other ranks within {:.0f} s; a rank is lost or "
                                "stuck (distributed.timeout_seconds sets the limit)",
                                timeout_seconds_));
    }
    usleep(kPollMicroseconds);
  }

  [[noreturn]] void give_up(const char* name, const std::string& why) {
    backend_->abort();
    fail(ErrorKind::distributed, "rank {}: {} {}: {}", rank(), backend_->name(), name, why);
  }

  Communicator& host_;
  std::unique_ptr<DeviceBackend> backend_;
  double timeout_seconds_;
};

class DeviceRequest : public Request {
 public:
  DeviceRequest(DeviceCommunicator& group, std::unique_ptr<DeviceMark> mark)
      : group_(group), mark_(std::move(mark)) {}
  bool test() override { return group_.passed(*mark_, kName); }
  void wait() override { group_.wait_for(*mark_, kName); }

 private:
  static constexpr const char* kName = "gradient all_reduce";
  DeviceCommunicator& group_;
  std::unique_ptr<DeviceMark> mark_;
};

std::unique_ptr<Request> DeviceCommunicator::all_reduce_async(Buffer buffer) {
  settle(backend_->all_reduce(buffer, ReduceOp::sum), "gradient all_reduce");
  return std::make_unique<DeviceRequest>(*this, backend_->mark());
}

}  // namespace

std::unique_ptr<Communicator> make_device_communicator(Communicator& host,
                                                       std::unique_ptr<DeviceBackend> backend,
                                                       double timeout_seconds) {
  return std::make_unique<DeviceCommunicator>(host, std::move(backend), timeout_seconds);
}

}  // namespace parlando::dist
