#include "plan/read_value.h"

#include <cmath>
#include <limits>

#include "base/ascii.h"
#include "base/civil_date.h"
#include "base/number_text.h"

namespace trailhound::plan {
namespace {

using event::LogicalType;

std::optional<std::int64_t> fitted(std::int64_t whole, LogicalType type) {
  return type == LogicalType::integer && !fits_integer(whole) ? std::nullopt : std::optional(whole);
}

/// Walks a date text from left to right.
class DateReader {
 public:
  explicit DateReader(std::string_view text) : text_(text) {}

  bool read() {
    const bool before_christ = take('-');
    if (!digits(4, year_)) return false;
    if (before_christ) year_ = -year_;
    if (take('-')) {
      if (!digits(2, month_)) return false;
      if (take('-') && !digits(2, day_)) return false;
    }
    if (month_ < 1 || month_ > 12 || day_ < 1 || day_ > days_in_month(year_, static_cast<unsigned>(month_)))
      return false;
    if (take('T') && !(read_time() && read_zone())) return false;
    return at_ == text_.size();
  }
  [[nodiscard]] std::int64_t seconds() const {
    const auto days = days_from_civil(year_, static_cast<unsigned>(month_), static_cast<unsigned>(day_));
    return days * 86'400 + hour_ * 3'600 + minute_ * 60 + second_ - offset_;
  }
  [[nodiscard]] std::int64_t nanos() const { return nanos_; }

 private:
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool digits(int count, std::int64_t& out) {
    out = 0;
    for (int i = 0; i < count; ++i, ++at_) {
      if (at_ >= text_.size() || text_[at_] < '0' || text_[at_] > '9') return false;
      out = out * 10 + (text_[at_] - '0');
    }
    return true;
  }
  [[nodiscard]] bool at_digit() const { return at_ < text_.size() && is_digit(text_[at_]); }

  bool read_time() {
    if (!at_digit()) return true;
    if (!digits(2, hour_) || (take(':') && (!digits(2, minute_) || (take(':') && !read_second())))) return false;
    return hour_ <= 23 && minute_ <= 59 && second_ <= 59;
  }
  bool read_second() {
    if (!digits(2, second_)) return false;
    if (!take('.') && !take(',')) return true;
    int count = 0;
    for (; at_digit() && count < 9; ++count) nanos_ = nanos_ * 10 + (text_[at_++] - '0');
    for (int i = count; i < 9; ++i) nanos_ *= 10;
    return count > 0;
  }
  bool read_zone() {
    if (at_ == text_.size() || take('Z')) return true;
    const bool east = take('+');
    if (!east && !take('-')) return false;
    std::int64_t hours = 0;
    std::int64_t minutes = 0;
    if (!digits(2, hours)) return false;
    if (take(':') || at_digit()) {
      if (!digits(2, minutes)) return false;
    }
    offset_ = (east ? 1 : -1) * (hours * 3'600 + minutes * 60);
    return hours <= 18 && minutes <= 59;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::int64_t year_ = 0, month_ = 1, day_ = 1, hour_ = 0, minute_ = 0, second_ = 0, nanos_ = 0, offset_ = 0;
};

}  // namespace

std::optional<double> read_real(std::string_view text) {
  text = trimmed_as_java(text);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  // As Java has it: 1.5f and 1.5d are numbers.
  const bool marked = text.size() > 1 && std::string_view("fFdD").contains(text.back());
  if (marked && (text[text.size() - 2] == '.' || is_digit(text[text.size() - 2]))) {
    text.remove_suffix(1);
  }
  const auto real = number_in<double>(text);
  return real && std::isfinite(*real) ? real : std::nullopt;
}

bool fits_integer(std::int64_t whole) {
  return whole >= std::numeric_limits<std::int32_t>::min() && whole <= std::numeric_limits<std::int32_t>::max();
}

std::optional<std::int64_t> round_to_whole(double real, LogicalType type) {
  if (type == LogicalType::unsigned_long) {
    const double cut = std::trunc(real);
    if (!(cut >= 0 && cut < 18446744073709551616.0) || real < 0) return std::nullopt;
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(cut));
  }
  const double below = std::floor(real);
  const double rounded = real - below >= 0.5 ? below + 1 : below;
  const double limit = type == LogicalType::integer ? 2147483648.0 : 9223372036854775808.0;
  // Java compares with the greatest long as a double, which is 2^63, and cuts that down.
  if (type != LogicalType::integer && rounded == limit) return std::numeric_limits<std::int64_t>::max();
  if (!(rounded >= -limit && rounded < limit)) return std::nullopt;
  return static_cast<std::int64_t>(rounded);
}

namespace {

/// As Java's BigDecimal reads it, cut to the whole part: no blanks, and no letter behind the number.
std::optional<std::int64_t> read_unsigned(std::string_view text) {
  if (text.find_first_of("eE") != std::string_view::npos) {
    const auto real = number_in<double>(text.starts_with('+') ? text.substr(1) : text);
    return real ? round_to_whole(*real, LogicalType::unsigned_long) : std::nullopt;
  }
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const std::string_view whole = text.substr(0, text.find('.'));
  const std::string_view fraction = text.substr(std::min(whole.size() + 1, text.size()));
  if ((whole.empty() && fraction.empty()) || !std::ranges::all_of(fraction, is_digit)) return std::nullopt;
  const auto number = whole.empty() ? std::optional<std::uint64_t>(0) : number_in<std::uint64_t>(whole);
  if (!number || (negative && *number > 0)) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

}  // namespace

std::optional<std::int64_t> read_whole(std::string_view text, LogicalType type) {
  if (type == LogicalType::unsigned_long) return read_unsigned(text);
  text = trimmed_as_java(text);
  if (const auto whole = signed_number_in<std::int64_t>(text)) return fitted(*whole, type);
  const auto real = read_real(text);
  return real ? round_to_whole(*real, type) : std::nullopt;
}

std::optional<std::int64_t> read_whole(std::string_view text, int base, LogicalType type) {
  if (base < 2 || base > 36) return std::nullopt;
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (base == 16 && (text.starts_with("0x") || text.starts_with("0X"))) text.remove_prefix(2);
  const auto size = number_in<std::uint64_t>(text, base);
  constexpr std::uint64_t kLargest = std::numeric_limits<std::int64_t>::max();
  if (!size || *size > kLargest + (negative ? 1 : 0)) return std::nullopt;
  return fitted(static_cast<std::int64_t>(negative ? 0 - *size : *size), type);
}

std::optional<std::int64_t> read_date(std::string_view text, LogicalType type) {
  DateReader reader(text);
  if (!reader.read()) return std::nullopt;
  if (type != LogicalType::date_nanos) return reader.seconds() * 1'000'000 + reader.nanos() / 1'000'000 * 1'000;
  std::int64_t nanos = 0;
  if (reader.seconds() < 0 || __builtin_mul_overflow(reader.seconds(), std::int64_t{1'000'000'000}, &nanos) ||
      __builtin_add_overflow(nanos, reader.nanos(), &nanos)) {
    return std::nullopt;
  }
  return nanos;
}

}  // namespace trailhound::plan
