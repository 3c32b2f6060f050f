#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "common/dist/job.h"

namespace parlando::train {

/// Lets the latest start of a run alone write into its folder. A task can outlive its job (a node
/// that lost contact goes on computing while the job runs again elsewhere), and a lock does not
/// reach it on every file system. Each start numbers itself in "fence.json"; whoever finds a later
/// number there does not write any more. Rank 0 alone has one.
class RunFence {
 public:
  /// Takes over the folder. Throws Error(artefact) if a later restart of the same job has it.
  RunFence(const std::filesystem::path& run, const dist::JobStart& job);

  /// To be called before anything is renamed, appended or removed. Throws Error(artefact), naming
  /// the start that has taken over.
  void check() const;

  std::int64_t start() const { return start_; }  ///< from 1

  /// Of the run folder.
  static constexpr const char* kFile = "fence.json";

 private:
  std::filesystem::path path_;
  std::string launch_;
  std::int64_t start_ = 1;
};

}  // namespace parlando::train
