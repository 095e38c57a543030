#include "plan/describe.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "base/instant.h"
#include "base/joined.h"
#include "base/utf8.h"

namespace trailhound::plan {
namespace {

constexpr std::size_t kMostShown = 8;      // of a list
constexpr std::size_t kLongestText = 120;  // of one value, in bytes
constexpr int kMaxDescribedDepth = 200;
constexpr std::string_view kComparisons[] = {"=", "!=", "<", "<=", ">", ">="};

std::string in_quotes(std::string_view text) {
  const bool cut = text.size() > kLongestText;
  std::string out = "\"";
  out += utf8_prefix(text, kLongestText);
  out += cut ? "...\"" : "\"";
  return out;
}

std::string text_of(const Value& value) {
  if (is_null(value)) return "null";
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr ? in_quotes(*text) : to_text(value);
}

std::string list_of(const Values& values) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < values.size() && i < kMostShown; ++i) parts.push_back(text_of(values[i]));
  if (values.size() > kMostShown) parts.push_back("... " + std::to_string(values.size() - kMostShown) + " more");
  return joined(parts, ", ");
}

/// A span of time as people write it: -3600000000 is "-1 h".
std::optional<std::string> span_of(const Expression& expression) {
  const auto* literal = std::get_if<Literal>(&expression.node);
  if (literal == nullptr || expression.type != LogicalType::time_duration || literal->values.size() != 1) return {};
  const auto* micros = std::get_if<std::int64_t>(literal->values.data());
  if (micros == nullptr) return {};
  const bool negative = *micros < 0 && *micros != std::numeric_limits<std::int64_t>::min();
  return (negative ? "-" : "") + format_duration({negative ? -*micros : *micros});
}

class Describer {
 public:
  std::string of(const Expr& expression) {
    if (!expression) return "everything";
    if (depth_ >= kMaxDescribedDepth) return "...";
    if (const std::optional<std::string> span = span_of(*expression)) return *span;
    ++depth_;
    std::string text = std::visit(*this, expression->node);
    --depth_;
    return text;
  }

  std::string operator()(const Literal& node) const {
    if (node.values.size() == 1) return text_of(node.values[0]);
    return node.values.empty() ? "null" : "[" + list_of(node.values) + "]";
  }
  std::string operator()(const Column& node) const { return node.column->name; }
  std::string operator()(const Slot& node) const { return node.name; }
  std::string operator()(const Variable& node) const {
    return node.depth < elements_.size() ? elements_[elements_.size() - 1 - node.depth] : "it";
  }
  std::string operator()(const RunTime&) const { return "now"; }
  std::string operator()(const Exists& node) { return lifted(node.over, node.body); }
  std::string operator()(const Each& node) { return lifted(node.over, node.body); }
  std::string operator()(const Single& node) { return of(node.over); }
  std::string operator()(const Not& node) { return "not " + nested(node.operand); }
  std::string operator()(const And& node) { return operands(node.operands, " and "); }
  std::string operator()(const Or& node) { return operands(node.operands, " or "); }
  std::string operator()(const IsTrue& node) { return of(node.operand); }
  std::string operator()(const Present& node) {
    return of(node.over) + (node.need == Present::Need::key ? " is there" : " has a value");
  }
  std::string operator()(const Compare& node) {
    const bool folds = node.domain == Domain::folded;
    return operand(node.left, node.right) + " " + std::string(kComparisons[static_cast<std::size_t>(node.op)]) + " " +
           operand(node.right, node.left) + (folds ? " (any letter case)" : "");
  }
  std::string operator()(const OneOf& node) {
    return of(node.needle) + " in (" + list_of(node.values) + ")" +
           (node.domain == Domain::folded ? " (any letter case)" : "");
  }
  std::string operator()(const Match& node) {
    const bool regular = node.pattern.shape() == Pattern::Shape::regular;
    const std::string text = regular ? node.pattern.regular_text() : text_of_glob(node.pattern);
    return of(node.text) + (regular ? " matches " : " like ") + in_quotes(text) +
           (node.pattern.fold() == Pattern::Fold::none ? "" : " (any letter case)");
  }
  std::string operator()(const InNetwork& node) {
    std::vector<std::string> blocks;
    for (const Cidr& block : node.blocks) blocks.push_back(format_cidr(block));
    return of(node.address) + " in network " + joined(blocks, ", ");
  }
  std::string operator()(const Call& node) {
    std::vector<std::string> arguments;
    for (const Expr& argument : node.arguments) arguments.push_back(of(argument));
    return std::string(info(node.function).name) + "(" + joined(arguments, ", ") + ")";
  }

 private:
  static std::string text_of_glob(const Pattern& pattern) {
    std::string text;
    for (const Pattern::Piece& piece : pattern.pieces()) {
      if (piece.kind == Pattern::Piece::Kind::literal) text += piece.text;
      if (piece.kind == Pattern::Piece::Kind::any_run) text += '*';
      if (piece.kind == Pattern::Piece::Kind::any_one) text += '?';
    }
    return text;
  }
  /// One side of a comparison; a number that is compared with a date is one.
  std::string operand(const Expr& side, const Expr& other) {
    const auto* literal = side ? std::get_if<Literal>(&side->node) : nullptr;
    const bool is_date = other && other->type == LogicalType::date && literal != nullptr && literal->values.size() == 1;
    const auto* micros = is_date ? std::get_if<std::int64_t>(literal->values.data()) : nullptr;
    return micros == nullptr ? of(side) : format_rfc3339(Instant{*micros});
  }
  std::string lifted(const Expr& over, const Expr& body) {
    elements_.push_back(of(over));
    std::string text = of(body);
    elements_.pop_back();
    return text;
  }
  std::string nested(const Expr& operand) { return binds_less(operand) ? "(" + of(operand) + ")" : of(operand); }
  /// Whether the text of an expression is one of several parts, whatever stands around them without a word.
  static bool binds_less(const Expr& expression) {
    if (!expression) return false;
    if (const auto* test = std::get_if<IsTrue>(&expression->node)) return binds_less(test->operand);
    if (const auto* lifted = std::get_if<Exists>(&expression->node)) return binds_less(lifted->body);
    if (const auto* lifted = std::get_if<Each>(&expression->node)) return binds_less(lifted->body);
    if (const auto* single = std::get_if<Single>(&expression->node)) return binds_less(single->over);
    return std::holds_alternative<And>(expression->node) || std::holds_alternative<Or>(expression->node);
  }
  std::string operands(const std::vector<Expr>& all, std::string_view separator) {
    std::vector<std::string> parts;
    for (const Expr& operand : all) parts.push_back(nested(operand));
    return joined(parts, separator);
  }

  std::vector<std::string> elements_;  // of the lifts around, the innermost last
  int depth_ = 0;
};

}  // namespace

std::string describe(const Expr& expression) { return Describer().of(expression); }

std::string describe_briefly(const Expr& expression) {
  constexpr std::size_t kMost = 160;
  std::string text = describe(expression);
  if (text.size() <= kMost) return text;
  return std::string(utf8_prefix(text, text.rfind(' ', kMost))) + " ...";
}

std::string describe(const Values& values) {
  if (values.empty()) return "null";
  return values.size() == 1 ? text_of(values[0]) : "[" + list_of(values) + "]";
}

}  // namespace trailhound::plan
