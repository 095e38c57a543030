#include "lang/elastic_date.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/ascii.h"
#include "base/number_text.h"

namespace trailhound::lang {

namespace {

using std::chrono::year_month_day;

constexpr Duration kMilli = Duration::millis(1);
constexpr std::int64_t kDaySeconds = 86'400;
/// No log has dates beyond these; sums of them are far from overflow.
constexpr std::int64_t kFirstYear = 1, kLastYear = 9999;
constexpr std::int64_t kMaxAmount = 1'000'000'000;

Error no_date(std::string_view text) {
  return {"'" + std::string(text) + "' is no date", {}, "dates are ISO 8601, such as 2024-03-01T12:00:00Z"};
}

std::optional<std::int64_t> digits(std::string_view text) {
  if (text.empty() || !is_digit(text.front())) return std::nullopt;
  return number_in<std::int64_t>(text);
}

/// The parts that are missing, as `first` fills them and as `end` does.
struct Missing {
  std::string_view for_first, for_end;
};

/// The rest of a date of that length, after "2024-03-01T12:00:00".
constexpr Missing missing_after(std::size_t size) {
  constexpr std::string_view kFirst = "0000-01-01T00:00:00.000000";
  constexpr std::string_view kEnd = "0000-01-01T23:59:59.999999";
  const bool has_fraction = size > 19;  // then nothing is missing
  return {kFirst.substr(size), has_fraction ? kFirst.substr(size) : kEnd.substr(size)};
}

/// The absolute date before date math.
Result<DateInterval> read_absolute(std::string_view text) {
  const bool negative = text.starts_with('-');
  const std::string_view unsigned_text = text.substr(negative ? 1 : 0);
  if (unsigned_text.size() != 4 || negative) {
    if (const auto millis = digits(unsigned_text); millis && *millis < 253'402'300'800'000) {
      const Instant first{(negative ? -*millis : *millis) * 1000};
      return DateInterval{first, first + kMilli};
    }
  }
  std::string body(text);
  for (char& c : body) {
    if (c == ',') c = '.';
  }
  // The zone stands behind the time only.
  std::string zone = "Z";
  if (const std::size_t time = body.find('T'); time != std::string::npos) {
    if (const std::size_t at = body.find_first_of("Z+-", time); at != std::string::npos) {
      zone = body.substr(at);
      body.resize(at);
      if (zone.size() == 3) zone += ":00";
    }
    if (body.ends_with('T')) body.pop_back();
  }
  constexpr std::size_t kSizes[] = {4, 7, 10, 13, 16, 19};
  bool has_known_size = body.size() > 20;
  for (const std::size_t size : kSizes) has_known_size = has_known_size || body.size() == size;
  if (!has_known_size) return std::unexpected(no_date(text));
  if (body.size() > 26) body.resize(26);  // microseconds
  const Missing missing = missing_after(body.size());
  const auto first = parse_rfc3339(body + std::string(missing.for_first) + zone);
  const auto last = parse_rfc3339(body + std::string(missing.for_end) + zone);
  if (!first || !last) return std::unexpected(no_date(text));
  return DateInterval{*first, floor_to(*last, kMilli) + kMilli};
}

// Date math -----------------------------------------------------------------------------------------------------------

std::chrono::sys_days day_of(Instant t) {
  return std::chrono::sys_days(std::chrono::days(floor_to(t, Duration::seconds(kDaySeconds)).micros / 86'400'000'000));
}

Instant midnight(std::chrono::sys_days day) {
  return Instant::from_seconds(static_cast<std::int64_t>(day.time_since_epoch().count()) * kDaySeconds);
}

std::optional<Instant> plus(Instant t, std::int64_t amount, char unit) {
  if (const auto step = fixed_date_unit(unit)) {
    if (amount > kMaxAmount || amount < -kMaxAmount) return std::nullopt;
    std::int64_t micros = 0;
    if (__builtin_mul_overflow(step->micros, amount, &micros)) return std::nullopt;
    if (__builtin_add_overflow(t.micros, micros, &micros)) return std::nullopt;
    return Instant{micros};
  }
  if (unit != 'M' && unit != 'y') return std::nullopt;
  constexpr std::int64_t kMostMonths = 120'000;
  if (amount > kMostMonths || amount < -kMostMonths) return std::nullopt;
  const std::int64_t months = unit == 'y' ? amount * 12 : amount;
  if (months > kMostMonths || months < -kMostMonths) return std::nullopt;
  const auto day = day_of(t);
  const year_month_day date(day);
  const auto moved = std::chrono::year_month(date.year(), date.month()) + std::chrono::months(months);
  const auto last = std::chrono::year_month_day_last(moved.year(), std::chrono::month_day_last(moved.month()));
  const auto result = moved / std::min(date.day(), last.day());
  return midnight(std::chrono::sys_days(result)) + (t - midnight(day));
}

std::optional<Instant> floor_of(Instant t, char unit) {
  const auto day = day_of(t);
  if (unit == 'w') {
    return midnight(day - (std::chrono::weekday(day) - std::chrono::Monday));
  }
  if (const auto step = fixed_date_unit(unit)) return floor_to(t, *step);
  const year_month_day date(day);
  if (unit == 'M') return midnight(std::chrono::sys_days(date.year() / date.month() / 1));
  if (unit == 'y') return midnight(std::chrono::sys_days(date.year() / 1 / 1));
  return std::nullopt;
}

bool is_in_range(Instant t) {
  const auto year = static_cast<int>(year_month_day(day_of(t)).year());
  return year >= kFirstYear && year <= kLastYear;
}

/// Applies "+1d-2h/d" to the two ends; rounding takes the interval's beginning down and its end up.
Result<DateInterval> apply_math(DateInterval interval, std::string_view math, std::string_view text) {
  while (!math.empty()) {
    const char operation = math.front();
    math.remove_prefix(1);
    std::size_t count = 0;
    while (count < math.size() && is_digit(math[count])) ++count;
    const std::int64_t amount = count == 0 ? 1 : digits(math.substr(0, count)).value_or(kMaxAmount + 1);
    math.remove_prefix(count);
    if (math.empty()) return std::unexpected(no_date(text));
    const char unit = math.front();
    math.remove_prefix(1);
    std::optional<Instant> first, end;
    if (operation == '/') {
      if (amount != 1) return std::unexpected(no_date(text));
      first = floor_of(interval.first, unit);
      const auto last = floor_of(interval.end - kMilli, unit);
      if (last) end = plus(*last, 1, unit);
    } else if (operation == '+' || operation == '-') {
      const std::int64_t signed_amount = operation == '+' ? amount : -amount;
      first = plus(interval.first, signed_amount, unit);
      end = plus(interval.end - kMilli, signed_amount, unit);
      if (end) *end = *end + kMilli;
    }
    if (!first || !end || !is_in_range(*first) || !is_in_range(*end)) return std::unexpected(no_date(text));
    interval = {*first, *end};
  }
  return interval;
}

}  // namespace

std::optional<Duration> fixed_date_unit(char unit) {
  switch (unit) {
    case 'w':
      return Duration::seconds(7 * kDaySeconds);
    case 'd':
      return Duration::seconds(kDaySeconds);
    case 'h':
    case 'H':
      return Duration::seconds(3600);
    case 'm':
      return Duration::seconds(60);
    case 's':
      return Duration::seconds(1);
    default:
      return std::nullopt;
  }
}

bool is_relative_date(std::string_view text) {
  return text.starts_with("now") && (text.size() == 3 || text[3] == '+' || text[3] == '-' || text[3] == '/');
}

Result<DateInterval> read_elastic_date(std::string_view text) {
  const std::size_t bars = text.find("||");
  TRY(const DateInterval interval, read_absolute(text.substr(0, bars)));
  if (bars == std::string_view::npos) return interval;
  return apply_math(interval, text.substr(bars + 2), text);
}

}  // namespace trailhound::lang
