#include "lang/datadog/condition.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/ascii.h"

namespace trailhound::lang::datadog {
namespace {

using plan::ComparisonOp;
using plan::Condition;
using plan::ConditionNode;
using plan::LinearTerm;

constexpr std::size_t kMaxDigits = 15;  // what a double holds exactly

bool is_name_start(char c) { return is_letter(c) || c == '_'; }
bool is_name_byte(char c) { return is_name_start(c) || is_digit(c); }

Condition make_node(ConditionNode node) { return std::make_shared<const ConditionNode>(std::move(node)); }

ComparisonOp mirrored(ComparisonOp op) {
  switch (op) {
    case ComparisonOp::less:
      return ComparisonOp::greater;
    case ComparisonOp::less_equal:
      return ComparisonOp::greater_equal;
    case ComparisonOp::greater:
      return ComparisonOp::less;
    case ComparisonOp::greater_equal:
      return ComparisonOp::less_equal;
    default:
      return op;
  }
}

class ConditionParser {
 public:
  ConditionParser(std::string_view text, const std::vector<std::string>& names, const ConditionOptions& options,
                  const TextContext& context, Diagnostics& diagnostics)
      : text_(text), names_(names), options_(options), context_(context), diagnostics_(diagnostics) {}

  std::optional<Condition> parse() {
    std::optional<Condition> first = parse_or();
    if (!first) return std::nullopt;
    if (!take_then()) return at_end() ? first : unexpected();
    std::optional<Condition> second = parse_or();
    if (!second) return std::nullopt;
    skip_blanks();
    if (is_then()) return fail("TH2105", "a condition may have one THEN");
    if (!at_end()) return unexpected();
    return make_node({plan::ConditionThen{std::move(*first), std::move(*second)}});
  }

 private:
  std::optional<Condition> parse_or() {
    std::vector<Condition> operands;
    do {
      std::optional<Condition> operand = parse_and();
      if (!operand) return std::nullopt;
      operands.push_back(std::move(*operand));
    } while (take("||"));
    if (operands.size() == 1) return std::move(operands.front());
    return make_node({plan::ConditionAny{std::move(operands)}});
  }

  std::optional<Condition> parse_and() {
    std::vector<Condition> operands;
    do {
      std::optional<Condition> operand = parse_primary();
      if (!operand) return std::nullopt;
      operands.push_back(std::move(*operand));
    } while (take("&&"));
    if (operands.size() == 1) return std::move(operands.front());
    return make_node({plan::ConditionAll{std::move(operands)}});
  }

  std::optional<Condition> parse_primary() {
    skip_blanks();
    if (at_end() || text_[at_] != '(') return parse_comparison();
    const std::size_t open = at_++;
    if (++depth_ > kMaxConditionDepth) return fail("TH2101", "parentheses are nested too deeply", "", open);
    std::optional<Condition> inner = parse_or();
    if (!inner) return std::nullopt;
    skip_blanks();
    if (is_then()) return fail("TH2105", "THEN cannot stand inside parentheses");
    if (!take(")")) return at_end() ? fail("TH2101", "'(' is never closed", "", open) : unexpected();
    --depth_;
    return inner;
  }

  std::optional<Condition> parse_comparison() {
    const std::size_t begin = (skip_blanks(), at_);
    std::optional<LinearTerm> left = parse_operand();
    if (!left) return std::nullopt;
    const std::optional<ComparisonOp> op = parse_operator();
    if (!op) return std::nullopt;
    std::optional<LinearTerm> right = parse_operand();
    if (!right) return std::nullopt;
    if (left->query < 0 && right->query < 0) {
      return fail("TH2101", "a comparison must name a query", known_names(), begin);
    }
    if (left->query < 0) {
      return make_node({plan::ConditionCompare{*right, mirrored(*op), *left}});
    }
    return make_node({plan::ConditionCompare{*left, *op, *right}});
  }

