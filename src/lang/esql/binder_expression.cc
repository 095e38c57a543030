// Operators: types, conversions of literals, constant folding where the language asks for it (casts, spans).

#include <algorithm>
#include <utility>

#include "lang/esql/binder_state.h"
#include "lang/esql/codes.h"
#include "lang/esql/parser.h"

namespace trailhound::esql {
namespace {

std::string bracketed_type(const BoundPtr& bound) { return "[" + std::string(name_of(bound->type)) + "]"; }

/// Numbers of all widths are one kind of operand.
std::string kind_of(const BoundPtr& bound) { return is_numeric(bound->type) ? "[numeric]" : bracketed_type(bound); }

/// The types that convert to `type`, as messages list them.
std::string convertible_types(LogicalType type) {
  using enum LogicalType;
  constexpr LogicalType kAll[] = {boolean, date,         date_nanos, geo_point,     real,   integer,
                                  ip,      long_integer, keyword,    unsigned_long, version};
  std::vector<std::string> names;
  for (const LogicalType from : kAll) {
    if (conversion_exists(from, type)) names.emplace_back(from == keyword ? "string" : name_of(from));
  }
  std::string list;
  for (std::size_t i = 0; i < names.size(); ++i) {
    list += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + names[i];
  }
  return list;
}

/// An unsigned_long beside another number: why they do not go together; "" if that is not it.
std::string unsigned_mix(const std::string& source, const BoundPtr& left, const BoundPtr& right) {
  const bool one = (left->type == LogicalType::unsigned_long) != (right->type == LogicalType::unsigned_long);
  if (!one || !is_numeric(left->type) || !is_numeric(right->type)) return {};
  return "first argument of [" + source + "] is " + bracketed_type(left) + " and second is " + bracketed_type(right) +
         ". [unsigned_long] can only be operated on together with another [unsigned_long]";
}

char symbol_of(Operation operation) {
  switch (operation) {
    case Operation::add:
      return '+';
    case Operation::multiply:
      return '*';
    case Operation::divide:
      return '/';
    case Operation::modulo:
      return '%';
    default:
      return '-';
  }
}

Operation operation_of(BinaryOperator op) {
  switch (op) {
    case BinaryOperator::add:
      return Operation::add;
    case BinaryOperator::subtract:
      return Operation::subtract;
    case BinaryOperator::multiply:
      return Operation::multiply;
    case BinaryOperator::divide:
      return Operation::divide;
    case BinaryOperator::modulo:
      return Operation::modulo;
    case BinaryOperator::equal:
      return Operation::equal;
    case BinaryOperator::not_equal:
      return Operation::not_equal;
    case BinaryOperator::less:
      return Operation::less;
    case BinaryOperator::less_equal:
      return Operation::less_equal;
    case BinaryOperator::greater:
      return Operation::greater;
    case BinaryOperator::greater_equal:
      return Operation::greater_equal;
  }
  return Operation::equal;
}

bool is_comparison(Operation operation) {
  return operation >= Operation::equal && operation <= Operation::greater_equal;
}
bool is_ordering(Operation operation) { return operation >= Operation::less && operation <= Operation::greater_equal; }

/// Microseconds count some 292,000 years to either side: nothing moves a date further, and with these bounds nothing
/// that a span is multiplied with later overflows.
bool is_reasonable(const Span& span) {
  constexpr std::int64_t kMostMonths = 12 * 300'000, kMostDays = 366 * 290'000;
  return span.months >= -kMostMonths && span.months <= kMostMonths && span.days >= -kMostDays && span.days <= kMostDays;
}

/// The span of a literal; false when it does not fit.
bool to_span(const TimeSpan& literal, Span& out) {
  const auto times = [&](std::int64_t factor, std::int64_t& into) {
    return !__builtin_mul_overflow(literal.amount, factor, &into) && is_reasonable(out);
  };
  if (literal.unit == "year") return times(12, out.months);
  if (literal.unit == "quarter") return times(3, out.months);
  if (literal.unit == "month") return times(1, out.months);
  if (literal.unit == "week") return times(7, out.days);
  if (literal.unit == "day") return times(1, out.days);
  const auto fixed = fixed_span(literal.amount, literal.unit);
  if (fixed) out.micros = fixed->micros;
  return fixed.has_value();
}

}  // namespace

std::string Binder::source_of(const Expression& e) const {
  return std::string(lexer_.text().substr(e.begin, e.end - e.begin));
}

std::shared_ptr<Bound> Binder::make(const Expression& e, Operation operation, LogicalType type) const {
  auto bound = std::make_shared<Bound>();
  bound->operation = operation;
  bound->type = type;
  bound->at = at(e);
  bound->source = source_of(e);
  return bound;
}

BoundPtr Binder::bind(const Expression& e) {
  return std::visit([&](const auto& node) { return bind_node(e, node); }, e.node);
}

// ---- leaves ---------------------------------------------------------------------------------------------------------

BoundPtr Binder::bind_node(const Expression& e, const Literal& node) {
  auto bound = make(e, Operation::constant, node.type);
  if (node.type != LogicalType::null) bound->constant.push_back(node.value);
  return bound;
}

BoundPtr Binder::bind_node(const Expression& e, const ArrayLiteral& node) {
  auto bound = make(e, Operation::constant, node.elements.front().type);
  for (const auto& element : node.elements) bound->constant.push_back(element.value);
  return bound;
}

BoundPtr Binder::bind_node(const Expression& e, const TimeSpan& node) {
  auto bound =
      make(e, Operation::span, is_calendar_unit(node.unit) ? LogicalType::date_period : LogicalType::time_duration);
  if (!to_span(node, bound->span)) {
    reporter_.error(codes::kLiteral, at(e), "the time span [" + source_of(e) + "] is too long");
    return nullptr;
  }
  return bound;
}

BoundPtr Binder::bind_node(const Expression& e, const ColumnName& node) {
  const Attribute* attribute = resolve(node.name, e.begin);
  if (!attribute) return nullptr;
  if (attribute->type == LogicalType::unsupported) {
    reporter_.error(codes::kColumnType, at(e), "Cannot use field [" + node.name + "]: its type is not supported");
    return nullptr;
  }
  auto bound = make(e, Operation::attribute, attribute->type);
  bound->attribute = attribute->id;
  return bound;
}

BoundPtr Binder::bind_node(const Expression& e, const Parameter& node) {
  reporter_.error(codes::kNotSupported, at(e), "parameter [" + node.text + "]: rules have no parameters");
  return nullptr;
}

// ---- logic ----------------------------------------------------------------------------------------------------------

BoundPtr Binder::bind_list(const Expression& e, Operation operation, const std::vector<ExpressionPtr>& operands) {
  auto bound = make(e, operation, LogicalType::boolean);
  bool failed = false;
  for (const auto& operand : operands) {
    auto next = bind_condition(*operand);
    failed |= next == nullptr;
    bound->operands.push_back(std::move(next));
  }
  if (failed) return nullptr;
  return bound;
}

BoundPtr Binder::bind_node(const Expression& e, const LogicalAnd& node) {
  return bind_list(e, Operation::logical_and, node.operands);
}
BoundPtr Binder::bind_node(const Expression& e, const LogicalOr& node) {
  return bind_list(e, Operation::logical_or, node.operands);
}
BoundPtr Binder::bind_node(const Expression& e, const LogicalNot& node) {
  auto operand = bind_condition(*node.operand);
  if (!operand) return nullptr;
  auto bound = make(e, Operation::logical_not, LogicalType::boolean);
  bound->operands.push_back(std::move(operand));
  return bound;
}

BoundPtr Binder::bind_node(const Expression& e, const IsNull& node) {
  const bool outer_searches = std::exchange(searches_, false);  // what a search finds is never null
  auto operand = bind(*node.operand);
  searches_ = outer_searches;
  if (!operand) return nullptr;
  auto bound = make(e, Operation::is_null, LogicalType::boolean);
  bound->operands.push_back(std::move(operand));
  if (!node.negated) return bound;
  auto negation = make(e, Operation::logical_not, LogicalType::boolean);
  negation->operands.push_back(std::move(bound));
  return negation;
}

BoundPtr Binder::bind_node(const Expression& e, const Like& node) {
  auto bound = make(e, node.regular ? Operation::rlike : Operation::like, LogicalType::boolean);
  bound->list = node.list;
  bool failed = false;
  const char* name = node.regular ? "RLIKE" : "LIKE";
  auto text = bind(*node.text);
  failed = text == nullptr;
  if (text && !is_string(text->type) && text->type != LogicalType::null) {
    reporter_.error(codes::kArgumentType, at(*node.text),
                    "argument of [" + source_of(e) + "] must be [string], found value [" + source_of(*node.text) +
                        "] type " + bracketed_type(text),
                    "convert it with TO_STRING");
    failed = true;
  }
  bound->operands.push_back(std::move(text));
  for (const auto& expression : node.patterns) {
    auto pattern = bind(*expression);
    if (const auto known = pattern ? known_.value_of(pattern) : nullptr) pattern = known;
    if (pattern && !pattern->is_constant_text() && !pattern->is_null_constant()) {
      reporter_.error(
          codes::kConstantNeeded, at(*expression),
          std::string("the pattern of ") + name + " must be a constant string, found [" + source_of(*expression) + "]");
      pattern = nullptr;
    }
    failed |= pattern == nullptr;
    bound->operands.push_back(std::move(pattern));
  }
  if (failed) return nullptr;
  if (!node.negated) return bound;
  auto negation = make(e, Operation::logical_not, LogicalType::boolean);
  negation->operands.push_back(std::move(bound));
  return negation;
}

BoundPtr Binder::bind_node(const Expression& e, const In& node) {
  if (node.query) {
    reporter_.error(codes::kNotSupported, at(e), "IN with a sub-query is not supported yet");
    return nullptr;
  }
  std::vector<BoundPtr> operands{bind(*node.needle)};
  for (const auto& value : node.values) operands.push_back(bind(*value));
  if (std::ranges::find(operands, nullptr) != operands.end()) return nullptr;
  // String literals take the type of the first column beside them: that of the needle, if it has one.
  const auto typed = std::ranges::find_if(operands, [](const BoundPtr& operand) {
    return !operand->is_constant_text() && converts_from_literal(operand->type);
  });
  const LogicalType target = typed == operands.end() ? LogicalType::null : (*typed)->type;
  LogicalType common = LogicalType::null;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    auto& operand = operands[i];
    if (target != LogicalType::null && operand->is_constant_text()) operand = convert(operand, target);
    if (!operand) return nullptr;
    const auto next = common_type(common, operand->type);
    if (!next) {
      const auto& expression = i == 0 ? *node.needle : *node.values[i - 1];
      reporter_.error(codes::kOperandTypes, at(e),
                      std::to_string(i) +
                          (i == 1   ? "st"
                           : i == 2 ? "nd"
                           : i == 3 ? "rd"
                                    : "th") +
                          " argument of [" + source_of(e) + "] must be " + bracketed_type(operands.front()) +
                          ", found value [" + source_of(expression) + "] type " + bracketed_type(operand));
      return nullptr;
    }
    common = *next;
  }
  auto bound = make(e, Operation::in, LogicalType::boolean);
  bound->operands = std::move(operands);
  if (!node.negated) return bound;
  auto negation = make(e, Operation::logical_not, LogicalType::boolean);
  negation->operands.push_back(std::move(bound));
  return negation;
}

