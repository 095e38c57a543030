#include "public_rules/mutants.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>

namespace trailhound {
namespace {

using Mutate = std::vector<Mutant> (*)(const plan::Expr&);

/// Builds expressions around each mutant of their parts.
class Within {
 public:
  Within(const plan::Expr& whole, Mutate mutate, std::vector<Mutant>& mutants)
      : whole_(whole), mutate_(mutate), mutants_(mutants) {}

  void visit() {
    if (const auto* all = std::get_if<plan::And>(&whole_->node)) return operands(*all);
    if (const auto* any = std::get_if<plan::Or>(&whole_->node)) return operands(*any);
    if (std::holds_alternative<plan::IsTrue>(whole_->node)) return part(&plan::IsTrue::operand);
    if (std::holds_alternative<plan::Not>(whole_->node)) return part(&plan::Not::operand);
    if (std::holds_alternative<plan::Exists>(whole_->node)) return part(&plan::Exists::body);
    if (std::holds_alternative<plan::Each>(whole_->node)) return part(&plan::Each::body);
  }

 private:
  template <class Node>
  void part(plan::Expr Node::* member) {
    const Node& node = std::get<Node>(whole_->node);
    for (Mutant& mutant : mutate_(node.*member)) {
      Node other = node;
      other.*member = std::move(mutant.expression);
      mutants_.push_back({plan::make(std::move(other), whole_->type), std::move(mutant.without)});
    }
  }
  template <class Node>
  void operands(const Node& node) {
    for (std::size_t i = 0; i < node.operands.size(); ++i) {
      for (Mutant& mutant : mutate_(node.operands[i])) {
        Node other = node;
        other.operands[i] = std::move(mutant.expression);
        mutants_.push_back({plan::make(std::move(other), whole_->type), std::move(mutant.without)});
      }
    }
  }

  const plan::Expr& whole_;
  Mutate mutate_;
  std::vector<Mutant>& mutants_;
};

template <class Node>
void take_out_operands(const plan::Expr& whole, const Node& node, std::vector<Mutant>& mutants) {
  for (std::size_t i = 0; node.operands.size() > 1 && i < node.operands.size(); ++i) {
    Node shorter = node;
    shorter.operands.erase(shorter.operands.begin() + static_cast<std::ptrdiff_t>(i));
    mutants.push_back({plan::make(std::move(shorter), whole->type), plan::print(node.operands[i])});
  }
}

void take_out_values(const plan::Expr& whole, const plan::OneOf& node, std::vector<Mutant>& mutants) {
  for (std::size_t i = 0; node.values.size() > 1 && i < node.values.size(); ++i) {
    plan::OneOf shorter = node;
    shorter.values.erase(shorter.values.begin() + static_cast<std::ptrdiff_t>(i));
    mutants.push_back({plan::make(std::move(shorter), whole->type), to_text(node.values[i])});
  }
}

/// The literal number plus `more`; null for any other expression.
plan::Expr moved(const plan::Expr& expression, int more) {
  const auto* literal = std::get_if<plan::Literal>(&expression->node);
  if (literal == nullptr || literal->values.size() != 1) return nullptr;
  if (const auto* whole = std::get_if<std::int64_t>(&literal->values[0])) {
    return plan::literal(*whole + more, expression->type);
  }
  if (const auto* real = std::get_if<double>(&literal->values[0])) return plan::literal(*real + more, expression->type);
  return nullptr;
}

}  // namespace

std::vector<Mutant> mutants_of(const plan::Expr& expression) {
  std::vector<Mutant> mutants;
  if (!expression) return mutants;
  if (const auto* all = std::get_if<plan::And>(&expression->node)) take_out_operands(expression, *all, mutants);
  if (const auto* any = std::get_if<plan::Or>(&expression->node)) take_out_operands(expression, *any, mutants);
  if (const auto* list = std::get_if<plan::OneOf>(&expression->node)) take_out_values(expression, *list, mutants);
  Within(expression, mutants_of, mutants).visit();
  return mutants;
}

std::vector<Mutant> with_other_bounds(const plan::Expr& expression) {
  std::vector<Mutant> mutants;
  if (!expression) return mutants;
  if (const auto* compare = std::get_if<plan::Compare>(&expression->node)) {
    for (const int more : {-1, 1}) {
      plan::Expr bound = moved(compare->right, more);
      if (!bound) continue;
      plan::Compare other = *compare;
      other.right = std::move(bound);
      const plan::Expr changed = plan::make(std::move(other), expression->type);
      mutants.push_back({changed, "with " + plan::print(changed)});
    }
  }
  Within(expression, with_other_bounds, mutants).visit();
  return mutants;
}

namespace {

class OperatorMutants {
 public:
  explicit OperatorMutants(const plan::Plan& plan) : plan_(plan) {}

  std::vector<PlanMutant> take() && { return std::move(mutants_); }

  void operator()(const plan::NewTerms& op) {
    for (const int more : {-1, 1}) {
      plan::NewTerms other = op;
      other.history = Duration{op.history.micros + more * op.interval.micros};
      add(other, "a history longer by " + std::to_string(more) + " runs");
    }
    leave_out_key_parts();
  }
  void operator()(const plan::RunThreshold& op) {
    for (const int more : {-1, 1}) {
      plan::RunThreshold other = op;
      other.least += static_cast<std::uint64_t>(more);
      if (op.least > 1 || !op.distinct) add(other, "at least " + std::to_string(other.least));
      other = op;
      other.least_distinct += static_cast<std::uint64_t>(more);
      if (op.distinct) add(other, "at least " + std::to_string(other.least_distinct) + " distinct values");
      other = op;
      other.look_back = Duration{op.look_back.micros + more * op.interval.micros};
      add(other, "windows longer by " + std::to_string(more) + " runs");
    }
    leave_out_key_parts();
  }
  void operator()(const plan::Sequence& op) {
    for (const int more : {-1, 1}) {
      if (!op.max_span) break;
      plan::Sequence other = op;
      other.max_span = Duration{op.max_span->micros + more * Duration::seconds(1).micros};
      add(other, "a span longer by " + std::to_string(more) + " s");
    }
    leave_out_key_parts();
  }
  void operator()(const plan::RunAggregate& op) {
    for (auto* mutate : {&mutants_of, &with_other_bounds}) {
      for (Mutant& mutant : mutate(op.having)) {
        plan::RunAggregate other = op;
        other.having = std::move(mutant.expression);
        add(std::move(other), "rows " + std::string(mutate == &mutants_of ? "without " : "") + mutant.without);
      }
    }
  }
  template <class Op>
  void operator()(const Op&) {}

 private:
  void add(plan::Operator op, std::string change) {
    mutants_.push_back({plan_, std::move(change)});
    mutants_.back().plan.op = std::move(op);
  }
  void leave_out_key_parts() {
    for (std::size_t part = 0; part < plan_.queries[0].key.size(); ++part) {
      mutants_.push_back({plan_, "groups without " + plan_.queries[0].key[part].name});
      for (plan::Query& query : mutants_.back().plan.queries) {
        query.key.erase(query.key.begin() + static_cast<std::ptrdiff_t>(part));
      }
    }
  }

  const plan::Plan& plan_;
  std::vector<PlanMutant> mutants_;
};

}  // namespace

std::vector<PlanMutant> operator_mutants_of(const plan::Plan& plan) {
  OperatorMutants mutants(plan);
  std::visit(mutants, plan.op);
  return std::move(mutants).take();
}

}  // namespace trailhound
