#include "base/date_pattern.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <tuple>
#include <utility>

#include "base/ascii.h"
#include "base/civil_date.h"

namespace trailhound {
namespace {

using Piece = DatePattern::Piece;

constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                      "May",       "June",     "July",     "August",
                                                      "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 7> kWeekdays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                       "Friday", "Saturday", "Sunday"};
constexpr std::string_view kLetters = "yuYMLdDEeQqHkKhmsSnNAawzVXxZOG";
constexpr std::size_t kShort = 3;  // letters of an abbreviated name

/// Formats with a name, as their patterns.
constexpr auto kNamed = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"basic_date", "yyyyMMdd"},
    {"basic_date_time", "yyyyMMdd'T'HHmmss.SSSXXX"},
    {"basic_date_time_no_millis", "yyyyMMdd'T'HHmmssXXX"},
    {"basic_ordinal_date", "yyyyDDD"},
    {"basic_ordinal_date_time", "yyyyDDD'T'HHmmss.SSSXXX"},
    {"basic_ordinal_date_time_no_millis", "yyyyDDD'T'HHmmssXXX"},
    {"basic_t_time", "'T'HHmmss.SSSXXX"},
    {"basic_t_time_no_millis", "'T'HHmmssXXX"},
    {"basic_time", "HHmmss.SSSXXX"},
    {"basic_time_no_millis", "HHmmssXXX"},
    {"date", "yyyy-MM-dd"},
    {"date_hour", "yyyy-MM-dd'T'HH"},
    {"date_hour_minute", "yyyy-MM-dd'T'HH:mm"},
    {"date_hour_minute_second", "yyyy-MM-dd'T'HH:mm:ss"},
    {"date_hour_minute_second_fraction", "yyyy-MM-dd'T'HH:mm:ss.SSS"},
    {"date_hour_minute_second_millis", "yyyy-MM-dd'T'HH:mm:ss.SSS"},
    {"date_time", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX"},
    {"date_time_no_millis", "yyyy-MM-dd'T'HH:mm:ssXXX"},
    {"hour", "HH"},
    {"hour_minute", "HH:mm"},
    {"hour_minute_second", "HH:mm:ss"},
    {"hour_minute_second_fraction", "HH:mm:ss.SSS"},
    {"hour_minute_second_millis", "HH:mm:ss.SSS"},
    {"ordinal_date", "yyyy-DDD"},
    {"ordinal_date_time", "yyyy-DDD'T'HH:mm:ss.SSSXXX"},
    {"ordinal_date_time_no_millis", "yyyy-DDD'T'HH:mm:ssXXX"},
    {"t_time", "'T'HH:mm:ss.SSSXXX"},
    {"t_time_no_millis", "'T'HH:mm:ssXXX"},
    {"time", "HH:mm:ss.SSSXXX"},
    {"time_no_millis", "HH:mm:ssXXX"},
    {"year", "yyyy"},
    {"year_month", "yyyy-MM"},
    {"year_month_day", "yyyy-MM-dd"},
});

/// Whether the letters stand for digits only.
bool is_number(const Piece& piece) {
  if (piece.kind != Piece::Kind::letter) return false;
  if (std::string_view("MLQq").contains(piece.letter)) return piece.count <= 2;
  return std::string_view("yudDeHkKhmsSnNAw").contains(piece.letter);
}

void append_number(std::string& out, std::int64_t number, std::size_t width) {
  const std::string digits = std::to_string(number < 0 ? -number : number);
  if (number < 0) out += '-';
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out += digits;
}

void append_name(std::string& out, std::string_view name, std::size_t count) {
  out += count == 5 ? name.substr(0, 1) : count == 4 ? name : name.substr(0, kShort);
}

/// Number of the ISO week that holds the day.
std::int64_t year_of_week(const CivilTime& t) { return civil_from_days(t.days - t.day_of_week() + 4).year; }
std::int64_t week_of(const CivilTime& t) {
  const std::int64_t thursday = t.days - t.day_of_week() + 4;
  const std::int64_t year = civil_from_days(thursday).year;
  return (thursday - days_from_civil(year, 1, 1)) / 7 + 1;
}

