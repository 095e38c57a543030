#pragma once
/// Dates as Elasticsearch reads them in queries on date fields (strict_date_optional_time or epoch_millis, with date
/// math): what is written with less than a millisecond's precision is an interval.
///
///     read_elastic_date("2024-03-01")           // [2024-03-01T00:00, 2024-03-02T00:00)
///     read_elastic_date("2024-03-15||/M")       // [2024-03-01, 2024-04-01)
///     read_elastic_date("1709294400000")        // that millisecond
///
/// Rounding up gives a missing month or day its first, not its last: "2024-03" ends with 2024-03-01.

#include <optional>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"

namespace trailhound::lang {

/// `x >= date` is x >= first, `x > date` is x >= end, `x <= date` is x < end, equality is between the two.
struct DateInterval {
  Instant first;
  Instant end;
};

/// The length of a unit of date math; nothing for those of the calendar (months, years), and for what is none.
[[nodiscard]] std::optional<Duration> fixed_date_unit(char unit);

/// Whether the date counts from the time of the run: `now`, `now-1d/d`.
[[nodiscard]] bool is_relative_date(std::string_view text);

/// REQUIRES: not relative. Errors: no date.
[[nodiscard]] Result<DateInterval> read_elastic_date(std::string_view text);

}  // namespace trailhound::lang
