#include "base/time_zone.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
#include <system_error>
#include <vector>

#include "base/ascii.h"
#include "base/civil_date.h"

namespace trailhound {

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::string_view kFolder = "/usr/share/zoneinfo/";

/// A number at the start of the text, which is taken off.
std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || text.empty() || !is_digit(text.front())) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

/// "+02:00", "-5", "0530" with a sign: seconds.
std::optional<std::int64_t> offset_of(std::string_view text) {
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const int sign = text[0] == '-' ? -1 : 1;
  text.remove_prefix(1);
  if (!std::ranges::all_of(text, [](char c) { return is_digit(c) || c == ':'; })) return std::nullopt;
  std::string digits;
  std::ranges::copy_if(text, std::back_inserter(digits), is_digit);
  if (digits.size() == 1) digits.insert(0, "0");
  if (digits.size() != 2 && digits.size() != 4) return std::nullopt;
  const std::int64_t hours = (digits[0] - '0') * 10 + (digits[1] - '0');
  const std::int64_t minutes = digits.size() == 4 ? (digits[2] - '0') * 10 + (digits[3] - '0') : 0;
  if (hours > 18 || minutes > 59) return std::nullopt;
  return sign * (hours * 3600 + minutes * 60);
}

/// The day of the year on which clocks change, as POSIX writes it: M3.5.0/2, J60, 59.
struct ChangeDay {
  enum class Kind : std::uint8_t { weekday_of_month, day_without_leap, day_with_leap };
  Kind kind = Kind::weekday_of_month;
  std::int64_t month = 1, week = 1, day = 0;
  std::int64_t seconds = 7200;  ///< of the local day

  /// Local seconds since the epoch.
  [[nodiscard]] std::int64_t in_year(std::int64_t year) const {
    std::int64_t days = days_from_civil(year, 1, 1);
    if (kind == Kind::day_with_leap) {
      days += day;
    } else if (kind == Kind::day_without_leap) {
      constexpr std::int64_t kFirstOfMarch = 60;
      days += day - 1 + (is_leap(year) && day >= kFirstOfMarch ? 1 : 0);
    } else {
      const auto in_month = static_cast<unsigned>(month);
      const std::int64_t first = days_from_civil(year, in_month, 1);
      const std::int64_t weekday = ((first + 4) % 7 + 7) % 7;  // Sunday is 0
      std::int64_t offset = (day - weekday + 7) % 7 + (week - 1) * 7;
      if (offset >= days_in_month(year, in_month)) offset -= 7;
      days = first + offset;
    }
    return days * kSecondsPerDay + seconds;
  }
};

/// What holds behind the last change of the file: "CET-1CEST,M3.5.0,M10.5.0/3".
class PosixRule {
 public:
  static std::optional<PosixRule> read(std::string_view text) {
    PosixRule rule;
    if (!skip_name(text)) return std::nullopt;
    const auto standard = take_time(text);
    if (!standard) return std::nullopt;
    rule.standard_ = rule.summer_ = -*standard;
    if (text.empty()) return rule;
    if (!skip_name(text)) return std::nullopt;
    rule.summer_ = rule.standard_ + 3600;
    if (!text.empty() && text.front() != ',') {
      const auto summer = take_time(text);
      if (!summer) return std::nullopt;
      rule.summer_ = -*summer;
    }
    rule.changes_ = true;
    if (!take_day(text, rule.begin_) || !take_day(text, rule.end_)) return std::nullopt;
    return rule;
  }

  [[nodiscard]] std::int64_t offset_at(std::int64_t utc) const {
    if (!changes_) return standard_;
    const auto local = Instant{std::clamp(utc, -kMost, kMost) * kSecond + standard_ * kSecond};
    const std::int64_t year = civil_time_of(local).date.year;
    const std::int64_t begin = begin_.in_year(year) - standard_;
    const std::int64_t end = end_.in_year(year) - summer_;
    // In the south summer goes over the turn of the year.
    const bool summer = begin < end ? utc >= begin && utc < end : utc >= begin || utc < end;
    return summer ? summer_ : standard_;
  }

 private:
  static constexpr std::int64_t kMost = 9'000'000'000'000;