/// +0200, +02:00
void append_signed(std::string& out, std::int64_t seconds, std::string_view between) {
  const std::int64_t minutes = (seconds < 0 ? -seconds : seconds) / 60;
  out += seconds < 0 ? '-' : '+';
  append_number(out, minutes / 60, 2);
  out += between;
  append_number(out, minutes % 60, 2);
}

/// An offset that is not zero.
void append_offset(std::string& out, const Piece& piece, std::int64_t seconds) {
  const bool letter_x = piece.letter == 'X' || piece.letter == 'x';
  if (letter_x && piece.count == 1 && seconds % 3600 == 0) {
    out += seconds < 0 ? '-' : '+';
    return append_number(out, (seconds < 0 ? -seconds : seconds) / 3600, 2);
  }
  if (letter_x) return append_signed(out, seconds, piece.count == 3 || piece.count == 5 ? ":" : "");
  if (piece.letter == 'O' || (piece.letter == 'Z' && piece.count == 4)) out += "GMT";
  append_signed(out, seconds, piece.letter == 'Z' && piece.count <= 3 ? "" : ":");
}

void append_offset(std::string& out, const Piece& piece) {
  switch (piece.letter) {
    case 'X':
      out += 'Z';
      break;
    case 'x':
      out += piece.count == 1 ? "+00" : piece.count % 2 == 0 ? "+0000" : "+00:00";
      break;
    case 'Z':
      out += piece.count <= 3 ? "+0000" : piece.count == 4 ? "GMT" : "Z";
      break;
    default:
      out += piece.letter == 'O'                       ? "GMT"
             : piece.letter == 'z' && piece.count >= 4 ? "Coordinated Universal Time"
             : piece.letter == 'z'                     ? "UTC"
                                                       : "Z";
  }
}

void append_letter(std::string& out, const Piece& piece, const CivilTime& t, std::int64_t offset) {
  const std::int64_t hour = t.hour();
  switch (piece.letter) {
    case 'y':
    case 'u': {
      const std::int64_t year = piece.letter == 'y' && t.date.year <= 0 ? 1 - t.date.year : t.date.year;
      return append_number(out, piece.count == 2 ? ((year % 100) + 100) % 100 : year, piece.count);
    }
    case 'Y':
      return append_number(out, piece.count == 2 ? year_of_week(t) % 100 : year_of_week(t), piece.count);
    case 'M':
    case 'L':
      if (piece.count > 2) return append_name(out, kMonths[t.date.month - 1], piece.count);
      return append_number(out, t.date.month, piece.count);
    case 'd':
      return append_number(out, t.date.day, piece.count);
    case 'D':
      return append_number(out, t.day_of_year(), piece.count);
    case 'E':
      return append_name(out, kWeekdays[static_cast<std::size_t>(t.day_of_week() - 1)], piece.count);
    case 'e':
      return append_number(out, t.day_of_week(), piece.count);
    case 'Q':
    case 'q':
      if (piece.count > 2) out += 'Q';
      return append_number(out, (t.date.month - 1) / 3 + 1, piece.count > 2 ? 1 : piece.count);
    case 'w':
      return append_number(out, week_of(t), piece.count);
    case 'H':
      return append_number(out, hour, piece.count);
    case 'k':
      return append_number(out, hour == 0 ? 24 : hour, piece.count);
    case 'K':
      return append_number(out, hour % 12, piece.count);
    case 'h':
      return append_number(out, hour % 12 == 0 ? 12 : hour % 12, piece.count);
    case 'm':
      return append_number(out, t.minute(), piece.count);
    case 's':
      return append_number(out, t.second(), piece.count);
    case 'S': {
      std::string digits;
      append_number(digits, t.nanos_of_second(), 9);
      out += digits.substr(0, piece.count);
      return;
    }
    case 'n':
      return append_number(out, t.nanos_of_second(), piece.count);
    case 'N':
      return append_number(out, t.nanos_of_day(), piece.count);
    case 'A':
      return append_number(out, t.micros_of_day / 1000, piece.count);
    case 'a':
      out += hour < 12 ? "AM" : "PM";
      return;
    case 'G':
      out += t.date.year > 0 ? "AD" : "BC";
      return;
    default:
      return offset == 0 ? append_offset(out, piece) : append_offset(out, piece, offset);
  }
}

