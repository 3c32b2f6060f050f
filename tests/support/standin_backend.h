#pragma once

#include <string>
#include <vector>

#include "common/dist/device_backend.h"

namespace parlando::test {

/// How a device that is not there behaves.
struct StandInOptions {
  std::int64_t version = 22809;
  std::string device = "device";
  int polls_until_ready = 0;   ///< how often a call answers "in progress"
  int polls_until_passed = 0;  ///< how often a mark has not been reached
  bool hangs = false;          ///< no mark is ever reached
  bool never_starts = false;
  std::string breaks_in{};  ///< the call that fails, as in the log: "all_reduce"
};

/// A device backend without a device: buffers lie on the host, sums are made by the host's group,
/// and every call is written down.
class StandInBackend : public dist::DeviceBackend {
 public:
  /// Both outlive the object.
  StandInBackend(dist::Communicator& host, std::vector<std::string>& log, StandInOptions options)
      : host_(host), log_(log), options_(std::move(options)) {}

  std::string name() const override { return "stand-in"; }
  std::int64_t version() override { return options_.version; }
  std::string device_id() override { return options_.device; }
  dist::DeviceGroupId make_id() override {
    note("make_id");
    dist::DeviceGroupId id{};
    id.fill(4711);
    return id;
  }
  State start(const dist::DeviceGroupId& id, int, int) override {
    note("start with id " + std::to_string(id.back()));
    return options_.never_starts ? State::in_progress : begin("start");
  }
  State all_reduce(dist::Buffer buffer, dist::ReduceOp op) override {
    note("all_reduce of " + std::to_string(buffer.count));
    if (!options_.hangs) host_.all_reduce(buffer, op);
    return begin("all_reduce");
  }
  State broadcast(dist::Buffer buffer, int root) override {
    note("broadcast of " + std::to_string(buffer.count));
    if (!options_.hangs) host_.broadcast(buffer, root);
    return begin("broadcast");
  }
  State state() override {
    if (broken_) return State::failed;
    if (options_.never_starts || polls_left_-- > 0) return State::in_progress;
    return State::ready;
  }
  std::string last_error() override { return "the stand-in broke"; }
  std::unique_ptr<dist::DeviceMark> mark() override {
    return std::make_unique<Mark>(*this, options_.polls_until_passed);
  }
  void abort() override { note("abort"); }

 private:
  class Mark : public dist::DeviceMark {
   public:
    Mark(StandInBackend& backend, int polls) : backend_(backend), polls_left_(polls) {}
    bool passed() override { return !backend_.options_.hangs && polls_left_-- <= 0; }
    void hold_compute() override { backend_.note("hold_compute"); }

   private:
    StandInBackend& backend_;
    int polls_left_;
  };

  void note(const std::string& call) { log_.push_back(call); }
  State begin(const std::string& call) {
    broken_ = options_.breaks_in == call;
    polls_left_ = options_.polls_until_ready;
    if (broken_) return State::failed;
    return polls_left_ > 0 ? State::in_progress : State::ready;
  }

  dist::Communicator& host_;
  std::vector<std::string>& log_;
  StandInOptions options_;
  int polls_left_ = 0;
  bool broken_ = false;
};

}  // namespace parlando::test
