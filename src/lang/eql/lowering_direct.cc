// Searches: tests of one field against constants. Each holds if one of the field's values satisfies it.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "base/instant.h"
#include "lang/elastic_date.h"
#include "lang/eql/codes.h"
#include "lang/eql/lowering_state.h"
#include "lang/eql/patterns.h"
#include "lang/lucene_regex.h"
#include "lang/relative_date.h"

namespace trailhound::eql {
namespace {

using plan::Expr;
using Op = Comparison::Op;
using Fold = plan::Pattern::Fold;

Expr some(const event::ColumnRef& column, Expr body, LineColumn at) {
  return plan::make(plan::Exists{plan::column(column, at), std::move(body)}, event::LogicalType::boolean, at);
}

Expr compare_with(Op op, plan::Domain domain, Expr element, Value value, event::LogicalType type) {
  return plan::make(plan::Compare{plan_op(op), domain, std::move(element), plan::literal(std::move(value), type)});
}

std::optional<Value> number_of(const std::string& text) {
  const char* begin = text.data();
  const char* end = begin + text.size();
  std::int64_t whole = 0;
  if (const auto read = std::from_chars(begin, end, whole); read.ec == std::errc() && read.ptr == end)
    return Value(whole);
  double real = 0;
  const auto read = std::from_chars(begin, end, real);
  if (read.ec != std::errc() || read.ptr != end || !std::isfinite(real)) return std::nullopt;
  return Value(real);
}

/// The instants that a date constant may stand for: a date alone is its day, a time without a fraction its second.
struct DateRange {
  Instant first;
  Instant last;  ///< included
};
std::optional<DateRange> date_range(const Value& value) {
  constexpr std::int64_t kMicrosPerMilli = 1000;
  if (const auto* millis = std::get_if<std::int64_t>(&value)) {
    std::int64_t micros = 0;
    if (__builtin_mul_overflow(*millis, kMicrosPerMilli, &micros)) return std::nullopt;
    return DateRange{{micros}, {micros}};
  }
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return std::nullopt;
  const auto interval = lang::read_elastic_date(*text);
  if (!interval) return std::nullopt;
  return DateRange{interval->first, interval->end - Duration{1}};
}

/// As range_test of absolute dates: `first` is included, `end` is not.
Expr compare_interval(const Expr& element, Op op, const lang::RelativeInterval& interval) {
  const auto bound = [&](plan::ComparisonOp bound_op, const Expr& edge) {
    return plan::make(plan::Compare{bound_op, plan::Domain::native, element, edge});
  };
  using enum plan::ComparisonOp;
  switch (op) {
    case Op::less:
      return bound(less, interval.first);
    case Op::greater_equal:
      return bound(greater_equal, interval.first);
    case Op::greater:
      return bound(greater_equal, interval.end);
    case Op::less_equal:
      return bound(less, interval.end);
    default:
      return plan::all_of({bound(greater_equal, interval.first), bound(less, interval.end)});
  }
}

}  // namespace

/// The constant as the column's type has it; nothing if it cannot be, which is reported.
std::optional<Value> Lowering::constant_for(const event::ColumnRef& column, const Value& value, LineColumn at) {
  const Kind kind = kind_of(column->type);
  const auto* text = std::get_if<std::string>(&value);
  const auto refuse = [&]() -> std::optional<Value> {
    error(codes::kType, at,
          column->name + " is " + std::string(name_of(kind)) + ", the constant is " +
              std::string(name_of(kind_of(value))));
    return std::nullopt;
  };
  switch (kind) {
    case Kind::text:
    case Kind::open:
      return text != nullptr ? value : Value(to_text(value));
    case Kind::number: {
      if (std::holds_alternative<bool>(value)) return refuse();
      if (text == nullptr) return value;
      auto number = number_of(*text);
      if (!number) error(codes::kValue, at, column->name + " is a number, and \"" + *text + "\" spells none");
      return number;
    }
    case Kind::boolean:
      if (text != nullptr && (*text == "true" || *text == "false")) return Value(*text == "true");
      return std::holds_alternative<bool>(value) ? value : refuse();
    default:
      return refuse();
  }
}

Expr Lowering::direct_compare(const event::ColumnRef& column, Op op, const Value& value, LineColumn at) {
  const Kind kind = kind_of(column->type);
  const Expr element = plan::element(column->type);
  Expr body;
  if (kind == Kind::date) {
    body = direct_dates(element, op, value, at);
  } else if (kind == Kind::address) {
    body = direct_addresses(element, op, value, at);
  } else if (auto constant = constant_for(column, value, at)) {
    const plan::Domain domain = kind == Kind::open ? plan::Domain::text : plan::Domain::native;
    body = compare_with(op, domain, element, std::move(*constant), column->type);
  }
  return body ? some(column, std::move(body), at) : nullptr;
}

Expr Lowering::direct_dates(const Expr& element, Op op, const Value& value, LineColumn at) {
  const auto range = date_range(value);
  if (!range) {
    const auto* text = std::get_if<std::string>(&value);
    if (text != nullptr && lang::is_relative_date(*text)) return relative_dates(element, op, *text, at);
    return error(codes::kValue, at, "this is no date", "write it as 2024-05-01T12:00:00Z");
  }
  const auto bound = [&](Op bound_op, Instant instant) {
    return compare_with(bound_op, plan::Domain::native, element, Value(instant.micros), event::LogicalType::date);
  };
  switch (op) {
    case Op::less:
    case Op::greater_equal:
      return bound(op, range->first);
    case Op::greater:
    case Op::less_equal:
      return bound(op, range->last);
    case Op::equal:
    case Op::not_equal:
      break;
  }
  if (range->first == range->last) return bound(Op::equal, range->first);
  return plan::all_of({bound(Op::greater_equal, range->first), bound(Op::less_equal, range->last)});
}

/// An upper bound is met in the last run that sees the event if it is in any, a lower one in the first.
Expr Lowering::relative_dates(const Expr& element, Op op, std::string_view text, LineColumn at) {
  const bool is_upper = op == Op::less || op == Op::less_equal;
  const Expr now = fields_.run_time(is_upper ? lang::WhichRun::last : lang::WhichRun::first);
  if (!now) {
    return error(codes::kNotSupported, at, "dates relative to now need a rule that runs on a schedule",
                 "write it as 2024-05-01T12:00:00Z");
  }
  const auto interval = lang::read_relative_date(text, now);
  if (!interval) return error(codes::kValue, at, interval.error().what, interval.error().hint);
  return compare_interval(element, op, *interval);
}

Expr Lowering::direct_addresses(const Expr& element, Op op, const Value& value, LineColumn at) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return error(codes::kType, at, "an address is compared with a text", "write \"10.0.0.1\"");
  if (const auto address = parse_ip(*text)) {
    return compare_with(op, plan::Domain::native, element, Value(*address), event::LogicalType::ip);
  }
  const auto block = parse_cidr(*text);
  if (!block) return error(codes::kValue, at, "\"" + *text + "\" is neither an address nor a block of addresses");
  if (op != Op::equal) return error(codes::kValue, at, "a block of addresses has no order", "write one address");
  return plan::make(plan::InNetwork{element, {*block}});
}