/// What has been read of a text so far.
struct Fields {
  std::optional<std::int64_t> year, month, day, day_of_year, weekday, hour, half_hour, minute, second, nanos,
      milli_of_day, nano_of_day, offset;
  std::optional<bool> afternoon;
  bool has_era = false;
  std::optional<TimeZone> zone;
};

class Reader {
 public:
  Reader(const std::vector<Piece>& pieces, std::string_view text) : pieces_(pieces), text_(text) {}

  std::optional<Fields> read() {
    if (!read_pieces(0, pieces_.size()) || at_ != text_.size()) return std::nullopt;
    return fields_;
  }

 private:
  // The depth of optional parts is bounded by read_date_pattern.
  bool read_pieces(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const Piece& piece = pieces_[i];
      switch (piece.kind) {
        case Piece::Kind::literal:
          if (!text_.substr(at_).starts_with(piece.text)) return false;
          at_ += piece.text.size();
          break;
        case Piece::Kind::begin_optional: {
          const std::size_t close = closing(i);
          const auto saved = std::pair{at_, fields_};
          if (!read_pieces(i + 1, close)) std::tie(at_, fields_) = saved;
          i = close;
          break;
        }
        case Piece::Kind::end_optional:
          break;
        case Piece::Kind::letter:
          if (!read_letter(piece)) return false;
      }
    }
    return true;
  }

  [[nodiscard]] std::size_t closing(std::size_t open) const {
    int depth = 0;
    for (std::size_t i = open; i < pieces_.size(); ++i) {
      if (pieces_[i].kind == Piece::Kind::begin_optional) ++depth;
      if (pieces_[i].kind == Piece::Kind::end_optional && --depth == 0) return i;
    }
    return pieces_.size();
  }

  std::optional<std::int64_t> number(std::size_t least, std::size_t most) {
    std::int64_t value = 0;
    std::size_t count = 0;
    while (count < most && at_ + count < text_.size() && is_digit(text_[at_ + count])) {
      value = value * 10 + (text_[at_ + count++] - '0');
    }
    if (count < least) return std::nullopt;
    at_ += count;
    return value;
  }
  /// One letter takes as many digits as there are, two and more exactly their number.
  bool read_number(const Piece& piece, std::size_t most, std::optional<std::int64_t>& out) {
    const std::size_t width = piece.count == 1 && !piece.adjacent ? most : std::max<std::size_t>(piece.count, 1);
    const auto value = number(piece.count == 1 ? 1 : piece.count, width);
    if (!value || (out && *out != *value)) return false;
    out = value;
    return true;
  }
  template <std::size_t size>
  bool read_name(const std::array<std::string_view, size>& names, std::size_t count, std::optional<std::int64_t>& out) {
    for (std::size_t i = 0; i < size; ++i) {
      const std::string_view name = count == 4 ? names[i] : names[i].substr(0, kShort);
      if (!text_.substr(at_).starts_with(name)) continue;
      at_ += name.size();
      out = static_cast<std::int64_t>(i) + 1;
      return true;
    }
    return false;
  }

  bool read_year(const Piece& piece) {
    if (piece.letter == 'u') fields_.has_era = true;
    if (piece.count == 2) {
      const auto value = number(2, 2);
      if (value) fields_.year = 2000 + *value;
      return value.has_value();
    }
    const bool negative = piece.letter == 'u' && at_ < text_.size() && text_[at_] == '-';
    if (negative) ++at_;
    const auto value =
        number(piece.count == 1 ? 1 : piece.count, piece.adjacent ? std::max<std::size_t>(piece.count, 4) : 6);
    if (value) fields_.year = negative ? -*value : *value;
    return value.has_value();
  }
  bool read_fraction(const Piece& piece) {
    const std::size_t begin = at_;
    const auto value = number(piece.count, std::min<std::size_t>(piece.count, 9));
    if (!value) return false;
    std::int64_t nanos = *value;
    for (std::size_t i = at_ - begin; i < 9; ++i) nanos *= 10;
    fields_.nanos = nanos;
    return true;
  }
  /// Z, +01, +0130, +01:30, as the letters want it.
  bool read_offset(const Piece& piece) {
    const std::string_view rest = text_.substr(at_);
    const bool zone = piece.letter == 'V' || piece.letter == 'z' || piece.letter == 'O';
    for (const std::string_view name : {"UTC", "GMT"}) {
      if (!zone || !rest.starts_with(name)) continue;
      at_ += name.size();
      fields_.offset = 0;
      return piece.letter != 'O' || read_hours_from_greenwich();
    }
    if (piece.letter == 'V' && read_region()) return true;
    const bool letter_z = piece.letter == 'X' || zone || (piece.letter == 'Z' && piece.count == 5);
    if (letter_z && rest.starts_with('Z')) {
      ++at_;
      fields_.offset = 0;
      return true;
    }
    if (rest.empty() || (rest[0] != '+' && rest[0] != '-')) return false;
    ++at_;
    const auto hours = number(2, 2);
    if (!hours) return false;
    const bool hours_only = (piece.letter == 'X' || piece.letter == 'x') && piece.count == 1;
    const bool colon = zone || (piece.letter == 'Z' ? piece.count == 5 : piece.count == 3 || piece.count == 5);
    std::optional<std::int64_t> minutes = 0;
    if (colon && (at_ >= text_.size() || text_[at_++] != ':')) return false;
    if (!hours_only || (at_ < text_.size() && is_digit(text_[at_]))) minutes = number(2, 2);
    if (!minutes || *hours > 18 || *minutes > 59) return false;
    fields_.offset = (rest[0] == '-' ? -1 : 1) * (*hours * 3600 + *minutes * 60);
    return true;
  }

  /// Europe/Paris.
  bool read_region() {
    static constexpr std::string_view kRegion = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz/_";
    const std::size_t end = std::min(text_.find_first_not_of(kRegion, at_), text_.size());
    const std::string_view name = text_.substr(at_, end - at_);
    if (!name.contains('/')) return false;
    const auto zone = TimeZone::named(name);
    if (!zone) return false;
    fields_.zone = *zone;
    at_ = end;
    return true;
  }

  /// What may follow GMT: +9, +09:30, nothing.
  bool read_hours_from_greenwich() {
    if (at_ >= text_.size() || (text_[at_] != '+' && text_[at_] != '-')) return true;
    const bool west = text_[at_++] == '-';
    const auto hours = number(1, 2);
    std::optional<std::int64_t> minutes = 0;
    if (at_ < text_.size() && text_[at_] == ':') {
      ++at_;
      minutes = number(2, 2);
    }
    if (!hours || !minutes || *hours > 18 || *minutes > 59) return false;
    fields_.offset = (west ? -1 : 1) * (*hours * 3600 + *minutes * 60);
    return true;
  }

  bool read_letter(const Piece& piece) {
    switch (piece.letter) {
      case 'y':
      case 'u':
        return read_year(piece);
      case 'M':
      case 'L':
        return piece.count > 2 ? read_name(kMonths, piece.count, fields_.month) : read_number(piece, 2, fields_.month);
      case 'd':
        return read_number(piece, 2, fields_.day);
      case 'D':
        return read_number(piece, 3, fields_.day_of_year);
      case 'E':
        return read_name(kWeekdays, piece.count, fields_.weekday);
      case 'e':
        return read_number(piece, 1, fields_.weekday);
      case 'H':
        return read_number(piece, 2, fields_.hour);
      case 'k':
        if (!read_number(piece, 2, fields_.hour)) return false;
        if (*fields_.hour < 1 || *fields_.hour > 24) return false;
        fields_.hour = *fields_.hour % 24;
        return true;
      case 'h':
      case 'K':
        if (!read_number(piece, 2, fields_.half_hour)) return false;
        if (piece.letter == 'h' ? *fields_.half_hour < 1 || *fields_.half_hour > 12 : *fields_.half_hour > 11)
          return false;
        fields_.half_hour = *fields_.half_hour % 12;
        return true;
      case 'm':
        return read_number(piece, 2, fields_.minute);
      case 's':
        return read_number(piece, 2, fields_.second);
      case 'S':
        return read_fraction(piece);
      case 'n':
        return read_number(piece, 9, fields_.nanos);
      case 'N':
        return read_number(piece, 14, fields_.nano_of_day);
      case 'A':
        return read_number(piece, 8, fields_.milli_of_day);
      case 'a': {
        const std::string_view half = text_.substr(at_, 2);
        if (half != "AM" && half != "PM") return false;
        fields_.afternoon = half == "PM";
        at_ += 2;
        return true;
      }
      case 'G':
        if (!text_.substr(at_).starts_with("AD")) return false;
        fields_.has_era = true;
        at_ += 2;
        return true;
      case 'X':
      case 'x':
      case 'Z':
      case 'z':
      case 'V':
      case 'O':
        return read_offset(piece);
      default:
        return false;  // quarters and weeks do not make a date
    }
  }

  const std::vector<Piece>& pieces_;
  std::string_view text_;
  std::size_t at_ = 0;
  Fields fields_;
};

