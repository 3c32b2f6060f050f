#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/data/split.h"

namespace parlando::data {

/// Reads the split of a file: one of ours, or one made elsewhere, which is
/// * CSV or JSON lines with a column `side` and one of `clip`, `id` or `path`;
/// * JSON: {"train": [..], "validation": [..], "test": [..], "dropped": [..], "tolerates": [..]} of
///   ids or paths, all but train and test optional.
/// A clip is named by its id or its path below the corpus folder; sides are train, validation (val,
/// valid, dev), test, and dropped for clips that no side shall have. `tolerates` adds relations
/// that an imported split declares; identical audio and the like can't be declared. Throws
/// Error(data) that lists clips that the corpus lacks, that stand on two sides or on none,
/// Error(usage) for a relation that can't be tolerated.
///
/// Of one of ours only the file is checked: audit_split tells how it fits the corpus.
Split read_split(const std::filesystem::path& path, const Corpus& corpus,
                 const std::vector<std::string>& tolerates = {});

/// The same, and throws Error(data) where a split of ours does not fit the corpus (check_split).
Split load_split(const std::filesystem::path& path, const Corpus& corpus,
                 const std::vector<std::string>& tolerates = {});

}  // namespace parlando::data
