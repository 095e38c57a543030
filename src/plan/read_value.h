#pragma once
/// How ES|QL reads texts and numbers as values of other types: for literals when a query is bound, and for values when
/// it runs. Nothing where the value does not convert.

#include <cstdint>
#include <optional>
#include <string_view>

#include "event/column.h"

namespace trailhound::plan {

/// "5.2e11", ".5", "+1"; blanks around are ignored; no NaN, no infinities.
[[nodiscard]] std::optional<double> read_real(std::string_view text);
/// A whole number that fits `type` (integer, long, unsigned_long). Text with a fraction is rounded for integer and
/// long, cut for unsigned_long. An unsigned_long comes bit for bit.
[[nodiscard]] std::optional<std::int64_t> read_whole(std::string_view text, event::LogicalType type);
/// Digits to a base of 2 to 36, with a sign and, for base 16, "0x".
[[nodiscard]] std::optional<std::int64_t> read_whole(std::string_view text, int base, event::LogicalType type);
/// A double as a whole number: nearest, halves up; cut for unsigned_long.
[[nodiscard]] std::optional<std::int64_t> round_to_whole(double real, event::LogicalType type);
/// Whether a long fits an integer.
[[nodiscard]] bool fits_integer(std::int64_t whole);

/// Strict ISO 8601: a year with month and day as far as they are given, then "T" with a time as far as it is given, a
/// fraction after "." or ",", and a zone (none is UTC). Microseconds cut to whole milliseconds for `date`, nanoseconds
/// (1970 to 2262) for `date_nanos`.
[[nodiscard]] std::optional<std::int64_t> read_date(std::string_view text, event::LogicalType type);

}  // namespace trailhound::plan
