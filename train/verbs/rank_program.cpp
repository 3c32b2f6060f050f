#include "train/verbs/rank_program.h"

#include <algorithm>
#include <memory>
#include <optional>

#include <fmt/format.h>
#include <unistd.h>

#include "common/core/error.h"
#include "common/core/log.h"
#include "common/core/program.h"
#include "common/dist/connect.h"
#include "common/dist/job.h"
#include "common/dist/together.h"
#include "common/dist/watched_communicator.h"

namespace parlando::train {
namespace {

/// How long a rank with wrong arguments waits to hear what the others have.
constexpr double kRefusalTimeoutSeconds = 60;
/// A wait in the group gives up by itself a while after the watchdog should have ended it.
constexpr double kSecondNetSeconds = 30;

/// "rank 1 of 2: in data wait, step 3 of epoch 2: ", of the last failure.
std::string place_of(const dist::LaunchEnvironment& launch, const dist::Watchdog& watchdog) {
  return fmt::format("rank {} of {}: in {}: ", launch.rank, launch.world_size,
                     dist::describe(watchdog.failed_activity()));
}

/// A rank that fails alone says what happened where, and ends the job. A process without others
/// returns.
void end_alone(const std::string& name, const dist::LaunchEnvironment& launch,
               dist::Watchdog& watchdog, dist::Communicator* group, const std::string& message,
               int exit_code) {
  if (launch.world_size == 1) return;
  if (watchdog.has_last_word()) {
    fmt::print(stderr, "{}: {}{}\n", name, place_of(launch, watchdog), message);
  }
  if (group == nullptr) _exit(exit_code);
  group->abort(exit_code);
}

}  // namespace

int run_rank_program(const std::string& name,
                     const std::function<RankBody(const dist::LaunchEnvironment&)>& prepare,
                     const OperationObserver& observer) {
  dist::LaunchEnvironment launch;
  RankBody rank_body;
  std::optional<Error> refused;
  const int detected = run_program(name, [&] {
    launch = dist::detect_launch();
    try {
      rank_body = prepare(launch);
    } catch (const Error& error) {
      // Alone on this rank or alike on all: that is for the ranks to find out together.
      if (launch.world_size == 1) throw;
      refused = error;
    }
    return rank_body.exit_code;
  });
  if (detected != 0 || (!rank_body.body && !refused)) return detected;

  if (launch.rank != 0) set_log_level(LogLevel::error);
  if (refused) {
    rank_body.first_timeout_seconds = rank_body.timeout_seconds = kRefusalTimeoutSeconds;
  }
  const StopRequest stop;
  dist::Watchdog watchdog({.program = name,
                           .rank = launch.rank,
                           .size = launch.world_size,
                           .first_timeout_seconds = rank_body.first_timeout_seconds,
                           .timeout_seconds = rank_body.timeout_seconds,
                           .board = rank_body.board,
                           .launch = dist::detect_job().launch,
                           .stop_requested = [&] { return stop.requested(); },
                           .on_enter = observer,
                           .end_job = {}});
  std::unique_ptr<dist::Communicator> group;
  const int exit_code = run_program(name, [&] {
    try {
      {
        const auto operation = watchdog.enter("connecting", launch.world_size > 1);
        group = dist::connect(launch,
                              std::max(rank_body.first_timeout_seconds, rank_body.timeout_seconds) +
                                  kSecondNetSeconds);
      }
      const std::unique_ptr<dist::Communicator> watched = dist::watch(*group, watchdog);
      dist::together(*watched, [&] {
        if (refused) throw Error(*refused);
      });
      rank_body.body({*watched, watchdog, stop});
    } catch (const dist::AgreedError& error) {
      // A bug on one rank that all know of: say where. The texts for users need no place.
      const bool bug = error.kind() == ErrorKind::internal && *error.what() != '\0';
      if (launch.world_size == 1 || !bug) throw;
      throw Error(error.kind(), place_of(launch, watchdog) + error.what());
    } catch (const Error& error) {
      end_alone(name, launch, watchdog, group.get(), error.what(), error.exit_code());
      throw;
    } catch (const std::exception& error) {
      end_alone(name, launch, watchdog, group.get(),
                fmt::format("internal error: {}", error.what()),
                static_cast<int>(ErrorKind::distributed));
      throw;
    }
    return 0;
  });
  const auto operation = watchdog.enter("leaving", launch.world_size > 1);
  group.reset();
  return exit_code;
}

}  // namespace parlando::train
