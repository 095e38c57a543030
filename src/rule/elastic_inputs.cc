#include "rule/elastic_inputs.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "event/signal_fields.h"

namespace trailhound::rule {
namespace {

/// Whether some text satisfies both patterns, in which only `*` is special. Row by row over the first, as in edit
/// distance: bounded by the product of the lengths.
bool overlap(std::string_view a, std::string_view b) {
  std::vector<bool> row(b.size() + 1);  // row[j]: a[0, i) and b[0, j) can stand for one text
  row[0] = true;
  for (std::size_t j = 0; j < b.size(); ++j) row[j + 1] = row[j] && b[j] == '*';
  for (const char c : a) {
    std::vector<bool> next(b.size() + 1);
    next[0] = row[0] && c == '*';
    for (std::size_t j = 0; j < b.size(); ++j) {
      if (c == '*' || b[j] == '*') {
        next[j + 1] = row[j + 1] || next[j];  // a star takes nothing, or one more of the other
      } else {
        next[j + 1] = row[j] && c == b[j];
      }
    }
    row = std::move(next);
  }
  return row.back();
}

constexpr std::size_t kMaxPattern = 512;

std::string_view without_cluster(std::string_view pattern) {
  const std::size_t colon = pattern.find(':');
  return colon == std::string_view::npos ? pattern : pattern.substr(colon + 1);
}

/// Truth values that an expression can still have, as bits.
using Possible = unsigned;
constexpr Possible kNo = 1, kUnknown = 2, kYes = 4, kAll = kNo | kUnknown | kYes;

Possible of_bool(bool value) { return value ? kYes : kNo; }

/// A scalar that is known without an event.
struct Known {
  bool absent = false;   ///< nothing can be compared with it
  bool several = false;  ///< absent as a scalar, as the field has several values
  std::string text = {};
};

class Judge {
 public:
  explicit Judge(const FieldKnowledge& knowledge) : knowledge_(knowledge) {}

  Possible possible(const plan::Expr& e, int depth) {
    if (!e || depth > kMaxDepth) return kAll;
    if (const auto* test = std::get_if<plan::IsTrue>(&e->node)) return is_true(possible(test->operand, depth + 1));
    if (const auto* test = std::get_if<plan::Not>(&e->node)) return inverted(possible(test->operand, depth + 1));
    if (const auto* all = std::get_if<plan::And>(&e->node)) return joined(all->operands, true, depth);
    if (const auto* any = std::get_if<plan::Or>(&e->node)) return joined(any->operands, false, depth);
    if (const auto* lift = std::get_if<plan::Exists>(&e->node)) return over_elements(*lift, depth);
    if (const auto* test = std::get_if<plan::Present>(&e->node)) return presence(*test);
    if (const auto* test = std::get_if<plan::Compare>(&e->node)) return compared(*test);
    if (const auto* test = std::get_if<plan::OneOf>(&e->node)) return among(*test);
    if (const auto* test = std::get_if<plan::Match>(&e->node)) return matched(*test);
    if (const auto* test = std::get_if<plan::InNetwork>(&e->node)) return in_network(*test);
    if (const auto* constant = std::get_if<plan::Literal>(&e->node)) return literal(*constant);
    return kAll;
  }

 private:
  static constexpr int kMaxDepth = 200;

  static Possible is_true(Possible p) {
    return ((p & kYes) != 0 ? kYes : 0u) | ((p & (kNo | kUnknown)) != 0 ? kNo : 0u);
  }
  static Possible inverted(Possible p) {
    return ((p & kYes) != 0 ? kNo : 0u) | (p & kUnknown) | ((p & kNo) != 0 ? kYes : 0u);
  }
  /// Kleene's `and` (or `or`) of every combination.
  Possible joined(const std::vector<plan::Expr>& operands, bool conjunction, int depth) {
    const Possible absorbing = conjunction ? kNo : kYes, neutral = conjunction ? kYes : kNo;
    Possible result = neutral;
    for (const plan::Expr& operand : operands) {
      const Possible next = possible(operand, depth + 1);
      Possible combined = (result | next) & absorbing;
      if ((result & neutral) != 0 && (next & neutral) != 0) combined |= neutral;
      if (((result | next) & kUnknown) != 0 && (result & ~absorbing) != 0 && (next & ~absorbing) != 0) {
        combined |= kUnknown;
      }
      result = combined;
    }
    return result;
  }

  static Possible literal(const plan::Literal& constant) {
    if (constant.values.empty()) return kUnknown;
    const auto* truth = constant.values.size() == 1 ? std::get_if<bool>(&constant.values.front()) : nullptr;
    return truth == nullptr ? kAll : of_bool(*truth);
  }

