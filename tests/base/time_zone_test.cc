#include "base/time_zone.h"

#include <gtest/gtest.h>

#include "base/civil_date.h"

namespace trailhound {
namespace {

constexpr std::int64_t kHour = 3600;

Instant utc(std::int64_t year, unsigned month, unsigned day, std::int64_t hour = 0, std::int64_t minute = 0) {
  return Instant{(days_from_civil(year, month, day) * 86'400 + hour * kHour + minute * 60) * 1'000'000};
}

TimeZone zone(const char* name) {
  auto found = TimeZone::named(name);
  EXPECT_TRUE(found) << name;
  return found ? *found : *TimeZone::named("UTC");
}

TEST(TimeZone, OffsetsAsTheyAreWritten) {
  const std::pair<const char*, std::int64_t> kOffsets[] = {
      {"UTC", 0},         {"Z", 0},         {"GMT", 0},          {"+02:00", 2 * kHour},
      {"-0530", -19'800}, {"UTC+1", kHour}, {"+18", 18 * kHour}, {"GMT-03:30", -12'600}};
  for (const auto& [name, offset] : kOffsets) EXPECT_EQ(zone(name).offset_at(utc(2024, 1, 1)), offset) << name;
}

TEST(TimeZone, WhatIsNoZone) {
  for (const char* name :
       {"", "Europe/Atlantis", "../../etc/passwd", "/etc/passwd", "+19", "+2:0:0:0", "Europe", "+"}) {
    EXPECT_FALSE(TimeZone::named(name)) << name;
  }
}

TEST(TimeZone, SummerTimeInTheNorth) {
  const TimeZone berlin = zone("Europe/Berlin");
  EXPECT_EQ(berlin.offset_at(utc(2024, 1, 1)), kHour);
  EXPECT_EQ(berlin.offset_at(utc(2024, 3, 31, 0, 59)), kHour);
  EXPECT_EQ(berlin.offset_at(utc(2024, 3, 31, 1)), 2 * kHour);
  EXPECT_EQ(berlin.offset_at(utc(2024, 10, 27, 0, 59)), 2 * kHour);
  EXPECT_EQ(berlin.offset_at(utc(2024, 10, 27, 1)), kHour);
}

// Behind the last change of the file the rule at its end holds.
TEST(TimeZone, TheFarFuture) {
  const TimeZone berlin = zone("Europe/Berlin");
  EXPECT_EQ(berlin.offset_at(utc(2150, 1, 15)), kHour);
  EXPECT_EQ(berlin.offset_at(utc(2150, 7, 15)), 2 * kHour);
  const TimeZone sydney = zone("Australia/Sydney");
  EXPECT_EQ(sydney.offset_at(utc(2150, 1, 15)), 11 * kHour);
  EXPECT_EQ(sydney.offset_at(utc(2150, 7, 15)), 10 * kHour);
}

TEST(TimeZone, FromTheClockAndBack) {
  const TimeZone berlin = zone("Europe/Berlin");
  for (const Instant t : {utc(1960, 6, 1), utc(2024, 2, 29, 23), utc(2024, 7, 1, 12), utc(2150, 7, 1)}) {
    EXPECT_EQ(berlin.from_local(berlin.to_local(t)).micros, t.micros);
  }
}

TEST(TimeZone, HoursThatTheClockShowsTwiceOrNever) {
  const TimeZone berlin = zone("Europe/Berlin");
  // 02:30 comes twice on the day on which summer ends: the first counts.
  EXPECT_EQ(berlin.from_local(utc(2024, 10, 27, 2, 30)).micros, utc(2024, 10, 27, 0, 30).micros);
  // And never on the day on which it begins: it is 03:30 then.
  EXPECT_EQ(berlin.from_local(utc(2024, 3, 31, 2, 30)).micros, utc(2024, 3, 31, 1, 30).micros);
}

}  // namespace
}  // namespace trailhound