std::optional<std::int64_t> days_of(const Fields& f) {
  const std::int64_t year = f.year.value_or(1970);
  std::int64_t days = 0;
  if (f.day_of_year && f.year && !f.month) {
    if (*f.day_of_year < 1 || *f.day_of_year > (is_leap(year) ? 366 : 365)) return std::nullopt;
    days = days_from_civil(year, 1, 1) + *f.day_of_year - 1;
  } else {
    const std::int64_t month = f.month.value_or(1);
    const std::int64_t day = f.month ? f.day.value_or(1) : 1;  // a day without its month says nothing
    if (month < 1 || month > 12 || day < 1) return std::nullopt;
    if (day > days_in_month(year, static_cast<unsigned>(month))) return std::nullopt;
    days = days_from_civil(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
  }
  // Java compares the weekday with dates that it knows the era of, and those of `y` alone have none.
  if (f.weekday && f.has_era && civil_time_of(Instant{days * kMicrosPerDay}).day_of_week() != *f.weekday)
    return std::nullopt;
  return days;
}

/// Whether the fields make a time of day: minutes without their hour, seconds without their minute and hours of half a
/// day without AM or PM make none.
bool has_time(const Fields& f) {
  if (f.milli_of_day || f.nano_of_day) return true;
  if (!f.hour && !(f.half_hour && f.afternoon)) return false;
  return f.minute ? f.second || !f.nanos : !f.second && !f.nanos;
}

/// The day's begin where there is no time.
std::optional<std::int64_t> micros_of_day(const Fields& f) {
  if (f.milli_of_day) return *f.milli_of_day * 1000;
  if (f.nano_of_day) return *f.nano_of_day / 1000;
  std::int64_t hour = f.hour.value_or(0);
  if (f.half_hour) hour = *f.half_hour + (f.afternoon.value_or(false) ? 12 : 0);
  const std::int64_t minute = f.minute.value_or(0);
  const std::int64_t second = f.second.value_or(0);
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  if (!has_time(f)) return 0;
  return ((hour * 60 + minute) * 60 + second) * 1'000'000 + f.nanos.value_or(0) / 1000;
}

}  // namespace