  /// What is known of a scalar operand; nothing if it depends on the event.
  std::optional<Known> known(const plan::Expr& e, int depth = 0) const {
    if (!e || depth > kMaxDepth) return std::nullopt;
    if (const auto* call = std::get_if<plan::Call>(&e->node)) return known_result(*call, depth);
    if (const auto* variable = std::get_if<plan::Variable>(&e->node)) {
      if (variable->depth == 0) return element_;
      return std::nullopt;
    }
    if (const auto* single = std::get_if<plan::Single>(&e->node)) return known_column(single->over);
    return known_column(e);
  }
  /// Most functions of something absent are absent.
  std::optional<Known> known_result(const plan::Call& call, int depth) const {
    const plan::ArgumentRule rule = plan::info(call.function).arguments;
    const bool all_count = rule == plan::ArgumentRule::single || rule == plan::ArgumentRule::first_whole;
    if (!all_count) return std::nullopt;
    for (const plan::Expr& argument : call.arguments) {
      const std::optional<Known> value = known(argument, depth + 1);
      if (value && value->absent && !value->several) return Known{.absent = true};
    }
    return std::nullopt;
  }
  std::optional<Known> known_column(const plan::Expr& e) const {
    const std::optional<std::vector<std::string>> values = known_values(e);
    if (!values) return std::nullopt;
    if (values->size() != 1) return Known{.absent = true, .several = !values->empty()};
    return Known{.text = values->front()};
  }
  std::optional<std::vector<std::string>> known_values(const plan::Expr& e) const {
    const auto* column = e ? std::get_if<plan::Column>(&e->node) : nullptr;
    return column == nullptr ? std::nullopt : knowledge_(*column->column);
  }

  Possible over_elements(const plan::Exists& lift, int depth) {
    const std::optional<std::vector<std::string>> values = known_values(lift.over);
    const auto body_over = [&](std::optional<Known> element) {
      std::swap(element_, element);
      const Possible body = is_true(possible(lift.body, depth + 1));
      std::swap(element_, element);
      return body;
    };
    if (!values) return body_over(std::nullopt) | kNo;  // over a field of the event there may be no element at all
    Possible result = kNo;
    for (const std::string& value : *values) {
      const Possible one = body_over(Known{.text = value});
      result = ((result | one) & kYes) | (result & one & kNo);
    }
    return result;
  }
  Possible presence(const plan::Present& test) const {
    const std::optional<std::vector<std::string>> values = known_values(test.over);
    return values ? of_bool(!values->empty()) : kAll;
  }
  Possible compared(const plan::Compare& test) const {
    std::optional<Known> subject = known(test.left);
    const auto* constant = test.right ? std::get_if<plan::Literal>(&test.right->node) : nullptr;
    if (subject && subject->absent) return kUnknown;
    if (!subject || constant == nullptr || constant->values.size() != 1) return kAll;
    const auto* text = std::get_if<std::string>(&constant->values.front());
    if (text == nullptr) return compared_numbers(subject->text, test.op, constant->values.front());
    const bool same = equal_texts(subject->text, *text, test.domain);
    if (test.op == plan::ComparisonOp::equal) return of_bool(same);
    if (test.op == plan::ComparisonOp::not_equal) return of_bool(!same);
    return kAll;
  }
  static Possible compared_numbers(const std::string& subject, plan::ComparisonOp op, const Value& constant) {
    double left = 0;
    const auto [end, error] = std::from_chars(subject.data(), subject.data() + subject.size(), left);
    const auto* whole = std::get_if<std::int64_t>(&constant);
    const auto* real = std::get_if<double>(&constant);
    const bool is_number = error == std::errc() && end == subject.data() + subject.size();
    if (!is_number || (whole == nullptr && real == nullptr)) return kAll;
    const double right = whole != nullptr ? static_cast<double>(*whole) : *real;
    switch (op) {
      case plan::ComparisonOp::equal:
        return of_bool(left == right);
      case plan::ComparisonOp::not_equal:
        return of_bool(left != right);
      case plan::ComparisonOp::less:
        return of_bool(left < right);
      case plan::ComparisonOp::less_equal:
        return of_bool(left <= right);
      case plan::ComparisonOp::greater:
        return of_bool(left > right);
      case plan::ComparisonOp::greater_equal:
        return of_bool(left >= right);
    }
    return kAll;
  }
  Possible among(const plan::OneOf& test) const {
    const std::optional<Known> subject = known(test.needle);
    if (!subject) return kAll;
    if (subject->absent) return kUnknown;
    for (const Value& value : test.values) {
      const auto* text = std::get_if<std::string>(&value);
      const Possible same = text == nullptr ? compared_numbers(subject->text, plan::ComparisonOp::equal, value)
                                            : of_bool(equal_texts(subject->text, *text, test.domain));
      if (same != kNo) return same;
    }
    return test.has_null ? kUnknown : kNo;
  }
  Possible matched(const plan::Match& test) const {
    const std::optional<Known> subject = known(test.text);
    if (!subject) return kAll;
    return subject->absent ? kUnknown : of_bool(test.pattern.matches(subject->text));
  }
  Possible in_network(const plan::InNetwork& test) const {
    const std::optional<Known> subject = known(test.address);
    return subject && subject->absent ? kUnknown : kAll;
  }

