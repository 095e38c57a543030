// MV_IN_RANGE, MV_GREATER and MV_LESS: their options become arguments.

#include <algorithm>
#include <array>
#include <utility>

#include "lang/esql/binder_state.h"
#include "lang/esql/codes.h"

namespace trailhound::esql {
namespace {

struct MultivalueOption {
  std::string_view function;
  std::string_view name;
  bool by_default;
};
/// In the order of the arguments that they become.
constexpr auto kMultivalueOptions = std::to_array<MultivalueOption>({
    {"mv_in_range", "include_lower", true},
    {"mv_in_range", "include_upper", true},
    {"mv_greater", "include_bound", false},
    {"mv_less", "include_bound", false},
});

}  // namespace

bool Binder::compares_any(std::string_view function) {
  return std::ranges::find(kMultivalueOptions, function, &MultivalueOption::function) != kMultivalueOptions.end();
}

BoundPtr Binder::bind_compare_any(const Expression& e, const FunctionCall& node, const FunctionSignature& function,
                                  std::vector<BoundPtr> arguments) {
  for (const MapEntry& given : node.options) {
    const bool known = std::ranges::any_of(kMultivalueOptions, [&](const MultivalueOption& option) {
      return option.function == function.name && option.name == given.key;
    });
    const bool truth = given.nested.empty() && !given.list && std::holds_alternative<bool>(given.value.value);
    if (known && truth) continue;
    reporter_.error(codes::kValue, at(e),
                    "Invalid option [" + given.key + "] in [" + source_of(e) + "], " +
                        (known ? "a boolean value is required" : "there is no such option"));
    return nullptr;
  }
  auto call = bind_call(e, function, std::move(arguments));
  if (!call) return nullptr;
  auto complete = std::make_shared<Bound>(*call);
  for (const MultivalueOption& option : kMultivalueOptions) {
    if (option.function != function.name) continue;
    const auto given = std::ranges::find(node.options, option.name, &MapEntry::key);
    auto included = make(e, Operation::constant, LogicalType::boolean);
    included->constant = {given == node.options.end() ? option.by_default : std::get<bool>(given->value.value)};
    complete->operands.push_back(std::move(included));
  }
  return complete;
}

}  // namespace trailhound::esql
