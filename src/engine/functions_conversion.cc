// Conversions, element by element: what does not convert is left out, with a warning.

#include <algorithm>
#include <limits>
#include <string>

#include "base/instant.h"
#include "engine/function_kernels.h"
#include "engine/value_text.h"
#include "plan/read_value.h"

namespace trailhound::engine::kernels {
namespace {

using plan::LogicalType;

/// Why an element does not convert, in Elasticsearch's words.
std::string complaint(const std::string& text, const Scalar& element, LogicalType to) {
  const std::string type(name_of(to));
  const bool is_text = std::holds_alternative<std::string_view>(element);
  switch (to) {
    case LogicalType::integer:
    case LogicalType::long_integer:
    case LogicalType::unsigned_long:
    case LogicalType::real:
      return is_text ? "Cannot parse number [" + text + "]" : "[" + text + "] out of [" + type + "] range";
    case LogicalType::date:
      if (is_text) return "failed to parse date field [" + text + "] with format [strict_date_optional_time]";
      break;
    case LogicalType::ip:
      return "'" + text + "' is not an IP string literal.";
    default:
      break;
  }
  return "Cannot convert [" + text + "] to [" + type + "]";
}

template <class T>
std::optional<Scalar> as_scalar(const std::optional<T>& value) {
  return value ? std::optional<Scalar>(Scalar(*value)) : std::nullopt;
}

/// Dates count in milliseconds as numbers, date_nanos in nanoseconds.
std::int64_t number_of_date(std::int64_t kept, LogicalType type) {
  if (type != LogicalType::date) return kept;
  return kept / 1000 - (kept % 1000 < 0 ? 1 : 0);
}

/// Why an element is no date_nanos: most often it is a date before 1970 or after 2262.
std::string nanos_complaint(const Scalar& element, LogicalType from) {
  const auto outside = [](std::int64_t date) -> std::string {
    return date < 0 ? "before the epoch in 1970" : "after 2262-04-11T23:47:16.854775807";
  };
  if (const auto* text = std::get_if<std::string_view>(&element)) {
    const auto date = plan::read_date(*text, LogicalType::date);
    if (!date) {
      return "failed to parse date field [" + std::string(*text) + "] with format [strict_date_optional_time_nanos]";
    }
    return "date[" + format_rfc3339(Instant{*date}) + "] is " + outside(*date) +
           " and cannot be stored in nanosecond resolution";
  }
  const auto* whole = std::get_if<std::int64_t>(&element);
  if (whole != nullptr && from == LogicalType::date) {
    return "milliSeconds [" + std::to_string(number_of_date(*whole, from)) + "] are " + outside(*whole) +
           " and cannot be converted to nanoseconds";
  }
  if (whole != nullptr && from != LogicalType::unsigned_long) {
    return "Nanosecond dates before 1970-01-01T00:00:00.000Z are not supported.";
  }
  return "Cannot convert [" + value_text(element, from) + "] to [date_nanos]";
}

/// What a warning calls the element: dates are their numbers where a number was wanted.
std::string element_text(const FunctionCall& call, const Scalar& element) {
  const auto* kept = std::get_if<std::int64_t>(&element);
  if (kept != nullptr && call.type(0) == LogicalType::date) {
    return std::to_string(number_of_date(*kept, call.type(0)));
  }
  return value_text(element, call.type(0));
}

/// Converts every element; `convert` gives nothing where it cannot.
template <class Convert>
Cell each_element(const FunctionCall& call, Convert convert) {
  std::vector<Scalar> converted;
  for (const Scalar& element : call.values(0)) {
    if (std::optional<Scalar> value = convert(element)) {
      converted.push_back(*value);
    } else {
      (void)call.fail(Failure::conversion, call.result() == LogicalType::date_nanos
                                               ? nanos_complaint(element, call.type(0))
                                               : complaint(element_text(call, element), element, call.result()));
    }
  }
  return call.several_result(converted);
}

std::optional<std::int64_t> whole_of(const Scalar& value, LogicalType from, LogicalType to) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return plan::read_whole(*text, to);
  if (const auto* real = std::get_if<double>(&value)) return plan::round_to_whole(*real, to);
  if (const auto* truth = std::get_if<bool>(&value)) return std::int64_t{*truth};
  const auto* whole = std::get_if<std::int64_t>(&value);
  if (whole == nullptr) return std::nullopt;
  const std::int64_t number = number_of_date(*whole, from);
  // One sign bit is read differently by the two types.
  if ((from == LogicalType::unsigned_long) != (to == LogicalType::unsigned_long) && number < 0) return std::nullopt;
  if (to == LogicalType::integer && !plan::fits_integer(number)) return std::nullopt;
  return number;
}

Cell to_whole(const FunctionCall& call, LogicalType to) {
  if (call.size() > 1) {
    const auto base = call.whole(1);
    if (!base) return Cell::null();
    if (*base < 2 || *base > 36) return call.fail(Failure::argument, "the base must be between 2 and 36");
    return each_element(call, [&](const Scalar& value) -> std::optional<Scalar> {
      const auto* text = std::get_if<std::string_view>(&value);
      if (text == nullptr) return std::nullopt;
      return as_scalar(plan::read_whole(*text, static_cast<int>(*base), to));
    });
  }
  return each_element(call, [&](const Scalar& value) { return as_scalar(whole_of(value, call.type(0), to)); });
}

std::optional<double> real_of(const Scalar& value, LogicalType from) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return plan::read_real(*text);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? 1.0 : 0.0;
  const auto* whole = std::get_if<std::int64_t>(&value);
  if (whole == nullptr) return std::nullopt;
  if (from == LogicalType::unsigned_long) return static_cast<double>(static_cast<std::uint64_t>(*whole));
  return static_cast<double>(number_of_date(*whole, from));
}