bool Lowering::check_text_column(const event::ColumnRef& column, std::string_view what, LineColumn at) {
  const Kind kind = kind_of(column->type);
  if (kind == Kind::text || kind == Kind::open) return true;
  error(codes::kType, at, std::string(what) + " tests texts; " + column->name + " is " + std::string(name_of(kind)),
        kind == Kind::address ? "compare with == or cidrMatch" : "compare with ==");
  return false;
}

Expr Lowering::direct_folded_list(const event::ColumnRef& column, const std::vector<std::string>& texts,
                                  LineColumn at) {
  if (!check_text_column(column, "in~", at)) return nullptr;
  std::vector<Expr> any;
  any.reserve(texts.size());
  for (const std::string& text : texts) {
    any.push_back(
        compare_with(Op::equal, plan::Domain::folded, plan::element(column->type), Value(text), column->type));
  }
  return some(column, plan::any_of(std::move(any)), at);
}

Expr Lowering::direct_text_test(const event::ColumnRef& column, const TextTest& node,
                                const std::vector<std::string>& texts, LineColumn at) {
  const bool regex = node.kind == TextTest::Kind::regex;
  const std::string_view what = regex ? "regex" : (node.kind == TextTest::Kind::like ? "like" : ":");
  if (!check_text_column(column, what, at)) return nullptr;
  const Expr element = plan::element(column->type);
  if (regex) {
    Expr body = regex_test(element, texts, node.insensitive, node.constants.front()->at);
    return body ? some(column, std::move(body), at) : nullptr;
  }
  const Fold fold = node.insensitive ? Fold::ascii : Fold::none;
  std::vector<Expr> any;
  for (const std::string& text : texts) {
    if (has_wildcard(text)) {
      any.push_back(plan::make(plan::Match{element, wildcard_pattern(text, fold)}));
    } else {
      const plan::Domain domain = node.insensitive                      ? plan::Domain::folded
                                  : kind_of(column->type) == Kind::open ? plan::Domain::text
                                                                        : plan::Domain::native;
      any.push_back(compare_with(Op::equal, domain, element, Value(text), column->type));
    }
  }
  return some(column, plan::any_of(std::move(any)), at);
}

