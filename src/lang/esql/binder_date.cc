// Dates where the binder has to do more than to look at types: time zones, and TRANGE, which stands for comparisons.

#include <utility>

#include "base/time_zone.h"
#include "lang/esql/binder_state.h"
#include "lang/esql/codes.h"

namespace trailhound::esql {

bool Binder::check_time_zone(const std::string& name, LineColumn place) {
  const auto zone = TimeZone::named(name);
  if (zone) return true;
  reporter_.error(codes::kValue, place, zone.error().what, zone.error().hint);
  return false;
}

/// DATE_PARSE(format?, text, {"time_zone": "Europe/Berlin"}): the zone becomes a third argument.
BoundPtr Binder::bind_date_parse(const Expression& e, const FunctionCall& node, const FunctionSignature& function,
                                 std::vector<BoundPtr> arguments) {
  std::string zone = query_.time_zone;
  for (const MapEntry& option : node.options) {
    const auto* text = std::get_if<std::string>(&option.value.value);
    if (text == nullptr || (option.key != "time_zone" && option.key != "locale")) {
      reporter_.error(codes::kValue, at(e), "Invalid option [" + option.key + "] in [" + source_of(e) + "]",
                      "options: time_zone, locale");
      return nullptr;
    }
    if (option.key == "time_zone") {
      if (!check_time_zone(*text, at(e))) return nullptr;
      zone = *text;
    } else if (const std::string locale = lower_ascii(*text); !locale.empty() && !locale.starts_with("en")) {
      reporter_.error(codes::kNotSupported, at(e),
                      "the locale " + *text + " of [" + source_of(e) + "] is not supported", "English is");
      return nullptr;
    }
  }
  auto call = bind_call(e, function, std::move(arguments));
  if (!call || zone.empty()) return call;
  const auto constant = [&](std::string text) {
    auto bound = make(e, Operation::constant, LogicalType::keyword);
    bound->constant = {std::move(text)};
    return bound;
  };
  auto zoned = std::make_shared<Bound>(*call);
  if (zoned->operands.size() == 1) {
    zoned->operands.insert(zoned->operands.begin(), constant("strict_date_optional_time"));
  }
  zoned->operands.push_back(constant(std::move(zone)));
  return zoned;
}

/// What DATE_EXTRACT calls the part that a function is named after; empty for other functions.
std::string_view Binder::date_part_of(std::string_view function) {
  if (function == "year") return "year";
  if (function == "month") return "month_of_year";
  if (function == "day") return "day_of_month";
  return function == "hour" ? "hour_of_day" : "";
}

/// YEAR(date) is DATE_EXTRACT("year", date).
BoundPtr Binder::bind_date_part(const Expression& e, std::string_view part, const FunctionSignature& function,
                                std::vector<BoundPtr> arguments) {
  if (!check_arguments(e, function, arguments)) return nullptr;
  auto name = make(e, Operation::constant, LogicalType::keyword);
  name->constant = {std::string(part)};
  return call_of(e, "date_extract", LogicalType::long_integer, {std::move(name), std::move(arguments.front())});
}

/// A bound of TRANGE: a date, the text of one, or milliseconds since the epoch.
BoundPtr Binder::range_bound(const Expression& e, std::size_t index, const BoundPtr& argument) {
  auto date = convert(argument, LogicalType::date);
  if (!date) return nullptr;
  if (is_whole(date->type)) date = bind_cast(e, date, LogicalType::date);
  if (date && is_date(date->type)) return date;
  if (date) {
    reporter_.error(codes::kArgumentType, at(e),
                    std::string(index == 0 ? "first" : "second") + " argument of [" + source_of(e) +
                        "] must be [date_nanos, datetime, long or string], found value [" + argument->source +
                        "] type [" + std::string(name_of(argument->type)) + "]");
  }
  return nullptr;
}

/// TRANGE(span): the last `span` before now; TRANGE(start, end). The start is outside, the end inside.
BoundPtr Binder::bind_trange(const Expression& e, const FunctionSignature& function, std::vector<BoundPtr> arguments) {
  if (!check_arguments(e, function, arguments)) return nullptr;
  const Attribute* time = resolve("@timestamp", e.begin);
  if (!time) return nullptr;
  auto column = make(e, Operation::attribute, time->type);
  column->attribute = time->id;
  BoundPtr begin, end;
  if (arguments.size() == 1) {
    BoundPtr span = arguments.front();
    if (!fit_argument(e, 0, {.letter = 'p', .constant = true}, true, span)) return nullptr;
    auto now = make(e, Operation::call, LogicalType::date);
    now->function = find_function("now");
    end = now;
    begin = bind_arithmetic(e, Operation::subtract, now, span);
  } else {
    begin = range_bound(e, 0, arguments[0]);
    end = range_bound(e, 1, arguments[1]);
    const bool constant = begin && end && begin->is_constant() && end->is_constant();
    if (constant && begin->constant.size() == 1 && end->constant.size() == 1 && begin->type == end->type &&
        compare_values(begin->constant[0], end->constant[0]) >= 0) {
      reporter_.error(
          codes::kValue, at(e),
          "TRANGE start time [" + arguments[0]->source + "] must be before end time [" + arguments[1]->source + "]");
      return nullptr;
    }
  }
  if (!begin || !end) return nullptr;
  auto both = make(e, Operation::logical_and, LogicalType::boolean);
  both->operands = {bind_comparison(e, Operation::greater, column, begin),
                    bind_comparison(e, Operation::less_equal, column, end)};
  if (!both->operands[0] || !both->operands[1]) return nullptr;
  return both;
}

}  // namespace trailhound::esql
