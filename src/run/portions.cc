#include "run/portions.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace trailhound::run {
namespace {

/// A portion is large if it takes a worker longer than this part of its share.
constexpr std::uint64_t kLargePart = 16;
/// How many of the smallest come last, for each worker; only if there are many more.
constexpr std::size_t kLast = 4;

}  // namespace

Result<Portions> Portions::of(const ScanInput& input, std::size_t most) {
  Portions portions;
  portions.inputs_ = input.size();
  portions.bytes_.assign(std::min(input.size(), std::max<std::size_t>(1, most)), 0);
  for (std::size_t portion = 0; portion < portions.size(); ++portion) {
    const std::size_t end = std::min(portions.end(portion), input.files.size());
    for (std::size_t i = portions.begin(portion); i < end; ++i) {
      TRY(const source::Input file, input.files.at(i));
      portions.bytes_[portion] += file.bytes;
    }
  }
  return portions;
}

std::vector<std::size_t> Portions::order(unsigned workers) const {
  std::vector<std::size_t> order(size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (workers < 2) return order;
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return bytes_[a] > bytes_[b]; });

  const std::uint64_t total = std::accumulate(bytes_.begin(), bytes_.end(), std::uint64_t{0});
  const std::uint64_t large = total / (workers * kLargePart);
  const auto rest = std::ranges::find_if(order, [&](std::size_t i) { return bytes_[i] <= large; });
  const auto count = static_cast<std::size_t>(order.end() - rest);
  const std::size_t last = kLast * workers;
  std::sort(rest, count > 2 * last ? order.end() - static_cast<std::ptrdiff_t>(last) : order.end());
  return order;
}

}  // namespace trailhound::run
