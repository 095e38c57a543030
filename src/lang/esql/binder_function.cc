// Function calls: names, argument counts, argument types by signature, result types.

#include <algorithm>
#include <functional>
#include <utility>

#include "base/ascii.h"
#include "lang/esql/binder_state.h"
#include "lang/esql/codes.h"
#include "lang/esql/constant_arguments.h"
#include "lang/esql/parser.h"
#include "lang/esql/signature.h"

namespace trailhound::esql {
namespace {

LogicalType result_type(const FunctionSignature& function, const std::vector<BoundPtr>& arguments) {
  const std::string_view result = function.result;
  if (result == "sum") {
    const LogicalType type = arguments.front()->type;
    return type == LogicalType::integer ? LogicalType::long_integer : type;
  }
  // TOP's fourth argument is the column whose values are given.
  if (function.name == "top" && arguments.size() > 3) return without_text(arguments[3]->type);
  if (result.size() == 1 && result[0] >= '1' && result[0] <= '3') {
    LogicalType type = arguments[static_cast<std::size_t>(result[0] - '1')]->type;
    // MV_UNION(null, "a") and its kin: null has the type of the other side.
    const bool pair = function.arguments == "aa" && function.kind == FunctionKind::scalar;
    if (pair && type == LogicalType::null) type = arguments.back()->type;
    return without_text(type);
  }
  if (result == "bucket") return is_date(arguments.front()->type) ? arguments.front()->type : LogicalType::real;
  if (result == "s") return LogicalType::keyword;
  if (result == "r") return LogicalType::real;
  if (result == "I") return LogicalType::integer;
  if (result == "L") return LogicalType::long_integer;
  if (result == "b") return LogicalType::boolean;
  if (result == "d") return LogicalType::date;
  if (result == "i") return LogicalType::ip;
  return LogicalType::null;
}

std::string number_word(std::size_t number) {
  constexpr std::string_view kWords[] = {"no", "one", "two", "three", "four", "five"};
  return number < std::size(kWords) ? std::string(kWords[number]) : std::to_string(number);
}

/// "exactly one argument", "two or three arguments".
std::string count_text(const Shape& shape) {
  const std::size_t least = shape.required;
  const std::size_t most = shape.parameters.size();
  if (shape.repeats) return "at least " + number_word(least) + (least == 1 ? " argument" : " arguments");
  if (most == 0) return "no arguments";
  if (least == most) return "exactly " + number_word(most) + (most == 1 ? " argument" : " arguments");
  if (least == 0 && most == 1) return "at most one argument";
  return number_word(least) + (most == least + 1 ? " or " : " to ") + number_word(most) + " arguments";
}

constexpr std::string_view kOrdinals[] = {"first", "second", "third", "fourth", "fifth"};
std::string ordinal(std::size_t index) {
  return index < std::size(kOrdinals) ? std::string(kOrdinals[index]) : std::to_string(index + 1) + "th";
}

/// Whether a function whose arguments are of one type knows that one: only COALESCE takes what has no order.
bool has_alike(std::string_view function, LogicalType type) {
  if ((function == "greatest" || function == "least") && type == LogicalType::unsigned_long) return false;
  if (function == "round_to") {
    return type == LogicalType::null || type == LogicalType::real || type == LogicalType::integer ||
           type == LogicalType::long_integer || is_date(type);
  }
  return function == "coalesce" || type != LogicalType::geo_point;
}

/// The type in which arguments meet. CLAMP and its kin mix unsigned_long with other numbers: an unsigned_long between
/// longs is a long, else it is one with whole numbers and a double with doubles.
std::optional<LogicalType> meet(std::string_view function, LogicalType common, LogicalType next) {
  const bool mixes = common != next && is_numeric(common) && is_numeric(next) && function.starts_with("clamp");
  if (!mixes || (common != LogicalType::unsigned_long && next != LogicalType::unsigned_long)) {
    return common_type(common, next);
  }
  if (common == LogicalType::real || next == LogicalType::real) return LogicalType::real;
  return next == LogicalType::long_integer ? LogicalType::long_integer : LogicalType::unsigned_long;
}

/// A number and a unit by their form.
bool has_two_words(std::string_view text) {
  text = trimmed(text);
  const std::size_t end = text.find_first_of(" \t\r\n");
  return end != std::string_view::npos && trimmed(text.substr(end)).find_first_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

BoundPtr Binder::bind_node(const Expression& e, const FunctionCall& node) {
  const FunctionSignature* function = called_function(e, node);
  if (!function) return nullptr;
  const bool in_key = place_ == Place::grouping || place_ == Place::inside_grouping;
  if (function->kind == FunctionKind::grouping && !in_key && keys_ != nullptr) return bind_key_again(e, node);
  auto arguments = bind_arguments(e, node, *function);
  if (!arguments) return nullptr;
  if (node.star && function->name != "count") {
    reporter_.error(codes::kArgumentType, at(e), "[*] can only be the argument of COUNT");
    return nullptr;
  }
  return bind_call_of(e, node, *function, *std::move(arguments));
}

/// The function of that name; nothing, which is reported, if there is none.
const FunctionSignature* Binder::called_function(const Expression& e, const FunctionCall& node) {
  const FunctionSignature* function = find_function(node.name);
  if (function) return function->name == "bin" ? find_function("bucket") : function;
  if (is_left_out(node.name)) {
    reporter_.error(codes::kNotSupported, at(e), "function [" + node.name + "] is not supported");
    return nullptr;
  }
  const std::string nearest = nearest_name(node.name, function_names());
  reporter_.error(
      codes::kUnknownFunction, at(e),
      "Unknown function [" + node.name + "]" + (nearest.empty() ? "" : ", did you mean [" + nearest + "]?"));
  for (const auto& argument : node.arguments) (void)bind(*argument);
  return nullptr;
}

/// The arguments, bound where the function puts them; nothing if one is wrong.
std::optional<std::vector<BoundPtr>> Binder::bind_arguments(const Expression& e, const FunctionCall& node,
                                                            const FunctionSignature& function) {
  Place inner = place_;
  bool good = enter_function(e, function, inner);
  const Place outer = std::exchange(place_, inner);
  const bool outer_searches = std::exchange(searches_, false);
  std::vector<BoundPtr> arguments;
  for (const auto& argument : node.arguments) {
    arguments.push_back(bind(*argument));
    good = good && arguments.back() != nullptr;
  }
  if (good && (function.name == "earliest" || function.name == "latest"))
    good = add_order_of_time(e, function, arguments);
  place_ = outer;
  searches_ = outer_searches;
  if (!good) return std::nullopt;
  return arguments;
}

/// EARLIEST and LATEST are FIRST and LAST by @timestamp.
bool Binder::add_order_of_time(const Expression& e, const FunctionSignature& function,
                               std::vector<BoundPtr>& arguments) {
  if (arguments.size() != 1) {
    reporter_.error(codes::kArgumentCount, at(e),
                    "error building [" + std::string(function.name) + "]: expects exactly one argument, found " +
                        std::to_string(arguments.size()));
    return false;
  }
  auto time = event_time(e);
  if (!time) return false;
  arguments.push_back(std::move(time));
  return true;
}

/// The column @timestamp, which a function reads without being told.
BoundPtr Binder::event_time(const Expression& e) {
  const Attribute* time = resolve("@timestamp", e.begin);
  if (!time) return nullptr;
  auto column = make(e, Operation::attribute, time->type);
  column->attribute = time->id;
  return column;
}

/// Calls that are more than a name and its arguments go their own ways.
BoundPtr Binder::bind_call_of(const Expression& e, const FunctionCall& node, const FunctionSignature& function,
                              std::vector<BoundPtr> arguments) {
  if (!node.options.empty() && function.name == "to_ip") return bind_to_ip(e, node, function, std::move(arguments));
  if (compares_any(function.name)) return bind_compare_any(e, node, function, std::move(arguments));
  if (function.name == "date_parse") return bind_date_parse(e, node, function, std::move(arguments));
  if (function.name == "trange" && node.options.empty()) return bind_trange(e, function, std::move(arguments));
  if (function.kind == FunctionKind::search) return bind_search(e, function, node.options, std::move(arguments));
  if (function.name == "bucket" || function.name == "tbucket") {
    return bind_bucket(e, node, function, std::move(arguments));
  }
  if (!node.options.empty()) {
    reporter_.error(codes::kNotSupported, at(e),
                    "the options of [" + std::string(function.name) + "] are not supported");
    return nullptr;
  }
  if (const auto part = date_part_of(function.name); !part.empty()) {
    return bind_date_part(e, part, function, std::move(arguments));
  }
  return bind_call(e, function, std::move(arguments));
}

/// TBUCKET is BUCKET over the event time. What else than the column they are given may be known without a row.
BoundPtr Binder::bind_bucket(const Expression& e, const FunctionCall& node, const FunctionSignature& function,
                             std::vector<BoundPtr> arguments) {
  if (function.name == "tbucket") {
    auto time = event_time(e);
    if (!time) return nullptr;
    arguments.insert(arguments.begin(), std::move(time));
  }
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    if (auto known = known_.value_of(arguments[i])) arguments[i] = std::move(known);
  }
  auto call = bind_call(e, *find_function("bucket"), std::move(arguments));
  return call ? with_empty_buckets(e, node, std::move(call)) : call;
}

/// TO_IP(text, {"leading_zeros": "octal"}): the option becomes a second argument.
BoundPtr Binder::bind_to_ip(const Expression& e, const FunctionCall& node, const FunctionSignature& function,
                            std::vector<BoundPtr> arguments) {
  const MapEntry& option = node.options.front();
  const auto* way = std::get_if<std::string>(&option.value.value);
  const bool known = way != nullptr && (*way == "reject" || *way == "octal" || *way == "decimal");
  if (node.options.size() != 1 || option.key != "leading_zeros" || !known) {
    reporter_.error(codes::kValue, at(e), "[" + source_of(e) + "]: invalid option [" + option.key + "]",
                    "the option is leading_zeros: reject, octal or decimal");
    return nullptr;
  }
  if (!check_arguments(e, function, arguments)) return nullptr;
  if (arguments.front()->type == LogicalType::ip || *way == "reject") {
    return bind_cast(e, arguments.front(), LogicalType::ip);
  }
  auto constant = make(e, Operation::constant, LogicalType::keyword);
  constant->constant.emplace_back(*way);
  auto bound = make(e, Operation::call, LogicalType::ip);
  bound->function = &function;
  bound->operands = {arguments.front(), std::move(constant)};
  return bound;
}

/// Whether the function may stand here, and what its arguments may hold.
bool Binder::enter_function(const Expression& e, const FunctionSignature& function, Place& inner) {
  if (function.kind == FunctionKind::aggregate) {
    inner = Place::inside_aggregate;
    if (place_ == Place::aggregates) {
      aggregate_ = source_of(e);
      aggregated_ = true;
      return true;
    }
    const std::string text = "[" + source_of(e) + "]";
    std::string message = "aggregate function " + text + " not allowed outside STATS command";
    if (place_ == Place::inside_aggregate) {
      message = "nested aggregations " + text + " not allowed inside other aggregations [" + aggregate_ + "]";
    } else if (place_ == Place::aggregate_filter) {
      message = "cannot use aggregate function " + text + " in aggregate WHERE clause [" + aggregate_ + "]";
    } else if (place_ == Place::grouping || place_ == Place::inside_grouping) {
      message = "cannot use an aggregate " + text + " for grouping";
    }
    reporter_.error(codes::kAggregation, at(e), std::move(message));
    return false;
  }
  if (function.kind == FunctionKind::grouping) {
    inner = Place::inside_grouping;
    if (place_ == Place::grouping) {
      grouping_ = source_of(e);
      return true;
    }
    const std::string text = "[" + source_of(e) + "]";
    reporter_.error(codes::kAggregation, at(e),
                    place_ == Place::inside_grouping
                        ? "cannot nest grouping functions; found " + text + " inside [" + grouping_ + "]"
                        : "cannot use grouping function " + text + " outside of a STATS command's BY");
    return false;
  }
  return true;
}

BoundPtr Binder::bind_call(const Expression& e, const FunctionSignature& function, std::vector<BoundPtr> arguments) {
  if (function.kind == FunctionKind::conditional) return bind_case(e, function, std::move(arguments));
  if (function.kind == FunctionKind::coalesce) return bind_alike(e, function, std::move(arguments));
  if (!check_arguments(e, function, arguments)) return nullptr;
  if (function.kind == FunctionKind::conversion && arguments.size() == 1) {
    return bind_cast(e, arguments.front(), type_named(function.result).value_or(LogicalType::unsupported));
  }
  LogicalType type = result_type(function, arguments);
  if (function.kind == FunctionKind::conversion) {
    // TO_LONG(text, base): only texts are written in a base.
    if (!fit_argument(e, 0, {.letter = 's'}, true, arguments.front())) return nullptr;
    type = *type_named(function.result);
  }
  auto bound = make(e, Operation::call, type);
  bound->function = &function;
  bound->operands = std::move(arguments);
  if (auto wrong = check_constant_arguments(*bound)) {
    reporter_.error(wrong->code, wrong->at, std::move(wrong->message), std::move(wrong->hint));
    return nullptr;
  }
  return function.kind == FunctionKind::aggregate ? expand_aggregate(e, std::move(bound)) : bound;
}

bool Binder::check_arguments(const Expression& e, const FunctionSignature& function, std::vector<BoundPtr>& arguments) {
  const Shape shape = shape_of(function.arguments);
  const bool too_many = !shape.repeats && arguments.size() > shape.parameters.size();
  if (arguments.size() < shape.required || too_many) {
    reporter_.error(codes::kArgumentCount, at(e),
                    "error building [" + std::string(function.name) + "]: expects " + count_text(shape) + ", found " +
                        std::to_string(arguments.size()));
    return false;
  }
  bool good = true;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool first_left_out = shape.first_is_optional && arguments.size() < shape.parameters.size();
    const auto& parameter = shape.parameters[std::min(i + (first_left_out ? 1 : 0), shape.parameters.size() - 1)];
    // Aggregates are the functions that take no text for a number or a date.
    const bool reads_texts = function.kind != FunctionKind::aggregate;
    good &= fit_argument(e, i, parameter, reads_texts, arguments[i]);
  }
  return good;
}

bool Binder::fit_argument(const Expression& e, std::size_t index, WantedArgument wanted_argument, bool reads_texts,
                          BoundPtr& argument) {
  const char wanted = wanted_argument.letter;
  if (wanted_argument.constant) {
    // 10 + 1 is a constant, a column that always holds 11 is none, except where a time span is made of its text.
    const bool spans = wanted == 't';
    if (auto known = spans ? known_.value_of(argument) : KnownConstants().value_of(argument))
      argument = std::move(known);
  }
  const auto complain = [&](std::string_view code, const std::string& what) {
    // At the beginning of the function, as Elasticsearch has it; the text names the argument.
    const std::string which = wanted_argument.alone ? "" : ordinal(index) + " ";
    reporter_.error(code, at(e), which + "argument of [" + source_of(e) + "] " + what);
    return false;
  };
  if (reads_texts && argument->is_constant_text()) {
    if (wanted == 'p' || wanted == 'q') {
      const auto& text = std::get<std::string>(argument->constant.front());
      const auto span = parse_span(text);
      if (!span && has_two_words(text)) {
        reporter_.error(codes::kLiteral, argument->at,
                        "Cannot convert string [" + text + "] to [DATE_PERIOD or TIME_DURATION]");
        return false;
      }
      if (!span) return complain(codes::kLiteral, "must be a time span such as 5 minutes, found [" + text + "]");
      const auto type = is_calendar_unit(span->unit) ? LogicalType::date_period : LogicalType::time_duration;
      argument = bind_cast(e, argument, type);
      return argument != nullptr;
    }
    if (const auto target = literal_target(wanted); target != LogicalType::null) argument = convert(argument, target);
    if (!argument) return false;
  }
  if (!accepts(wanted, argument->type)) {
    return complain(codes::kArgumentType, "must be [" + std::string(wanted_name(wanted)) + "], found value [" +
                                              argument->source + "] type [" + std::string(name_of(argument->type)) +
                                              "]");
  }
  const bool constant = argument->is_constant() || argument->operation == Operation::span;
  if (wanted_argument.constant && !constant) {
    return complain(codes::kConstantNeeded, "must be a constant, received [" + argument->source + "]");
  }
  return true;
}

BoundPtr Binder::bind_case(const Expression& e, const FunctionSignature& function, std::vector<BoundPtr> arguments) {
  if (arguments.size() < 2) {
    reporter_.error(codes::kArgumentCount, at(e), "error building [case]: expects at least two arguments");
    return nullptr;
  }
  LogicalType common = LogicalType::null;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto& argument = arguments[i];
    const bool condition = i % 2 == 0 && i + 1 < arguments.size();
    if (condition) {
      if (argument->type == LogicalType::boolean || argument->type == LogicalType::null) continue;
      reporter_.error(codes::kArgumentType, at(e),
                      ordinal(i) + " argument of [" + source_of(e) + "] must be [boolean], found value [" +
                          argument->source + "] type [" + std::string(name_of(argument->type)) + "]");
      return nullptr;
    }
    const auto next = common_type(common, argument->type);
    const bool span = next && is_span(*next) && argument->operation == Operation::span;
    if (!next || (is_span(*next) && !span)) {
      reporter_.error(codes::kArgumentType, at(e),
                      ordinal(i) + " argument of [" + source_of(e) + "] must be [" + std::string(name_of(common)) +
                          "], found value [" + argument->source + "] type [" + std::string(name_of(argument->type)) +
                          "]");
      return nullptr;
    }
    common = *next;
  }
  if (is_span(common)) return choose_span(e, arguments);
  auto bound = make(e, Operation::call, common);
  bound->function = &function;
  bound->operands = std::move(arguments);
  return bound;
}

