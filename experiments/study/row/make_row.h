#pragma once

#include <filesystem>

#include "common/report/study/study_row.h"
#include "experiments/study/row/run_identity.h"

namespace parlando::study {

/// The row of a finished run, from the files of its folder. Throws Error(artefact) naming the file
/// that is absent or damaged.
report::StudyRow make_row(const std::filesystem::path& run, const RunIdentity& identity);

}  // namespace parlando::study
