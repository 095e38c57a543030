#include "lang/esql/lowering.h"

#include <algorithm>
#include <utility>

#include "base/overloaded.h"
#include "lang/esql/codes.h"
#include "lang/esql/lowering_state.h"
#include "lang/esql/table_lowering.h"

namespace trailhound::esql {
namespace {

std::optional<plan::RunAggregate::Aggregation> aggregation_named(std::string_view name, bool with_argument) {
  using Aggregation = plan::RunAggregate::Aggregation;
  if (name == "count") return with_argument ? Aggregation::count : Aggregation::count_rows;
  if (name == "count_distinct") return Aggregation::count_distinct;
  if (name == "values") return Aggregation::values;
  if (name == "min") return Aggregation::min;
  if (name == "max") return Aggregation::max;
  if (name == "sum") return Aggregation::sum;
  if (name == "avg") return Aggregation::average;
  return std::nullopt;
}

}  // namespace

std::optional<plan::Plan> lower(const BoundQuery& query, const LoweringOptions& options, Reporter& reporter) {
  if (needs_run_table(query, options)) return lower_run_table(query, options, reporter);
  return Lowering(query, options, reporter).run();
}

/// Attributes of the source as expressions over events.
void Lowering::define_sources() {
  for (const auto& source : query_.sources) {
    Values constant;
    if (!is_null(source.constant)) constant.push_back(source.constant);
    const auto type = std::holds_alternative<std::string>(source.constant) ? LogicalType::keyword
                      : constant.empty()                                   ? LogicalType::null
                                                                           : LogicalType::long_integer;
    auto expression = source.computed ? source.computed
                      : source.column ? plan::column(source.column)
                                      : plan::make(plan::Literal{std::move(constant)}, type);
    events_[source.id] = {std::move(expression), 1};
  }
}

std::optional<plan::Plan> Lowering::run() {
  const std::size_t errors = reporter_.errors();
  define_sources();
  for (const auto& step : query_.steps) lower_step(step);
  if (reporter_.errors() > errors) return std::nullopt;
  plan::Plan plan = aggregates_ ? finish_rows() : finish_events();
  if (reporter_.errors() > errors) return std::nullopt;
  return plan;
}

void Lowering::lower_step(const BoundStep& step) {
  if (limited_ && !std::holds_alternative<BoundSort>(step.node) && !std::holds_alternative<BoundEval>(step.node)) {
    reporter_.error(codes::kNotSupported, step.at, step.name + " behind LIMIT is not supported yet");
    return;
  }
  std::visit(
      Overloaded{
          [&](const BoundFilter& node) { lower_filter(node); }, [&](const BoundEval& node) { lower_eval(node); },
          [&](const BoundStats& node) { lower_stats(node, step); },
          [&](const BoundSort&) {
            reporter_.warning(codes::kWithoutEffect, step.at,
                              "SORT has no effect in a rule: signals come in order of time");
          },
          [&](const BoundLimit& node) { lower_limit(node, step); },
          [&](const BoundExtract& node) { lower_extract(node); },
          [&](const auto&) { reporter_.error(codes::kNotSupported, step.at, step.name + " is not supported yet"); }},
      step.node);
}

void Lowering::lower_filter(const BoundFilter& filter) {
  if (stage_ == Stage::events && filter.condition->operation == Operation::logical_and) {
    for (const auto& operand : filter.condition->operands) lower_filter({operand});
    return;
  }
  if (stage_ == Stage::events && holds_in_window(*filter.condition, query_, options_)) return;
  auto condition = predicate(*filter.condition);
  if (!condition) return;
  (stage_ == Stage::events ? conditions_ : having_).push_back(std::move(condition));
}

void Lowering::lower_eval(const BoundEval& eval) {
  for (const auto& assignment : eval.assignments) {
    const std::size_t before = built_;
    auto expression = cell(*assignment.value);
    auto& definitions = stage_ == Stage::events ? events_ : rows_;
    definitions[assignment.target.id] = {std::move(expression), built_ - before + 1};
  }
}

/// Each column is a call of its own over the same text.
void Lowering::lower_extract(const BoundExtract& extract) {
  const std::size_t before = built_;
  const auto text = cell(*extract.input);
  auto& definitions = stage_ == Stage::events ? events_ : rows_;
  const bool grok = extract.extraction.language == plan::Extraction::Language::grok;
  for (std::size_t i = 0; i < extract.targets.size(); ++i) {
    const auto& target = extract.targets[i];
    if (!text) {
      definitions[target.id] = {nullptr, 1};
      continue;
    }
    const auto column = plan::literal(extract.extraction.outputs[i].name, LogicalType::keyword);
    const auto& extraction = extract.extraction;
    std::vector<plan::Expr> arguments;
    if (grok) {
      const Values patterns(extraction.patterns.begin(), extraction.patterns.end());
      arguments = {plan::make(plan::Literal{patterns}, LogicalType::keyword), column, text};
    } else {
      arguments = {plan::literal(extraction.patterns.front(), LogicalType::keyword),
                   plan::literal(extraction.append_separator, LogicalType::keyword), column, text};
    }
    const auto function = grok ? plan::Function::grok : plan::Function::dissect;
    definitions[target.id] = {make(plan::Call{function, std::move(arguments)}, target.type, *extract.input),
                              built_ - before + 1};
  }
}

void Lowering::lower_limit(const BoundLimit& limit, const BoundStep& step) {
  if (!limit.keys.empty() || limit.count == 0) {
    reporter_.error(
        codes::kNotSupported, step.at,
        !limit.keys.empty() ? "LIMIT ... BY is not supported yet" : "LIMIT 0 keeps nothing: the rule cannot fire");
    return;
  }
  limited_ = true;
  reporter_.warning(codes::kWithoutEffect, step.at, "LIMIT is not applied: every row of a run is a signal",
                    "in Elastic at most " + std::to_string(limit.count) + " rows of each run become alerts");
}

// ---- STATS ----------------------------------------------------------------------------------------------------------

void Lowering::lower_stats(const BoundStats& stats, const BoundStep& step) {
  if (stats.keeps_rows || aggregates_) {
    reporter_.error(codes::kNotSupported, step.at,
                    stats.keeps_rows ? "INLINE STATS is not supported yet" : "a second STATS is not supported yet");
    return;
  }
  aggregates_ = true;
  if (stats.keys.empty()) {
    reporter_.warning(codes::kEmptyRun, step.at,
                      "STATS without BY: a run without any event gives no row here, where Elastic gives one");
  }
  for (const auto& key : stats.keys) {
    const std::size_t before = built_;
    auto expression = cell(*key.value);
    events_[key.target.id] = {expression, built_ - before + 1};
    plan_query_.key.push_back({key.target.name, std::move(expression)});
  }
  for (const auto& aggregate : stats.aggregates) {
    std::optional<std::uint32_t> filter;
    if (aggregate.filter) {
      auto condition = predicate(*aggregate.filter);
      if (!condition) continue;
      filter = argument_index(make(plan::IsTrue{std::move(condition)}, *aggregate.filter), aggregate.filter->source);
    }
    register_measures(*aggregate.value, aggregate.target.name, filter, true);
  }
  stage_ = Stage::rows;
  const auto slot_of_key = [&](std::size_t i) { return static_cast<std::uint32_t>(aggregate_.measures.size() + i); };
  for (std::size_t i = 0; i < stats.keys.size(); ++i) {
    const auto& target = stats.keys[i].target;
    rows_[target.id] = {plan::make(plan::Slot{slot_of_key(i), target.name}, target.type), 1};
  }
  for (const auto& aggregate : stats.aggregates) {
    const std::size_t before = built_;
    auto expression = cell(*aggregate.value);
    rows_[aggregate.target.id] = {std::move(expression), built_ - before + 1};
  }
  find_bucket();
}

/// Every aggregate call below `value` becomes a measure. `whole`: the call is the column itself and lends its name.
void Lowering::register_measures(const Bound& value, const std::string& name, std::optional<std::uint32_t> filter,
                                 bool whole) {
  if (value.is_aggregate_call()) {
    register_measure(value, whole ? name : value.source, filter);
    return;
  }
  for (const auto& operand : value.operands) register_measures(*operand, name, filter, false);
}

void Lowering::register_measure(const Bound& call, const std::string& name, std::optional<std::uint32_t> filter) {
  const auto aggregation = aggregation_named(call.function->name, !call.operands.empty());
  if (!aggregation) {
    (void)refuse(call, "aggregate function [" + std::string(call.function->name) + "]");
    return;
  }
  plan::RunAggregate::Measure measure;
  measure.name = name;
  measure.aggregation = *aggregation;
  measure.filter = filter;
  measure.type = call.type;
  if (!call.operands.empty()) {
    const Bound& operand = *call.operands.front();
    if (operand.type == LogicalType::version || operand.type == LogicalType::unsigned_long) {
      (void)refuse(call, "an aggregate over " + std::string(name_of(operand.type)));
      return;
    }
    auto argument = cell(operand);
    if (!argument) return;
    measure.argument = argument_index(std::move(argument), operand.source);
  }
  const auto same = [&measure](const plan::RunAggregate::Measure& other) {
    return other.aggregation == measure.aggregation && other.argument == measure.argument &&
           other.filter == measure.filter;
  };
  const auto found = std::ranges::find_if(aggregate_.measures, same);
  measure_of_[&call] = static_cast<std::uint32_t>(found - aggregate_.measures.begin());
  if (found == aggregate_.measures.end()) aggregate_.measures.push_back(std::move(measure));
}

std::uint32_t Lowering::argument_index(plan::Expr expression, const std::string& name) {
  auto& arguments = plan_query_.arguments;
  const auto found = std::ranges::find_if(arguments, [&expression](const plan::NamedExpr& argument) {
    return plan::equal(argument.expression, expression);
  });
  const auto index = static_cast<std::uint32_t>(found - arguments.begin());
  if (found == arguments.end()) arguments.push_back({name, std::move(expression)});
  return index;
}

/// The key part, if any, that is a fixed span of the event time.
void Lowering::find_bucket() {
  for (std::size_t i = 0; i < plan_query_.key.size(); ++i) {
    const auto& expression = plan_query_.key[i].expression;
    if (!expression) continue;
    const auto* call = std::get_if<plan::Call>(&expression->node);
    if (!call || call->function != plan::Function::date_trunc) continue;
    const auto* span = std::get_if<plan::Literal>(&call->arguments[0]->node);
    const auto* time = std::get_if<plan::Column>(&call->arguments[1]->node);
    if (!span || span->values.size() != 1 || !time || time->column->name != "@timestamp") continue;
    aggregate_.bucket_key = static_cast<std::uint32_t>(i);
    aggregate_.bucket = {std::get<std::int64_t>(span->values.front())};
    return;
  }
}

// ---- the plan -------------------------------------------------------------------------------------------------------

plan::Expr Lowering::filter_of(std::vector<plan::Expr> conditions) const {
  return plan::make(plan::IsTrue{plan::all_of(std::move(conditions))}, LogicalType::boolean);
}

plan::Plan Lowering::finish_rows() {
  plan_query_.name = "rows";
  plan_query_.filter = filter_of(std::move(conditions_));
  plan_query_.missing = plan::MissingKey::null_group;
  if (!having_.empty()) aggregate_.having = filter_of(std::move(having_));
  for (const auto& column : query_.columns) {
    const auto found = rows_.find(column.id);
    if (found != rows_.end()) aggregate_.outputs.push_back({column.name, found->second.expression});
  }
  aggregate_.look_back = options_.look_back;
  aggregate_.interval = options_.interval;
  plan::Plan plan;
  plan.queries.push_back(std::move(plan_query_));
  plan.op = std::move(aggregate_);
  return plan;
}

plan::Plan Lowering::finish_events() {
  plan_query_.name = "rows";
  plan_query_.filter = filter_of(std::move(conditions_));
  plan_query_.missing = plan::MissingKey::drop;
  std::set<AttributeId> sources;
  for (const auto& source : query_.sources) sources.insert(source.id);
  const bool all = query_.columns.size() <= options_.max_outputs;
  for (const auto& column : query_.columns) {
    const bool named = !sources.contains(column.id) || used_sources_.contains(column.id);
    if (column.type == LogicalType::unsupported || (!all && !named)) continue;
    const auto found = events_.find(column.id);
    if (found != events_.end()) plan_query_.arguments.push_back({column.name, found->second.expression});
  }
  if (!all) {
    reporter_.warning(codes::kWithoutEffect, {1, 1},
                      "the query keeps " + std::to_string(query_.columns.size()) +
                          " columns: signals show those that it names or computes",
                      "end the query with KEEP");
  }
  plan::Plan plan;
  plan.queries.push_back(std::move(plan_query_));
  plan.op = plan::EachHit{};
  return plan;
}

}  // namespace trailhound::esql