/// CASE over time spans, which are no values of rows: the conditions must be constant.
BoundPtr Binder::choose_span(const Expression& e, const std::vector<BoundPtr>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    if (i + 1 == arguments.size()) return arguments[i];
    const auto condition = known_.value_of(arguments[i]);
    if (!condition || !condition->is_constant()) {
      reporter_.error(codes::kConstantNeeded, at(e),
                      ordinal(i) + " argument of [" + source_of(e) + "] must be a constant, received [" +
                          arguments[i]->source + "]");
      return nullptr;
    }
    if (condition->constant.size() == 1 && condition->constant.front() == Value(true)) return arguments[i + 1];
  }
  return make(e, Operation::constant, LogicalType::null);
}

/// The points of ROUND_TO: they must be constants, and those that are null are left out, if there are others.
bool Binder::keep_points(const Expression& e, std::vector<BoundPtr>& arguments) {
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    if (KnownConstants().value_of(arguments[i])) continue;
    reporter_.error(
        codes::kConstantNeeded, at(e),
        ordinal(i) + " argument of [" + source_of(e) + "] must be a constant, received [" + arguments[i]->source + "]");
    return false;
  }
  const auto is_null = [](const BoundPtr& argument) { return argument->is_null_constant(); };
  const auto rest = std::stable_partition(arguments.begin() + 1, arguments.end(), std::not_fn(is_null));
  if (rest != arguments.begin() + 1) arguments.erase(rest, arguments.end());
  return true;
}

