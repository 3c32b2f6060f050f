#pragma once

#include <filesystem>

namespace parlando {

/// An exclusive lock on a folder's ".lock" file for the life of the object, so that two processes
/// do not write the same artefact. Throws Error(artefact) at once if another process holds it.
class FolderLock {
 public:
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int fd_;
};

}  // namespace parlando
