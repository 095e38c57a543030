#include "lang/esql/source_texts.h"

#include <algorithm>
#include <variant>

namespace trailhound::esql {
namespace {

bool computes(Operation operation) {
  return operation != Operation::constant && operation != Operation::span && operation != Operation::attribute &&
         operation != Operation::column;
}

/// Operands first, so that the innermost of those that begin at one place is kept. As deep as the parser allows.
void add(const BoundPtr& expression, SourceTexts& texts) {
  if (!expression) return;
  for (const BoundPtr& operand : expression->operands) add(operand, texts);
  const bool choice =
      expression->operation == Operation::call && expression->function->kind == FunctionKind::conditional;
  if (computes(expression->operation)) texts.add(expression->at, {expression->source, choice});
}

struct Visitor {
  SourceTexts& texts;

  void operator()(const BoundFilter& filter) const { add(filter.condition, texts); }
  void operator()(const BoundEval& eval) const { add_all(eval.assignments); }
  void operator()(const BoundRow& row) const { add_all(row.assignments); }
  void operator()(const BoundStats& stats) const {
    for (const auto& aggregate : stats.aggregates) {
      add(aggregate.value, texts);
      add(aggregate.filter, texts);
    }
    for (const auto& key : stats.keys) add(key.value, texts);
  }
  void operator()(const BoundSort& sort) const {
    for (const auto& item : sort.items) add(item.key, texts);
  }
  void operator()(const BoundLimit& limit) const {
    for (const BoundPtr& key : limit.keys) add(key, texts);
  }
  void operator()(const BoundExtract& extract) const { add(extract.input, texts); }
  void operator()(const BoundJoin& join) const {
    for (const BoundPtr& key : join.keys) add(key, texts);
    add(join.condition, texts);
  }
  void operator()(const BoundExpand&) const {}
  void operator()(const BoundDedup&) const {}
  void operator()(const BoundTable&) const {}
  void operator()(const BoundSample&) const {}
  void operator()(const BoundOther&) const {}

  void add_all(const std::vector<BoundEval::Assignment>& assignments) const {
    for (const auto& assignment : assignments) add(assignment.value, texts);
  }
};

}  // namespace

const SourceText* SourceTexts::find(LineColumn at, std::uint32_t length) const {
  const auto [begin, end] = texts_.equal_range({at.line, at.column});
  if (begin == end) return nullptr;
  const auto exact = std::find_if(begin, end, [&](const auto& entry) { return entry.second.text.size() == length; });
  return exact == end ? &begin->second : &exact->second;
}

SourceTexts source_texts(const BoundQuery& query) {
  SourceTexts texts;
  for (const BoundStep& step : query.steps) {
    // A LOOKUP JOIN warns of keys with several values as a whole.
    if (std::holds_alternative<BoundJoin>(step.node)) texts.add(step.at, {step.source, false});
    std::visit(Visitor{texts}, step.node);
  }
  return texts;
}

}  // namespace trailhound::esql
