#include "rule/elastic_schedule.h"

#include <charconv>
#include <cstdint>
#include <system_error>

namespace trailhound::rule {
namespace {

/// Longer look-backs are slips: ten years.
constexpr std::int64_t kMaxSeconds = 3650LL * 86400;

std::optional<Duration> parse_amount(std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  std::int64_t factor = 0;
  switch (text.back()) {
    case 's':
      factor = 1;
      break;
    case 'm':
      factor = 60;
      break;
    case 'h':
    case 'H':
      factor = 3600;
      break;
    case 'd':
      factor = 86400;
      break;
    case 'w':
      factor = 7 * 86400;
      break;
    default:
      return std::nullopt;
  }
  std::int64_t amount = 0;
  const char* const last = text.data() + text.size() - 1;
  const auto [end, error] = std::from_chars(text.data(), last, amount);
  if (error != std::errc() || end != last || amount < 0 || amount > kMaxSeconds / factor) return std::nullopt;
  return Duration::seconds(amount * factor);
}

}  // namespace

std::optional<Duration> parse_before_now(std::string_view text) {
  if (!text.starts_with("now")) return std::nullopt;
  text.remove_prefix(3);
  if (text.empty()) return Duration{};
  const char sign = text.front();
  if (sign != '-' && sign != '+') return std::nullopt;
  const auto amount = parse_amount(text.substr(1));
  if (!amount) return std::nullopt;
  return sign == '-' ? *amount : Duration{-amount->micros};
}

std::optional<Duration> parse_interval(std::string_view text) {
  if (text.ends_with('w') || text.ends_with('H')) return std::nullopt;
  const auto amount = parse_amount(text);
  if (!amount || amount->micros == 0) return std::nullopt;
  return amount;
}

}  // namespace trailhound::rule
