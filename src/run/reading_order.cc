#include "run/reading_order.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>

namespace trailhound::run {
namespace {

/// A file is large if it takes a worker longer than this part of its share.
constexpr std::uint64_t kLargePart = 16;
/// How many of the smallest come last, for each worker; only if there are many more.
constexpr std::size_t kLast = 4;

void sort_by_path(std::span<std::size_t> order, const std::vector<source::Input>& files) {
  std::ranges::stable_sort(order, {}, [&](std::size_t i) -> const std::string& { return files[i].path; });
}

}  // namespace

std::vector<std::size_t> reading_order(const std::vector<source::Input>& files, unsigned workers) {
  std::vector<std::size_t> order(files.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (workers < 2) {
    sort_by_path(order, files);
    return order;
  }
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return files[a].bytes > files[b].bytes; });

  std::uint64_t total = 0;
  for (const source::Input& file : files) total += file.bytes;
  const std::uint64_t large = total / (workers * kLargePart);
  const auto rest = std::ranges::find_if(order, [&](std::size_t i) { return files[i].bytes <= large; });
  const std::size_t last = kLast * workers;
  const auto count = static_cast<std::size_t>(order.end() - rest);
  sort_by_path(std::span(rest, count > 2 * last ? count - last : count), files);
  return order;
}

}  // namespace trailhound::run
