#include "engine/display_values.h"

#include "base/instant.h"
#include "engine/value_text.h"

namespace trailhound::engine {

std::string display_date(std::int64_t count, plan::LogicalType type) {
  return type == plan::LogicalType::date_nanos ? value_text(count, type) : format_rfc3339(Instant{count});
}

Values display_values(Values values, plan::LogicalType type) {
  using plan::LogicalType;
  for (Value& value : values) {
    const auto* integer = std::get_if<std::int64_t>(&value);
    if (integer == nullptr) continue;
    if (type == LogicalType::date || type == LogicalType::date_nanos) {
      value = display_date(*integer, type);
    } else if (type == LogicalType::unsigned_long && *integer < 0) {
      value = std::to_string(static_cast<std::uint64_t>(*integer));
    }
  }
  return values;
}

}  // namespace trailhound::engine
