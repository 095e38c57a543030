#include "run/event_explanation.h"

#include "base/arena.h"
#include "engine/display_values.h"
#include "engine/evaluator.h"
#include "plan/describe.h"

namespace trailhound::run {
namespace {

constexpr int kMaxDepth = 200;

class Explainer {
 public:
  Explainer(const event::Record& record, std::vector<ConditionExplanation>& conditions)
      : context_{.record = &record, .arena = arena_}, conditions_(conditions) {}

  Truth add(const plan::Expr& expression, int depth) {
    const plan::Expr& inner = without_is_true(expression);
    const Truth truth = engine::truth(inner, context_);
    const std::vector<plan::Expr>* operands = nullptr;
    std::string text;
    if (const auto* all = std::get_if<plan::And>(&inner->node)) {
      operands = &all->operands;
      text = "all of";
    } else if (const auto* any = std::get_if<plan::Or>(&inner->node)) {
      operands = &any->operands;
      text = "any of";
    }
    if (operands == nullptr || depth >= kMaxDepth) {
      conditions_.push_back({depth, plan::describe(inner), inner->at, truth, true, read_by(inner)});
      return truth;
    }
    conditions_.push_back({depth, std::move(text), inner->at, truth, false, {}});
    for (const plan::Expr& operand : *operands) add(operand, depth + 1);
    return truth;
  }

  Values value_of(const plan::Expr& expression) { return engine::to_values(engine::evaluate(expression, context_)); }

 private:
  static const plan::Expr& without_is_true(const plan::Expr& expression) {
    const plan::Expr* inner = &expression;
    while (const auto* test = std::get_if<plan::IsTrue>(&(*inner)->node)) inner = &test->operand;
    return *inner;
  }

  std::vector<std::pair<std::string, std::string>> read_by(const plan::Expr& leaf) {
    std::vector<event::ColumnRef> columns;
    plan::collect_columns(leaf, columns);
    std::vector<std::pair<std::string, std::string>> read;
    for (const event::ColumnRef& column : columns) {
      if (!column->of_address) read.emplace_back(column->name, text_of(*column));
    }
    return read;
  }

  std::string text_of(const event::Column& column) {
    const Cell cell = column.read(*context_.record, context_.arena);
    switch (cell.state()) {
      case Cell::State::absent:
        return "absent";
      case Cell::State::null:
        return "null";
      case Cell::State::empty:
        return "an empty list";
      case Cell::State::object:
        return "an object";
      case Cell::State::values:
        break;
    }
    return plan::describe(engine::display_values(engine::to_values(cell), column.type));
  }

  Arena arena_;
  engine::EvaluationContext context_;
  std::vector<ConditionExplanation>& conditions_;
};

}  // namespace

std::vector<QueryExplanation> explain_event(const rule::Rule& rule, const event::Record& record) {
  std::vector<QueryExplanation> queries;
  for (const plan::Query& query : rule.plan.queries) {
    QueryExplanation explained;
    explained.name = query.name;
    Explainer explainer(record, explained.conditions);
    explained.matches = !query.filter || explainer.add(query.filter, 0) == Truth::yes;
    for (const plan::NamedExpr& part : query.key) {
      const Values values = explainer.value_of(part.expression);
      explained.key.emplace_back(part.name,
                                 plan::describe(engine::display_values(values, engine::type_of(part.expression))));
      if (values.empty() && query.missing == plan::MissingKey::drop) explained.has_group = false;
    }
    queries.push_back(std::move(explained));
  }
  return queries;
}

namespace {

/// Names of a query's arguments: "@awsRegion, @eventName".
std::string names_of(const plan::Query& query, const std::vector<std::uint32_t>& arguments) {
  std::string names;
  for (const std::uint32_t argument : arguments) {
    names += (names.empty() ? "" : ", ") + query.arguments.at(argument).name;
  }
  return names;
}

/// What a measure is of: "hits", "distinct @awsRegion"; of which query, where there are several.
std::string describe_measure(const plan::Plan& plan, std::size_t at, const plan::TrailingCondition::Measure& measure) {
  using Aggregation = plan::TrailingCondition::Aggregation;
  const plan::Query& query = plan.queries.at(at);
  const std::string of_query = plan.queries.size() > 1 && !query.name.empty() ? " of " + query.name : "";
  const std::string names = names_of(query, measure.arguments);
  switch (measure.aggregation) {
    case Aggregation::count:
      return "hits" + of_query;
    case Aggregation::cardinality:
      return "distinct " + names + of_query;
    case Aggregation::sum:
      return "sum of " + names + of_query;
    case Aggregation::max:
      return "maximum of " + names + of_query;
  }
  return {};
}

struct OperatorDescriber {
  const plan::Plan& plan;

  std::string operator()(const plan::EachHit&) const { return {}; }
  std::string operator()(const plan::TrailingCondition& trailing) const {
    std::vector<std::string> measures;
    for (std::size_t i = 0; i < trailing.measures.size(); ++i) {
      measures.push_back(describe_measure(plan, i, trailing.measures[i]));
    }
    std::string cases;
    for (const auto& one : trailing.cases) {
      cases += (cases.empty() ? "" : ", or ") + (one.condition ? plan::print(one.condition, measures) : "a hit") +
               " (" + std::string(plan::name_of(one.severity)) + ")";
    }
    return cases + " in one group within " + format_duration(trailing.window);
  }
  std::string operator()(const plan::Baseline& baseline) const {
    return "more hits of one group than its own history lets expect, after " + format_duration(baseline.learning) +
           " of learning";
  }
  std::string operator()(const plan::NewValue& values) const {
    return "a value that its group has not had for " + format_duration(values.forget_after) +
           (values.learning.micros > 0 ? ", after " + format_duration(values.learning) + " of learning" : "");
  }
  std::string operator()(const plan::RunAggregate& run) const {
    const std::string window = "over " + format_duration(run.look_back) + ", each " + format_duration(run.interval);
    return run.having ? plan::describe(run.having) + " in a row of the aggregation " + window
                      : "a row of the aggregation " + window;
  }
  std::string operator()(const plan::RunTable& run) const {
    return "a row of the table over " + format_duration(run.look_back) + ", each " + format_duration(run.interval);
  }
  std::string operator()(const plan::RunThreshold& run) const {
    std::string text =
        run.least > 1 ? "at least " + std::to_string(run.least) + " hits of one group" : "hits of one group";
    if (run.distinct) {
      text += " with at least " + std::to_string(run.least_distinct) + " distinct " +
              names_of(plan.queries.at(0), {*run.distinct});
    }
    return text + " within " + format_duration(run.look_back) + ", each " + format_duration(run.interval);
  }
  std::string operator()(const plan::NewTerms& terms) const {
    return "no hit of the same group in the " + format_duration(terms.history) + " before";
  }
  std::string operator()(const plan::Sequence& sequence) const {
    std::string text = std::to_string(sequence.stages.size()) + (sequence.ordered ? " stages in order" : " stages");
    if (sequence.max_span) text += " within " + format_duration(*sequence.max_span);
    return text;
  }
  std::string operator()(const plan::AnomalyJob& job) const {
    return "a bucket of " + format_duration(job.bucket) + " that is unusual for its partition";
  }
  template <class Other>
  std::string operator()(const Other&) const {
    return "the rows that its commands leave of a run's hits";
  }
};

}  // namespace

std::string describe_operator(const plan::Plan& plan) { return std::visit(OperatorDescriber{plan}, plan.op); }

}  // namespace trailhound::run
