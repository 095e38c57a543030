#include "rule/elastic_inputs.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

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
  bool absent = false;
  const std::string* text = nullptr;
};

class Judge {
 public:
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
      if (value && value->absent) return Known{.absent = true};
    }
    return std::nullopt;
  }
  static std::optional<Known> known_column(const plan::Expr& e) {
    const auto* column = e ? std::get_if<plan::Column>(&e->node) : nullptr;
    if (column == nullptr) return std::nullopt;
    if (column->column->always_absent) return Known{.absent = true};
    if (column->column->constant) return Known{.text = &*column->column->constant};
    return std::nullopt;
  }

  Possible over_elements(const plan::Exists& lift, int depth) {
    const std::optional<Known> column = known_column(lift.over);
    if (column && column->absent) return kNo;
    const std::optional<Known> outer = std::exchange(element_, column);
    const Possible body = possible(lift.body, depth + 1);
    element_ = outer;
    // Over a field of the event there may be no element at all.
    return is_true(body) | (column ? 0u : kNo);
  }
  static Possible presence(const plan::Present& test) {
    const std::optional<Known> column = known_column(test.over);
    return column ? of_bool(!column->absent) : kAll;
  }
  Possible compared(const plan::Compare& test) const {
    std::optional<Known> subject = known(test.left);
    const auto* constant = test.right ? std::get_if<plan::Literal>(&test.right->node) : nullptr;
    if (subject && subject->absent) return kUnknown;
    if (!subject || constant == nullptr || constant->values.size() != 1) return kAll;
    const auto* text = std::get_if<std::string>(&constant->values.front());
    if (text == nullptr) return kAll;
    const bool same = equal_texts(*subject->text, *text, test.domain);
    if (test.op == plan::ComparisonOp::equal) return of_bool(same);
    if (test.op == plan::ComparisonOp::not_equal) return of_bool(!same);
    return kAll;
  }
  Possible among(const plan::OneOf& test) const {
    const std::optional<Known> subject = known(test.needle);
    if (!subject) return kAll;
    if (subject->absent) return kUnknown;
    for (const Value& value : test.values) {
      const auto* text = std::get_if<std::string>(&value);
      if (text != nullptr && equal_texts(*subject->text, *text, test.domain)) return kYes;
    }
    return test.has_null ? kUnknown : kNo;
  }
  Possible matched(const plan::Match& test) const {
    const std::optional<Known> subject = known(test.text);
    if (!subject) return kAll;
    return subject->absent ? kUnknown : of_bool(test.pattern.matches(*subject->text));
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

  std::optional<Known> element_;  ///< of the innermost lift
};

/// Texts that the filter compares a constant field with, and fields that are never there: what it asks for.
void collect_wishes(const plan::Expr& e, const event::Column* element, std::set<std::string>& data_sets, int depth) {
  if (!e || depth > 100) return;
  const auto column_of = [&](const plan::Expr& operand) -> const event::Column* {
    if (!operand) return nullptr;
    if (std::holds_alternative<plan::Variable>(operand->node)) return element;
    const plan::Expr* over = &operand;
    if (const auto* single = std::get_if<plan::Single>(&operand->node)) over = &single->over;
    const auto* column = *over ? std::get_if<plan::Column>(&(*over)->node) : nullptr;
    return column == nullptr ? nullptr : column->column.get();
  };
  const auto is_data_set = [](const event::Column* column) {
    return column != nullptr &&
           (column->name == "event.dataset" || column->name == "data_stream.dataset" || column->name == "event.module");
  };
  const auto add = [&](const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) data_sets.insert(*text);
  };
  if (const auto* test = std::get_if<plan::IsTrue>(&e->node)) {
    collect_wishes(test->operand, element, data_sets, depth + 1);
  } else if (const auto* all = std::get_if<plan::And>(&e->node)) {
    for (const plan::Expr& operand : all->operands) collect_wishes(operand, element, data_sets, depth + 1);
  } else if (const auto* any = std::get_if<plan::Or>(&e->node)) {
    for (const plan::Expr& operand : any->operands) collect_wishes(operand, element, data_sets, depth + 1);
  } else if (const auto* lift = std::get_if<plan::Exists>(&e->node)) {
    collect_wishes(lift->body, column_of(lift->over), data_sets, depth + 1);
  } else if (const auto* compare = std::get_if<plan::Compare>(&e->node)) {
    const auto* constant = compare->right ? std::get_if<plan::Literal>(&compare->right->node) : nullptr;
    if (compare->op == plan::ComparisonOp::equal && is_data_set(column_of(compare->left)) && constant != nullptr) {
      for (const Value& value : constant->values) add(value);
    }
  } else if (const auto* among = std::get_if<plan::OneOf>(&e->node)) {
    if (is_data_set(column_of(among->needle))) {
      for (const Value& value : among->values) add(value);
    }
  } else if (const auto* match = std::get_if<plan::Match>(&e->node)) {
    if (!is_data_set(column_of(match->text))) return;
    std::string text;
    for (const auto& piece : match->pattern.pieces()) {
      using Kind = plan::Pattern::Piece::Kind;
      text += piece.kind == Kind::literal ? piece.text : piece.kind == Kind::any_run ? "*" : "?";
    }
    data_sets.insert(text);
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

bool can_be_met(const plan::Expr& filter) { return (Judge().possible(filter, 0) & kYes) != 0; }

std::vector<std::string> unmet_needs(const plan::Expr& filter) {
  std::set<std::string> data_sets;
  collect_wishes(filter, nullptr, data_sets, 0);
  data_sets.erase("aws.cloudtrail");
  data_sets.erase("aws");
  std::vector<std::string> needs;
  for (const std::string& name : data_sets) needs.push_back("data set \"" + name + "\"");
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
