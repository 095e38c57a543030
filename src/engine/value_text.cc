#include "engine/value_text.h"

#include <string>

#include "base/instant.h"
#include "event/java_text.h"

namespace trailhound::engine {
namespace {

using event::LogicalType;

void append_nanos(std::string& out, std::int64_t nanos) {
  constexpr std::int64_t kNanosPerMilli = 1'000'000;
  const std::int64_t rest = ((nanos % kNanosPerMilli) + kNanosPerMilli) % kNanosPerMilli;
  std::string text = format_iso_millis(Instant{(nanos - rest) / 1000});
  std::string digits = std::to_string(rest);
  digits.insert(0, 6 - digits.size(), '0');
  digits.erase(digits.find_last_not_of('0') + 1);
  text.insert(text.size() - 1, digits);
  out += text;
}

}  // namespace

void append_value_text(std::string& out, const Scalar& value, LogicalType type) {
  if (const auto* real = std::get_if<double>(&value)) {
    out += event::java_double_text(*real);
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