std::optional<std::int64_t> date_of(const Scalar& value, LogicalType from) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return plan::read_date(*text, LogicalType::date);
  std::optional<std::int64_t> millis;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    if (from == LogicalType::date) return *whole;
    if (from == LogicalType::unsigned_long && *whole < 0) return std::nullopt;
    millis = from == LogicalType::date_nanos ? *whole / 1'000'000 : *whole;
  } else if (const auto* real = std::get_if<double>(&value)) {
    if (*real > -9.2e18 && *real < 9.2e18) millis = static_cast<std::int64_t>(*real);
  }
  std::int64_t micros = 0;
  if (!millis || __builtin_mul_overflow(*millis, std::int64_t{1000}, &micros)) return std::nullopt;
  return micros;
}

std::optional<std::int64_t> nanos_of(const Scalar& value, LogicalType from) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return plan::read_date(*text, LogicalType::date_nanos);
  std::optional<std::int64_t> nanos;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    nanos = *whole;
    if (from == LogicalType::date && __builtin_mul_overflow(*whole, std::int64_t{1000}, &*nanos)) return std::nullopt;
  } else if (const auto* real = std::get_if<double>(&value)) {
    if (*real >= 0 && *real < 9.2e18) nanos = static_cast<std::int64_t>(*real);
  }
  return nanos && *nanos >= 0 ? nanos : std::nullopt;
}

bool is_true_text(std::string_view text) {
  constexpr std::string_view kTrue = "true";
  if (text.size() != kTrue.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((text[i] | 0x20) != kTrue[i]) return false;
  }
  return true;
}

/// An IPv4 text whose octets with leading zeros, read to `base`, are written in the decimal form.
std::string without_leading_zeros(std::string_view text, int base) {
  std::string out;
  for (bool more = true; more;) {
    const std::size_t dot = std::min(text.find('.'), text.size());
    const std::string_view octet = text.substr(0, dot);
    const bool zeros = octet.size() > 1 && octet.front() == '0';
    const auto number = zeros ? plan::read_whole(octet, base, LogicalType::integer) : std::nullopt;
    out += zeros && number ? std::to_string(*number) : std::string(octet);
    more = dot < text.size();
    if (more) out += '.';
    text.remove_prefix(std::min(dot + 1, text.size()));
  }
  return out;
}

}  // namespace

Cell to_text(const FunctionCall& call) {
  std::vector<Scalar> texts;
  std::string text;
  for (const Scalar& element : call.values(0)) {
    if (std::holds_alternative<std::string_view>(element)) {
      texts.push_back(element);
      continue;
    }
    text.clear();
    append_value_text(text, element, call.type(0));
    texts.emplace_back(call.arena().copy(std::string_view(text)));
  }
  return call.several_result(texts);
}

Cell to_boolean(const FunctionCall& call) {
  return each_element(call, [](const Scalar& value) -> std::optional<Scalar> {
    if (const auto* text = std::get_if<std::string_view>(&value)) return Scalar(is_true_text(*text));
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return Scalar(*whole != 0);
    if (const auto* real = std::get_if<double>(&value)) return Scalar(*real != 0);
    if (std::holds_alternative<bool>(value)) return value;
    return std::nullopt;
  });
}

Cell to_integer(const FunctionCall& call) { return to_whole(call, LogicalType::integer); }
Cell to_long(const FunctionCall& call) { return to_whole(call, LogicalType::long_integer); }
Cell to_unsigned_long(const FunctionCall& call) { return to_whole(call, LogicalType::unsigned_long); }

Cell to_double(const FunctionCall& call) {
  return each_element(call, [&](const Scalar& value) { return as_scalar(real_of(value, call.type(0))); });
}
Cell to_datetime(const FunctionCall& call) {
  return each_element(call, [&](const Scalar& value) { return as_scalar(date_of(value, call.type(0))); });
}
Cell to_date_nanos(const FunctionCall& call) {
  return each_element(call, [&](const Scalar& value) { return as_scalar(nanos_of(value, call.type(0))); });
}

Cell nanos_to_compare(const FunctionCall& call) {
  const auto micros = call.whole(0);
  if (!micros) return Cell::null();
  std::int64_t nanos = 0;
  if (*micros < 0) return Cell::one(std::int64_t{-1});
  const bool fits = !__builtin_mul_overflow(*micros, std::int64_t{1000}, &nanos);
  return Cell::one(fits ? nanos : std::numeric_limits<std::int64_t>::max());
}

Cell to_ip(const FunctionCall& call) {
  const int base = call.text(1) == "octal" ? 8 : call.text(1) == "decimal" ? 10 : 0;
  return each_element(call, [&](const Scalar& value) -> std::optional<Scalar> {
    if (std::holds_alternative<IpAddress>(value)) return value;
    const auto* text = std::get_if<std::string_view>(&value);
    if (text == nullptr) return std::nullopt;
    return as_scalar(base == 0 ? parse_ip(*text) : parse_ip(without_leading_zeros(*text, base)));
  });
}

Cell to_version(const FunctionCall& call) {
  return each_element(call, [](const Scalar& value) -> std::optional<Scalar> {
    return std::holds_alternative<std::string_view>(value) ? std::optional<Scalar>(value) : std::nullopt;
  });
}

}  // namespace trailhound::engine::kernels
