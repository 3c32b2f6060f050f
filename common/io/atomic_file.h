#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace parlando {

/// Writes a file so that readers see the old or the whole new content, never a part: temporary file
/// beside the target, fsync, rename, fsync of the folder. Creates parent folders. Throws
/// Error(artefact) naming the path if the disk is full, the folder is read-only and the like.
void write_file_atomically(const std::filesystem::path& path, std::string_view content);

/// Appends text and flushes it to disk.
void append_text(const std::filesystem::path& path, std::string_view text);

/// Appends one line and flushes it to disk.
void append_line(const std::filesystem::path& path, std::string_view line);

/// Whole content of a file. Throws Error(artefact) if it can't be read.
std::string read_file(const std::filesystem::path& path);

/// Throws Error(usage) if both are one file, which writing would replace by what was made of it.
void require_other_file(const std::filesystem::path& out, const std::filesystem::path& source);

/// fsync of a finished file or folder, so that a following rename is durable.
void sync_path(const std::filesystem::path& path);

/// Renames and makes the rename durable; replaces a file that is there.
void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);

/// A name beside `path` that no other process uses: "path.tmp-<host>-<pid>".
std::filesystem::path temporary_name(const std::filesystem::path& path);

/// What such a name has and no other file.
inline constexpr std::string_view kTemporaryMark = ".tmp-";

/// Whether no process can still be writing the file of such a name: its process on this host is
/// gone, or is this one, or nothing was written for hours.
bool is_abandoned_temporary(const std::filesystem::path& path);

/// Creates a folder and its parents. Throws Error(artefact) naming it.
void make_folder(const std::filesystem::path& path);

}  // namespace parlando
