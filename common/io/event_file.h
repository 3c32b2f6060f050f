#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>

namespace parlando {

/// Writes a TensorBoard event file: records of the TFRecord format (length, its masked CRC-32C,
/// data, the data's), each a tensorflow.Event. Every call is one durable append, so that a kill
/// leaves whole records and one torn at the end at the most. Throws Error(artefact) naming the
/// file.
class EventFile {
 public:
  /// Opens `path` for appending. Keeps the sound records at its beginning whose step is `last_step`
  /// or lower, and drops the rest: what a run that goes on after that step will write again. An
  /// absent file is begun.
  EventFile(std::filesystem::path path, std::int64_t last_step);

  /// One value for each tag. `time` in seconds since 1970.
  void add_scalars(std::int64_t step, double time,
                   std::span<const std::pair<std::string, double>> scalars);
  /// Markdown for the page "Text".
  void add_text(std::int64_t step, double time, const std::string& tag,
                const std::string& markdown);

  const std::filesystem::path& path() const { return path_; }
  /// Whether no record but the file's header is there.
  bool empty() const { return records_ == 0; }

 private:
  void add_event(std::int64_t step, double time, const std::string& summary);

  std::filesystem::path path_;
  std::size_t records_ = 0;
};

}  // namespace parlando
