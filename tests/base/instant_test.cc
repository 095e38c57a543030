#include "base/instant.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <random>

namespace trailhound {
namespace {

std::optional<std::int64_t> micros_of(std::string_view text) {
  const auto t = parse_rfc3339(text);
  return t ? std::optional(t->micros) : std::nullopt;
}

TEST(Rfc3339, ReadsFractionsAndZones) {
  EXPECT_EQ(micros_of("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(micros_of("1970-01-01T00:00:01.5Z"), 1'500'000);
  EXPECT_EQ(micros_of("1970-01-01T00:00:00.123456789Z"), 123'456);
  EXPECT_EQ(micros_of("1969-12-31T23:59:59.999999999Z"), -1);
  EXPECT_EQ(micros_of("1970-01-01T02:00:00+02:00"), 0);
  EXPECT_EQ(micros_of("1969-12-31T18:30:00-0530"), 0);
  EXPECT_EQ(micros_of("1970-01-01t00:00:00z"), 0);
}

TEST(Rfc3339, RefusesEverythingElse) {
  for (const char* text : {"",
                           "Z",
                           "2024-03-01",
                           "2024-03-01T12:00:00",
                           "2024-03-01T12:00Z",
                           "2024-02-30T00:00:00Z",
                           "2023-02-29T00:00:00Z",
                           "1900-02-29T00:00:00Z",
                           "2024-13-01T00:00:00Z",
                           "2024-00-01T00:00:00Z",
                           "2024-01-00T00:00:00Z",
                           "2024-04-31T00:00:00Z",
                           "0000-01-01T00:00:00Z",
                           "2024-01-01T24:00:00Z",
                           "2024-01-01T00:60:00Z",
                           "2016-12-31T23:59:60Z",
                           "2024-01-01T00:00:00.Z",
                           "2024-01-01T00:00:00.1234567890Z",
                           "2024-01-01T00:00:00+24:00",
                           "2024-01-01T00:00:00+01:60",
                           "2024-01-01T00:00:00+1:00",
                           "2024-01-01T00:00:00Z ",
                           " 2024-01-01T00:00:00Z",
                           "2024-01-01 00:00:00Z",
                           "2024/01/01T00:00:00Z",
                           "2024-01-01T00-00-00Z",
                           "202a-01-01T00:00:00Z",
                           "2024-01-01T00:00:00ZZ",
                           "2024-01-01T00:00:00+",
                           "+024-01-01T00:00:00Z"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
  EXPECT_TRUE(parse_rfc3339("2000-02-29T00:00:00Z"));
  EXPECT_TRUE(parse_rfc3339("0001-01-01T00:00:00Z"));
  EXPECT_TRUE(parse_rfc3339("9999-12-31T23:59:59Z"));
}

TEST(Rfc3339, AgreesWithChronoOnEveryDayAndRandomTimes) {
  using namespace std::chrono;
  std::mt19937_64 random(1);
  const sys_days first = year{1} / 1 / 1;
  const sys_days last = year{9999} / 12 / 31;
  for (sys_days day = first; day <= last; day += days{1}) {
    const year_month_day date(day);
    const auto second = static_cast<long>(random() % 86'400);
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02ld:%02ld:%02ldZ", int(date.year()), unsigned(date.month()),
                  unsigned(date.day()), second / 3600, second / 60 % 60, second % 60);
    const std::int64_t expected = (duration_cast<seconds>(day.time_since_epoch()).count() + second) * 1'000'000;
    ASSERT_EQ(micros_of(text), expected) << text;
    ASSERT_EQ(format_rfc3339({expected}), text);
  }
}

TEST(Rfc3339, OnlyCalendarDatesAreRead) {
  using namespace std::chrono;
  for (const int y : {1, 4, 100, 400, 1900, 1970, 2000, 2023, 2024, 2100, 9999}) {
    for (unsigned m = 0; m <= 13; ++m) {
      for (unsigned d = 0; d <= 32; ++d) {
        char text[32];
        std::snprintf(text, sizeof text, "%04d-%02u-%02uT00:00:00Z", y, m, d);
        ASSERT_EQ(parse_rfc3339(text).has_value(), (year{y} / month{m} / day{d}).ok()) << text;
      }
    }
  }
}

TEST(Rfc3339, ReadsBackWhatItWrites) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 100'000; ++i) {
    const auto span = static_cast<std::int64_t>(random() % 250'000'000'000'000'000);
    const Instant t{span - 62'000'000'000'000'000};
    ASSERT_EQ(parse_rfc3339(format_rfc3339(t)), t) << t.micros;
  }
}

TEST(Rfc3339, WritesTheShortestFraction) {
  EXPECT_EQ(format_rfc3339({0}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(format_rfc3339({120'000}), "1970-01-01T00:00:00.120Z");
  EXPECT_EQ(format_rfc3339({-1}), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(format_iso_millis({1'999}), "1970-01-01T00:00:00.001Z");
  EXPECT_EQ(format_rfc3339(Instant::min()), "-290308-12-21T19:59:05.224192Z");
  EXPECT_EQ(format_rfc3339(Instant::max()), "294247-01-10T04:00:54.775807Z");
}

TEST(IsoAsUtc, TakesDatesAndTimesWithoutZone) {
  EXPECT_EQ(parse_iso_as_utc("1970-01-02")->micros, 86'400'000'000);
  EXPECT_EQ(parse_iso_as_utc("1970-01-01T00:00:01")->micros, 1'000'000);
  EXPECT_EQ(parse_iso_as_utc("1970-01-01T00:00:01.25")->micros, 1'250'000);
  EXPECT_EQ(parse_iso_as_utc("1970-01-01T01:00:00+01:00")->micros, 0);
  EXPECT_FALSE(parse_iso_as_utc("1970-01-32"));
  EXPECT_FALSE(parse_iso_as_utc("1970-01-01T"));
  EXPECT_FALSE(parse_iso_as_utc("yesterday.."));
}

TEST(Duration, IsWrittenForPeople) {
  EXPECT_EQ(format_duration(Duration::seconds(45)), "45 s");
  EXPECT_EQ(format_duration(Duration::seconds(55 * 60)), "55 min");
  EXPECT_EQ(format_duration(Duration::seconds(65 * 60)), "1h 5m");
  EXPECT_EQ(format_duration(Duration::seconds(24 * 3'600)), "24 h");
  EXPECT_EQ(format_duration(Duration::seconds(51 * 3'600)), "2d 3h");
  EXPECT_EQ(format_duration(Duration::seconds(3'600 + 5)), "1 h");
  EXPECT_EQ(format_duration(Duration::millis(-1'500)), "-1s 500ms");
  EXPECT_EQ(format_duration({0}), "0 s");
  EXPECT_EQ(format_duration({std::numeric_limits<std::int64_t>::min()}), "-106751991d 4h");
}

TEST(Grid, FloorsAndCeilsAlsoBeforeTheEpoch) {
  const Duration step{10};
  EXPECT_EQ(floor_to({25}, step).micros, 20);
  EXPECT_EQ(floor_to({-25}, step).micros, -30);
  EXPECT_EQ(floor_to({-30}, step).micros, -30);
  EXPECT_EQ(ceil_to({25}, step).micros, 30);
  EXPECT_EQ(ceil_to({-25}, step).micros, -20);
  EXPECT_EQ(ceil_to({30}, step).micros, 30);
  EXPECT_EQ(floor_to(Instant::min(), step), Instant::min());
  EXPECT_EQ(ceil_to(Instant::max(), step), Instant::max());
}

}  // namespace
}  // namespace trailhound
