#include "base/free_memory.h"

/// Of tcmalloc; null in programs that do not link it.
extern "C" [[gnu::weak]] void MallocExtension_ReleaseFreeMemory();

namespace trailhound {

void give_free_memory_back() {
  if (MallocExtension_ReleaseFreeMemory != nullptr) MallocExtension_ReleaseFreeMemory();
}

}  // namespace trailhound
