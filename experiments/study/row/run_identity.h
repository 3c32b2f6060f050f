#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace parlando::study {

/// What a trial of a study is for: identity.json beside its configurations. Enough to write its row
/// without the study's file.
struct RunIdentity {
  std::string study, row;
  std::uint64_t seed = 0;
  std::optional<int> fold;
  std::string train_key, data_key;
  std::string command;                    ///< that makes the row again
  std::vector<std::string> robustness{};  ///< conditions that it is tested under besides
  std::string side = "test";              ///< whose figures count
};

inline constexpr const char* kIdentityFile = "identity.json";

void write_identity(const std::filesystem::path& path, const RunIdentity& identity);
/// Throws Error(artefact) naming the file.
RunIdentity read_identity(const std::filesystem::path& path);

/// The row's file below the results of all studies: "STUDY/ROW/seed-01.json".
std::filesystem::path row_file(const std::filesystem::path& results, const RunIdentity& identity);

/// "" if that file is there and was made by what the identity names; else why the run is to be made
/// (again).
std::string why_open(const std::filesystem::path& file, const RunIdentity& identity);

}  // namespace parlando::study