std::string DatePattern::format(Instant t, const TimeZone* zone, std::int64_t nanos_of_micro) const {
  const std::int64_t offset = zone ? zone->offset_at(t) : 0;
  const CivilTime time = civil_time_of(zone ? zone->to_local(t) : t, nanos_of_micro);
  std::string out;
  for (const Piece& piece : pieces_) {
    if (piece.kind == Piece::Kind::literal) out += piece.text;
    if (piece.kind == Piece::Kind::letter) append_letter(out, piece, time, offset);
  }
  return out;
}

std::optional<char> DatePattern::unread_letter() const {
  for (const Piece& piece : pieces_) {
    if (piece.kind == Piece::Kind::letter && std::string_view("QqYw").contains(piece.letter)) return piece.letter;
  }
  return std::nullopt;
}

std::optional<Instant> DatePattern::parse(std::string_view text, const TimeZone* zone) const {
  const auto fields = Reader(pieces_, text).read();
  if (!fields || (!fields->year && !fields->month && !has_time(*fields))) return std::nullopt;
  const auto days = days_of(*fields);
  const auto micros = micros_of_day(*fields);
  if (!days || !micros || *micros >= kMicrosPerDay) return std::nullopt;
  std::int64_t total = 0;
  if (__builtin_mul_overflow(*days, kMicrosPerDay, &total)) return std::nullopt;
  if (__builtin_add_overflow(total, *micros - fields->offset.value_or(0) * 1'000'000, &total)) return std::nullopt;
  if (fields->zone) return fields->zone->from_local(Instant{total});
  return zone && !fields->offset ? zone->from_local(Instant{total}) : Instant{total};
}