// ---- comparison and arithmetic --------------------------------------------------------------------------------------

BoundPtr Binder::convert(BoundPtr operand, LogicalType type) {
  if (!operand->is_constant_text() || is_string(type)) return operand;
  const auto& text = std::get<std::string>(operand->constant.front());
  auto value = convert_literal(text, type);
  if (!value) {
    reporter_.error(codes::kLiteral, operand->at, "Cannot convert string [" + text + "] to [" + upper_name(type) + "]");
    return nullptr;
  }
  auto converted = std::make_shared<Bound>(*operand);
  converted->type = type;
  converted->constant = {*std::move(value)};
  return converted;
}

BoundPtr Binder::bind_node(const Expression& e, const Binary& node) {
  auto left = bind(*node.left);
  auto right = bind(*node.right);
  if (!left || !right) return nullptr;
  const Operation operation = operation_of(node.op);
  if (is_comparison(operation)) return bind_comparison(e, operation, std::move(left), std::move(right));
  return bind_arithmetic(e, operation, std::move(left), std::move(right));
}

BoundPtr Binder::bind_comparison(const Expression& e, Operation operation, BoundPtr left, BoundPtr right) {
  if (converts_from_literal(left->type)) right = convert(right, left->type);
  if (right && converts_from_literal(right->type)) left = convert(left, right->type);
  if (!left || !right) return nullptr;
  const auto common = common_type(left->type, right->type);
  if (!common || is_span(*common)) {
    const bool text_and_number =
        (is_numeric(left->type) && right->is_constant_text()) || (is_numeric(right->type) && left->is_constant_text());
    if (auto mix = unsigned_mix(source_of(e), left, right); !mix.empty()) {
      reporter_.error(codes::kOperandTypes, at(e), std::move(mix), "convert with TO_UNSIGNED_LONG or TO_LONG");
      return nullptr;
    }
    reporter_.error(codes::kOperandTypes, at(e),
                    "first argument of [" + source_of(e) + "] is " + kind_of(left) +
                        " so second argument must also be " + kind_of(left) + " but was " + bracketed_type(right),
                    text_and_number ? "write the number without quotes" : "");
    return nullptr;
  }
  if (is_ordering(operation) && (common == LogicalType::boolean || common == LogicalType::geo_point)) {
    reporter_.error(codes::kOperandTypes, at(e),
                    "first argument of [" + source_of(e) +
                        "] must be [date_nanos, datetime, double, integer, ip, keyword, long, "
                        "text, unsigned_long or version], found value [" +
                        left->source + "] type " + bracketed_type(left),
                    common == LogicalType::boolean ? "booleans have no order" : "points have no order");
    return nullptr;
  }
  auto bound = make(e, operation, LogicalType::boolean);
  bound->operands = {std::move(left), std::move(right)};
  return bound;
}

