// The text form of plans, on top of that of expressions.
//
//   (plan QUERY... OPERATOR (episode ...))
//
//   QUERY      (query "a" (filter E) (key ("name" E)...) (missing drop) (arguments ("name" E)...))
//   OPERATOR   (each_hit)
//            | (trailing (window 15m) MEASURE... CASE...)
//            | (baseline MEASURE (bucket 1h) (learning 24h) (window 24h) (percentile 0.995) (tolerance 5.0)
//                        (learning_bound 3.0)? CASE)
//            | (run_aggregate RUNMEASURE... (bucket_key 1)? (bucket 5m) (look_back 6m) (interval 5m) (having E)?
//                        (outputs ("name" E)...))
//            | (run_threshold (least 10) (distinct 0 20)? (look_back 6m) (interval 5m))
//            | (new_terms (history 7d) (look_back 6m) (interval 5m))
//            | (sequence STAGE... (until 2)? (max_span 5m)?)  or (sample STAGE...)
//            | (new_value (learning 7d) (learns_first)? (forget_after 28d) CASE)
//            | (anomaly_job rare 0 (bucket 1h) (threshold 50.0))
//   STAGE      (stage 0)  (missing 1)                         numbers are queries
//   MEASURE    (measure cardinality 0 1)                      numbers are arguments of the query
//   CASE       (case "name" high CONDITION?)
//   RUNMEASURE (measure "name" count_distinct 2 (where 3)?)   with ::type unless it is any
//   CONDITION  (> TERM TERM) ...  (and C...)  (or C...)  (then C C)
//   TERM       q0  (* 2.0 q0)  3.0
//   episode    (episode (project 0 1)? (keep_alive 1h) (max_duration 24h) SUPPRESSION?)
//              (key_parts ...) if not projected
//   SUPPRESSION  (suppress key 0 1 (duration 1h)? (interval 5m) (missing_alone)?)
//
// Durations are exact: 90m, 15m, 0s, 250ms, 7us. Lists and parts that are empty or absent are not written.

#include "base/number_text.h"
#include "plan/expression_form.h"
#include "plan/pipeline_form.h"
#include "plan/plan.h"
#include "plan/plan_form.h"

