#pragma once
/// In which order the workers take the files. What a scan finds does not depend on it; what it costs does:
///
///   - Events that come in order of time let the sieve leave out most hits of rules for new terms, of which only the
///     first counts. So files are taken by the time of delivery that CloudTrail puts into their names
///     (..._20260303T1715Z_...), then by path, in which most others have a date or a number.
///   - No worker should be left with a large file at the end while the others have none. So files that are large
///     beside a worker's share come first, and a few of the smallest last.
///
///     for (const std::size_t i : reading_order(files, workers)) ...   // every index of `files`, once

#include <cstddef>
#include <string_view>
#include <vector>

#include "source/input.h"

namespace trailhound::run {

[[nodiscard]] std::vector<std::size_t> reading_order(const std::vector<source::Input>& files, unsigned workers);

/// The time of delivery in a file's name, as it stands there: "20260303T1715Z", which sorts. Empty if there is none.
[[nodiscard]] std::string_view delivery_time_in(std::string_view path);

}  // namespace trailhound::run
