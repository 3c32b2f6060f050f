#include "train/verbs/shared_folder.h"

#include <chrono>
#include <functional>
#include <system_error>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/dist/gather.h"
#include "common/io/atomic_file.h"

namespace parlando::train {
namespace {

/// A network file system may show a file a little later on another node.
constexpr int kLooks = 30;
constexpr std::chrono::milliseconds kBetweenLooks{100};

/// What `body` failed with; empty if it did not.
std::string failure_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const std::exception& error) {
    return error.what();
  }
  return {};
}

bool appears(const std::filesystem::path& path) {
  for (int look = 0; look < kLooks; ++look) {
    std::error_code error;
    if (std::filesystem::exists(path, error)) return true;
    std::this_thread::sleep_for(kBetweenLooks);
  }
  return false;
}

std::string rank_file(int rank) {
  return fmt::format("rank-{}", rank);
}

void require_folder(const std::filesystem::path& folder) {
  if (std::filesystem::is_directory(folder)) return;
  fail(ErrorKind::artefact, "{}: no such folder", folder.string());
}

/// "n1: why; n2: why", each node once.
std::string complaints_of(const std::vector<std::string>& nodes,
                          const std::vector<std::string>& failures) {
  std::vector<std::string> lines;
  for (std::size_t rank = 0; rank < nodes.size(); ++rank) {
    if (failures[rank].empty()) continue;
    const std::string line = nodes[rank] + ": " + failures[rank];
    if (lines.empty() || lines.back() != line) lines.push_back(line);
  }
  return join_text(lines, "; ");
}

}  // namespace

Check check_shared_folder(const std::filesystem::path& folder, const std::string& launch,
                          const std::string& node, dist::Communicator& communicator) {
  // A temporary name: other processes of the job may begin to work in the folder meanwhile.
  const std::filesystem::path probe =
      folder / fmt::format(".parlando-doctor{}{}", kTemporaryMark, launch);
  const std::vector<std::string> nodes = dist::gather_texts(communicator, node);
  const auto gather = [&](const std::string& failure) {
    return complaints_of(nodes, dist::gather_texts(communicator, failure));
  };

  std::string complaints = gather(failure_of([&] {
    require_folder(folder);
    if (communicator.is_root()) write_file_atomically(probe / rank_file(0), launch);
  }));
  if (complaints.empty()) {
    complaints = gather(failure_of([&] {
      if (!appears(probe / rank_file(0)))
        fail(ErrorKind::artefact, "{}: not the folder of rank 0's node", folder.string());
      write_file_atomically(probe / rank_file(communicator.rank()), launch);
    }));
  }
  if (complaints.empty()) {
    complaints = gather(failure_of([&] {
      for (int rank = 0; communicator.is_root() && rank < communicator.size(); ++rank) {
        if (!appears(probe / rank_file(rank)))
          fail(ErrorKind::artefact, "{}: does not show what rank {} wrote", folder.string(), rank);
      }
    }));
  }
  if (communicator.is_root()) {
    std::error_code ignored;
    std::filesystem::remove_all(probe, ignored);
  }
  if (complaints.empty()) return {"job", folder.string(), "shared by all nodes", Verdict::good};
  return {"job", folder.string(), complaints, Verdict::bad,
          "give a folder that every node can write, on a file system that they share"};
}

}  // namespace parlando::train
