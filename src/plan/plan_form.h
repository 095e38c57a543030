#pragma once
/// Names that the printer and the reader of plans share. See print_plan.cc for the grammar.

#include <string_view>

namespace trailhound::plan {

inline constexpr std::string_view kMissingNames[] = {"drop", "null_group", "not_available"};
inline constexpr std::string_view kTrailingNames[] = {"count", "cardinality", "sum", "max"};
inline constexpr std::string_view kRunNames[] = {"count_rows", "count", "count_distinct", "values", "min",
                                                 "max",        "sum",   "average"};

inline constexpr std::string_view kSuppressionNames[] = {"key", "cells"};
inline constexpr std::string_view kDetectorNames[] = {"rare", "high_distinct_count"};

/// Units of exact durations, the largest first.
struct DurationUnit {
  std::string_view name;
  long long micros;
};
inline constexpr DurationUnit kDurationUnits[] = {{"d", 86'400'000'000}, {"h", 3'600'000'000}, {"m", 60'000'000},
                                                  {"s", 1'000'000},      {"ms", 1'000},        {"us", 1}};

}  // namespace trailhound::plan
