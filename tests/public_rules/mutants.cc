#include "public_rules/mutants.h"

#include <cstddef>
#include <functional>
#include <utility>

namespace trailhound {
namespace {

/// Mutants of the whole from those of a part: `put` builds the whole around a mutated part.
template <class Node>
void mutate_part(const plan::Expr& whole, const plan::Expr& part, const std::function<void(Node&, plan::Expr)>& put,
                 std::vector<Mutant>& mutants) {
  for (Mutant& mutant : mutants_of(part)) {
    Node node = std::get<Node>(whole->node);
    put(node, std::move(mutant.expression));
    mutants.push_back({plan::make(std::move(node), whole->type), std::move(mutant.without)});
  }
}

/// Operands taken out one by one, and mutated one by one.
template <class Node>
void mutate_operands(const plan::Expr& whole, const Node& node, std::vector<Mutant>& mutants) {
  for (std::size_t i = 0; i < node.operands.size(); ++i) {
    mutate_part<Node>(whole, node.operands[i], [i](Node& n, plan::Expr e) { n.operands[i] = std::move(e); }, mutants);
    if (node.operands.size() < 2) continue;
    Node shorter = node;
    shorter.operands.erase(shorter.operands.begin() + static_cast<std::ptrdiff_t>(i));
    mutants.push_back({plan::make(std::move(shorter), whole->type), plan::print(node.operands[i])});
  }
}

void mutate_values(const plan::Expr& whole, const plan::OneOf& node, std::vector<Mutant>& mutants) {
  if (node.values.size() < 2) return;
  for (std::size_t i = 0; i < node.values.size(); ++i) {
    plan::OneOf shorter = node;
    shorter.values.erase(shorter.values.begin() + static_cast<std::ptrdiff_t>(i));
    mutants.push_back({plan::make(std::move(shorter), whole->type), to_text(node.values[i])});
  }
}

}  // namespace

std::vector<Mutant> mutants_of(const plan::Expr& expression) {
  std::vector<Mutant> mutants;
  if (!expression) return mutants;
  if (const auto* all = std::get_if<plan::And>(&expression->node)) {
    mutate_operands(expression, *all, mutants);
  } else if (const auto* any = std::get_if<plan::Or>(&expression->node)) {
    mutate_operands(expression, *any, mutants);
  } else if (const auto* list = std::get_if<plan::OneOf>(&expression->node)) {
    mutate_values(expression, *list, mutants);
  } else if (const auto* whole = std::get_if<plan::IsTrue>(&expression->node)) {
    using Node = plan::IsTrue;
    mutate_part<Node>(expression, whole->operand, [](Node& n, plan::Expr e) { n.operand = std::move(e); }, mutants);
  } else if (const auto* negation = std::get_if<plan::Not>(&expression->node)) {
    using Node = plan::Not;
    mutate_part<Node>(expression, negation->operand, [](Node& n, plan::Expr e) { n.operand = std::move(e); }, mutants);
  } else if (const auto* exists = std::get_if<plan::Exists>(&expression->node)) {
    using Node = plan::Exists;
    mutate_part<Node>(expression, exists->body, [](Node& n, plan::Expr e) { n.body = std::move(e); }, mutants);
  } else if (const auto* each = std::get_if<plan::Each>(&expression->node)) {
    using Node = plan::Each;
    mutate_part<Node>(expression, each->body, [](Node& n, plan::Expr e) { n.body = std::move(e); }, mutants);
  }
  return mutants;
}

}  // namespace trailhound