BoundPtr Binder::bind_arithmetic(const Expression& e, Operation operation, BoundPtr left, BoundPtr right) {
  if (is_span(left->type) || is_span(right->type)) {
    return bind_span_arithmetic(e, operation, std::move(left), std::move(right));
  }
  // A date beside a null, which may stand for a span: null of the date's type.
  const bool adds = operation == Operation::add || operation == Operation::subtract;
  const bool date_and_null =
      adds && ((is_date(left->type) && right->type == LogicalType::null) ||
               (operation == Operation::add && left->type == LogicalType::null && is_date(right->type)));
  const auto fits = [&](const BoundPtr& operand) {
    return is_numeric(operand->type) || operand->type == LogicalType::null || date_and_null;
  };
  const auto common = common_type(left->type, right->type);
  if (!fits(left) || !fits(right) || !common) {
    if (auto mix = unsigned_mix(source_of(e), left, right); !mix.empty()) {
      reporter_.error(codes::kOperandTypes, at(e), std::move(mix), "convert with TO_UNSIGNED_LONG or TO_LONG");
      return nullptr;
    }
    const bool dates = is_date(left->type) && is_date(right->type);
    reporter_.error(codes::kOperandTypes, at(e),
                    std::string("[") + symbol_of(operation) + "] has arguments with incompatible types " +
                        bracketed_type(left) + " and " + bracketed_type(right),
                    dates ? "use DATE_DIFF for the time between two dates" : "");
    return nullptr;
  }
  auto bound = make(e, operation, *common);
  bound->operands = {std::move(left), std::move(right)};
  return bound;
}

