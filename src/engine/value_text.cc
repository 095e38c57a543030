#include "engine/value_text.h"

#include <array>
#include <charconv>
#include <string_view>

#include "base/instant.h"

namespace trailhound::engine {
namespace {

using event::LogicalType;

void append_real(std::string& out, double real) {
  std::array<char, 40> buffer{};
  const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), real, std::chars_format::scientific);
  std::string_view text(buffer.data(), static_cast<std::size_t>(written.ptr - buffer.data()));
  const std::size_t mark = text.find('e');
  if (mark == std::string_view::npos) {
    out += text;  // NaN and infinities
    return;
  }
  int exponent = 0;
  const std::string_view exponent_text = text.substr(text[mark + 1] == '+' ? mark + 2 : mark + 1);
  std::from_chars(exponent_text.data(), exponent_text.data() + exponent_text.size(), exponent);
  if (text.front() == '-') out += '-';
  std::string digits;
  for (const char c : text.substr(0, mark)) {
    if (c >= '0' && c <= '9') digits += c;
  }
  const auto pad = [](std::string part) { return part.empty() ? std::string("0") : part; };
  if (real == 0) {
    out += "0.0";
  } else if (exponent >= -3 && exponent < 0) {
    out += "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  } else if (exponent >= 0 && exponent < 7) {
    const auto whole = static_cast<std::size_t>(exponent) + 1;
    if (digits.size() < whole) digits.append(whole - digits.size(), '0');
    out += digits.substr(0, whole) + "." + pad(digits.substr(whole));
  } else {
    out += digits.substr(0, 1) + "." + pad(digits.substr(1)) + "E" + std::to_string(exponent);
  }
}

void append_nanos(std::string& out, std::int64_t nanos) {
  constexpr std::int64_t kNanosPerMilli = 1'000'000;
  const std::int64_t rest = ((nanos % kNanosPerMilli) + kNanosPerMilli) % kNanosPerMilli;
  std::string text = format_iso_millis(Instant{(nanos - rest) / 1000});
  std::string digits = std::to_string(rest);
  digits.insert(0, 6 - digits.size(), '0');
  text.insert(text.size() - 1, digits);
  out += text;
}

}  // namespace

void append_value_text(std::string& out, const Scalar& value, LogicalType type) {
  if (const auto* real = std::get_if<double>(&value)) {
    append_real(out, *real);
    return;
  }
  const auto* whole = std::get_if<std::int64_t>(&value);
  if (whole == nullptr) {
    out += to_text(value);
  } else if (type == LogicalType::date) {
    out += format_iso_millis(Instant{*whole});
  } else if (type == LogicalType::date_nanos) {
    append_nanos(out, *whole);
  } else if (type == LogicalType::unsigned_long) {
    out += std::to_string(static_cast<std::uint64_t>(*whole));
  } else {
    out += std::to_string(*whole);
  }
}

std::string value_text(const Scalar& value, LogicalType type) {
  std::string text;
  append_value_text(text, value, type);
  return text;
}

}  // namespace trailhound::engine