  static bool skip_name(std::string_view& text) {
    std::size_t end = 0;
    if (text.starts_with('<')) {
      end = text.find('>');
      if (end == std::string_view::npos) return false;
      ++end;
    } else {
      while (end < text.size() && is_letter(text[end])) ++end;
    }
    text.remove_prefix(end);
    return end > 0;
  }
  /// -3, 5:30, 167:00:00
  static std::optional<std::int64_t> take_time(std::string_view& text) {
    int sign = 1;
    if (text.starts_with('-') || text.starts_with('+')) {
      sign = text.front() == '-' ? -1 : 1;
      text.remove_prefix(1);
    }
    std::int64_t seconds = 0;
    for (std::int64_t unit = 3600; unit > 0; unit /= 60) {
      const auto number = take_number(text);
      if (!number || *number > 1000) return std::nullopt;
      seconds += *number * unit;
      if (!text.starts_with(':')) break;
      text.remove_prefix(1);
    }
    return sign * seconds;
  }
  static bool take_day(std::string_view& text, ChangeDay& day) {
    if (!text.starts_with(',')) return false;
    text.remove_prefix(1);
    if (text.starts_with('M')) {
      for (std::int64_t* part : {&day.month, &day.week, &day.day}) {
        text.remove_prefix(1);
        const auto number = take_number(text);
        if (!number || (part != &day.day && !text.starts_with('.'))) return false;
        *part = *number;
      }
      if (day.month < 1 || day.month > 12 || day.week < 1 || day.week > 5 || day.day > 6) return false;
    } else {
      day.kind = text.starts_with('J') ? ChangeDay::Kind::day_without_leap : ChangeDay::Kind::day_with_leap;
      if (text.starts_with('J')) text.remove_prefix(1);
      const auto number = take_number(text);
      if (!number || *number > 365) return false;
      day.day = *number;
    }
    if (!text.starts_with('/')) return true;
    text.remove_prefix(1);
    const auto time = take_time(text);
    if (time) day.seconds = *time;
    return time.has_value();
  }

  std::int64_t standard_ = 0, summer_ = 0;
  bool changes_ = false;
  ChangeDay begin_, end_;
};

/// Bytes of a zoneinfo file, numbers most significant byte first.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}
  std::int64_t number(std::size_t size) {
    if (bytes_.size() < size) {
      bad_ = true;
      return 0;
    }
    std::uint64_t value = (bytes_[0] & 0x80) != 0 ? ~std::uint64_t{0} : 0;
    for (std::size_t i = 0; i < size; ++i) value = value << 8 | static_cast<unsigned char>(bytes_[i]);
    bytes_.remove_prefix(size);
    return static_cast<std::int64_t>(value);
  }
  void skip(std::size_t size) {
    bad_ = bad_ || bytes_.size() < size;
    bytes_.remove_prefix(std::min(size, bytes_.size()));
  }
  [[nodiscard]] bool starts_with(std::string_view text) const { return bytes_.starts_with(text); }
  [[nodiscard]] std::string_view rest() const { return bytes_; }
  [[nodiscard]] bool bad() const { return bad_; }

 private:
  std::string_view bytes_;
  bool bad_ = false;
};

struct Counts {
  std::size_t utc = 0, standard = 0, leaps = 0, times = 0, types = 0, characters = 0;
  [[nodiscard]] std::size_t size(std::size_t width) const {
    return times * width + times + types * 6 + characters + leaps * (width + 4) + standard + utc;
  }
};

bool read_header(Bytes& bytes, Counts& counts) {
  constexpr std::size_t kVersionAndReserved = 16;
  constexpr std::int64_t kMost = 100'000;
  if (!bytes.starts_with("TZif")) return false;
  bytes.skip(4 + kVersionAndReserved);
  for (std::size_t* count :
       {&counts.utc, &counts.standard, &counts.leaps, &counts.times, &counts.types, &counts.characters}) {
    const std::int64_t number = bytes.number(4);
    if (number < 0 || number > kMost) return false;
    *count = static_cast<std::size_t>(number);
  }
  return !bytes.bad();
}

}  // namespace

struct TimeZone::Rules {
  std::vector<std::int64_t> changes;  ///< seconds since the epoch, ascending
  std::vector<std::int64_t> offsets;  ///< one more: offsets[i] holds before changes[i]
  std::optional<PosixRule> later;     ///< behind the last change

