#include "lang/esql/parameters.h"

#include <algorithm>
#include <limits>

#include "base/ascii.h"
#include "base/number_text.h"
#include "plan/read_value.h"

namespace trailhound::esql {
namespace {

using event::LogicalType;

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

Literal value_of(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    return {LogicalType::keyword, std::string(text.substr(1, text.size() - 2))};
  }
  if (text == "null") return {};
  if (text == "true" || text == "false") return {LogicalType::boolean, text == "true"};
  if (const auto whole = number_in<std::int64_t>(text)) {
    return {plan::fits_integer(*whole) ? LogicalType::integer : LogicalType::long_integer, *whole};
  }
  const bool digits = text.find_first_of("0123456789") != std::string_view::npos &&
                      text.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
  if (const auto real = digits ? plan::read_real(text) : std::nullopt) return {LogicalType::real, *real};
  return {LogicalType::keyword, std::string(text)};
}

}  // namespace

QueryParameter read_parameter(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || !is_name(text.substr(0, equals))) return {"", value_of(text)};
  return {std::string(text.substr(0, equals)), value_of(text.substr(equals + 1))};
}

const QueryParameter* find_parameter(const Parameters& parameters, std::string_view text, std::size_t place) {
  text.remove_prefix(std::min(text.find_first_not_of('?'), text.size()));
  if (!text.empty()) {
    const auto named = std::ranges::find(parameters, text, &QueryParameter::name);
    if (named != parameters.end()) return &*named;
    const auto number = number_in<std::size_t>(text);
    if (!number || *number == 0) return nullptr;
    place = *number - 1;
  }
  return place < parameters.size() ? &parameters[place] : nullptr;
}

}  // namespace trailhound::esql
