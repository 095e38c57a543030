#pragma once
/// What a worker of a scan takes at a time: inputs that follow each other by path. One input, unless there are very
/// many: whatever a scan keeps of a portion it then keeps of 16,384, though a bucket may hold millions of files. In
/// paths as CloudTrail makes them (.../111122223333/CloudTrail/eu-west-1/2026/03/03/...) those of a portion are near
/// each other in time too.
///
///     TRY(const Portions portions, Portions::of(input));
///     for (const std::size_t number : portions.order(workers))     // every portion, once
///       for (std::size_t i = portions.begin(number); i < portions.end(number); ++i) read(input.at(i));
///
/// In which order they are taken does not matter for what a scan finds; it does for what it costs:
///
///   - Files of one account and region stand together, in order of time, if they are taken by path. So callers come
///     again while they are remembered, and of new terms, of which only the first hit counts, nearly all later ones are
///     left out (engine/sieve.h).
///   - No worker should be left with a large portion at the end while the others have none. So what is large beside a
///     worker's share comes first, and a few of the smallest last.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "run/scan_input.h"

namespace trailhound::run {

class Portions {
 public:
  static constexpr std::size_t kMost = 16'384;

  /// `most`: how many portions there may be, at least one.
  [[nodiscard]] static Result<Portions> of(const ScanInput& input, std::size_t most);

  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] std::size_t begin(std::size_t portion) const { return portion * inputs_ / size(); }
  [[nodiscard]] std::size_t end(std::size_t portion) const { return begin(portion + 1); }
  /// Of its files, as on disk.
  [[nodiscard]] std::uint64_t bytes(std::size_t portion) const { return bytes_[portion]; }
  [[nodiscard]] std::vector<std::size_t> order(unsigned workers) const;

 private:
  std::size_t inputs_ = 0;
  std::vector<std::uint64_t> bytes_;
};

}  // namespace trailhound::run