Result<DatePattern> read_date_pattern(std::string_view text) {
  constexpr std::size_t kMostCharacters = 200;
  constexpr int kDeepest = 8;
  std::string_view name = text;
  if (name.starts_with("strict_")) name.remove_prefix(7);
  for (const auto& [known, pattern] : kNamed) {
    if (known == name) text = pattern;
  }
  if (text.empty() || text.size() > kMostCharacters) return fail("a date pattern has 1 to 200 characters");
  std::vector<Piece> pieces;
  int depth = 0;
  const auto literal = [&pieces](std::string_view part) {
    if (pieces.empty() || pieces.back().kind != Piece::Kind::literal) pieces.push_back({});
    pieces.back().text += part;
  };
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (std::isalpha(static_cast<unsigned char>(c)) != 0) {
      std::size_t count = 1;
      while (at + count < text.size() && text[at + count] == c) ++count;
      if (!kLetters.contains(c)) return fail(std::string("Unknown pattern letter: ") + c);
      if (count > (c == 'S' || c == 'n' || c == 'y' || c == 'u' || c == 'Y' || c == 'N' || c == 'A' ? 9U : 5U)) {
        return fail(std::string("Too many pattern letters: ") + c);
      }
      pieces.push_back({.kind = Piece::Kind::letter, .letter = c, .count = count});
      at += count;
    } else if (c == '\'') {
      std::string quoted;
      for (++at;; ++at) {  // in a quoted part, two quotes are one of its characters
        if (at >= text.size()) return fail("Pattern ends with an incomplete string literal");
        if (text[at] == '\'' && !text.substr(at + 1).starts_with('\'')) break;
        if (text[at] == '\'') ++at;
        quoted += text[at];
      }
      ++at;
      literal(quoted.empty() ? "'" : quoted);
    } else if (c == '[' || c == ']') {
      depth += c == '[' ? 1 : -1;
      if (depth < 0 || depth > kDeepest) return fail("Pattern has unpaired or too deep brackets");
      pieces.push_back({.kind = c == '[' ? Piece::Kind::begin_optional : Piece::Kind::end_optional});
      ++at;
    } else if (c == '{' || c == '}' || c == '#') {
      return fail(std::string("Pattern includes reserved character: '") + c + "'");
    } else {
      literal(text.substr(at++, 1));
    }
  }
  for (int i = 0; i < depth; ++i) pieces.push_back({.kind = Piece::Kind::end_optional});
  for (std::size_t i = 0; i + 1 < pieces.size(); ++i)
    pieces[i].adjacent = is_number(pieces[i]) && is_number(pieces[i + 1]);
  return DatePattern(std::move(pieces));
}

}  // namespace trailhound
