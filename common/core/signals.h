#pragma once

namespace parlando {

/// Turns INT (Ctrl-C), TERM, USR1 and USR2 into a request that long work polls. An INT that follows
/// any of them ends the process at once with exit code 130; other repetitions change nothing.
/// Installed for the life of the object; one at a time.
class StopRequest {
 public:
  StopRequest();
  ~StopRequest();
  StopRequest(const StopRequest&) = delete;
  StopRequest& operator=(const StopRequest&) = delete;

  /// The signal that asked to stop, or 0.
  int signal() const;
  bool requested() const { return signal() != 0; }
};

}  // namespace parlando
