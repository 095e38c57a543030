#pragma once
/// Checks of the arguments of pattern and multi-value functions, for constant_arguments.cc.

#include <optional>

#include "lang/esql/constant_arguments.h"

namespace trailhound::esql {

[[nodiscard]] std::optional<ArgumentComplaint> check_replace(const Bound& call);
[[nodiscard]] std::optional<ArgumentComplaint> check_split(const Bound& call);
[[nodiscard]] std::optional<ArgumentComplaint> check_json_extract(const Bound& call);
[[nodiscard]] std::optional<ArgumentComplaint> check_mv_slice(const Bound& call);
[[nodiscard]] std::optional<ArgumentComplaint> check_mv_sort(const Bound& call);
/// The second argument, and those behind it, are of the first one's type.
[[nodiscard]] std::optional<ArgumentComplaint> check_same_types(const Bound& call);
/// The arguments are doubles, as MV_PSERIES_WEIGHTED_SUM wants them.
[[nodiscard]] std::optional<ArgumentComplaint> check_doubles(const Bound& call);

}  // namespace trailhound::esql
