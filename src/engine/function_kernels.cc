#include "engine/function_kernels.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/calendar.h"
#include "engine/case_mapping.h"
#include "engine/eql_kernels.h"

namespace trailhound::engine {
namespace {

using plan::LogicalType;

// --- Reading arguments: the one value of a cell, if it is of the kind wanted -----------------------------------------

const Scalar* single(const Cell& cell) { return cell.is_single() ? cell.values().data() : nullptr; }

template <class T>
std::optional<T> argument(const FunctionCall& call, std::size_t index) {
  const Scalar* scalar = single(call.arguments[index]);
  const T* value = scalar == nullptr ? nullptr : std::get_if<T>(scalar);
  return value == nullptr ? std::nullopt : std::optional<T>(*value);
}

/// A computed cell out of elements: none is null.
Cell cell_of(std::vector<Scalar>& elements, Arena& arena) {
  if (elements.empty()) return Cell::null();
  if (elements.size() == 1) return Cell::one(elements.front());
  return Cell::several(arena.copy(std::span<const Scalar>(elements)));
}

// --- Texts -----------------------------------------------------------------------------------------------------------

template <bool (*Test)(std::string_view, std::string_view)>
Cell test_texts(const FunctionCall& call) {
  const auto text = argument<std::string_view>(call, 0);
  const auto part = argument<std::string_view>(call, 1);
  if (!text || !part) return Cell::null();
  return Cell::one(Test(*text, *part));
}
bool starts_with(std::string_view text, std::string_view part) { return text.starts_with(part); }
bool ends_with(std::string_view text, std::string_view part) { return text.ends_with(part); }
bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

template <void (*Append)(std::string&, std::string_view)>
Cell map_texts(const FunctionCall& call) {
  std::vector<Scalar> mapped;
  std::string text;
  for (const Scalar& element : call.arguments[0].values()) {
    const auto* source = std::get_if<std::string_view>(&element);
    if (source == nullptr) continue;
    text.clear();
    Append(text, *source);
    mapped.emplace_back(call.arena.copy(std::string_view(text)));
  }
  return cell_of(mapped, call.arena);
}

Cell length(const FunctionCall& call) {
  const auto text = argument<std::string_view>(call, 0);
  if (!text) return Cell::null();
  const auto code_points =
      std::count_if(text->begin(), text->end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  return Cell::one(std::int64_t{code_points});
}

Cell concat(const FunctionCall& call) {
  std::string joined;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const auto text = argument<std::string_view>(call, i);
    if (!text) return Cell::null();
    joined += *text;
  }
  return Cell::one(call.arena.copy(std::string_view(joined)));
}

// --- to_text: as ES|QL prints ----------------------------------------------------------------------------------------

/// Decimal notation from 10^-3 up to below 10^7, else "1.0E10"; always with a digit on both sides of the point.
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

std::string text_of_integer(std::int64_t integer, LogicalType type) {
  if (type == LogicalType::date) return format_iso_millis(Instant{integer});
  if (type == LogicalType::unsigned_long) return std::to_string(static_cast<std::uint64_t>(integer));
  if (type != LogicalType::date_nanos) return std::to_string(integer);
  std::string text = format_iso_millis(Instant{integer});  // nine digits: three there, three of the rest, three zeros
  const std::int64_t micros = ((integer % 1000) + 1000) % 1000;
  std::string rest = std::to_string(micros);
  rest.insert(0, 3 - rest.size(), '0');
  text.insert(text.size() - 1, rest + "000");
  return text;
}

Cell to_text_cell(const FunctionCall& call) {
  std::vector<Scalar> texts;
  for (const Scalar& element : call.arguments[0].values()) {
    if (std::holds_alternative<std::string_view>(element)) {
      texts.push_back(element);
      continue;
    }
    std::string text;
    if (const auto* integer = std::get_if<std::int64_t>(&element)) {
      text = text_of_integer(*integer, call.first_argument);
    } else if (const auto* real = std::get_if<double>(&element)) {
      append_real(text, *real);
    } else {
      text = to_text(element);
    }
    texts.emplace_back(call.arena.copy(std::string_view(text)));
  }
  return cell_of(texts, call.arena);
}

// --- Dates -----------------------------------------------------------------------------------------------------------

Cell date_trunc(const FunctionCall& call) {
  const auto span = argument<std::int64_t>(call, 0);
  const auto date = argument<std::int64_t>(call, 1);
  if (!span || !date || *span <= 0) return Cell::null();
  std::int64_t rest = *date % *span;
  if (rest < 0) rest += *span;
  std::int64_t start = 0;
  if (__builtin_sub_overflow(*date, rest, &start)) return Cell::null();
  return Cell::one(start);
}

Cell date_trunc_calendar(const FunctionCall& call) {
  const auto unit_name = argument<std::string_view>(call, 0);
  const auto count = argument<std::int64_t>(call, 1);
  const auto date = argument<std::int64_t>(call, 2);
  if (!unit_name || !count || !date) return Cell::null();
  const auto unit = calendar_unit_named(*unit_name);
  if (!unit) return Cell::null();
  const auto start = truncate(Instant{*date}, *unit, *count);
  return start ? Cell::one(start->micros) : Cell::null();
}

// --- Arithmetic ------------------------------------------------------------------------------------------------------

/// Nothing on overflow or division by zero.
struct Add {
  static std::optional<std::int64_t> integers(std::int64_t a, std::int64_t b) {
    std::int64_t sum = 0;
    return __builtin_add_overflow(a, b, &sum) ? std::nullopt : std::optional(sum);
  }
  static double reals(double a, double b) { return a + b; }
};
struct Subtract {
  static std::optional<std::int64_t> integers(std::int64_t a, std::int64_t b) {
    std::int64_t difference = 0;
    return __builtin_sub_overflow(a, b, &difference) ? std::nullopt : std::optional(difference);
  }
  static double reals(double a, double b) { return a - b; }
};
struct Multiply {
  static std::optional<std::int64_t> integers(std::int64_t a, std::int64_t b) {
    std::int64_t product = 0;
    return __builtin_mul_overflow(a, b, &product) ? std::nullopt : std::optional(product);
  }
  static double reals(double a, double b) { return a * b; }
};
struct Divide {
  static std::optional<std::int64_t> integers(std::int64_t a, std::int64_t b) {
    if (b == 0 || (b == -1 && a == std::numeric_limits<std::int64_t>::min())) return std::nullopt;
    return a / b;
  }
  static double reals(double a, double b) { return a / b; }
};
struct Modulo {
  static std::optional<std::int64_t> integers(std::int64_t a, std::int64_t b) {
    if (b == 0) return std::nullopt;
    return b == -1 ? 0 : a % b;
  }
  static double reals(double a, double b) { return std::fmod(a, b); }
};

std::optional<double> real_of(const Scalar& scalar) {
  if (const auto* integer = std::get_if<std::int64_t>(&scalar)) return static_cast<double>(*integer);
  if (const auto* real = std::get_if<double>(&scalar)) return *real;
  return std::nullopt;
}

bool fits(std::int64_t integer, LogicalType type) {
  return type != LogicalType::integer ||
         (integer >= std::numeric_limits<std::int32_t>::min() && integer <= std::numeric_limits<std::int32_t>::max());
}

template <class Operation>
Cell arithmetic(const FunctionCall& call) {
  const Scalar* a = single(call.arguments[0]);
  const Scalar* b = single(call.arguments[1]);
  if (a == nullptr || b == nullptr) return Cell::null();
  const auto* i = std::get_if<std::int64_t>(a);
  const auto* j = std::get_if<std::int64_t>(b);
  if (i != nullptr && j != nullptr) {
    const auto result = Operation::integers(*i, *j);
    return result && fits(*result, call.result) ? Cell::one(*result) : Cell::null();
  }
  const auto x = real_of(*a);
  const auto y = real_of(*b);
  if (!x || !y) return Cell::null();
  const double result = Operation::reals(*x, *y);
  return std::isfinite(result) ? Cell::one(result) : Cell::null();
}

// --- Multi-values ----------------------------------------------------------------------------------------------------

Cell mv_count(const FunctionCall& call) {
  const std::size_t count = call.arguments[0].size();
  return count == 0 ? Cell::null() : Cell::one(static_cast<std::int64_t>(count));
}

}  // namespace

Kernel kernel_of(plan::Function function) {
  using plan::Function;
  switch (function) {
    case Function::starts_with:
      return test_texts<starts_with>;
    case Function::ends_with:
      return test_texts<ends_with>;
    case Function::contains:
      return test_texts<contains>;
    case Function::to_lower:
      return map_texts<append_lower>;
    case Function::to_upper:
      return map_texts<append_upper>;
    case Function::length:
      return length;
    case Function::concat:
      return concat;
    case Function::date_trunc:
      return date_trunc;
    case Function::date_trunc_calendar:
      return date_trunc_calendar;
    case Function::add:
      return arithmetic<Add>;
    case Function::subtract:
      return arithmetic<Subtract>;
    case Function::multiply:
      return arithmetic<Multiply>;
    case Function::divide:
      return arithmetic<Divide>;
    case Function::modulo:
      return arithmetic<Modulo>;
    case Function::to_text:
      return to_text_cell;
    case Function::mv_count:
      return mv_count;
    case Function::eql_length:
    case Function::eql_index_of:
    case Function::eql_slice:
    case Function::eql_between:
    case Function::eql_number:
      return eql_kernel_of(function);
    case Function::coalesce:
    case Function::case_when:
      return nullptr;
  }
  return nullptr;
}

}  // namespace trailhound::engine