BoundPtr Binder::bind_span_arithmetic(const Expression& e, Operation operation, BoundPtr left, BoundPtr right) {
  const bool sum = operation == Operation::add;
  const bool known = sum || operation == Operation::subtract;
  if (known && left->type == right->type) {
    auto bound = make(e, Operation::span, left->type);
    const auto combine = [sum](std::int64_t a, std::int64_t b, std::int64_t& out) {
      return sum ? !__builtin_add_overflow(a, b, &out) : !__builtin_sub_overflow(a, b, &out);
    };
    const bool fits = combine(left->span.months, right->span.months, bound->span.months) &&
                      combine(left->span.days, right->span.days, bound->span.days) &&
                      combine(left->span.micros, right->span.micros, bound->span.micros) && is_reasonable(bound->span);
    if (fits) return bound;
  }
  // A date beside the span; a string literal is read as one. `span - date` means nothing.
  auto& other = is_span(left->type) ? left : right;
  auto& date = is_span(left->type) ? right : left;
  const bool order_ok = sum || &date == &left;
  if (known && date->type == LogicalType::null && date->is_null_constant())
    return make(e, Operation::constant, LogicalType::null);
  if (known && order_ok && (date->is_constant_text() || is_date(date->type) || date->type == LogicalType::null)) {
    date = convert(date, LogicalType::date);
    if (!date) return nullptr;
    auto bound = make(e, operation, date->type == LogicalType::null ? LogicalType::date : date->type);
    bound->operands = {date, other};
    return bound;
  }
  reporter_.error(codes::kOperandTypes, at(e),
                  std::string("[") + symbol_of(operation) + "] has arguments with incompatible types " +
                      bracketed_type(left) + " and " + bracketed_type(right));
  return nullptr;
}

