// BUCKET: the width of its buckets is worked out before any event is read.

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/civil_date.h"
#include "lang/esql/codes.h"
#include "lang/esql/lowering_state.h"

namespace trailhound::esql {

using plan::Expr;
using plan::Function;

namespace {

/// Intervals that BUCKET chooses among: the shortest of these, and if a day is too short the first that is long enough
/// of the ones below.
constexpr std::int64_t kSecond = 1'000'000;
constexpr auto kShortSpans = std::to_array<Span>({
    {.days = 1},
    {.micros = 43'200 * kSecond},
    {.micros = 10'800 * kSecond},
    {.micros = 3'600 * kSecond},
    {.micros = 1'800 * kSecond},
    {.micros = 600 * kSecond},
    {.micros = 300 * kSecond},
    {.micros = 60 * kSecond},
    {.micros = 30 * kSecond},
    {.micros = 10 * kSecond},
    {.micros = 5 * kSecond},
    {.micros = kSecond},
    {.micros = 100'000},
    {.micros = 50'000},
    {.micros = 10'000},
    {.micros = 1'000},
});
constexpr auto kLongSpans = std::to_array<Span>({{.days = 7}, {.months = 1}, {.months = 12}});

constexpr std::size_t kMostBuckets = 100'000;

/// The beginning of a month counted from year 1.
std::int64_t month_start(std::int64_t month) {
  const std::int64_t year = floor_divide(month, 12);
  return days_from_civil(year + 1, static_cast<unsigned>(month - year * 12) + 1, 1) * kMicrosPerDay;
}

/// The start of the bucket behind the one that holds t, in microseconds.
std::int64_t next_bucket(const Span& span, std::int64_t micros) {
  const CivilTime at = civil_time_of(Instant{micros});
  if (span.months == 12) return days_from_civil(at.date.year + 1, 1, 1) * kMicrosPerDay;
  if (span.months == 1) {
    Instant next;
    const bool fits = add_months(Instant{days_from_civil(at.date.year, at.date.month, 1) * kMicrosPerDay}, 1, next);
    return fits ? next.micros : std::numeric_limits<std::int64_t>::max();
  }
  if (span.days == 7) return (at.days - at.day_of_week() + 8) * kMicrosPerDay;
  const std::int64_t length = span.days * kMicrosPerDay + span.micros;
  return (floor_divide(micros, length) + 1) * length;
}

/// Whether at most `count` buckets cover the range.
bool covers(const Span& span, std::int64_t count, std::int64_t from, std::int64_t to) {
  std::int64_t at = from;
  for (std::int64_t used = 0; used < count; ++used) {
    at = next_bucket(span, at);
    if (at >= to) return true;
  }
  return false;
}

/// The shortest span of which `count` buckets cover the range; years where none does.
Span span_for(std::int64_t count, std::int64_t from, std::int64_t to) {
  const Span* best = nullptr;
  for (const Span& span : kShortSpans) {
    if (!covers(span, count, from, to)) break;
    best = &span;
  }
  if (best != nullptr) return *best;
  for (const Span& span : kLongSpans) {
    if (covers(span, count, from, to)) return span;
  }
  return kLongSpans.back();
}

/// The start of the bucket that holds t.
std::int64_t bucket_of(const Span& span, std::int64_t micros) {
  const CivilTime at = civil_time_of(Instant{micros});
  if (span.months > 0) {
    // Counted from year 1.
    const std::int64_t month = (at.date.year - 1) * 12 + at.date.month - 1;
    return month_start(floor_divide(month, span.months) * span.months);
  }
  if (span.days == 7) return (at.days - at.day_of_week() + 1) * kMicrosPerDay;
  const std::int64_t length = span.days * kMicrosPerDay + span.micros;
  return floor_divide(micros, length) * length;
}

/// The start of the bucket behind the one that starts at t.
std::int64_t bucket_behind(const Span& span, std::int64_t micros) {
  if (span.months == 0) return micros + span.days * kMicrosPerDay + span.micros;
  const CivilDate at = civil_time_of(Instant{micros}).date;
  return month_start((at.year - 1) * 12 + at.month - 1 + span.months);
}

/// The width of `count` buckets over the range: a power of ten or half of one. Zero, by which nothing can be divided,
/// where the range or the count allows none.
double width_for(double count, double from, double to) {
  const double precise = (to - from) / count;
  const double power = std::pow(10.0, std::ceil(std::log10(precise)));
  const double width = precise < power / 2 ? power / 2 : power;
  return std::isfinite(width) ? width : 0;
}

}  // namespace

/// A bound of a range of dates in microseconds: a constant, the text of one, or NOW() moved by time spans.
std::optional<std::int64_t> Lowering::date_of(const Bound& e) const {
  if (e.operation == Operation::call && e.function->name == "now" && options_.now) return options_.now().micros;
  const bool moves = e.operation == Operation::add || e.operation == Operation::subtract;
  if (moves) {
    const bool span_first = e.operands[0]->operation == Operation::span;
    const Bound& span = *e.operands[span_first ? 0 : 1];
    const auto date = date_of(*e.operands[span_first ? 1 : 0]);
    if (!date || span.operation != Operation::span) return std::nullopt;
    const std::int64_t sign = e.operation == Operation::subtract ? -1 : 1;
    Instant moved;
    const auto length = fixed_micros({.months = 0, .days = span.span.days, .micros = span.span.micros});
    if (!length || !add_months(Instant{*date}, sign * span.span.months, moved)) return std::nullopt;
    std::int64_t micros = 0;
    if (__builtin_add_overflow(moved.micros, sign * *length, &micros)) return std::nullopt;
    return micros;
  }
  if (!e.is_constant() || e.constant.size() != 1) return std::nullopt;
  const Value& value = e.constant.front();
  if (const auto* text = std::get_if<std::string>(&value)) {
    const auto read = convert_literal(*text, LogicalType::date);
    return read ? std::optional(std::get<std::int64_t>(*read)) : std::nullopt;
  }
  const auto* kept = std::get_if<std::int64_t>(&value);
  if (kept == nullptr || !is_date(e.type)) return std::nullopt;
  return e.type == LogicalType::date_nanos ? floor_divide(*kept, 1000) : *kept;
}

/// BUCKET(field, size) or BUCKET(field, number of buckets, from, to).
Expr Lowering::lower_bucket(const Bound& e) {
  const Bound& field = *e.operands[0];
  const Bound& size = *e.operands[1];
  const bool dates = is_date(field.type);
  const auto complain = [&](const Bound& at, std::string_view code, const char* what) {
    reporter_.error(code, at.at, "[" + e.source + "]: " + what);
    return nullptr;
  };
  if (!dates && !is_numeric(field.type) && field.type != LogicalType::null) {
    return complain(field, codes::kArgumentType, "the first argument must be a date or a number");
  }
  if (e.operands.size() == 3) return complain(e, codes::kArgumentCount, "expects two or four arguments");
  if (e.operands.size() == 5 && !has_room_for_empty_buckets_) return refuse(e, "include_empty_buckets");
  const bool has_range = e.operands.size() >= 4;
  const bool has_span = size.operation == Operation::span;
  if (has_span && !dates) return complain(size, codes::kArgumentType, "a time span is for dates alone");
  for (std::size_t i = 2; i < std::min(e.operands.size(), std::size_t{4}); ++i) {
    const LogicalType type = e.operands[i]->type;
    const bool fits = dates ? is_date(type) || is_string(type) : is_numeric(type);
    if (fits || type == LogicalType::null) continue;
    return complain(*e.operands[i], codes::kArgumentType,
                    dates ? "the range must be dates or texts" : "the range must be numbers");
  }
  if (has_span) return truncated(e, size, field);  // the range has no say in it
  if (has_range && size.type == LogicalType::real) {
    return complain(size, codes::kArgumentType, "a number of buckets must be a whole number");
  }
  const auto count = size.constant_number();
  if (!count) return complain(size, codes::kConstantNeeded, "the second argument must be a constant");
  if (dates && !has_range) return complain(size, codes::kArgumentType, "dates need a time span or a range");
  if (!has_range) return bucket_of_number(e, *count);
  return dates ? bucket_of_date(e, *count) : bucket_in_range(e, *count);
}

/// The starts of the buckets of a range, `from` inside, `to` outside; nothing, and reported, if they cannot be known.
std::optional<Values> Lowering::bucket_starts(const Bound& e) {
  const bool dates = is_date(e.type);
  const Bound& size = *e.operands[1];
  const auto from = dates ? date_of(*e.operands[2]) : std::nullopt;
  const auto to = dates ? date_of(*e.operands[3]) : std::nullopt;
  const auto count = size.constant_number();
  const auto least = e.operands[2]->constant_number();
  const auto most = e.operands[3]->constant_number();
  const bool known = dates ? from && to && (count || size.operation == Operation::span) : count && least && most;
  if (!known || !query_.time_zone.empty()) {
    (void)refuse(e, query_.time_zone.empty() ? "a range of empty buckets that is not constant"
                                             : "empty buckets in another time zone than UTC,");
    return std::nullopt;
  }
  Values starts;
  const auto fits = [&] {
    if (starts.size() < kMostBuckets) return true;
    reporter_.error(codes::kValue, e.at, "[" + e.source + "]: at most 100000 empty buckets can be asked for");
    return false;
  };
  if (dates) {
    const std::int64_t begin = from.value_or(0);
    const std::int64_t end = to.value_or(0);
    const Span span = count ? span_for(static_cast<std::int64_t>(*count), begin, end) : size.span;
    for (std::int64_t start = bucket_of(span, begin); start < end; start = bucket_behind(span, start)) {
      if (!fits()) return std::nullopt;
      starts.emplace_back(e.type == LogicalType::date_nanos ? start * 1000 : start);
    }
    return starts;
  }
  const double width = width_for(*count, *least, *most);
  if (!(width > 0)) return starts;
  const double first = std::floor(*least / width);
  for (double at = first; at * width < *most; ++at) {
    if (!fits()) return std::nullopt;
    starts.emplace_back(at * width);
  }
  return starts;
}

/// BUCKET(date, number of buckets, from, to).
Expr Lowering::bucket_of_date(const Bound& e, double count) {
  if (count > kMostBuckets) {
    reporter_.error(codes::kValue, e.operands[1]->at, "[" + e.source + "]: at most 100000 buckets can be asked for");
    return nullptr;
  }
  const auto from = date_of(*e.operands[2]);
  const auto to = date_of(*e.operands[3]);
  if (!from || !to) return refuse(*e.operands[from ? 3 : 2], "a bound of BUCKET that is not a constant date");
  return truncated_to(e, span_for(static_cast<std::int64_t>(count), *from, *to), *e.operands[0]);
}

/// BUCKET(number, number of buckets, from, to).
Expr Lowering::bucket_in_range(const Bound& e, double count) {
  const auto from = e.operands[2]->constant_number();
  const auto to = e.operands[3]->constant_number();
  if (from && to) return bucket_of_number(e, width_for(count, *from, *to));
  reporter_.error(codes::kConstantNeeded, e.operands[from ? 3 : 2]->at,
                  "[" + e.source + "]: the range must be constant numbers");
  return nullptr;
}

Expr Lowering::bucket_of_number(const Bound& e, double width) {
  auto number = scalar(*e.operands[0], e);
  if (number && e.operands[0]->type == LogicalType::unsigned_long) {
    number = converted(std::move(number), LogicalType::unsigned_long, LogicalType::real, e);
  }
  if (!number) return nullptr;
  return make(plan::Call{Function::bucket_number, {std::move(number), plan::literal(width, LogicalType::real)}},
              LogicalType::real, e);
}

}  // namespace trailhound::esql
