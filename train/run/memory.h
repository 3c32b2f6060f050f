#pragma once

namespace parlando::train {

/// Makes the process keep freed memory instead of giving it back to the system: a batch
/// allocates the same large activations each time, and page faults cost up to a third of it. Call
/// first in main().
void keep_freed_memory();

}  // namespace parlando::train