BoundPtr Binder::bind_node(const Expression& e, const Negate& node) {
  auto operand = bind(*node.operand);
  if (!operand) return nullptr;
  if (is_span(operand->type)) {
    auto bound = std::make_shared<Bound>(*operand);
    const auto negated = [](std::int64_t part) {
      return static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(part));
    };
    bound->span = {negated(operand->span.months), negated(operand->span.days), negated(operand->span.micros)};
    return bound;
  }
  if ((!is_numeric(operand->type) && operand->type != LogicalType::null) ||
      operand->type == LogicalType::unsigned_long) {
    reporter_.error(codes::kOperandTypes, at(e),
                    "argument of [" + source_of(e) +
                        "] must be [date_period, numeric or time_duration], found value [" + source_of(*node.operand) +
                        "] type " + bracketed_type(operand));
    return nullptr;
  }
  auto bound = make(e, Operation::negate, operand->type);
  bound->operands.push_back(std::move(operand));
  return bound;
}

// ---- casts ----------------------------------------------------------------------------------------------------------

BoundPtr Binder::bind_node(const Expression& e, const Cast& node) {
  const auto type = type_named(node.type);
  auto operand = bind(*node.operand);
  if (!type) {
    reporter_.error(codes::kUnknownType, lexer_.position(node.type_begin),
                    "Unknown data type named [" + node.type + "]",
                    "types: boolean, integer, long, double, unsigned_long, string, datetime, ip, version");
    return nullptr;
  }
  return operand ? bind_cast(e, operand, *type) : nullptr;
}

BoundPtr Binder::bind_cast(const Expression& e, const BoundPtr& operand, LogicalType type) {
  if (type == LogicalType::unsupported) {
    reporter_.error(codes::kNotSupported, at(e), "[" + source_of(e) + "]: this type is not supported yet");
    return nullptr;
  }
  if (is_span(type)) {
    // Spans are made of constant strings only: "3 days"::date_period.
    const auto known = known_.value_of(operand);
    if (known && known->is_constant_text()) {
      const auto& text = std::get<std::string>(known->constant.front());
      if (auto span = parse_span(text)) {
        auto bound = make(e, Operation::span, type);
        if (to_span(*span, bound->span) && is_calendar_unit(span->unit) == (type == LogicalType::date_period)) {
          return bound;
        }
      }
      reporter_.error(codes::kLiteral, at(e), "Cannot convert string [" + text + "] to [" + upper_name(type) + "]");
      return nullptr;
    }
    if (operand->type == type) return operand;
    if (known && known->is_null_constant()) {
      auto bound = make(e, Operation::constant, LogicalType::null);
      return bound;
    }
    reporter_.error(codes::kConstantNeeded, at(e), "a time span can only be made of a constant string");
    return nullptr;
  }
  if (!conversion_exists(operand->type, type)) {
    reporter_.error(codes::kArgumentType, at(e),
                    "argument of [" + source_of(e) + "] must be [" + convertible_types(type) + "], found value [" +
                        operand->source + "] type " + bracketed_type(operand));
    return nullptr;
  }
  if (operand->is_constant()) {
    Values values;
    bool exists = true;
    for (const auto& value : operand->constant) {
      auto converted = cast_constant(value, operand->type, type);
      exists &= converted.has_value();
      if (converted && !is_null(*converted)) values.push_back(*std::move(converted));
    }
    if (exists) {
      auto bound = make(e, Operation::constant, type);
      bound->constant = std::move(values);
      return bound;
    }
  }
  auto bound = make(e, Operation::cast, type);
  bound->operands.push_back(operand);
  return bound;
}

}  // namespace trailhound::esql
