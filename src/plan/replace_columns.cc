#include "plan/replace_columns.h"

#include <utility>

namespace trailhound::plan {
namespace {

/// Recurses as deep as the expression does, which the languages' parsers bound.
struct Replacer {
  const std::function<event::ColumnRef(const event::ColumnRef&)>& replacement;

  [[nodiscard]] Expr of(const Expr& expression) const {
    if (!expression) return nullptr;
    Expression copy = *expression;
    const bool changed = std::visit([this](auto& node) { return visit(node); }, copy.node);
    return changed ? std::make_shared<const Expression>(std::move(copy)) : expression;
  }

  bool replace(Expr& part) const {
    Expr made = of(part);
    const bool changed = made != part;
    part = std::move(made);
    return changed;
  }
  bool replace(std::vector<Expr>& parts) const {
    bool changed = false;
    for (Expr& part : parts) changed = replace(part) || changed;
    return changed;
  }

  bool visit(Column& node) const {
    node.column = replacement(node.column);
    return true;
  }
  bool visit(Literal&) const { return false; }
  bool visit(Slot&) const { return false; }
  bool visit(Variable&) const { return false; }
  bool visit(RunTime&) const { return false; }
  bool visit(Exists& node) const {
    const bool over = replace(node.over);
    return replace(node.body) || over;
  }
  bool visit(Single& node) const { return replace(node.over); }
  bool visit(Each& node) const {
    const bool over = replace(node.over);
    return replace(node.body) || over;
  }
  bool visit(Not& node) const { return replace(node.operand); }
  bool visit(And& node) const { return replace(node.operands); }
  bool visit(Or& node) const { return replace(node.operands); }
  bool visit(IsTrue& node) const { return replace(node.operand); }
  bool visit(Present& node) const { return replace(node.over); }
  bool visit(Compare& node) const {
    const bool left = replace(node.left);
    return replace(node.right) || left;
  }
  bool visit(OneOf& node) const { return replace(node.needle); }
  bool visit(Match& node) const { return replace(node.text); }
  bool visit(InNetwork& node) const { return replace(node.address); }
  bool visit(Call& node) const { return replace(node.arguments); }
};

}  // namespace

Expr replace_columns(const Expr& expression,
                     const std::function<event::ColumnRef(const event::ColumnRef&)>& replacement) {
  return Replacer{replacement}.of(expression);
}

}  // namespace trailhound::plan
