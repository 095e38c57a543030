// Structural equality of plans.

#include <algorithm>

#include "plan/plan.h"

namespace trailhound::plan {

namespace {

bool same(const NamedExpr& a, const NamedExpr& b) { return a.name == b.name && equal(a.expression, b.expression); }
bool same(const TrailingCondition::Measure& a, const TrailingCondition::Measure& b) {
  return a.aggregation == b.aggregation && a.arguments == b.arguments;
}
bool same(const TrailingCondition::Case& a, const TrailingCondition::Case& b) {
  return a.name == b.name && a.severity == b.severity && equal(a.condition, b.condition);
}
bool same(const RunAggregate::Measure& a, const RunAggregate::Measure& b) {
  return a.name == b.name && a.aggregation == b.aggregation && a.argument == b.argument && a.filter == b.filter &&
         a.type == b.type;
}

bool same(const Query& a, const Query& b);

template <class T>
bool same_lists(const std::vector<T>& a, const std::vector<T>& b) {
  return std::ranges::equal(a, b, [](const T& x, const T& y) { return same(x, y); });
}

bool same(const Query& a, const Query& b) {
  return a.name == b.name && equal(a.filter, b.filter) && same_lists(a.key, b.key) && a.missing == b.missing &&
         same_lists(a.arguments, b.arguments);
}

bool same(const EachHit&, const EachHit&) { return true; }
bool same(const TrailingCondition& a, const TrailingCondition& b) {
  return a.window == b.window && same_lists(a.measures, b.measures) && same_lists(a.cases, b.cases);
}
bool same(const Baseline& a, const Baseline& b) {
  return same(a.measure, b.measure) && a.bucket == b.bucket && a.learning == b.learning && a.window == b.window &&
         a.percentile == b.percentile && a.tolerance == b.tolerance && a.learning_bound == b.learning_bound &&
         a.case_name == b.case_name && a.severity == b.severity;
}
bool same(const RunAggregate& a, const RunAggregate& b) {
  return same_lists(a.measures, b.measures) && a.bucket_key == b.bucket_key && a.bucket == b.bucket &&
         a.look_back == b.look_back && a.interval == b.interval && equal(a.having, b.having) &&
         same_lists(a.outputs, b.outputs);
}
bool same(const RunTable& a, const RunTable& b) {
  return equal(a.pipeline, b.pipeline) && a.identity == b.identity && a.once == b.once && a.look_back == b.look_back &&
         a.interval == b.interval;
}
bool same(const RunThreshold& a, const RunThreshold& b) {
  return a.least == b.least && a.distinct == b.distinct && a.least_distinct == b.least_distinct &&
         a.look_back == b.look_back && a.interval == b.interval;
}
bool same(const NewTerms& a, const NewTerms& b) {
  return a.history == b.history && a.look_back == b.look_back && a.interval == b.interval;
}
bool same(const Sequence& a, const Sequence& b) {
  return a.stages == b.stages && a.until == b.until && a.max_span == b.max_span && a.ordered == b.ordered;
}
bool same(const AnomalyJob& a, const AnomalyJob& b) {
  return a.detector == b.detector && a.argument == b.argument && a.bucket == b.bucket && a.threshold == b.threshold;
}
bool same(const NewValue& a, const NewValue& b) {
  return a.learning == b.learning && a.learns_first == b.learns_first && a.forget_after == b.forget_after &&
         a.case_name == b.case_name && a.severity == b.severity;
}
bool same(const Suppression& a, const Suppression& b) {
  return a.by == b.by && a.parts == b.parts && a.duration == b.duration && a.interval == b.interval &&
         a.missing_alone == b.missing_alone;
}
bool same(const Episode& a, const Episode& b) {
  if (a.suppression.has_value() != b.suppression.has_value()) return false;
  if (a.suppression && !same(*a.suppression, *b.suppression)) return false;
  return a.project == b.project && a.key_parts == b.key_parts && a.keep_alive == b.keep_alive &&
         a.max_duration == b.max_duration;
}

}  // namespace

bool equal(const Plan& a, const Plan& b) {
  if (a.op.index() != b.op.index() || !same_lists(a.queries, b.queries) || !same(a.episode, b.episode)) return false;
  return std::visit([&b](const auto& left) { return same(left, std::get<std::decay_t<decltype(left)>>(b.op)); }, a.op);
}

}  // namespace trailhound::plan
