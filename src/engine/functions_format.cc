// Numbers for people to read: FMT_BYTES and its kin.

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>

#include "base/ascii.h"
#include "engine/function_kernels.h"
#include "event/java_text.h"

namespace trailhound::engine::kernels {
namespace {

struct Unit {
  std::string_view name;
  double size;
};
constexpr auto kBytes =
    std::to_array<Unit>({{"b", 1}, {"kb", 0x1p10}, {"mb", 0x1p20}, {"gb", 0x1p30}, {"tb", 0x1p40}, {"pb", 0x1p50}});
constexpr auto kDecimalBytes =
    std::to_array<Unit>({{"B", 1}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"PB", 1e15}});
constexpr auto kDurations = std::to_array<Unit>(
    {{"nanos", 1}, {"micros", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}, {"d", 86400e9}});

/// Java's text of the number with at most one digit behind the point, cut off, not rounded.
std::string one_decimal(double value) {
  const std::string text = event::java_double_text(value);
  const std::size_t point = text.find('.');
  const std::size_t exponent = std::min(text.find('E'), text.size());
  const std::size_t kept = text[point + 1] == '0' ? point : point + 2;
  return text.substr(0, kept) + text.substr(exponent);
}

/// In the unit of the second argument, or the largest one that the amount fills.
template <std::size_t N>
Cell in_units(const FunctionCall& call, const std::array<Unit, N>& units, std::string_view unlimited) {
  const auto amount = call.whole(0);
  if (!amount) return Cell::null();
  if (*amount < -1) return call.fail(Failure::argument, "Values less than [-1] are not supported");
  const Unit* chosen = units.data();
  if (call.size() > 1) {
    const auto wanted = call.text(1);
    if (!wanted) return Cell::null();
    const std::string lower = lower_ascii(*wanted);
    chosen = std::ranges::find_if(units, [&](const Unit& unit) { return lower_ascii(unit.name) == lower; });
    if (chosen == units.end()) return call.fail(Failure::argument, "Unsupported unit [" + std::string(*wanted) + "]");
  } else {
    for (const Unit& unit : units) {
      if (static_cast<double>(*amount) >= unit.size) chosen = &unit;
    }
  }
  if (*amount == -1 && !unlimited.empty()) return call.text_result(unlimited);
  return call.text_result(one_decimal(static_cast<double>(*amount) / chosen->size) + std::string(chosen->name));
}

/// To one digit behind the point, halves up in size, by the digits that the number is written with.
std::string rounded_to_tenths(double value) {
  std::array<char, 400> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::fabs(value), std::chars_format::fixed);
  std::string digits(buffer.data(), end.ptr);
  if (!digits.contains('.')) digits += ".0";
  const std::size_t point = digits.find('.');
  const bool up = digits.size() > point + 2 && digits[point + 2] >= '5';
  digits.resize(point + 2);
  for (std::size_t i = digits.size(); up && i-- > 0;) {
    if (digits[i] == '.') continue;
    if (digits[i] != '9') {
      ++digits[i];
      break;
    }
    digits[i] = '0';
    if (i == 0) digits.insert(0, 1, '1');
  }
  return (std::signbit(value) ? "-" : "") + digits;
}

}  // namespace

Cell fmt_bytes(const FunctionCall& call) { return in_units(call, kBytes, ""); }
Cell fmt_bytes_si(const FunctionCall& call) { return in_units(call, kDecimalBytes, ""); }

Cell fmt_duration(const FunctionCall& call) {
  if (call.size() == 1 && call.whole(0) == 0) return call.text_result("0s");
  return in_units(call, kDurations, "-1");
}

Cell fmt_percent(const FunctionCall& call) {
  const auto ratio = call.real(0);
  if (!ratio) return Cell::null();
  const double percent = *ratio * 100.0;
  if (!std::isfinite(percent)) return call.real_result(percent);
  constexpr double kLimit = 0x1p63;
  if (percent == std::trunc(percent) && std::fabs(percent) < kLimit) {
    return call.text_result(std::to_string(static_cast<std::int64_t>(percent)) + "%");
  }
  return call.text_result(rounded_to_tenths(percent) + "%");
}

}  // namespace trailhound::engine::kernels
