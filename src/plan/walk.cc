// Structural equality and hashes of expressions, and the columns they read.

#include <algorithm>

#include "base/hash.h"
#include "plan/expression.h"

namespace trailhound::plan {

namespace {

bool equal_lists(const std::vector<Expr>& a, const std::vector<Expr>& b) {
  return std::ranges::equal(a, b, [](const Expr& x, const Expr& y) { return equal(x, y); });
}
bool equal_values(const Values& a, const Values& b) {
  return std::ranges::equal(a, b, [](const Value& x, const Value& y) { return compare_values(x, y) == 0; });
}

bool same(const event::ColumnRef& a, const event::ColumnRef& b) {
  return a == b || (a && b && a->view == b->view && a->name == b->name && a->type == b->type);
}

bool equal_nodes(const Literal& a, const Literal& b) { return equal_values(a.values, b.values); }
bool equal_nodes(const Column& a, const Column& b) { return same(a.column, b.column); }
bool equal_nodes(const Slot& a, const Slot& b) { return a.index == b.index && a.name == b.name; }
bool equal_nodes(const Variable& a, const Variable& b) { return a.depth == b.depth; }
bool equal_nodes(const RunTime&, const RunTime&) { return true; }
bool equal_nodes(const Exists& a, const Exists& b) { return equal(a.over, b.over) && equal(a.body, b.body); }
bool equal_nodes(const Single& a, const Single& b) { return equal(a.over, b.over); }
bool equal_nodes(const Each& a, const Each& b) { return equal(a.over, b.over) && equal(a.body, b.body); }
bool equal_nodes(const Not& a, const Not& b) { return equal(a.operand, b.operand); }
bool equal_nodes(const And& a, const And& b) { return equal_lists(a.operands, b.operands); }
bool equal_nodes(const Or& a, const Or& b) { return equal_lists(a.operands, b.operands); }
bool equal_nodes(const IsTrue& a, const IsTrue& b) { return equal(a.operand, b.operand); }
bool equal_nodes(const Present& a, const Present& b) { return a.need == b.need && equal(a.over, b.over); }
bool equal_nodes(const Compare& a, const Compare& b) {
  return a.op == b.op && a.domain == b.domain && equal(a.left, b.left) && equal(a.right, b.right);
}
bool equal_nodes(const OneOf& a, const OneOf& b) {
  return a.domain == b.domain && a.has_null == b.has_null && equal_values(a.values, b.values) &&
         equal(a.needle, b.needle);
}
bool equal_nodes(const Match& a, const Match& b) { return a.pattern == b.pattern && equal(a.text, b.text); }
bool equal_nodes(const InNetwork& a, const InNetwork& b) { return a.blocks == b.blocks && equal(a.address, b.address); }
bool equal_nodes(const Call& a, const Call& b) {
  return a.function == b.function && equal_lists(a.arguments, b.arguments);
}

/// Of what distinguishes most expressions: names of columns and texts. Numbers are left out, as equal ones differ in
/// kind.
struct Hasher {
  std::uint64_t hash = 0;

  void add(std::uint64_t number) { hash = (hash ^ number) * 0x9E3779B97F4A7C15u, hash ^= hash >> 32; }
  void add(std::string_view text) { hash = hash64(text, hash); }
  void add(const Values& values) {
    add(values.size());
    for (const Value& value : values) {
      if (const auto* text = std::get_if<std::string>(&value)) add(*text);
    }
  }
  void visit(const Expr& expression) {
    if (!expression) return add(0);
    add(expression->node.index());
    std::visit(*this, expression->node);
  }
  void visit(const std::vector<Expr>& list) {
    add(list.size());
    for (const Expr& expression : list) visit(expression);
  }

  void operator()(const Literal& node) { add(node.values); }
  void operator()(const Column& node) { add(node.column ? std::string_view(node.column->name) : std::string_view()); }
  void operator()(const Slot& node) { add(node.index); }
  void operator()(const Variable& node) { add(static_cast<std::uint64_t>(node.depth)); }
  void operator()(const RunTime&) {}
  void operator()(const Exists& node) {
    visit(node.over);
    visit(node.body);
  }
  void operator()(const Single& node) { visit(node.over); }
  void operator()(const Each& node) {
    visit(node.over);
    visit(node.body);
  }
  void operator()(const Not& node) { visit(node.operand); }
  void operator()(const And& node) { visit(node.operands); }
  void operator()(const Or& node) { visit(node.operands); }
  void operator()(const IsTrue& node) { visit(node.operand); }
  void operator()(const Present& node) { visit(node.over); }
  void operator()(const Compare& node) {
    add(static_cast<std::uint64_t>(node.op));
    visit(node.left);
    visit(node.right);
  }
  void operator()(const OneOf& node) {
    visit(node.needle);
    add(node.values);
  }
  void operator()(const Match& node) {
    visit(node.text);
    for (const Pattern::Piece& piece : node.pattern.pieces()) add(piece.text);
    add(node.pattern.regular_text());
  }
  void operator()(const InNetwork& node) {
    visit(node.address);
    add(node.blocks.size());
  }
  void operator()(const Call& node) {
    add(static_cast<std::uint64_t>(node.function));
    visit(node.arguments);
  }
};

struct ColumnCollector {
  std::vector<event::ColumnRef>& columns;

  void visit(const Expr& expression) const { std::visit(*this, expression->node); }
  void visit(const std::vector<Expr>& list) const {
    for (const Expr& expression : list) visit(expression);
  }

  void operator()(const Column& node) const {
    const auto known = [&node](const event::ColumnRef& other) { return same(other, node.column); };
    if (std::ranges::none_of(columns, known)) columns.push_back(node.column);
  }
  void operator()(const Literal&) const {}
  void operator()(const Slot&) const {}
  void operator()(const Variable&) const {}
  void operator()(const RunTime&) const {}
  void operator()(const Exists& node) const {
    visit(node.over);
    visit(node.body);
  }
  void operator()(const Single& node) const { visit(node.over); }
  void operator()(const Each& node) const {
    visit(node.over);
    visit(node.body);
  }
  void operator()(const Not& node) const { visit(node.operand); }
  void operator()(const And& node) const { visit(node.operands); }
  void operator()(const Or& node) const { visit(node.operands); }
  void operator()(const IsTrue& node) const { visit(node.operand); }
  void operator()(const Present& node) const { visit(node.over); }
  void operator()(const Compare& node) const {
    visit(node.left);
    visit(node.right);
  }
  void operator()(const OneOf& node) const { visit(node.needle); }
  void operator()(const Match& node) const { visit(node.text); }
  void operator()(const InNetwork& node) const { visit(node.address); }
  void operator()(const Call& node) const { visit(node.arguments); }
};

}  // namespace

bool equal(const Expr& a, const Expr& b) {
  if (a == b) return true;
  if (!a || !b || a->type != b->type || a->node.index() != b->node.index()) return false;
  return std::visit(
      [&b](const auto& left) { return equal_nodes(left, std::get<std::decay_t<decltype(left)>>(b->node)); }, a->node);
}

std::uint64_t hash_of(const Expr& expression) {
  Hasher hasher;
  hasher.visit(expression);
  return hasher.hash;
}

void collect_columns(const Expr& expression, std::vector<event::ColumnRef>& columns) {
  ColumnCollector{columns}.visit(expression);
}

}  // namespace trailhound::plan
