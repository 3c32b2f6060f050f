#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "common/core/error.h"

namespace parlando {

struct LockOptions {
  std::string file = ".lock";  ///< in the folder
  bool shared = false;         ///< with other shared holders; else nobody else has it
  bool wait = false;           ///< until it is free, instead of failing
  bool lax = false;            ///< none is needed where nobody can write: a read-only file system
  /// Which start of which job this is, where a scheduler starts jobs again: it has given up the
  /// earlier starts of the same job, and what they still hold is taken over. Empty: of none.
  std::string job{};
  std::int64_t restart = 0;
};

/// Another process holds the lock.
class FolderHeld : public Error {
 public:
  using Error::Error;
};

/// A lock on a file of a folder for the life of the object, so that two processes do not write the
/// same artefact. Throws FolderHeld, an Error(artefact), if another process holds it. On a file
/// system without locks a file "<file>.owner" that names host and process stands for an exclusive
/// lock, and shared ones are not taken; an owner that died on this host is replaced, one on another
/// host is named for a person to judge. A later start of the holder's job goes on beside it.
class FolderLock {
 public:
  explicit FolderLock(const std::filesystem::path& folder, const LockOptions& options = {});
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

  /// The lock lasts until every process that has this descriptor open has ended; -1 where an
  /// owner's file stands for the lock.
  int descriptor() const { return fd_; }

 private:
  int fd_ = -1;
  bool exclusive_ = false;
  std::filesystem::path owner_;
};

/// Takes the owner's file. Returns who holds it, "" if it is taken now.
std::string take_owner_file(const std::filesystem::path& path, const LockOptions& options = {});

}  // namespace parlando
