#include "lang/eql/functions.h"

#include <algorithm>
#include <vector>

#include "base/ascii.h"
#include "base/diagnostics.h"

namespace trailhound::eql {
namespace {

using enum ArgumentKind;
using Id = FunctionId;
constexpr int kAny = FunctionInfo::kAnyNumber;

constexpr std::array kFunctions{
    FunctionInfo{Id::add, "add", 2, 2, false, false, {number, number, any, any}},
    FunctionInfo{Id::between, "between", 3, 4, true, false, {text, text, text, boolean}},
    FunctionInfo{Id::cidr_match, "cidrMatch", 2, kAny, false, true, {address, text, text, text}},
    FunctionInfo{Id::concat, "concat", 1, kAny, false, false, {any, any, any, any}},
    FunctionInfo{Id::divide, "divide", 2, 2, false, false, {number, number, any, any}},
    FunctionInfo{Id::ends_with, "endsWith", 2, 2, true, true, {text, text, any, any}},
    FunctionInfo{Id::index_of, "indexOf", 2, 3, true, false, {text, text, whole, any}},
    FunctionInfo{Id::length, "length", 1, 1, false, false, {text, any, any, any}},
    FunctionInfo{Id::modulo, "modulo", 2, 2, false, false, {number, number, any, any}},
    FunctionInfo{Id::multiply, "multiply", 2, 2, false, false, {number, number, any, any}},
    FunctionInfo{Id::number, "number", 1, 2, false, false, {text, whole, any, any}},
    FunctionInfo{Id::starts_with, "startsWith", 2, 2, true, true, {text, text, any, any}},
    FunctionInfo{Id::string, "string", 1, 1, false, false, {any, any, any, any}},
    FunctionInfo{Id::string_contains, "stringContains", 2, 2, true, true, {text, text, any, any}},
    FunctionInfo{Id::substring, "substring", 2, 3, false, false, {text, whole, whole, any}},
    FunctionInfo{Id::subtract, "subtract", 2, 2, false, false, {number, number, any, any}},
    FunctionInfo{Id::wildcard, "wildcard", 2, kAny, true, true, {text, text, text, text}},
};

}  // namespace

ArgumentKind FunctionInfo::kind_of(std::size_t argument) const {
  return arguments[std::min(argument, arguments.size() - 1)];
}

bool FunctionInfo::is_optional(std::size_t argument) const {
  return max_arguments != kAnyNumber && argument >= static_cast<std::size_t>(min_arguments);
}

const FunctionInfo* function_named(std::string_view name) {
  const std::string folded = lower_ascii(name);
  const auto found = std::ranges::find_if(
      kFunctions, [&](const FunctionInfo& function) { return lower_ascii(function.name) == folded; });
  return found == kFunctions.end() ? nullptr : found;
}

std::string nearest_function(std::string_view name) {
  std::vector<std::string_view> names;
  for (const FunctionInfo& function : kFunctions) names.push_back(function.name);
  return nearest_name(name, names);
}

}  // namespace trailhound::eql
