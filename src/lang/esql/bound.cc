#include "lang/esql/bound.h"

namespace trailhound::esql {

std::optional<double> Bound::constant_number() const {
  if (!is_constant() || constant.size() != 1) return std::nullopt;
  if (const auto* real = std::get_if<double>(&constant.front())) return *real;
  const auto* whole = std::get_if<std::int64_t>(&constant.front());
  if (whole == nullptr) return std::nullopt;
  return type == LogicalType::unsigned_long ? static_cast<double>(static_cast<std::uint64_t>(*whole))
                                            : static_cast<double>(*whole);
}

}  // namespace trailhound::esql
