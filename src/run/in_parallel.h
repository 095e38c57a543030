#pragma once
/// The same work on several threads. Inside src/run only.
///
///     TRY_VOID(in_parallel(4, [&](unsigned worker) -> Status { return workers[worker].read_all(); }));
///
/// Waits for all of them, also if one fails. The Error is that of the worker with the lowest number.

#include <cstddef>
#include <functional>

#include "base/result.h"

namespace trailhound::run {

/// `workers`: one at least; the first one works on the thread of the caller.
[[nodiscard]] Status in_parallel(unsigned workers, const std::function<Status(unsigned worker)>& work);
/// One a processor, unless so many are asked for, and not more than there are jobs; at least one.
[[nodiscard]] unsigned worker_count(unsigned asked, std::size_t jobs);

}  // namespace trailhound::run
