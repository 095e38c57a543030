#pragma once
/// Reads eventTime. CloudTrail writes it in one form, "2024-03-01T12:00:00Z", and most records are of the day of the
/// one before: the day is read once, the rest are six digits. Any other form goes to parse_rfc3339. Inside src/event
/// only; not thread-safe.

#include <cstring>
#include <optional>
#include <string_view>

#include "base/ascii.h"
#include "base/instant.h"

namespace trailhound::event {

class EventClock {
 public:
  [[nodiscard]] std::optional<Instant> read(std::string_view text) {
    if (text.size() == kUsualSize && std::memcmp(text.data(), day_, kDaySize) == 0 && has_usual_form(text)) {
      const std::int64_t hour = two_digits(text, 11), minute = two_digits(text, 14), second = two_digits(text, 17);
      if (hour < 24 && minute < 60 && second < 60)
        return midnight_ + Duration::seconds((hour * 60 + minute) * 60 + second);
    }
    return read_any(text);
  }

 private:
  static constexpr std::size_t kUsualSize = 20, kDaySize = 11;  // the day with its T

  static bool has_usual_form(std::string_view text) {
    return is_digit(text[11]) && is_digit(text[12]) && text[13] == ':' && is_digit(text[14]) && is_digit(text[15]) &&
           text[16] == ':' && is_digit(text[17]) && is_digit(text[18]) && text[19] == 'Z';
  }
  static std::int64_t two_digits(std::string_view text, std::size_t at) {
    return (text[at] - '0') * 10 + (text[at + 1] - '0');
  }

  std::optional<Instant> read_any(std::string_view text) {
    const std::optional<Instant> time = parse_rfc3339(text);
    if (time && text.size() == kUsualSize && text[10] == 'T' && text[19] == 'Z') {
      std::memcpy(day_, text.data(), kDaySize);
      midnight_ = floor_to(*time, Duration::seconds(24 * 60 * 60));
    }
    return time;
  }

  char day_[kDaySize] = {};
  Instant midnight_;
};

}  // namespace trailhound::event
