// Dates: microseconds since the epoch (date_nanos: nanoseconds), in UTC.

#include "engine/calendar.h"
#include "engine/function_kernels.h"

namespace trailhound::engine::kernels {

Cell date_trunc(const FunctionCall& call) {
  const auto span = call.whole(0);
  const auto date = call.whole(1);
  if (!span || !date || *span <= 0) return Cell::null();
  std::int64_t rest = *date % *span;
  if (rest < 0) rest += *span;
  std::int64_t start = 0;
  if (__builtin_sub_overflow(*date, rest, &start)) return call.fail(Failure::overflow, "date out of range");
  return Cell::one(start);
}

Cell date_trunc_calendar(const FunctionCall& call) {
  const auto unit_name = call.text(0);
  const auto count = call.whole(1);
  const auto date = call.whole(2);
  if (!unit_name || !count || !date) return Cell::null();
  const auto unit = calendar_unit_named(*unit_name);
  if (!unit) return Cell::null();
  const auto start = truncate(Instant{*date}, *unit, *count);
  return start ? Cell::one(start->micros) : call.fail(Failure::overflow, "date out of range");
}

}  // namespace trailhound::engine::kernels