namespace trailhound::plan {

namespace {

constexpr std::size_t kWidth = 110;

Form duration(Duration d) {
  if (d.micros == 0) return atom("0s");
  for (const DurationUnit& unit : kDurationUnits) {
    if (d.micros % unit.micros == 0) return atom(std::to_string(d.micros / unit.micros).append(unit.name));
  }
  return {};
}

Form real_form(double d) { return atom(real_text_kept_real(d)); }

std::vector<Form> numbers(const std::vector<std::uint32_t>& list) {
  std::vector<Form> forms;
  for (const std::uint32_t n : list) forms.push_back(number_form(n));
  return forms;
}

void add_named(std::vector<Form>& parts, std::string_view head, const std::vector<NamedExpr>& expressions) {
  if (expressions.empty()) return;
  Form part = list(head);
  for (const NamedExpr& named : expressions) {
    Form pair;
    pair.kind = Form::Kind::list;
    pair.items = {string_form(named.name), to_form(named.expression)};
    part.items.push_back(std::move(pair));
  }
  parts.push_back(std::move(part));
}

Form form_of(const Query& query) {
  std::vector<Form> parts{string_form(query.name)};
  if (query.filter) parts.push_back(list("filter", {to_form(query.filter)}));
  add_named(parts, "key", query.key);
  parts.push_back(list("missing", {atom(kMissingNames[static_cast<std::size_t>(query.missing)])}));
  add_named(parts, "arguments", query.arguments);
  return list("query", std::move(parts));
}

Form form_of(const LinearTerm& term) {
  if (term.query < 0) return real_form(term.factor);
  const Form query = atom("q" + std::to_string(term.query));
  return term.factor == 1 ? query : list("*", {real_form(term.factor), query});
}

Form form_of(const Condition& condition);

std::vector<Form> forms_of(const std::vector<Condition>& conditions) {
  std::vector<Form> forms;
  for (const Condition& condition : conditions) forms.push_back(form_of(condition));
  return forms;
}

struct ConditionFormMaker {
  Form operator()(const ConditionCompare& node) const {
    return list(kComparisonSymbols[static_cast<std::size_t>(node.op)], {form_of(node.left), form_of(node.right)});
  }
  Form operator()(const ConditionAll& node) const { return list("and", forms_of(node.operands)); }
  Form operator()(const ConditionAny& node) const { return list("or", forms_of(node.operands)); }
  Form operator()(const ConditionThen& node) const { return list("then", {form_of(node.first), form_of(node.then)}); }
};

Form form_of(const Condition& condition) { return std::visit(ConditionFormMaker{}, condition->node); }

Form form_of(const TrailingCondition::Measure& measure) {
  std::vector<Form> parts = numbers(measure.arguments);
  parts.insert(parts.begin(), atom(kTrailingNames[static_cast<std::size_t>(measure.aggregation)]));
  return list("measure", std::move(parts));
}

Form case_form(const std::string& name, Severity severity, const Condition& condition) {
  std::vector<Form> parts{string_form(name), atom(name_of(severity))};
  if (condition) parts.push_back(form_of(condition));
  return list("case", std::move(parts));
}

Form form_of(const RunAggregate::Measure& measure) {
  std::vector<Form> parts{string_form(measure.name), atom(kRunNames[static_cast<std::size_t>(measure.aggregation)]),
                          number_form(measure.argument)};
  if (measure.filter) parts.push_back(list("where", {number_form(*measure.filter)}));
  Form form = list("measure", std::move(parts));
  if (measure.type != LogicalType::any) form.type = event::name_of(measure.type);
  return form;
}

struct OperatorFormMaker {
  Form operator()(const EachHit&) const { return list("each_hit"); }
  Form operator()(const TrailingCondition& trailing) const {
    std::vector<Form> parts{list("window", {duration(trailing.window)})};
    for (const auto& measure : trailing.measures) parts.push_back(form_of(measure));
    for (const auto& one : trailing.cases) parts.push_back(case_form(one.name, one.severity, one.condition));
    return list("trailing", std::move(parts));
  }
  Form operator()(const Baseline& baseline) const {
    std::vector<Form> parts{form_of(baseline.measure),
                            list("bucket", {duration(baseline.bucket)}),
                            list("learning", {duration(baseline.learning)}),
                            list("window", {duration(baseline.window)}),
                            list("percentile", {real_form(baseline.percentile)}),
                            list("tolerance", {real_form(baseline.tolerance)})};
    if (baseline.learning_bound) parts.push_back(list("learning_bound", {real_form(*baseline.learning_bound)}));
    parts.push_back(case_form(baseline.case_name, baseline.severity, nullptr));
    return list("baseline", std::move(parts));
  }
  Form operator()(const NewValue& values) const {
    std::vector<Form> parts{list("learning", {duration(values.learning)})};
    if (values.learns_first) parts.push_back(list("learns_first"));
    parts.push_back(list("forget_after", {duration(values.forget_after)}));
    parts.push_back(case_form(values.case_name, values.severity, nullptr));
    return list("new_value", std::move(parts));
  }
  Form operator()(const RunAggregate& run) const {
    std::vector<Form> parts;
    for (const auto& measure : run.measures) parts.push_back(form_of(measure));
    if (run.bucket_key) parts.push_back(list("bucket_key", {number_form(*run.bucket_key)}));
    parts.push_back(list("bucket", {duration(run.bucket)}));
    parts.push_back(list("look_back", {duration(run.look_back)}));
    parts.push_back(list("interval", {duration(run.interval)}));
    if (run.having) parts.push_back(list("having", {to_form(run.having)}));
    add_named(parts, "outputs", run.outputs);
    return list("run_aggregate", std::move(parts));
  }
  Form operator()(const RunTable& run) const {
    std::vector<Form> parts{list("look_back", {duration(run.look_back)}), list("interval", {duration(run.interval)}),
                            list("identity", {number_form(run.identity)})};
    if (run.once) parts.push_back(list("once"));
    parts.push_back(to_form(run.pipeline));
    return list("run_table", std::move(parts));
  }
  Form operator()(const RunThreshold& run) const {
    std::vector<Form> parts{list("least", {number_form(run.least)})};
    if (run.distinct) parts.push_back(list("distinct", {number_form(*run.distinct), number_form(run.least_distinct)}));
    parts.push_back(list("look_back", {duration(run.look_back)}));
    parts.push_back(list("interval", {duration(run.interval)}));
    return list("run_threshold", std::move(parts));
  }
  Form operator()(const NewTerms& terms) const {
    return list("new_terms",
                {list("history", {duration(terms.history)}), list("look_back", {duration(terms.look_back)}),
                 list("interval", {duration(terms.interval)})});
  }
  Form operator()(const Sequence& sequence) const {
    std::vector<Form> parts;
    for (const auto& stage : sequence.stages) {
      parts.push_back(list(stage.missing ? "missing" : "stage", {number_form(stage.query)}));
    }
    if (sequence.until) parts.push_back(list("until", {number_form(*sequence.until)}));
    if (sequence.max_span) parts.push_back(list("max_span", {duration(*sequence.max_span)}));
    return list(sequence.ordered ? "sequence" : "sample", std::move(parts));
  }
  Form operator()(const AnomalyJob& job) const {
    return list("anomaly_job", {atom(kDetectorNames[static_cast<std::size_t>(job.detector)]), number_form(job.argument),
                                list("bucket", {duration(job.bucket)}), list("threshold", {real_form(job.threshold)})});
  }
};

Form form_of(const Suppression& suppression) {
  std::vector<Form> parts = numbers(suppression.parts);
  parts.insert(parts.begin(), atom(kSuppressionNames[static_cast<std::size_t>(suppression.by)]));
  if (suppression.duration) parts.push_back(list("duration", {duration(*suppression.duration)}));
  parts.push_back(list("interval", {duration(suppression.interval)}));
  if (suppression.missing_alone) parts.push_back(list("missing_alone"));
  return list("suppress", std::move(parts));
}

Form form_of(const Episode& episode) {
  std::vector<Form> parts;
  if (episode.project || !episode.key_parts.empty()) {
    parts.push_back(list(episode.project ? "project" : "key_parts", numbers(episode.key_parts)));
  }
  parts.push_back(list("keep_alive", {duration(episode.keep_alive)}));
  parts.push_back(list("max_duration", {duration(episode.max_duration)}));
  if (episode.suppression) parts.push_back(form_of(*episode.suppression));
  return list("episode", std::move(parts));
}

}  // namespace

std::string print(const Plan& plan) {
  std::vector<Form> parts;
  for (const Query& query : plan.queries) parts.push_back(form_of(query));
  parts.push_back(std::visit(OperatorFormMaker{}, plan.op));
  parts.push_back(form_of(plan.episode));
  return to_wrapped_text(list("plan", std::move(parts)), kWidth) + "\n";
}

}  // namespace trailhound::plan