/// COALESCE, GREATEST, LEAST: arguments of one type. They take strings as well, so a string literal stays what it is
/// beside a date or an address; ROUND_TO does not.
BoundPtr Binder::bind_alike(const Expression& e, const FunctionSignature& function, std::vector<BoundPtr> arguments) {
  const Shape shape = shape_of(function.arguments.empty() ? "o*" : function.arguments);
  if (arguments.size() < shape.required || (!shape.repeats && arguments.size() > shape.required)) {
    reporter_.error(codes::kArgumentCount, at(e),
                    "error building [" + std::string(function.name) + "]: expects " + count_text(shape) + ", found " +
                        std::to_string(arguments.size()));
    return nullptr;
  }
  if (function.name == "round_to" && !keep_points(e, arguments)) return nullptr;
  LogicalType target = LogicalType::null;
  for (const auto& argument : arguments) {
    const bool takes = function.name == "round_to" && converts_from_literal(argument->type);
    if (!argument->is_constant_text() && takes) target = argument->type;
  }
  LogicalType common = LogicalType::null;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    auto& argument = arguments[i];
    if (target != LogicalType::null) argument = convert(argument, target);
    if (!argument) return nullptr;
    const auto next = meet(function.name, common, argument->type);
    if (!next || is_span(*next)) {
      reporter_.error(codes::kArgumentType, at(e),
                      ordinal(i) + " argument of [" + source_of(e) + "] must be [" + std::string(name_of(common)) +
                          "], found value [" + argument->source + "] type [" + std::string(name_of(argument->type)) +
                          "]");
      return nullptr;
    }
    common = *next;
  }
  if (!has_alike(function.name, common)) {
    reporter_.error(codes::kArgumentType, at(e),
                    "first argument of [" + source_of(e) + "] must not be [" + std::string(name_of(common)) + "]");
    return nullptr;
  }
  auto bound = make(e, Operation::call, common);
  bound->function = &function;
  bound->operands = std::move(arguments);
  return bound;
}

}  // namespace trailhound::esql