/// The constants of a test as texts; nothing if one cannot be, which is reported.
std::optional<std::vector<std::string>> Lowering::texts_of(const TextTest& node) {
  std::vector<std::string> texts;
  for (const ExpressionPtr& constant : node.constants) {
    const Value& value = std::get<Constant>(constant->node).value;
    const bool any_type = node.kind == TextTest::Kind::like && !is_null(value);
    if (!any_type && !std::holds_alternative<std::string>(value)) {
      error(codes::kType, constant->at,
            "texts are tested against texts, this is " + std::string(name_of(kind_of(value))), "write it in quotes");
      return std::nullopt;
    }
    texts.push_back(to_text(value));
  }
  return texts;
}

Expr Lowering::regex_test(Expr element, const std::vector<std::string>& texts, bool insensitive, LineColumn at) {
  std::string joined;
  for (const std::string& text : texts) joined += (joined.empty() ? "" : "|") + text;
  const auto pattern = lang::lucene_regex(joined, insensitive ? lang::Case::insensitive : lang::Case::sensitive);
  if (!pattern) return error(codes::kPattern, at, pattern.error().what, pattern.error().hint);
  return plan::make(plan::Match{std::move(element), *pattern});
}

std::optional<std::vector<Cidr>> Lowering::blocks_of(const std::vector<std::string>& texts, const FunctionCall& node) {
  std::vector<Cidr> blocks;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto block = parse_cidr(texts[i]);
    if (!block) {
      error(codes::kValue, node.arguments[i + 1]->at, "\"" + texts[i] + "\" is no block of addresses",
            "write it as 10.0.0.0/8");
      return std::nullopt;
    }
    blocks.push_back(*block);
  }
  return blocks;
}

Expr Lowering::direct_call(const event::ColumnRef& column, const FunctionInfo& function, bool insensitive,
                           const std::vector<std::string>& texts, const FunctionCall& node) {
  const LineColumn at = node.arguments.front()->at;
  const Expr element = plan::element(column->type);
  if (function.id == FunctionId::cidr_match) {
    const Kind kind = kind_of(column->type);
    if (kind != Kind::address && kind != Kind::open) {
      return error(codes::kType, at,
                   "cidrMatch tests addresses; " + column->name + " is " + std::string(name_of(kind)));
    }
    auto blocks = blocks_of(texts, node);
    return blocks ? some(column, plan::make(plan::InNetwork{element, std::move(*blocks)}), at) : nullptr;
  }
  if (!check_text_column(column, function.name, at)) return nullptr;
  const Fold fold = insensitive ? Fold::ascii : Fold::none;
  std::vector<Expr> any;
  for (const std::string& text : texts) {
    plan::Pattern pattern;
    switch (function.id) {
      case FunctionId::starts_with:
        pattern = prefix_pattern(text, fold);
        break;
      case FunctionId::ends_with:
        pattern = lucene_wildcard(text, fold, true, false);
        break;
      case FunctionId::string_contains:
        pattern = lucene_wildcard(text, fold, true, true);
        break;
      default:  // wildcard
        pattern = wildcard_pattern(text, fold);
        break;
    }
    any.push_back(plan::make(plan::Match{element, std::move(pattern)}));
  }
  return some(column, plan::any_of(std::move(any)), at);
}

}  // namespace trailhound::eql
