#include "engine/scalar_kernels.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <variant>

#include "base/ascii.h"
#include "engine/version_order.h"

namespace trailhound::engine {
namespace {

using plan::ComparisonOp;
using plan::Domain;
using Number = std::variant<std::int64_t, double>;

/// The text of a scalar; a text is not copied.
class ScalarText {
 public:
  explicit ScalarText(const Scalar& scalar) {
    if (const auto* text = std::get_if<std::string_view>(&scalar)) {
      view_ = *text;
    } else {
      storage_ = to_text(scalar);
      view_ = storage_;
    }
  }
  ScalarText(const ScalarText&) = delete;
  ScalarText& operator=(const ScalarText&) = delete;
  [[nodiscard]] std::string_view view() const { return view_; }

 private:
  std::string storage_;
  std::string_view view_;
};

std::partial_ordering order_numbers(const Number& a, const Number& b) {
  if (const auto* i = std::get_if<std::int64_t>(&a)) {
    if (const auto* j = std::get_if<std::int64_t>(&b)) return *i <=> *j;
    return engine::order(*i, std::get<double>(b));
  }
  const double x = std::get<double>(a);
  if (const auto* y = std::get_if<double>(&b)) return x <=> *y;
  const std::partial_ordering reversed = engine::order(std::get<std::int64_t>(b), x);
  return 0 <=> reversed;
}

/// Decimal numbers only: no blanks, plus sign, hexadecimal digits, infinities.
std::optional<Number> parse_number(std::string_view text) {
  const char* end = text.data() + text.size();
  std::int64_t integer = 0;
  if (const auto r = std::from_chars(text.data(), end, integer); r.ec == std::errc{} && r.ptr == end) return integer;
  double real = 0;
  const auto r = std::from_chars(text.data(), end, real);
  if (r.ec != std::errc{} || r.ptr != end || !std::isfinite(real)) return std::nullopt;
  return real;
}

std::optional<Number> number_of(const Scalar& scalar) {
  if (const auto* i = std::get_if<std::int64_t>(&scalar)) return *i;
  if (const auto* d = std::get_if<double>(&scalar)) return *d;
  return std::nullopt;
}

std::optional<Number> number_or_numeric_text(const Scalar& scalar) {
  if (const auto* text = std::get_if<std::string_view>(&scalar)) return parse_number(*text);
  return number_of(scalar);
}

std::optional<IpAddress> address_of(const Scalar& scalar) {
  if (const auto* ip = std::get_if<IpAddress>(&scalar)) return *ip;
  if (const auto* text = std::get_if<std::string_view>(&scalar)) return parse_ip(*text);
  return std::nullopt;
}

std::strong_ordering order_bytes(std::string_view a, std::string_view b) { return a.compare(b) <=> 0; }

unsigned char fold(char c) { return static_cast<unsigned char>(lower_ascii(c)); }

std::strong_ordering order_folded(std::string_view a, std::string_view b) {
  const std::size_t common = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (const auto difference = fold(a[i]) <=> fold(b[i]); difference != 0) return difference;
  }
  return a.size() <=> b.size();
}

std::partial_ordering order_readable(const std::optional<Number>& a, const std::optional<Number>& b) {
  return a && b ? order_numbers(*a, *b) : std::partial_ordering::unordered;
}
std::partial_ordering order_readable(const std::optional<IpAddress>& a, const std::optional<IpAddress>& b) {
  return a && b ? *a <=> *b : std::partial_ordering::unordered;
}

std::partial_ordering order_native(const Scalar& a, const Scalar& b) {
  if (const auto x = number_of(a)) return order_readable(x, number_of(b));
  if (a.index() != b.index()) return std::partial_ordering::unordered;
  if (const auto* text = std::get_if<std::string_view>(&a)) return order_bytes(*text, std::get<std::string_view>(b));
  if (const auto* boolean = std::get_if<bool>(&a)) return *boolean <=> std::get<bool>(b);
  return std::get<IpAddress>(a) <=> std::get<IpAddress>(b);
}

/// Whether every value of a list sorted by compare_values is a text: kinds come in order.
bool all_texts(const Values& sorted) {
  return !sorted.empty() && std::holds_alternative<std::string>(sorted.front()) &&
         std::holds_alternative<std::string>(sorted.back());
}

bool holds_text(const Values& sorted_texts, std::string_view text) {
  const auto at = std::lower_bound(
      sorted_texts.begin(), sorted_texts.end(), text,
      [](const Value& value, std::string_view wanted) { return std::get<std::string>(value) < wanted; });
  return at != sorted_texts.end() && std::get<std::string>(*at) == text;
}

/// Anything but a match: no, or unknown if the list held a null.
Truth otherwise(const plan::OneOf& list) { return list.has_null ? Truth::unknown : Truth::no; }

}  // namespace

