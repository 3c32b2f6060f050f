#pragma once

#include <filesystem>

#include "common/data/corpus.h"

namespace parlando::data {

/// True for a file that lists clips as people write them: *.csv, or JSON lines (*.jsonl, *.ndjson)
/// that are not a corpus manifest of ours.
bool is_clip_manifest(const std::filesystem::path& path);

/// Reads a list of clips: CSV (RFC 4180) whose first record names the columns, or JSON lines, an
/// object a clip. `path`, `label` and `speaker` are needed; id, sex, language, channel, intensity,
/// statement and repetition may be given; other columns are ignored. Paths are relative to the
/// manifest, and may not leave its folder through ".."; absolute ones are taken as they are. The id
/// is the path without its ending where none is given. Sex is "female" or "male"; f and m are
/// understood.
///
/// The clips are not decoded: Corpus::clips carry labels and what the file system tells, in the
/// order of the manifest; Corpus::classes are the labels in alphabetical order; the name is the
/// manifest's. Every record that can't be used becomes a defect with line and reason. Throws
/// Error(data) if the manifest is empty or lacks a needed column.
Corpus read_clip_manifest(const std::filesystem::path& path);

}  // namespace parlando::data
