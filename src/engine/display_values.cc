#include "engine/display_values.h"

#include "base/instant.h"

namespace trailhound::engine {

Values display_values(Values values, plan::LogicalType type) {
  using plan::LogicalType;
  for (Value& value : values) {
    const auto* integer = std::get_if<std::int64_t>(&value);
    if (integer == nullptr) continue;
    if (type == LogicalType::date || type == LogicalType::date_nanos) {
      value = format_rfc3339(Instant{*integer});
    } else if (type == LogicalType::unsigned_long && *integer < 0) {
      value = std::to_string(static_cast<std::uint64_t>(*integer));
    }
  }
  return values;
}

}  // namespace trailhound::engine
