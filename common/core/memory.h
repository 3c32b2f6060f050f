#pragma once

#include <cstdint>
#include <string>

namespace parlando {

/// Memory of this machine, or of the cgroup that this process lives in if that is less; bytes.
std::int64_t machine_memory();

/// Memory that this process has in use; bytes.
std::int64_t resident_memory();

/// "640 B", "12.3 MiB", "4.0 GiB".
std::string readable_bytes(std::int64_t bytes);

}  // namespace parlando
