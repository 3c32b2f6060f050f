#pragma once

#include <filesystem>
#include <string>

#include "common/metrics/speaker_bootstrap.h"
#include "common/report/study/study_config.h"
#include "common/report/study/study_row.h"

namespace parlando::report {

/// A study's file and its folder of results.
struct StudyPlace {
  std::filesystem::path file;  ///< empty if there is none
  std::filesystem::path results;
};

/// Whether `path` is a study's file, or a folder of its results.
bool is_study(const std::filesystem::path& path);

/// From studies/NAME.yaml to results/NAME beside that folder, and back; `results`, if not empty,
/// names the folder. Throws Error(usage) for a file that is no study.
StudyPlace find_study(const std::filesystem::path& path, const std::filesystem::path& results);

/// Throws Error(artefact) naming the run's file if it is of another study or side, or if its counts
/// contradict each other.
void check_study_row(const StudyRow& run, const StudyConfig& study,
                     const std::filesystem::path& results);

/// The confusions of each speaker: test clips by class, less the errors, and the errors.
metrics::SpeakerMatrices speaker_matrices(const StudyRow& run);

}  // namespace parlando::report