  std::optional<ComparisonOp> parse_operator() {
    skip_blanks();
    if (take(">=")) return ComparisonOp::greater_equal;
    if (take(">")) return ComparisonOp::greater;
    if (take("<=")) return ComparisonOp::less_equal;
    if (take("<")) return ComparisonOp::less;
    if (at_end()) {
      fail("TH2101", "a comparison is expected here", "for example: > 0");
    } else {
      unexpected();
    }
    return std::nullopt;
  }

  // number, query, number * query, query * number
  std::optional<LinearTerm> parse_operand() {
    skip_blanks();
    std::optional<LinearTerm> first = parse_factor();
    if (!first || !take("*")) return first;
    skip_blanks();
    const std::size_t begin = at_;
    std::optional<LinearTerm> second = parse_factor();
    if (!second) return std::nullopt;
    if ((first->query < 0) == (second->query < 0)) {
      fail("TH2103", "'*' multiplies one query by one number", "for example: 2 * " + names_.front(), begin);
      return std::nullopt;
    }
    const LinearTerm& query = first->query < 0 ? *second : *first;
    const LinearTerm& number = first->query < 0 ? *first : *second;
    return LinearTerm{query.query, number.factor};
  }

  std::optional<LinearTerm> parse_factor() {
    if (at_end()) {
      fail("TH2101", "a query's name or a number is expected here", known_names());
      return std::nullopt;
    }
    if (is_digit(text_[at_])) return parse_number();
    if (is_name_start(text_[at_])) return parse_query();
    unexpected();
    return std::nullopt;
  }

  std::optional<LinearTerm> parse_number() {
    const std::size_t begin = at_;
    while (!at_end() && is_digit(text_[at_])) ++at_;
    if (!at_end() && text_[at_] == '.') {
      if (!options_.decimals) {
        fail("TH2104", "only whole numbers can be compared with in this rule",
             "decimals are for anomaly rules, where the number is a share: > 0.995", begin);
        return std::nullopt;
      }
      ++at_;
      const std::size_t fraction = at_;
      while (!at_end() && is_digit(text_[at_])) ++at_;
      if (at_ == fraction) {
        fail("TH2101", "digits are expected after the point");
        return std::nullopt;
      }
    }
    if (at_ - begin > kMaxDigits) {
      fail("TH2101", "the number is too long", "at most 15 digits", begin);
      return std::nullopt;
    }
    double number = 0;
    std::from_chars(text_.data() + begin, text_.data() + at_, number);
    return LinearTerm{-1, number};
  }

  std::optional<LinearTerm> parse_query() {
    const std::size_t begin = at_;
    while (!at_end() && is_name_byte(text_[at_])) ++at_;
    const std::string_view name = text_.substr(begin, at_ - begin);
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end()) {
      fail("TH2102", "no query is named '" + std::string(name) + "'", suggestion(name), begin);
      return std::nullopt;
    }
    return LinearTerm{static_cast<int>(found - names_.begin()), 1};
  }

  // Characters -----------------------------------------------------------------------------------------------------

  bool at_end() const { return at_ >= text_.size(); }
  void skip_blanks() {
    while (!at_end() && is_blank(text_[at_])) ++at_;
  }
  bool take(std::string_view symbol) {
    skip_blanks();
    if (!text_.substr(at_).starts_with(symbol)) return false;
    at_ += symbol.size();
    return true;
  }
  bool is_then() const {
    const std::string_view rest = text_.substr(at_);
    const std::string_view keyword = "then";
    if (rest.size() < keyword.size() || (rest.size() > keyword.size() && is_name_byte(rest[keyword.size()]))) {
      return false;
    }
    return std::equal(keyword.begin(), keyword.end(), rest.begin(), [](char a, char b) { return a == (b | 0x20); });
  }
  bool take_then() {
    skip_blanks();
    if (!is_then()) return false;
    at_ += 4;
    return true;
  }

  // Findings -------------------------------------------------------------------------------------------------------

