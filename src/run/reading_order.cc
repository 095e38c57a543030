#include "run/reading_order.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <tuple>

namespace trailhound::run {
namespace {

/// A file is large if it takes a worker longer than this part of its share.
constexpr std::uint64_t kLargePart = 16;
/// How many of the smallest come last, for each worker; only if there are many more.
constexpr std::size_t kLast = 4;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void sort_by_time(std::span<std::size_t> order, const std::vector<source::Input>& files) {
  std::vector<std::string_view> times(files.size());
  for (const std::size_t i : order) times[i] = delivery_time_in(files[i].path);
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    return std::tie(times[a], files[a].path) < std::tie(times[b], files[b].path);
  });
}

}  // namespace

std::string_view delivery_time_in(std::string_view path) {
  constexpr std::string_view kForm = "00000000T0000Z";
  const std::string_view name = path.substr(path.find_last_of('/') + 1);
  for (std::size_t at = name.find('T'); at != std::string_view::npos; at = name.find('T', at + 1)) {
    if (at < kForm.find('T')) continue;
    const std::string_view time = name.substr(at - kForm.find('T'), kForm.size());
    const bool fits =
        std::ranges::equal(time, kForm, [](char c, char form) { return form == '0' ? is_digit(c) : c == form; });
    if (fits) return time;
  }
  return {};
}

std::vector<std::size_t> reading_order(const std::vector<source::Input>& files, unsigned workers) {
  std::vector<std::size_t> order(files.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (workers < 2) {
    sort_by_time(order, files);
    return order;
  }
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return files[a].bytes > files[b].bytes; });

  std::uint64_t total = 0;
  for (const source::Input& file : files) total += file.bytes;
  const std::uint64_t large = total / (workers * kLargePart);
  const auto rest = std::ranges::find_if(order, [&](std::size_t i) { return files[i].bytes <= large; });
  const std::size_t last = kLast * workers;
  const auto count = static_cast<std::size_t>(order.end() - rest);
  sort_by_time(std::span(rest, count > 2 * last ? count - last : count), files);
  return order;
}

}  // namespace trailhound::run
