#include "run/verdict.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "plan/describe.h"

namespace trailhound::run {
namespace {

using event::Hot;

std::string column_words(Hot hot) {
  switch (hot) {
    case Hot::event_source:
      return "service";
    case Hot::event_name:
      return "call";
    case Hot::region:
      return "region";
    case Hot::recipient_account:
      return "account";
    case Hot::user_agent:
      return "user agent";
    case Hot::source_ip:
      return "source address";
    case Hot::error_code:
      return "error code";
    case Hot::identity_type:
      return "identity type";
    case Hot::identity_arn:
      return "identity";
    case Hot::access_key_id:
      return "access key";
    case Hot::event_category:
      return "event category";
  }
  return "value";
}

/// Texts and prefixes that an expression asks for, for people.
void collect_wanted(const plan::Expr& e, std::vector<std::string>& wanted, int depth = 0) {
  if (!e || depth > 32) return;
  std::visit(
      [&](const auto& node) {
        using Node = std::decay_t<decltype(node)>;
        if constexpr (std::is_same_v<Node, plan::Literal>) {
          for (const Value& v : node.values) wanted.push_back(to_text(v));
        } else if constexpr (std::is_same_v<Node, plan::OneOf>) {
          for (const Value& v : node.values) wanted.push_back(to_text(v));
        } else if constexpr (std::is_same_v<Node, plan::Match>) {
          std::string text = node.pattern.regular_text();
          for (const auto& piece : node.pattern.pieces()) {
            using Kind = plan::Pattern::Piece::Kind;
            text += piece.kind == Kind::literal ? piece.text : (piece.kind == Kind::any_run ? "*" : "?");
          }
          wanted.push_back(text);
        } else if constexpr (std::is_same_v<Node, plan::Exists> || std::is_same_v<Node, plan::Each>) {
          collect_wanted(node.body, wanted, depth + 1);
        } else if constexpr (std::is_same_v<Node, plan::IsTrue> || std::is_same_v<Node, plan::Not>) {
          collect_wanted(node.operand, wanted, depth + 1);
        } else if constexpr (std::is_same_v<Node, plan::And> || std::is_same_v<Node, plan::Or>) {
          for (const auto& operand : node.operands) collect_wanted(operand, wanted, depth + 1);
        } else if constexpr (std::is_same_v<Node, plan::Compare>) {
          collect_wanted(node.left, wanted, depth + 1);
          collect_wanted(node.right, wanted, depth + 1);
        } else if constexpr (std::is_same_v<Node, plan::Call>) {
          for (const auto& argument : node.arguments) collect_wanted(argument, wanted, depth + 1);
        }
      },
      e->node);
}

std::string join_some(const std::vector<std::string>& list, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < list.size() && i < most; ++i) text += (i ? ", " : "") + list[i];
  if (list.size() > most) text += ", ...";
  return text;
}

/// "no access key AKIA* in these logs"
std::string describe_missing(const plan::Expr& conjunct) {
  std::vector<event::ColumnRef> columns;
  plan::collect_columns(conjunct, columns);
  std::vector<std::string> wanted;
  collect_wanted(conjunct, wanted);
  const std::string what = columns.empty()               ? "value"
                           : columns.front()->depends_on ? column_words(*columns.front()->depends_on)
                                                         : columns.front()->name;
  if (wanted.empty()) return "no event with that " + what;
  return "no " + what + " " + join_some(wanted, 4);
}

/// The conjuncts of a query that no event of the data satisfies. A service that never occurs says it all: its calls
/// cannot occur either.
std::vector<std::string> missing_parts(const plan::Query& query, const engine::QueryReach& reach) {
  std::vector<std::string> missing;
  for (const plan::Expr& conjunct : plan::conjuncts_of(query.filter)) {
    const auto at = std::ranges::find_if(reach.conjuncts,
                                         [&](const auto& other) { return plan::equal(other.expression, conjunct); });
    if (at == reach.conjuncts.end() || !at->over_hot || at->satisfied) continue;
    std::vector<event::ColumnRef> columns;
    plan::collect_columns(conjunct, columns);
    if (!columns.empty() && columns.front()->depends_on == Hot::event_source) return {describe_missing(conjunct)};
    missing.push_back(describe_missing(conjunct));
  }
  return missing;
}

/// What keeps a query from ever matching on these data, or nothing.
std::string query_obstacle(const plan::Query& query, const engine::QueryReach& reach, const Observed& observed) {
  if (reach.hits > 0) return {};
  std::vector<event::ColumnRef> columns;
  plan::collect_columns(query.filter, columns);
  for (const auto& column : columns) {
    if (column->needs_geo && !observed.has_city)
      return "needs a GeoIP city database for " + column->name + " (--geoip FILE)";
    if (column->needs_asn && !observed.has_asn) return "needs an ASN database for " + column->name + " (--asn FILE)";
  }
  return join_some(missing_parts(query, reach), 3);
}

/// The largest value that a query can reach on these data.
double upper_bound(const plan::TrailingCondition& op, std::size_t query, const plan::Query& q, bool obstructed,
                   const Coverage& coverage) {
  if (obstructed) return 0;
  const auto& measure = op.measures[query];
  if (measure.aggregation != plan::TrailingCondition::Aggregation::cardinality || measure.arguments.size() != 1) {
    return std::numeric_limits<double>::infinity();
  }
  std::vector<event::ColumnRef> columns;
  plan::collect_columns(q.arguments[measure.arguments.front()].expression, columns);
  if (columns.size() != 1 || !columns.front()->depends_on || coverage.capped(*columns.front()->depends_on)) {
    return std::numeric_limits<double>::infinity();
  }
  return static_cast<double>(coverage.distinct(*columns.front()->depends_on));
}

double highest(const plan::LinearTerm& term, const std::vector<double>& bounds) {
  return term.query < 0 ? term.factor
                        : (term.factor == 0 ? 0 : term.factor * bounds[static_cast<std::size_t>(term.query)]);
}
double lowest(const plan::LinearTerm& term) { return term.query < 0 ? term.factor : 0; }

/// Could the condition hold for some values between 0 and the bounds? Names the comparison that could not.
bool satisfiable(const plan::Condition& condition, const std::vector<double>& bounds, const plan::Plan& plan,
                 std::string& obstacle) {
  return std::visit(
      [&](const auto& node) -> bool {
        using Node = std::decay_t<decltype(node)>;
        if constexpr (std::is_same_v<Node, plan::ConditionCompare>) {
          const bool greater = node.op == plan::ComparisonOp::greater || node.op == plan::ComparisonOp::greater_equal;
          const double most = greater ? highest(node.left, bounds) : highest(node.right, bounds);
          const double least = greater ? lowest(node.right) : lowest(node.left);
          const bool strict = node.op == plan::ComparisonOp::greater || node.op == plan::ComparisonOp::less;
          if (strict ? most > least : most >= least) return true;
          const auto& term = greater ? node.left : node.right;
          const double needed = strict ? std::floor(least) + 1 : std::ceil(least);
          if (term.query >= 0 && term.factor > 0) {
            const auto& query = plan.queries[static_cast<std::size_t>(term.query)];
            const std::string what = query.arguments.empty()
                                         ? query.name
                                         : "distinct " + query.arguments.front().name + " (" + query.name + ")";
            obstacle = std::to_string(static_cast<long long>(most / term.factor)) + " of " +
                       std::to_string(static_cast<long long>(std::ceil(needed / term.factor))) + " " + what;
          }
          return false;
        } else if constexpr (std::is_same_v<Node, plan::ConditionAll>) {
          return std::all_of(node.operands.begin(), node.operands.end(),
                             [&](const auto& c) { return satisfiable(c, bounds, plan, obstacle); });
        } else if constexpr (std::is_same_v<Node, plan::ConditionAny>) {
          return std::any_of(node.operands.begin(), node.operands.end(),
                             [&](const auto& c) { return satisfiable(c, bounds, plan, obstacle); });
        } else {
          return satisfiable(node.first, bounds, plan, obstacle) && satisfiable(node.then, bounds, plan, obstacle);
        }
      },
      condition->node);
}

/// For conditions over windows: the reason why no case can become true on these data.
std::optional<std::string> condition_obstacle(const rule::Rule& rule, const std::vector<std::string>& obstacles,
                                              const Coverage& coverage) {
  std::string shortfall;
  const auto& op = std::get<plan::TrailingCondition>(rule.plan.op);
  std::vector<double> bounds;
  for (std::size_t q = 0; q < rule.plan.queries.size(); ++q) {
    bounds.push_back(upper_bound(op, q, rule.plan.queries[q], !obstacles[q].empty(), coverage));
  }
  for (const auto& c : op.cases) {
    if (!c.condition) {
      if (std::any_of(bounds.begin(), bounds.end(), [](double b) { return b > 0; })) return std::nullopt;
      continue;
    }
    if (satisfiable(c.condition, bounds, rule.plan, shortfall)) return std::nullopt;
  }
  std::string reason;
  for (std::size_t q = 0; q < obstacles.size(); ++q) {
    if (obstacles[q].empty()) continue;
    reason += (reason.empty() ? "" : "; ") + (obstacles.size() > 1 ? rule.plan.queries[q].name + ": " : std::string()) +
              obstacles[q];
  }
  if (!reason.empty()) return reason + " in these logs";
  return "the logs as a whole hold " + shortfall;
}

/// "1 event", "2 signals".
std::string counted_events(std::uint64_t count, const rule::Rule& rule) {
  return std::to_string(count) + (rule.reads_events ? " event" : " signal") + (count == 1 ? "" : "s");
}

std::string names_of_key(const plan::Query& query) {
  std::vector<event::ColumnRef> columns;
  for (const plan::NamedExpr& part : query.key) plan::collect_columns(part.expression, columns);
  std::string names;
  for (const event::ColumnRef& column : columns) names += (names.empty() ? "" : " and ") + column->name;
  return names;
}

/// Where records that fit the service and call were turned away most, or, if the filter let some pass, that none of
/// these is in a group.
std::string nearest_filter(const std::vector<engine::QueryReach>& reach, const rule::Rule& rule) {
  for (std::size_t q = 0; q < reach.size(); ++q) {
    const plan::Query& query = rule.plan.queries[q];
    if (reach[q].hits > 0 && reach[q].keyless == reach[q].hits) {
      return counted_events(reach[q].hits, rule) + (reach[q].hits == 1 ? " matches" : " match") + ", but without " +
             names_of_key(query);
    }
    if (reach[q].candidates == 0 || reach[q].hits > 0) continue;
    const auto most = std::max_element(reach[q].conjuncts.begin(), reach[q].conjuncts.end(),
                                       [](const auto& a, const auto& b) { return a.failed_first < b.failed_first; });
    if (most == reach[q].conjuncts.end() || most->failed_first == 0) continue;
    for (const plan::Expr& conjunct : plan::conjuncts_of(query.filter)) {
      if (!plan::equal(conjunct, most->expression)) continue;
      const bool all = most->failed_first == reach[q].candidates;
      return counted_events(reach[q].candidates, rule) + (reach[q].candidates == 1 ? " fits" : " fit") +
             (rule.reads_events ? " the service and call, " : " at first sight, ") +
             (all ? "but not: " : "but " + std::to_string(most->failed_first) + " not: ") +
             plan::describe_briefly(conjunct);
    }
  }
  return {};
}

/// New terms over data that are shorter than their history: what was there before is not known.
std::string cold_start(const rule::Rule& rule, const Observed& observed) {
  const auto* terms = std::get_if<plan::NewTerms>(&rule.plan.op);
  if (terms == nullptr || observed.span >= terms->history) return {};
  return "looks back " + format_duration(terms->history) + ", the logs span " + format_duration(observed.span) +
         ": what is new here may be old";
}

/// Anomaly jobs judge nothing before they have learned.
std::string too_short_to_learn(const rule::Rule& rule, Duration span) {
  const std::string against = ", the logs span " + format_duration(span);
  if (const auto* baseline = std::get_if<plan::Baseline>(&rule.plan.op)) {
    if (baseline->learning_bound || span >= baseline->learning) return {};
    return "learns " + format_duration(baseline->learning) + against;
  }
  if (const auto* values = std::get_if<plan::NewValue>(&rule.plan.op)) {
    if (span >= values->learning) return {};
    return "learns " + format_duration(values->learning) + against;
  }
  const auto* job = std::get_if<plan::AnomalyJob>(&rule.plan.op);
  if (job == nullptr) return {};
  const std::uint64_t buckets = engine::kAnomalyLearning + 1;
  if (span.micros >= static_cast<std::int64_t>(buckets) * job->bucket.micros) return {};
  return "learns " + std::to_string(buckets) + " active buckets of " + format_duration(job->bucket) + against;
}

}  // namespace

