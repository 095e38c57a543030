#pragma once
/// In which order the workers take the files. What a scan finds does not depend on it; what it costs does:
///
///   - Files of one account and region stand together, in order of time, if they are taken by path, as CloudTrail makes
///     it (.../111122223333/CloudTrail/eu-west-1/2026/03/03/...). So callers come again while they are remembered, and
///     of new terms, of which only the first hit counts, nearly all later ones are left out (engine/sieve.h).
///   - No worker should be left with a large file at the end while the others have none. So files that are large
///     beside a worker's share come first, and a few of the smallest last.
///
///     for (const std::size_t i : reading_order(files, workers)) ...   // every index of `files`, once

#include <cstddef>
#include <vector>

#include "source/input.h"

namespace trailhound::run {

[[nodiscard]] std::vector<std::size_t> reading_order(const std::vector<source::Input>& files, unsigned workers);

}  // namespace trailhound::run