  static std::shared_ptr<const Rules> read(std::string_view file) {
    Bytes bytes(file);
    Counts counts;
    if (!read_header(bytes, counts)) return nullptr;
    // The first block has times of 32 bits; the second one says the same in 64.
    bytes.skip(counts.size(4));
    counts = {};
    if (!read_header(bytes, counts) || counts.types == 0) return nullptr;
    auto rules = std::make_shared<Rules>();
    for (std::size_t i = 0; i < counts.times; ++i) rules->changes.push_back(bytes.number(8));
    std::vector<std::size_t> types;
    for (std::size_t i = 0; i < counts.times; ++i) types.push_back(static_cast<std::size_t>(bytes.number(1)) & 0xFF);
    std::vector<std::int64_t> type_offsets;
    for (std::size_t i = 0; i < counts.types; ++i) {
      type_offsets.push_back(bytes.number(4));
      bytes.skip(2);
    }
    bytes.skip(counts.characters + counts.leaps * 12 + counts.standard + counts.utc);
    if (bytes.bad() || !std::ranges::is_sorted(rules->changes)) return nullptr;
    rules->offsets.push_back(type_offsets.front());
    for (const std::size_t type : types) {
      if (type >= type_offsets.size()) return nullptr;
      rules->offsets.push_back(type_offsets[type]);
    }
    std::string_view footer = bytes.rest();
    if (footer.starts_with('\n')) {
      footer.remove_prefix(1);
      rules->later = PosixRule::read(footer.substr(0, footer.find('\n')));
    }
    return rules;
  }

  [[nodiscard]] std::int64_t offset_at(std::int64_t utc) const {
    const auto next = std::ranges::upper_bound(changes, utc);
    if (next == changes.end() && later) return later->offset_at(utc);
    return offsets[static_cast<std::size_t>(next - changes.begin())];
  }
};

Result<TimeZone> TimeZone::named(std::string_view name) {
  std::string_view offset = name;
  for (const std::string_view prefix : {"UTC", "GMT", "UT"}) {
    if (!name.starts_with(prefix)) continue;
    offset = name.substr(prefix.size());
    break;
  }
  if (name == "Z" || (offset.empty() && !name.empty())) return TimeZone(0);
  if (const auto fixed = offset_of(offset)) return TimeZone(*fixed);
  const bool plain =
      !name.empty() && name.size() < 100 && name.front() != '/' &&
      std::ranges::all_of(
          name, [](char c) { return is_digit(c) || is_letter(c) || c == '/' || c == '_' || c == '-' || c == '+'; });
  const auto unknown = [&] {
    return fail("unknown time zone [" + std::string(name) + "]", {}, "a name such as Europe/Berlin, or +02:00");
  };
  if (!plain) return unknown();
  const std::string path = std::string(kFolder) + std::string(name);
  std::error_code none;
  if (!std::filesystem::is_regular_file(path, none)) return unknown();  // "Europe" is a folder
  std::ifstream file(path, std::ios::binary);
  if (!file) return unknown();
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  TimeZone zone(0);
  zone.rules_ = Rules::read(bytes);
  if (!zone.rules_) return unknown();
  return zone;
}

std::int64_t TimeZone::offset_at(Instant t) const {
  return rules_ ? rules_->offset_at(floor_divide(t.micros, kSecond)) : fixed_;
}

Instant TimeZone::to_local(Instant t) const {
  std::int64_t local = 0;
  return Instant{__builtin_add_overflow(t.micros, offset_at(t) * kSecond, &local) ? t.micros : local};
}

Instant TimeZone::from_local(Instant local) const {
  constexpr std::int64_t kDay = kSecondsPerDay * kSecond;
  constexpr std::int64_t kEdge = std::numeric_limits<std::int64_t>::max() - 2 * kDay;
  if (local.micros > kEdge || local.micros < -kEdge) return local;
  const std::int64_t before = offset_at(Instant{local.micros - kDay});
  const std::int64_t after = offset_at(Instant{local.micros + kDay});
  for (const std::int64_t offset : {before, after}) {
    const Instant t{local.micros - offset * kSecond};
    if (offset_at(t) == offset) return t;
  }
  return Instant{local.micros - before * kSecond};
}

}  // namespace trailhound
