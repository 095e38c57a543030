#include "base/instant.h"

#include <array>
#include <utility>

#include "base/ascii.h"
#include "base/civil_date.h"

namespace trailhound {

namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;

// Reads `count` digits at `at`. Errors are gathered in `bad` (a bit above 9 in any digit) so that the caller tests
// once.
unsigned digits(const char* at, int count, unsigned& bad) {
  unsigned n = 0;
  for (int i = 0; i < count; ++i) {
    const unsigned digit = static_cast<unsigned char>(at[i]) - unsigned{'0'};
    bad |= digit > 9;
    n = n * 10 + digit;
  }
  return n;
}

constexpr std::size_t kDateSize = 10;      // 2024-03-01
constexpr std::size_t kDateTimeSize = 19;  // 2024-03-01T12:00:00

// Days since the epoch of the first ten bytes.
std::optional<std::int64_t> read_date(std::string_view text) {
  unsigned bad = 0;
  const char* at = text.data();
  const unsigned year = digits(at, 4, bad);
  const unsigned month = digits(at + 5, 2, bad);
  const unsigned day = digits(at + 8, 2, bad);
  bad |= (at[4] != '-') | (at[7] != '-') | (year == 0) | (month - 1 > 11);
  if (bad != 0 || day == 0 || day > days_in_month(year, month)) return std::nullopt;
  return days_from_civil(year, month, day);
}

// Seconds of the day of the nine bytes from the "T" on.
std::optional<std::int64_t> read_time(const char* at) {
  unsigned bad = 0;
  const unsigned hour = digits(at + 1, 2, bad);
  const unsigned minute = digits(at + 4, 2, bad);
  const unsigned second = digits(at + 7, 2, bad);
  bad |= ((at[0] | 0x20) != 't') | (at[3] != ':') | (at[6] != ':') | (hour > 23) | (minute > 59) | (second > 59);
  if (bad != 0) return std::nullopt;
  return std::int64_t{hour} * 3'600 + std::int64_t{minute} * 60 + second;
}

// A fraction ".123" at the front of `rest`, which is advanced; microseconds. No fraction is zero.
std::optional<std::int64_t> read_fraction(std::string_view& rest) {
  if (rest.empty() || rest[0] != '.') return 0;
  std::size_t count = 0;
  std::int64_t micros = 0;
  while (count + 1 < rest.size() && is_digit(rest[count + 1])) {
    if (count < 6) micros = micros * 10 + (rest[count + 1] - '0');
    ++count;
  }
  if (count == 0 || count > 9) return std::nullopt;
  for (std::size_t i = count; i < 6; ++i) micros *= 10;
  rest.remove_prefix(count + 1);
  return micros;
}

// A zone that is the whole of `zone`, in seconds east of UTC: "Z", "+02:00", "+0200".
std::optional<std::int64_t> read_zone(std::string_view zone) {
  if (zone == "Z" || zone == "z") return 0;
  const bool colon = zone.size() == 6 && zone[3] == ':';
  if ((!colon && zone.size() != 5) || (zone[0] != '+' && zone[0] != '-')) return std::nullopt;
  unsigned bad = 0;
  const unsigned hours = digits(zone.data() + 1, 2, bad);
  const unsigned minutes = digits(zone.data() + (colon ? 4 : 3), 2, bad);
  if (bad != 0 || hours > 23 || minutes > 59) return std::nullopt;
  const std::int64_t seconds = std::int64_t{hours} * 3'600 + std::int64_t{minutes} * 60;
  return zone[0] == '-' ? -seconds : seconds;
}

std::optional<Instant> read_instant(std::string_view text, bool zone_required) {
  if (text.size() < kDateTimeSize) return std::nullopt;
  const auto days = read_date(text);
  const auto seconds = read_time(text.data() + kDateSize);
  if (!days || !seconds) return std::nullopt;
  const std::int64_t local = *days * kSecondsPerDay + *seconds;
  std::string_view rest = text.substr(kDateTimeSize);
  if (rest.size() == 1 && rest[0] == 'Z') return Instant::from_seconds(local);  // nearly every record

  const auto micros = read_fraction(rest);
  if (!micros) return std::nullopt;
  const auto zone = rest.empty() && !zone_required ? std::optional<std::int64_t>(0) : read_zone(rest);
  if (!zone) return std::nullopt;
  return Instant{(local - *zone) * kMicrosPerSecond + *micros};
}

void append_padded(std::string& out, std::int64_t number, std::size_t width) {
  const std::string text = std::to_string(number);
  if (text.size() < width) out.append(width - text.size(), '0');
  out += text;
}

// Date and time to the second; returns the microseconds of that second.
std::int64_t append_to_second(std::string& out, Instant t) {
  const std::int64_t seconds = floor_divide(t.micros, kMicrosPerSecond);
  const std::int64_t days = floor_divide(seconds, kSecondsPerDay);
  const std::int64_t second_of_day = seconds - days * kSecondsPerDay;
  const CivilDate date = civil_from_days(days);
  if (date.year < 0) out += '-';
  append_padded(out, date.year < 0 ? -date.year : date.year, 4);
  const auto part = [&out](char before, std::int64_t number) {
    out += before;
    append_padded(out, number, 2);
  };
  part('-', date.month);
  part('-', date.day);
  part('T', second_of_day / 3'600);
  part(':', second_of_day / 60 % 60);
  part(':', second_of_day % 60);
  // Not t.micros - seconds * 10^6: that product overflows next to Instant::min().
  const std::int64_t micros = t.micros % kMicrosPerSecond;
  return micros < 0 ? micros + kMicrosPerSecond : micros;
}

}  // namespace

Instant floor_to(Instant t, Duration step) {
  const std::int64_t remainder = t.micros % step.micros;
  const std::int64_t back = remainder < 0 ? remainder + step.micros : remainder;
  return t.micros < std::numeric_limits<std::int64_t>::min() + back ? Instant::min() : Instant{t.micros - back};
}

Instant ceil_to(Instant t, Duration step) {
  const std::int64_t remainder = t.micros % step.micros;
  const std::int64_t ahead = remainder > 0 ? step.micros - remainder : -remainder;
  return t.micros > std::numeric_limits<std::int64_t>::max() - ahead ? Instant::max() : Instant{t.micros + ahead};
}

std::optional<Instant> parse_rfc3339(std::string_view text) { return read_instant(text, true); }

std::optional<Instant> parse_iso_as_utc(std::string_view text) {
  if (text.size() != kDateSize) return read_instant(text, false);
  const auto days = read_date(text);
  if (!days) return std::nullopt;
  return Instant::from_seconds(*days * kSecondsPerDay);
}

std::string format_rfc3339(Instant t) {
  std::string out;
  const std::int64_t micros = append_to_second(out, t);
  if (micros != 0) {
    out += '.';
    const bool millis_do = micros % 1'000 == 0;
    append_padded(out, millis_do ? micros / 1'000 : micros, millis_do ? 3 : 6);
  }
  out += 'Z';
  return out;
}

std::string format_iso_millis(Instant t) {
  std::string out;
  const std::int64_t micros = append_to_second(out, t);
  out += '.';
  append_padded(out, micros / 1'000, 3);
  out += 'Z';
  return out;
}

std::string format_duration(Duration d) {
  struct Unit {
    std::uint64_t micros;
    std::string_view alone;
    std::string_view joined;
  };
  constexpr std::array<Unit, 5> kUnits{{{86'400'000'000, " d", "d"},
                                        {3'600'000'000, " h", "h"},
                                        {60'000'000, " min", "m"},
                                        {1'000'000, " s", "s"},
                                        {1'000, " ms", "ms"}}};
  const std::string sign = d.micros < 0 ? "-" : "";
  const std::uint64_t span =
      d.micros < 0 ? ~static_cast<std::uint64_t>(d.micros) + 1 : static_cast<std::uint64_t>(d.micros);
  if (span == 0) return "0 s";
  if (span < 1'000) return sign + std::to_string(span) + " µs";

  std::size_t i = span < 2 * kUnits[0].micros ? 1 : 0;  // up to two days people count in hours
  while (span < kUnits[i].micros) ++i;
  const std::uint64_t count = span / kUnits[i].micros;
  const std::uint64_t rest = i + 1 < kUnits.size() ? span % kUnits[i].micros / kUnits[i + 1].micros : 0;
  if (rest == 0) return sign + std::to_string(count).append(kUnits[i].alone);
  return sign + std::to_string(count).append(kUnits[i].joined) + " " +
         std::to_string(rest).append(kUnits[i + 1].joined);
}

}  // namespace trailhound
