#include "plan/functions.h"

#include <algorithm>
#include <array>

namespace trailhound::plan {

namespace {

constexpr auto kFunctions = std::to_array<FunctionInfo>({
#define FUNCTION(name, min_arguments, max_arguments, arguments, result) \
  {Function::name, #name, min_arguments, max_arguments, ArgumentRule::arguments, ResultRule::result},
#define LAZY_FUNCTION(name, min_arguments, max_arguments, result) \
  {Function::name, #name, min_arguments, max_arguments, ArgumentRule::lazy, ResultRule::result},
#include "plan/functions.def"
});

/// Numbers of functions in order of their names, for finding one by name.
constexpr auto kByName = [] {
  std::array<std::uint8_t, kFunctions.size()> order{};
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint8_t>(i);
  std::ranges::sort(order, {}, [](std::uint8_t i) { return kFunctions[i].name; });
  return order;
}();

}  // namespace

const FunctionInfo& info(Function function) { return kFunctions[static_cast<std::size_t>(function)]; }

std::optional<Function> function_named(std::string_view name) {
  const auto* found = std::ranges::lower_bound(kByName, name, {}, [](std::uint8_t i) { return kFunctions[i].name; });
  if (found == kByName.end() || kFunctions[*found].name != name) return std::nullopt;
  return kFunctions[*found].function;
}

std::size_t function_count() { return kFunctions.size(); }

}  // namespace trailhound::plan