std::partial_ordering order(std::int64_t integer, double real) {
  constexpr double kBeyondLargest = 9223372036854775808.0;  // 2^63
  if (std::isnan(real)) return std::partial_ordering::unordered;
  if (real >= kBeyondLargest) return std::partial_ordering::less;
  if (real < -kBeyondLargest) return std::partial_ordering::greater;
  const auto whole = static_cast<std::int64_t>(real);
  if (integer != whole) return integer <=> whole;
  return 0.0 <=> real - static_cast<double>(whole);
}

std::partial_ordering order(Domain domain, const Scalar& a, const Scalar& b) {
  switch (domain) {
    case Domain::native:
      return order_native(a, b);
    case Domain::text:
      return order_bytes(ScalarText(a).view(), ScalarText(b).view());
    case Domain::folded:
      return order_folded(ScalarText(a).view(), ScalarText(b).view());
    case Domain::numeric_text:
      return order_readable(number_or_numeric_text(a), number_or_numeric_text(b));
    case Domain::address:
      return order_readable(address_of(a), address_of(b));
    case Domain::version: {
      const auto* x = std::get_if<std::string_view>(&a);
      const auto* y = std::get_if<std::string_view>(&b);
      if (x == nullptr || y == nullptr) break;
      return order_versions(*x, *y);
    }
    case Domain::unsigned_whole: {
      const auto* x = std::get_if<std::int64_t>(&a);
      const auto* y = std::get_if<std::int64_t>(&b);
      if (x == nullptr || y == nullptr) break;
      return static_cast<std::uint64_t>(*x) <=> static_cast<std::uint64_t>(*y);
    }
  }
  return std::partial_ordering::unordered;
}

Domain domain_for(plan::LogicalType type) {
  if (type == plan::LogicalType::version) return Domain::version;
  if (type == plan::LogicalType::unsigned_long) return Domain::unsigned_whole;
  return type == plan::LogicalType::any ? Domain::text : Domain::native;
}

Truth compare(ComparisonOp op, Domain domain, const Scalar& a, const Scalar& b) {
  const std::partial_ordering o = order(domain, a, b);
  if (o == std::partial_ordering::unordered) return Truth::unknown;
  switch (op) {
    case ComparisonOp::equal:
      return truth_of(o == 0);
    case ComparisonOp::not_equal:
      return truth_of(o != 0);
    case ComparisonOp::less:
      return truth_of(o < 0);
    case ComparisonOp::less_equal:
      return truth_of(o <= 0);
    case ComparisonOp::greater:
      return truth_of(o > 0);
    case ComparisonOp::greater_equal:
      return truth_of(o >= 0);
  }
  return Truth::unknown;
}

Truth one_of(const plan::OneOf& list, const Scalar& needle) {
  const bool by_bytes = list.domain == Domain::text ||
                        (list.domain == Domain::native && std::holds_alternative<std::string_view>(needle));
  if (by_bytes && all_texts(list.values)) {
    return holds_text(list.values, ScalarText(needle).view()) ? Truth::yes : otherwise(list);
  }
  Truth any = otherwise(list);
  for (const Value& value : list.values) {
    if (is_null(value)) {
      any = any | Truth::unknown;
      continue;
    }
    any = any | compare(ComparisonOp::equal, list.domain, needle, to_scalar(value));
    if (any == Truth::yes) break;
  }
  return any;
}

Truth match(const plan::Pattern& pattern, const Scalar& scalar) {
  return truth_of(pattern.matches(ScalarText(scalar).view()));
}

Truth in_network(std::span<const Cidr> blocks, const Scalar& scalar) {
  const std::optional<IpAddress> address = address_of(scalar);
  if (!address) return Truth::no;
  return truth_of(
      std::any_of(blocks.begin(), blocks.end(), [&](const Cidr& block) { return block.contains(*address); }));
}

}  // namespace trailhound::engine
