#include "plan/date_parts.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"
#include "base/civil_date.h"
#include "plan/read_value.h"

namespace trailhound::plan {
namespace {

constexpr auto kUnits = std::to_array<std::pair<std::string_view, DateUnit>>({
    {"year", DateUnit::year},
    {"years", DateUnit::year},
    {"yy", DateUnit::year},
    {"yyyy", DateUnit::year},
    {"quarter", DateUnit::quarter},
    {"quarters", DateUnit::quarter},
    {"qq", DateUnit::quarter},
    {"q", DateUnit::quarter},
    {"month", DateUnit::month},
    {"months", DateUnit::month},
    {"mm", DateUnit::month},
    {"m", DateUnit::month},
    {"dayofyear", DateUnit::day},
    {"dy", DateUnit::day},
    {"y", DateUnit::day},
    {"day", DateUnit::day},
    {"days", DateUnit::day},
    {"dd", DateUnit::day},
    {"d", DateUnit::day},
    {"week", DateUnit::week},
    {"weeks", DateUnit::week},
    {"wk", DateUnit::week},
    {"ww", DateUnit::week},
    {"weekday", DateUnit::day},
    {"weekdays", DateUnit::day},
    {"dw", DateUnit::day},
    {"hour", DateUnit::hour},
    {"hours", DateUnit::hour},
    {"hh", DateUnit::hour},
    {"minute", DateUnit::minute},
    {"minutes", DateUnit::minute},
    {"mi", DateUnit::minute},
    {"n", DateUnit::minute},
    {"second", DateUnit::second},
    {"seconds", DateUnit::second},
    {"ss", DateUnit::second},
    {"s", DateUnit::second},
    {"millisecond", DateUnit::millisecond},
    {"milliseconds", DateUnit::millisecond},
    {"ms", DateUnit::millisecond},
    {"microsecond", DateUnit::microsecond},
    {"microseconds", DateUnit::microsecond},
    {"mcs", DateUnit::microsecond},
    {"nanosecond", DateUnit::nanosecond},
    {"nanoseconds", DateUnit::nanosecond},
    {"ns", DateUnit::nanosecond},
});

std::int64_t months_between(Instant a, Instant b) {
  const CivilTime x = civil_time_of(a);
  const CivilTime y = civil_time_of(b);
  const auto months = [](const CivilTime& t) { return t.date.year * 12 + t.date.month; };
  const auto in_month = [](const CivilTime& t) { return std::pair{t.date.day, t.micros_of_day}; };
  std::int64_t between = months(y) - months(x);
  if (between > 0 && in_month(y) < in_month(x)) --between;
  if (between < 0 && in_month(y) > in_month(x)) ++between;
  return between;
}

std::int64_t micros_of_unit(DateUnit unit) {
  switch (unit) {
    case DateUnit::week:
      return 7 * kMicrosPerDay;
    case DateUnit::day:
      return kMicrosPerDay;
    case DateUnit::hour:
      return 3'600'000'000;
    case DateUnit::minute:
      return 60'000'000;
    case DateUnit::second:
      return 1'000'000;
    case DateUnit::millisecond:
      return 1'000;
    default:
      return 1;
  }
}

struct Part {
  std::string_view name;
  std::int64_t (*of)(const CivilTime& t);
};
std::int64_t proleptic_month(const CivilTime& t) { return t.date.year * 12 + t.date.month - 1; }

constexpr auto kParts = std::to_array<Part>({
    {"aligned_day_of_week_in_month", [](const CivilTime& t) { return std::int64_t{(t.date.day - 1) % 7 + 1}; }},
    {"aligned_day_of_week_in_year", [](const CivilTime& t) { return (t.day_of_year() - 1) % 7 + 1; }},
    {"aligned_week_of_month", [](const CivilTime& t) { return std::int64_t{(t.date.day - 1) / 7 + 1}; }},
    {"aligned_week_of_year", [](const CivilTime& t) { return (t.day_of_year() - 1) / 7 + 1; }},
    {"ampm_of_day", [](const CivilTime& t) { return t.hour() / 12; }},
    {"clock_hour_of_ampm", [](const CivilTime& t) { return t.hour() % 12 == 0 ? 12 : t.hour() % 12; }},
    {"clock_hour_of_day", [](const CivilTime& t) { return t.hour() == 0 ? 24 : t.hour(); }},
    {"day_of_month", [](const CivilTime& t) { return std::int64_t{t.date.day}; }},
    {"day_of_week", [](const CivilTime& t) { return t.day_of_week(); }},
    {"day_of_year", [](const CivilTime& t) { return t.day_of_year(); }},
    {"epoch_day", [](const CivilTime& t) { return t.days; }},
    {"era", [](const CivilTime& t) { return std::int64_t{t.date.year > 0 ? 1 : 0}; }},
    {"hour_of_ampm", [](const CivilTime& t) { return t.hour() % 12; }},
    {"hour_of_day", [](const CivilTime& t) { return t.hour(); }},
    {"instant_seconds", [](const CivilTime& t) { return t.days * 86'400 + t.micros_of_day / 1'000'000; }},
    {"micro_of_day", [](const CivilTime& t) { return t.micros_of_day; }},
    {"micro_of_second", [](const CivilTime& t) { return t.micros_of_second(); }},
    {"milli_of_day", [](const CivilTime& t) { return t.micros_of_day / 1'000; }},
    {"milli_of_second", [](const CivilTime& t) { return t.micros_of_second() / 1'000; }},
    {"minute_of_day", [](const CivilTime& t) { return t.micros_of_day / 60'000'000; }},
    {"minute_of_hour", [](const CivilTime& t) { return t.minute(); }},
    {"month_of_year", [](const CivilTime& t) { return std::int64_t{t.date.month}; }},
    {"nano_of_day", [](const CivilTime& t) { return t.nanos_of_day(); }},
    {"nano_of_second", [](const CivilTime& t) { return t.nanos_of_second(); }},
    {"offset_seconds", [](const CivilTime&) { return std::int64_t{0}; }},
    {"proleptic_month", proleptic_month},
    {"second_of_day", [](const CivilTime& t) { return t.micros_of_day / 1'000'000; }},
    {"second_of_minute", [](const CivilTime& t) { return t.second(); }},
    {"year", [](const CivilTime& t) { return t.date.year; }},
    {"year_of_era", [](const CivilTime& t) { return t.date.year > 0 ? t.date.year : 1 - t.date.year; }},
});

const Part* find_part(std::string_view name) {
  const auto* found = std::ranges::find(kParts, lower_ascii(name), &Part::name);
  return found == kParts.end() ? nullptr : found;
}

constexpr std::array<std::string_view, 7> kDays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                   "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                      "May",       "June",     "July",     "August",
                                                      "September", "October",  "November", "December"};

std::optional<Instant> instant_of(std::string_view number, std::int64_t micros_per_unit) {
  const auto count = read_whole(number, event::LogicalType::long_integer);
  std::int64_t micros = 0;
  if (!count || __builtin_mul_overflow(*count, micros_per_unit, &micros)) return std::nullopt;
  return Instant{micros};
}

}  // namespace

std::optional<DateUnit> date_unit_named(std::string_view name) {
  const std::string lower = lower_ascii(name);
  const auto* found = std::ranges::find(kUnits, lower, &std::pair<std::string_view, DateUnit>::first);
  return found == kUnits.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::int64_t> whole_units_between(DateUnit unit, Instant a, Instant b) {
  if (unit == DateUnit::year) return months_between(a, b) / 12;
  if (unit == DateUnit::quarter) return months_between(a, b) / 3;
  if (unit == DateUnit::month) return months_between(a, b);
  std::int64_t micros = 0;
  if (__builtin_sub_overflow(b.micros, a.micros, &micros)) return std::nullopt;
  if (unit != DateUnit::nanosecond) return micros / micros_of_unit(unit);
  std::int64_t nanos = 0;
  return __builtin_mul_overflow(micros, std::int64_t{1000}, &nanos) ? std::nullopt : std::optional(nanos);
}

std::optional<std::int64_t> units_within(DateUnit to, DateUnit from, Instant local) {
  if (to == from) return 1;
  const CivilTime at = civil_time_of(local);
  const auto midnight = [](std::int64_t days) { return Instant{days * kMicrosPerDay}; };
  const auto month = [&](std::int64_t year, unsigned number) { return midnight(days_from_civil(year, number, 1)); };
  switch (from) {
    case DateUnit::year:
      return whole_units_between(to, month(at.date.year, 1), month(at.date.year + 1, 1));
    case DateUnit::month: {
      Instant end;
      const Instant begin = month(at.date.year, at.date.month);
      if (!add_months(begin, 1, end)) return std::nullopt;
      return whole_units_between(to, begin, end);
    }
    case DateUnit::week:
    case DateUnit::day:
      return whole_units_between(to, midnight(0), midnight(from == DateUnit::week ? 7 : 1));
    case DateUnit::quarter:
      return std::nullopt;
    default:
      if (to <= DateUnit::week) return std::nullopt;
      return from == DateUnit::nanosecond
                 ? 0
                 : micros_of_unit(from) * 1000 / (to == DateUnit::nanosecond ? 1 : micros_of_unit(to) * 1000);
  }
}

bool is_date_part(std::string_view name) { return find_part(name) != nullptr; }

std::optional<std::int64_t> date_part(std::string_view name, Instant t, std::int64_t nanos_of_micro) {
  const Part* part = find_part(name);
  return part == nullptr ? std::nullopt : std::optional(part->of(civil_time_of(t, nanos_of_micro)));
}

std::string_view day_name(Instant t) { return kDays[static_cast<std::size_t>(civil_time_of(t).day_of_week() - 1)]; }
std::string_view month_name(Instant t) { return kMonths[civil_time_of(t).date.month - 1]; }

namespace {

/// Whether an ISO text ends in Z or an offset; the date alone has signs too.
bool has_offset(std::string_view text) {
  const std::size_t time = text.find('T');
  return time != std::string_view::npos && text.find_first_of("Z+-", time) != std::string_view::npos;
}

/// ".5" of 500 and three digits: without zeros at the end that are not among the `least` digits, and nothing of zero
/// where none are wanted.
std::string fraction(std::int64_t value, std::size_t digits, std::size_t least) {
  std::string text = std::to_string(value);
  text.insert(0, digits - text.size(), '0');
  while (text.size() > least && text.ends_with('0')) text.pop_back();
  return text.empty() ? text : "." + text;
}

}  // namespace

Result<DateFormat> DateFormat::read(std::string_view text) {
  DateFormat format;
  if (const std::size_t bars = text.find("||"); bars != std::string_view::npos) {
    TRY(format, read(text.substr(0, bars)));
    for (std::size_t at = bars; at != std::string_view::npos;) {
      const std::size_t next = text.find("||", at + 2);
      TRY(auto alternative, read(text.substr(at + 2, next == std::string_view::npos ? next : next - at - 2)));
      format.alternatives_.push_back(std::move(alternative));
      at = next;
    }
    return format;
  }
  if (text == "strict_date_optional_time" || text == "date_optional_time" || text == "iso8601") {
    format.kind_ = Kind::iso;
  } else if (text == "strict_date_optional_time_nanos") {
    format.kind_ = Kind::iso_nanos;
  } else if (text == "epoch_millis") {
    format.kind_ = Kind::epoch_millis;
  } else if (text == "epoch_second") {
    format.kind_ = Kind::epoch_second;
  } else {
    TRY(format.pattern_, read_date_pattern(text));
  }
  return format;
}

std::string DateFormat::format(Instant t, const TimeZone* zone, std::int64_t nanos_of_micro) const {
  const std::int64_t nanos = civil_time_of(t, nanos_of_micro).nanos_of_second();
  switch (kind_) {
    case Kind::iso:
      if (zone && zone->offset_at(t) != 0) {
        static const auto kIso = read_date_pattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX");
        return kIso->format(t, zone);
      }
      return format_iso_millis(t);
    case Kind::iso_nanos: {
      static const auto kSeconds = read_date_pattern("uuuu-MM-dd'T'HH:mm:ss");
      static const auto kOffset = read_date_pattern("XXX");
      return kSeconds->format(t, zone) + fraction(nanos, 9, 3) + kOffset->format(t, zone);
    }
    case Kind::epoch_millis:
      return std::to_string(floor_divide(t.micros, 1'000)) + fraction(nanos % 1'000'000, 6, 0);
    case Kind::epoch_second:
      return std::to_string(floor_divide(t.micros, 1'000'000)) + fraction(nanos, 9, 0);
    case Kind::pattern:
      break;
  }
  return pattern_->format(t, zone, nanos_of_micro);
}

std::optional<Instant> DateFormat::parse(std::string_view text, const TimeZone* zone) const {
  auto time = parse_alone(text, zone);
  for (std::size_t i = 0; !time && i < alternatives_.size(); ++i) time = alternatives_[i].parse_alone(text, zone);
  return time;
}

std::optional<char> DateFormat::unread_letter() const {
  auto letter = pattern_ ? pattern_->unread_letter() : std::nullopt;
  for (std::size_t i = 0; !letter && i < alternatives_.size(); ++i) letter = alternatives_[i].unread_letter();
  return letter;
}

std::optional<Instant> DateFormat::parse_alone(std::string_view text, const TimeZone* zone) const {
  switch (kind_) {
    case Kind::iso:
    case Kind::iso_nanos: {
      const auto micros = read_date(text, event::LogicalType::date);
      if (!micros) return std::nullopt;
      return zone && !has_offset(text) ? zone->from_local(Instant{*micros}) : Instant{*micros};
    }
    case Kind::epoch_millis:
      return instant_of(text, 1'000);
    case Kind::epoch_second:
      return instant_of(text, 1'000'000);
    case Kind::pattern:
      break;
  }
  return pattern_->parse(text, zone);
}

}  // namespace trailhound::plan