RuleEntry judge(const rule::Rule& rule, const std::vector<engine::QueryReach>& reach, const engine::RuleReport& report,
                const Observed& observed) {
  RuleEntry entry;
  entry.id = rule.id;
  entry.name = rule.name;
  entry.path = rule.file;
  entry.hits = report.hits;
  entry.signals = report.episodes;
  entry.nearest = report.nearest;
  if (report.hits > 0) entry.reason = cold_start(rule, observed);
  if (report.episodes > 0) {
    entry.outcome = RuleOutcome::fired;
    return entry;
  }
  std::vector<std::string> obstacles;
  for (std::size_t q = 0; q < rule.plan.queries.size(); ++q) {
    obstacles.push_back(query_obstacle(rule.plan.queries[q], reach[q], observed));
  }
  if (std::holds_alternative<plan::TrailingCondition>(rule.plan.op)) {
    if (auto reason = condition_obstacle(rule, obstacles, observed.coverage)) {
      entry.outcome = RuleOutcome::cannot_fire;
      entry.reason = std::move(*reason);
    }
  } else if (!obstacles.empty() && !obstacles.front().empty()) {
    entry.outcome = RuleOutcome::cannot_fire;
    entry.reason = obstacles.front() + " in these logs";
  }
  if (std::string learning = too_short_to_learn(rule, observed.span); !learning.empty()) {
    entry.outcome = RuleOutcome::cannot_fire;
    entry.reason = entry.reason.empty() ? learning : learning + "; " + entry.reason;
  } else if (!report.reason.empty() && entry.outcome == RuleOutcome::could_fire) {
    entry.outcome = RuleOutcome::cannot_fire;
    entry.reason = report.reason;
  }
  if (entry.nearest.empty() && entry.outcome == RuleOutcome::could_fire) entry.nearest = nearest_filter(reach, rule);
  return entry;
}

}  // namespace trailhound::run
