#include "lang/esql/constant_arguments.h"

#include <algorithm>
#include <array>

#include "base/ip_address.h"
#include "lang/esql/codes.h"

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