  std::optional<Condition> unexpected() {
    const std::string_view rest = text_.substr(at_);
    const char c = rest.front();
    if (rest.starts_with("==") || rest.starts_with("!=") || c == '=' || c == '!') {
      return fail("TH2103",
                  "conditions know no '" + std::string(rest.starts_with("!=") ? "!=" : rest.substr(0, 1)) + "'",
                  "the comparisons are >, >=, < and <=; a >= 3 && a <= 3 is equality");
    }
    if (c == '-' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1])) {
      return fail("TH2103", "negative numbers cannot be compared with");
    }
    if (c == '+' || c == '-' || c == '/' || c == '%') {
      return fail("TH2103", "conditions know no '" + std::string(1, c) + "'",
                  "the one calculation is a number times a query");
    }
    if (c == '&' || c == '|') {
      return fail("TH2103", "'" + std::string(1, c) + "' is no operator here", "conditions are joined by && and ||");
    }
    if (c == ')') return fail("TH2101", "')' closes nothing");
    return fail("TH2101", "unexpected '" + std::string(1, c) + "'", "for example: " + names_.front() + " > 0");
  }

  std::string known_names() const {
    std::string out = "the queries of this rule are";
    for (const std::string& name : names_) out += " " + name;
    return out;
  }
  std::string suggestion(std::string_view name) const {
    const std::string near = nearest_name(name, {names_.begin(), names_.end()});
    return near.empty() ? known_names() : "did you mean " + near + "?";
  }

  static constexpr std::size_t kHere = static_cast<std::size_t>(-1);
  std::nullopt_t fail(std::string_view code, std::string message, std::string hint = {}, std::size_t offset = kHere) {
    report(diagnostics_, Diagnostic::Severity::error, code, context_, text_, offset == kHere ? at_ : offset,
           std::move(message), std::move(hint));
    return std::nullopt;
  }

  std::string_view text_;
  const std::vector<std::string>& names_;
  const ConditionOptions& options_;
  const TextContext& context_;
  Diagnostics& diagnostics_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

// Whether the condition is true when every query is 0: then it is true exactly when nothing is evaluated.
// Depth is bounded by the parser.
bool true_of_nothing(const Condition& condition) {
  struct Visitor {
    bool operator()(const plan::ConditionCompare& c) const {
      const double left = c.left.query < 0 ? c.left.factor : 0;
      const double right = c.right.query < 0 ? c.right.factor : 0;
      switch (c.op) {
        case ComparisonOp::less:
          return left < right;
        case ComparisonOp::less_equal:
          return left <= right;
        case ComparisonOp::greater:
          return left > right;
        case ComparisonOp::greater_equal:
          return left >= right;
        default:
          return false;
      }
    }
    bool operator()(const plan::ConditionAll& all) const {
      return std::all_of(all.operands.begin(), all.operands.end(), true_of_nothing);
    }
    bool operator()(const plan::ConditionAny& any) const {
      return std::any_of(any.operands.begin(), any.operands.end(), true_of_nothing);
    }
    bool operator()(const plan::ConditionThen& then) const { return true_of_nothing(then.first); }
  };
  return std::visit(Visitor{}, condition->node);
}

}  // namespace

std::optional<Condition> parse_condition(std::string_view text, const std::vector<std::string>& query_names,
                                         const ConditionOptions& options, const TextContext& context,
                                         Diagnostics& diagnostics) {
  if (text.size() > kMaxConditionBytes || query_names.empty()) {
    report(diagnostics, Diagnostic::Severity::error, "TH2101", context, text, 0,
           query_names.empty() ? "there is no query to compare" : "the condition is too long");
    return std::nullopt;
  }
  std::optional<Condition> condition = ConditionParser(text, query_names, options, context, diagnostics).parse();
  if (condition && true_of_nothing(*condition)) {
    report(diagnostics, Diagnostic::Severity::warning, "TH2106", context, text, 0,
           "the condition also holds when nothing happens",
           "conditions are evaluated when an event matches a query; demand one with > or >=");
  }
  return condition;
}

}  // namespace trailhound::lang::datadog
