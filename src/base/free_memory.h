#pragma once
/// Gives memory that was freed back to the system, as far as the program's allocator keeps it (tcmalloc does, see
/// docs/decisions/0014; without it nothing happens). For the rare moment behind something very large: it costs
/// milliseconds, and what is needed again has to be asked for anew. Thread-safe.

namespace trailhound {

void give_free_memory_back();

}  // namespace trailhound