  static bool equal_texts(std::string_view a, std::string_view b, plan::Domain domain) {
    if (domain != plan::Domain::folded) return a == b;
    const auto folded = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(a, b, [&](char x, char y) { return folded(x) == folded(y); });
  }

  const FieldKnowledge& knowledge_;
  std::optional<Known> element_;  ///< of the innermost lift
};

/// Texts that the filter compares certain fields with: what it asks for.
void collect_wishes(const plan::Expr& e, const event::Column* element, const ColumnTest& is_wanted,
                    std::set<std::string>& texts, int depth) {
  if (!e || depth > 100) return;
  const auto column_of = [&](const plan::Expr& operand) -> const event::Column* {
    if (!operand) return nullptr;
    if (std::holds_alternative<plan::Variable>(operand->node)) return element;
    const plan::Expr* over = &operand;
    if (const auto* single = std::get_if<plan::Single>(&operand->node)) over = &single->over;
    const auto* column = *over ? std::get_if<plan::Column>(&(*over)->node) : nullptr;
    return column == nullptr ? nullptr : column->column.get();
  };
  const auto wanted = [&](const event::Column* column) { return column != nullptr && is_wanted(*column); };
  const auto add = [&](const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) texts.insert(*text);
  };
  if (const auto* test = std::get_if<plan::IsTrue>(&e->node)) {
    collect_wishes(test->operand, element, is_wanted, texts, depth + 1);
  } else if (const auto* all = std::get_if<plan::And>(&e->node)) {
    for (const plan::Expr& operand : all->operands) collect_wishes(operand, element, is_wanted, texts, depth + 1);
  } else if (const auto* any = std::get_if<plan::Or>(&e->node)) {
    for (const plan::Expr& operand : any->operands) collect_wishes(operand, element, is_wanted, texts, depth + 1);
  } else if (const auto* lift = std::get_if<plan::Exists>(&e->node)) {
    collect_wishes(lift->body, column_of(lift->over), is_wanted, texts, depth + 1);
  } else if (const auto* compare = std::get_if<plan::Compare>(&e->node)) {
    const auto* constant = compare->right ? std::get_if<plan::Literal>(&compare->right->node) : nullptr;
    if (compare->op == plan::ComparisonOp::equal && wanted(column_of(compare->left)) && constant != nullptr) {
      for (const Value& value : constant->values) add(value);
    }
  } else if (const auto* among = std::get_if<plan::OneOf>(&e->node)) {
    if (wanted(column_of(among->needle))) {
      for (const Value& value : among->values) add(value);
    }
  } else if (const auto* match = std::get_if<plan::Match>(&e->node)) {
    if (!wanted(column_of(match->text))) return;
    std::string text;
    for (const auto& piece : match->pattern.pieces()) {
      using Kind = plan::Pattern::Piece::Kind;
      text += piece.kind == Kind::literal ? piece.text : piece.kind == Kind::any_run ? "*" : "?";
    }
    texts.insert(text);
  }
}

}  // namespace

bool holds_cloudtrail(std::string_view pattern) {
  pattern = without_cluster(pattern);
  if (pattern.empty() || pattern.size() > kMaxPattern) return false;
  if (pattern.find("cloudtrail") != std::string_view::npos) return true;
  return overlap(pattern, "logs-aws.cloudtrail-*") || overlap(pattern, "filebeat-*");
}

bool holds_alerts(std::string_view pattern) {
  pattern = without_cluster(pattern);
  return pattern.find("alerts-security.") != std::string_view::npos;
}

