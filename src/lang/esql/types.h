#pragma once
/// ES|QL's type rules: what mixes with what, and how literals are read as another type.

#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/value.h"
#include "event/column.h"

namespace trailhound::esql {

using event::LogicalType;

/// keyword, text, and columns whose JSON type is open (flattened leaves, which Elastic maps as keyword).
[[nodiscard]] bool is_string(LogicalType type);
/// The type's name in capitals, as some messages have it: [INTEGER].
[[nodiscard]] std::string upper_name(LogicalType type);
/// integer, long, double, unsigned_long.
[[nodiscard]] bool is_numeric(LogicalType type);
[[nodiscard]] bool is_whole(LogicalType type);  ///< integer, long, unsigned_long
[[nodiscard]] bool is_date(LogicalType type);   ///< date, date_nanos
[[nodiscard]] bool is_span(LogicalType type);   ///< date_period, time_duration
/// text and open types act as keyword once a function returns them.
[[nodiscard]] LogicalType without_text(LogicalType type);
/// The type in which two values of one expression meet (CASE branches, IN lists, COALESCE): null gives way, numbers
/// widen, strings are one. Nothing when they do not go together.
[[nodiscard]] std::optional<LogicalType> common_type(LogicalType a, LogicalType b);
/// The type named in `v::name`.
[[nodiscard]] std::optional<LogicalType> type_named(std::string_view lower_case_name);

/// Whether a string literal converts to `type` where the language does so by itself (dates, ip, version, boolean).
[[nodiscard]] bool converts_from_literal(LogicalType type);
/// The literal `text` read as `type`; nothing if it cannot be. Dates are microseconds.
[[nodiscard]] std::optional<Value> convert_literal(std::string_view text, LogicalType type);
/// Whether `v::to` is a conversion of the language for values of type `from`.
[[nodiscard]] bool conversion_exists(LogicalType from, LogicalType to);
/// `v::type` of a constant; nothing where the value does not convert or is better converted when the query runs.
[[nodiscard]] std::optional<Value> cast_constant(const Value& value, LogicalType from, LogicalType to);

/// Length of a fixed span in microseconds ("hour" ... "millisecond", and days and weeks, which are fixed in UTC).
[[nodiscard]] std::optional<Duration> fixed_span(std::int64_t amount, std::string_view unit);
[[nodiscard]] bool is_calendar_unit(std::string_view unit);  ///< day and longer

}  // namespace trailhound::esql
