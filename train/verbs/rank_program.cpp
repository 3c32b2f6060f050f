#include "train/verbs/rank_program.h"

#include <memory>
#include <optional>

#include <fmt/format.h>

#include "common/core/error.h"
#include "common/core/log.h"
#include "common/core/program.h"
#include "common/dist/mpi_communicator.h"
#include "common/dist/together.h"

namespace parlando::train {
namespace {

/// How long a rank with wrong arguments waits to hear what the others have.
constexpr double kRefusalTimeoutSeconds = 60;

std::unique_ptr<dist::Communicator> connect(const dist::LaunchEnvironment& launch,
                                            double timeout_seconds) {
  if (launch.world_size == 1) return dist::make_single_communicator();
  std::unique_ptr<dist::Communicator> group = dist::make_mpi_communicator(timeout_seconds);
  if (group->size() != launch.world_size) {
    fail(ErrorKind::distributed,
         "{} started {} processes, but MPI connects {}; with srun use --mpi=pmix, with mpirun its "
         "own MPI",
         launch.launcher, launch.world_size, group->size());
  }
  return group;
}

}  // namespace

int run_rank_program(const std::string& name,
                     const std::function<RankBody(const dist::LaunchEnvironment&)>& prepare) {
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
  return run_program(name, [&] {
    const double timeout = refused ? kRefusalTimeoutSeconds : rank_body.timeout_seconds;
    const std::unique_ptr<dist::Communicator> group = connect(launch, timeout);
    try {
      dist::together(*group, [&] {
        if (refused) throw Error(*refused);
      });
      rank_body.body(*group);
    } catch (const dist::AgreedError&) {
      throw;
    } catch (const Error& error) {
      if (group->size() == 1) throw;
      fmt::print(stderr, "{}: rank {} of {}: {}\n", name, group->rank(), group->size(),
                 error.what());
      group->abort(error.exit_code());
    } catch (const std::exception& error) {
      if (group->size() == 1) throw;
      fmt::print(stderr, "{}: rank {} of {}: internal error: {}\n", name, group->rank(),
                 group->size(), error.what());
      group->abort(static_cast<int>(ErrorKind::distributed));
    }
    return 0;
  });
}

}  // namespace parlando::train
