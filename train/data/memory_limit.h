#pragma once

#include <cstdint>
#include <string>

namespace parlando::train {

/// Bytes that one rank may keep features in. `limit` is a share of the machine's memory, which its
/// ranks divide among themselves ("50%"), or each rank's bytes ("2GiB", "500MB", "4096"). Throws
/// Error(usage) naming the key for anything else.
std::int64_t memory_limit(const std::string& limit, std::int64_t machine_bytes, int local_ranks);

}  // namespace parlando::train
