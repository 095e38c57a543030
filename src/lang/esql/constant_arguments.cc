#include "lang/esql/constant_arguments.h"

#include <algorithm>
#include <array>

#include "base/ip_address.h"
#include "lang/esql/codes.h"
#include "lang/esql/pattern_arguments.h"

namespace trailhound::esql {
namespace {

using Complaint = std::optional<ArgumentComplaint>;

Complaint complain(const Bound& call, std::size_t index, std::string message, std::string hint = {}) {
  return ArgumentComplaint{call.operands[index]->at, codes::kLiteral, std::move(message), std::move(hint)};
}

Complaint check_cidr_match(const Bound& call) {
  for (std::size_t i = 1; i < call.operands.size(); ++i) {
    if (!call.operands[i]->is_constant()) continue;
    for (const Value& value : call.operands[i]->constant) {
      const auto* text = std::get_if<std::string>(&value);
      if (text != nullptr && !parse_cidr(*text)) {
        return complain(call, i, "is no address block: [" + *text + "]", "blocks are written as 10.0.0.0/8");
      }
    }
  }
  return std::nullopt;
}

struct Check {
  std::string_view function;
  Complaint (*check)(const Bound& call);
};
constexpr auto kChecks = std::to_array<Check>({
    {"cidr_match", check_cidr_match},
    {"json_extract", check_json_extract},
    {"mv_append", check_same_types},
    {"mv_contains", check_same_types},
    {"mv_difference", check_same_types},
    {"mv_in_range", check_same_types},
    {"mv_intersection", check_same_types},
    {"mv_intersects", check_same_types},
    {"mv_pseries_weighted_sum", check_doubles},
    {"mv_slice", check_mv_slice},
    {"mv_sort", check_mv_sort},
    {"mv_union", check_same_types},
    {"replace", check_replace},
    {"split", check_split},
});

}  // namespace

Complaint check_constant_arguments(const Bound& call) {
  const auto* row = std::ranges::find(kChecks, call.function->name, &Check::function);
  return row == kChecks.end() ? std::nullopt : row->check(call);
}

const std::string* constant_text(const Bound& call, std::size_t index) {
  if (index >= call.operands.size()) return nullptr;
  const Bound& operand = *call.operands[index];
  if (!operand.is_constant() || operand.constant.size() != 1) return nullptr;
  return std::get_if<std::string>(&operand.constant.front());
}

const std::int64_t* constant_whole(const Bound& call, std::size_t index) {
  if (index >= call.operands.size()) return nullptr;
  const Bound& operand = *call.operands[index];
  if (!operand.is_constant() || operand.constant.size() != 1) return nullptr;
  return std::get_if<std::int64_t>(&operand.constant.front());
}

}  // namespace trailhound::esql