Inputs judge_inputs(const std::vector<std::string>& patterns) {
  Inputs inputs;
  const auto taken_away = [&](std::string_view index) {
    return std::ranges::any_of(patterns, [&](const std::string& pattern) {
      return pattern.starts_with('-') && pattern.size() <= kMaxPattern && overlap(pattern.substr(1), index);
    });
  };
  for (const std::string& pattern : patterns) {
    if (pattern.starts_with('-') || pattern.empty()) continue;
    if (holds_alerts(pattern)) {
      inputs.alerts = true;
    } else if (holds_cloudtrail(pattern)) {
      const bool filebeat = overlap(without_cluster(pattern), "filebeat-*");
      if (filebeat || !taken_away("logs-aws.cloudtrail-default")) inputs.cloudtrail = true;
    } else {
      inputs.others.push_back(pattern);
    }
  }
  return inputs;
}

std::optional<std::vector<std::string>> known_of_events(const event::Column& column) {
  if (column.always_absent || event::is_only_in_signals(column.name)) return std::vector<std::string>{};
  if (column.constant) return std::vector<std::string>{*column.constant};
  return std::nullopt;
}

bool can_be_met(const plan::Expr& filter) { return can_be_met(filter, known_of_events); }

bool can_be_met(const plan::Expr& filter, const FieldKnowledge& knowledge) {
  return (Judge(knowledge).possible(filter, 0) & kYes) != 0;
}

std::vector<std::string> texts_asked_for(const plan::Expr& filter, const ColumnTest& is_wanted) {
  std::set<std::string> texts;
  collect_wishes(filter, nullptr, is_wanted, texts, 0);
  return {texts.begin(), texts.end()};
}

namespace {

/// The measure that the conjunct wants to be at least one: `slot == 1`, `slot > 0`, `slot >= 2`.
const plan::RunAggregate::Measure* counted_measure(const plan::Expr& conjunct, const plan::RunAggregate& run) {
  const auto* comparison = std::get_if<plan::Compare>(&conjunct->node);
  if (comparison == nullptr || !comparison->left || !comparison->right) return nullptr;
  const auto* single = std::get_if<plan::Single>(&comparison->left->node);
  const auto* slot = std::get_if<plan::Slot>(&(single ? single->over : comparison->left)->node);
  const auto* literal = std::get_if<plan::Literal>(&comparison->right->node);
  if (slot == nullptr || slot->index >= run.measures.size() || literal == nullptr || literal->values.size() != 1) {
    return nullptr;
  }
  using enum plan::ComparisonOp;
  const auto* number = std::get_if<std::int64_t>(literal->values.data());
  const bool rises = comparison->op == equal || comparison->op == greater || comparison->op == greater_equal;
  const bool wants_one = rises && number != nullptr && *number >= (comparison->op == greater ? 0 : 1);
  return wants_one ? &run.measures[slot->index] : nullptr;
}

}  // namespace

std::vector<std::string> unmet_needs_of_rows(const plan::Plan& plan) {
  using Aggregation = plan::RunAggregate::Aggregation;
  std::vector<std::string> needs;
  const auto* run = std::get_if<plan::RunAggregate>(&plan.op);
  if (run == nullptr || plan.queries.size() != 1) return needs;
  const auto& arguments = plan.queries[0].arguments;
  for (const plan::Expr& conjunct : plan::conjuncts_of(run->having)) {
    const auto* measure = counted_measure(conjunct, *run);
    const bool counts_values = measure != nullptr && (measure->aggregation == Aggregation::count ||
                                                      measure->aggregation == Aggregation::count_distinct);
    if (!counts_values || measure->argument >= arguments.size()) continue;
    const auto* column = std::get_if<plan::Column>(&arguments[measure->argument].expression->node);
    if (column != nullptr && column->column->always_absent) needs.push_back("events with " + column->column->name);
  }
  return needs;
}

std::vector<std::string> unmet_needs(const plan::Expr& filter) {
  std::vector<std::string> needs;
  const auto is_data_set = [](const event::Column& column) {
    return column.name == "event.dataset" || column.name == "data_stream.dataset" || column.name == "event.module";
  };
  for (const std::string& name : texts_asked_for(filter, is_data_set)) {
    if (name == "aws.cloudtrail" || name == "aws") continue;
    needs.push_back("data set \"" + name + "\"");
  }
  if (!needs.empty()) return needs;
  std::vector<event::ColumnRef> columns;
  plan::collect_columns(filter, columns);
  for (const event::ColumnRef& column : columns) {
    if (column->always_absent) needs.push_back("events with " + column->name);
    if (needs.size() == 5) break;
  }
  return needs;
}

}  // namespace trailhound::rule
