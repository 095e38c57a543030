#include "rule/datadog_plan.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/joined.h"
#include "event/datadog_tags.h"
#include "lang/datadog/condition.h"
#include "lang/datadog/search.h"
#include "rule/datadog_new_value.h"

namespace trailhound::rule {
namespace {

using lang::datadog::TextContext;
using plan::Expr;
using Aggregation = plan::TrailingCondition::Aggregation;

constexpr std::size_t kMaxQueries = 10;
constexpr std::size_t kMaxCases = 10;
constexpr std::size_t kMaxNewValueFields = 5;
constexpr std::array<std::int64_t, 12> kWindows = {0, 60, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400};
// What Datadog's own tools fill in where a rule says nothing.
constexpr std::int64_t kDefaultKeepAlive = 3600;
constexpr std::int64_t kDefaultMaxSignalDuration = 86400;
constexpr double kDefaultPercentile = 0.995;

template <class List>
std::string numbers(const List& list) {
  std::string out;
  for (const auto n : list) out += (out.empty() ? "" : ", ") + std::to_string(n);
  return out;
}

/// Reads one rule; errors are counted in its diagnostics.
class DatadogPlanReader {
 public:
  DatadogPlanReader(const Payload& rule, const plan::ColumnResolver& columns)
      : rule_(rule), options_(rule.table("options")), columns_(columns) {}

  std::optional<plan::Plan> read() {
    const std::size_t errors_before = rule_.rule().diagnostics->errors();
    if (!is_supported()) return std::nullopt;
    read_filters();
    plan::Plan plan;
    const std::vector<Payload> queries = rule_.tables("queries");
    if (queries.empty()) rule_.error("TH2201", "queries", "the rule has no queries");
    if (queries.size() > kMaxQueries) rule_.error("TH2205", "queries", "a rule has at most 10 queries");
    read_names(queries);
    for (std::size_t i = 0; i < queries.size(); ++i) plan.queries.push_back(read_query(queries[i], i));
    const Windows windows = read_windows();
    const std::string method = detection_method(rule_);
    plan.op = method == "anomaly_detection" ? plan::Operator(read_anomaly(windows))
              : method == "new_value"       ? plan::Operator(read_new_value())
                                            : plan::Operator(read_threshold(windows));
    plan.episode = read_episode(plan.queries, windows);
    options_.warn_of_slips({"detectionMethod", "evaluationWindow", "keepAlive", "maxSignalDuration",
                            "decreaseCriticalityBasedOnEnv", "hardcodedEvaluatorType", "newValueOptions",
                            "anomalyDetectionOptions", "impossibleTravelOptions", "sequenceDetectionOptions",
                            "thirdPartyRuleOptions", "complianceRuleOptions", "relatedSignalsFields"});
    if (rule_.rule().diagnostics->errors() > errors_before) return std::nullopt;
    return plan;
  }

 private:
  struct Windows {
    Duration evaluation, keep_alive, max_signal;
  };

  // What is refused ------------------------------------------------------------------------------------------------

  bool is_supported() {
    const std::string type = rule_.text("type").value_or("log_detection");
    if (type != "log_detection") {
      rule_.error("TH2209", "type", "rules of type " + type + " are not supported yet",
                  "rules over CloudTrail logs have the type log_detection");
      return false;
    }
    const std::string method = detection_method(rule_);
    if (method != "threshold" && method != "anomaly_detection" && method != "new_value") {
      refuse_method(method);
      return false;
    }
    if (const Node* tables = rule_.find("referenceTables"); tables != nullptr && !tables->items.empty()) {
      rule_.error("TH2209", "referenceTables", "reference tables are not supported yet");
      return false;
    }
    if (const Node* fields = rule_.find("calculatedFields"); fields != nullptr && !fields->items.empty()) {
      const bool scheduled = rule_.find("schedulingOptions") != nullptr;
      rule_.error(scheduled ? "TH2209" : "TH2212", "calculatedFields",
                  scheduled ? "calculated fields are not supported yet"
                            : "calculated fields need schedulingOptions, and are not supported yet");
      return false;
    }
    return true;
  }

  void refuse_method(const std::string& method) {
    static const std::vector<std::string_view> kOthers = {"impossible_travel", "hardcoded",          "third_party",
                                                          "anomaly_threshold", "sequence_detection", "content_anomaly"};
    if (std::find(kOthers.begin(), kOthers.end(), method) != kOthers.end()) {
      options_.error("TH2209", "detectionMethod", "the detection method " + method + " is not supported yet",
                     "threshold, anomaly_detection and new_value are");
      return;
    }
    std::vector<std::string_view> known = kOthers;
    known.insert(known.end(), {"threshold", "anomaly_detection", "new_value"});
    const std::string near = nearest_name(method, known);
    options_.error("TH2203", "detectionMethod", "no detection method is named \"" + method + "\"",
                   near.empty() ? "known are " + joined(known, ", ") : "did you mean " + near + "?");
  }

  // Queries --------------------------------------------------------------------------------------------------------

  // Legacy filters hold for every query: all that is required and nothing that is suppressed.
  void read_filters() {
    for (const Payload& filter : rule_.tables("filters")) {
      const std::string action = filter.text("action").value_or("");
      if (action != "require" && action != "suppress") {
        filter.error("TH2203", "action", "a filter's action is require or suppress, not \"" + action + "\"");
        continue;
      }
      std::optional<Expr> expression = read_search(filter, "query");
      if (!expression) continue;
      filters_.push_back(action == "require" ? *expression : plan::negate(*expression));
    }
  }

  std::optional<Expr> read_search(const Payload& table, std::string_view key) {
    const Node* node = table.find(key);
    const std::optional<std::string> text = table.text(key);
    if (!text) {
      if (node == nullptr) table.error("TH2201", key, "the " + std::string(key) + " is missing");
      return std::nullopt;
    }
    return lang::datadog::parse_search(*text, columns_, context_of(table, key, *node), *rule_.rule().diagnostics);
  }

  TextContext context_of(const Payload& table, std::string_view key, const Node& node) const {
    const RuleText& rule = rule_.rule();
    return {.place = {.file = rule.path, .rule = rule.rule, .key = table.path_of(key), .at = node.at},
            .file_text = rule.file_text,
            .in_file = [&node](LineColumn inside) { return position_in(node, inside); }};
  }

  void read_names(const std::vector<Payload>& queries) {
    for (std::size_t i = 0; i < queries.size(); ++i) {
      std::string name = queries[i].text("name").value_or("");
      if (name.empty()) name = std::string(1, static_cast<char>('a' + static_cast<int>(i % 26)));
      const bool usable = name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
                              std::string::npos &&
                          (name[0] < '0' || name[0] > '9');
      if (!usable) {
        queries[i].error("TH2215", "name", "\"" + name + "\" cannot be named in a condition",
                         "a query's name consists of letters, digits and _ and does not begin with a digit");
      }
      if (std::find(names_.begin(), names_.end(), name) != names_.end()) {
        queries[i].error("TH2206", "name", "two queries are named \"" + name + "\"",
                         "an unnamed query has its letter by position as name");
      }
      names_.push_back(std::move(name));
    }
  }

  plan::Query read_query(const Payload& payload, std::size_t index) {
    plan::Query query;
    query.name = names_[index];
    std::vector<Expr> filters;
    if (std::optional<Expr> search = read_search(payload, "query")) filters.push_back(std::move(*search));
    if (!payload.text("customQueryExtension").value_or("").empty()) {
      if (std::optional<Expr> extension = read_search(payload, "customQueryExtension")) filters.push_back(*extension);
    }
    filters.insert(filters.end(), filters_.begin(), filters_.end());
    query.filter = plan::make(plan::IsTrue{plan::all_of(std::move(filters))}, plan::LogicalType::boolean);
    query.key = read_columns(payload, "groupByFields");
    if (payload.boolean("hasOptionalGroupByFields").value_or(false)) query.missing = plan::MissingKey::not_available;
    group_by_.push_back(payload.texts("groupByFields"));
    read_measure(payload, query);
    const std::string source = payload.text("dataSource").value_or("logs");
    if (source != "logs") {
      payload.error("TH2209", "dataSource", "the data source " + source + " is not supported yet",
                    "CloudTrail records are logs");
    }
    payload.warn_of_slips({"query", "name", "aggregation", "groupByFields", "distinctFields", "metrics", "metric",
                           "hasOptionalGroupByFields", "dataSource", "index", "indexes", "customQueryExtension",
                           "queryLanguage", "additionalFilters"});
    return query;
  }

  std::vector<plan::NamedExpr> read_columns(const Payload& payload, std::string_view key) {
    std::vector<plan::NamedExpr> out;
    const Node* list = payload.find(key);
    const std::vector<std::string> names = payload.texts(key);
    for (std::size_t i = 0; i < names.size(); ++i) {
      Result<event::ColumnRef> column = columns_.find(event::View::datadog, names[i]);
      if (!column) {
        Diagnostic& finding = payload.error("TH2003", key, column.error().what, column.error().hint);
        finding.place.at = list->items[i].at;
        finding.place.key = payload.path_of(key) + "[" + std::to_string(i) + "]";
        finding.snippet = make_snippet(rule_.rule().file_text, finding.place.at);
        continue;
      }
      const LineColumn at = list->items[i].at;
      if (event::is_foreign_datadog_tag(names[i])) {
        payload.warning("TH2012", key, "CloudTrail records do not have the tag " + names[i],
                        "it is taken as absent; an attribute begins with @");
      }
      out.push_back({names[i], plan::column(*std::move(column), at)});
    }
    return out;
  }

  void read_measure(const Payload& payload, plan::Query& query) {
    const std::string aggregation = payload.text("aggregation").value_or("count");
    const bool has_distinct = !payload.texts("distinctFields").empty();
    const bool numeric = aggregation == "sum" || aggregation == "max";
    plan::TrailingCondition::Measure measure;
    if (detection_method(rule_) == "new_value") {
      read_new_value_fields(payload, aggregation, query);
    } else if (aggregation == "cardinality") {
      measure.aggregation = Aggregation::cardinality;
      query.arguments = read_columns(payload, "distinctFields");
      if (!has_distinct) {
        payload.error("TH2207", "distinctFields",
                      "cardinality counts distinct values of distinctFields, which is empty",
                      "for example: [\"@awsRegion\"]");
      }
    } else if (numeric) {
      measure.aggregation = aggregation == "sum" ? Aggregation::sum : Aggregation::max;
      query.arguments = read_metrics(payload);
      if (query.arguments.size() != 1) {
        payload.error("TH2207", "metrics", aggregation + " needs exactly one field in metrics");
      }
    } else if (aggregation != "count") {
      refuse_aggregation(payload, aggregation);
    }
    if (aggregation != "cardinality" && has_distinct) {
      payload.warning("TH2207", "distinctFields", "distinctFields has no effect with the aggregation " + aggregation,
                      "to count distinct values, the aggregation is cardinality");
    }
    for (std::uint32_t i = 0; i < query.arguments.size(); ++i) measure.arguments.push_back(i);
    measures_.push_back(std::move(measure));
  }

  void read_new_value_fields(const Payload& payload, const std::string& aggregation, plan::Query& query) {
    query.arguments = read_metrics(payload);
    if (aggregation != "new_value") {
      payload.error("TH2207", "aggregation",
                    "the query of a new-value rule has the aggregation new_value, not " + aggregation);
    } else if (query.arguments.empty() || query.arguments.size() > kMaxNewValueFields) {
      payload.error("TH2207", "metrics", "new_value needs one to five fields in metrics");
    }
  }

  // `metrics`, or its deprecated single form.
  std::vector<plan::NamedExpr> read_metrics(const Payload& payload) {
    std::vector<plan::NamedExpr> metrics = read_columns(payload, "metrics");
    const std::string single = payload.text("metric").value_or("");
    if (!metrics.empty() || single.empty()) return metrics;
    if (Result<event::ColumnRef> column = columns_.find(event::View::datadog, single)) {
      metrics.push_back({single, plan::column(*std::move(column))});
    } else {
      payload.error("TH2003", "metric", column.error().what, column.error().hint);
    }
    return metrics;
  }

  static void refuse_aggregation(const Payload& payload, const std::string& aggregation) {
    static const std::vector<std::string_view> kOthers = {"geo_data", "event_count", "none"};
    if (aggregation == "new_value") {
      payload.error("TH2207", "aggregation", "the aggregation new_value belongs to the detection method new_value",
                    "options.detectionMethod is new_value then");
      return;
    }
    if (std::find(kOthers.begin(), kOthers.end(), aggregation) != kOthers.end()) {
      payload.error("TH2207", "aggregation",
                    "the aggregation " + aggregation + " belongs to a detection method that is not supported yet",
                    "count, cardinality, sum and max are supported");
      return;
    }
    std::vector<std::string_view> known = {"count", "cardinality", "sum", "max", "new_value"};
    known.insert(known.end(), kOthers.begin(), kOthers.end());
    const std::string near = nearest_name(aggregation, known);
    payload.error("TH2203", "aggregation", "no aggregation is named \"" + aggregation + "\"",
                  near.empty() ? "known are " + joined(known, ", ") : "did you mean " + near + "?");
  }

  // Windows --------------------------------------------------------------------------------------------------------

  std::optional<std::int64_t> read_window(std::string_view key) {
    const std::optional<std::int64_t> seconds = options_.integer(key);
    if (seconds && std::find(kWindows.begin(), kWindows.end(), *seconds) == kWindows.end()) {
      options_.error("TH2203", key, std::to_string(*seconds) + " s is not among the spans that Datadog allows",
                     "allowed are " + numbers(kWindows));
      return std::nullopt;
    }
    return seconds;
  }

  Windows read_windows() {
    const std::optional<std::int64_t> window = read_window("evaluationWindow");
    // Of a new value the event alone decides; Datadog's own clients leave the window out.
    if (!window && options_.find("evaluationWindow") == nullptr && detection_method(rule_) != "new_value") {
      options_.error("TH2201", "evaluationWindow", "the evaluation window is missing", "seconds: " + numbers(kWindows));
    }
    const std::int64_t evaluation = window.value_or(0);
    const std::int64_t keep_alive = read_window("keepAlive").value_or(std::max(kDefaultKeepAlive, evaluation));
    const std::int64_t longest =
        read_window("maxSignalDuration").value_or(std::max(kDefaultMaxSignalDuration, keep_alive));
    if (evaluation > keep_alive) {
      options_.error("TH2204", "keepAlive",
                     "keepAlive (" + std::to_string(keep_alive) + " s) is shorter than evaluationWindow (" +
                         std::to_string(evaluation) + " s)",
                     "evaluationWindow <= keepAlive <= maxSignalDuration");
    }
    if (keep_alive > longest) {
      options_.error("TH2204", "maxSignalDuration",
                     "maxSignalDuration (" + std::to_string(longest) + " s) is shorter than keepAlive (" +
                         std::to_string(keep_alive) + " s)",
                     "evaluationWindow <= keepAlive <= maxSignalDuration");
    }
    return {Duration::seconds(evaluation), Duration::seconds(keep_alive), Duration::seconds(longest)};
  }

  // Cases ----------------------------------------------------------------------------------------------------------

  std::vector<Payload> read_case_list() {
    std::vector<Payload> cases = rule_.tables("cases");
    if (cases.empty()) rule_.error("TH2201", "cases", "the rule has no cases", "a case gives the condition and status");
    if (cases.size() > kMaxCases) rule_.error("TH2205", "cases", "a rule has at most 10 cases");
    return cases;
  }

  static plan::Severity read_severity(const Payload& payload) {
    const std::string_view key = payload.text("customStatus").value_or("").empty() ? "status" : "customStatus";
    const std::string status = payload.text(key).value_or("");
    const std::optional<plan::Severity> severity = plan::severity_named(status);
    if (status.empty()) {
      payload.error("TH2201", key, "the case has no status", "info, low, medium, high or critical");
    } else if (!severity) {
      payload.error("TH2203", key, "\"" + status + "\" is no status", "info, low, medium, high or critical");
    }
    return severity.value_or(plan::Severity::info);
  }

  // The condition of a case; null where it has none (or a wrong one).
  plan::Condition read_condition(const Payload& payload, bool decimals) {
    const std::string text = payload.text("condition").value_or("");
    if (text.find_first_not_of(" \t\r\n") == std::string::npos || names_.empty()) return nullptr;
    return lang::datadog::parse_condition(text, names_, {.decimals = decimals},
                                          context_of(payload, "condition", *payload.find("condition")),
                                          *rule_.rule().diagnostics)
        .value_or(nullptr);
  }

  static void warn_of_case_slips(const Payload& payload) {
    payload.warn_of_slips({"status", "condition", "name", "notifications", "actions", "customStatus"});
  }

  plan::TrailingCondition read_threshold(const Windows& windows) {
    plan::TrailingCondition out;
    out.window = windows.evaluation;
    out.measures = measures_;
    bool has_then = false;
    for (const Payload& payload : read_case_list()) {
      plan::TrailingCondition::Case one{payload.text("name").value_or(""), read_severity(payload),
                                        read_condition(payload, false)};
      if (one.condition && std::holds_alternative<plan::ConditionThen>(one.condition->node)) {
        if (has_then) payload.error("TH2105", "condition", "only one case of a rule may have THEN");
        has_then = true;
      }
      warn_of_case_slips(payload);
      out.cases.push_back(std::move(one));
    }
    return out;
  }

  // The anomaly method: one query; the condition's number is the percentile.
  plan::Baseline read_anomaly(const Windows& windows) {
    plan::Baseline out;
    if (measures_.size() > 1) rule_.error("TH2205", "queries", "an anomaly rule has one query");
    if (!measures_.empty()) out.measure = measures_.front();
    out.window = windows.evaluation;
    const std::vector<Payload> cases = read_case_list();
    if (cases.size() > 1) {
      rule_.error("TH2209", "cases", "anomaly rules with more than one case are not supported yet");
    }
    if (!cases.empty()) {
      out.case_name = cases.front().text("name").value_or("");
      out.severity = read_severity(cases.front());
      out.percentile = read_percentile(cases.front());
      warn_of_case_slips(cases.front());
    }
    read_anomaly_options(out);
    return out;
  }

  // The new-value method: one query, whose metrics are the fields with new values.
  plan::NewValue read_new_value() {
    plan::NewValue out;
    if (names_.size() > 1) rule_.error("TH2205", "queries", "a new-value rule has one query");
    bool chosen = false;
    for (const Payload& payload : read_case_list()) {
      const plan::Severity severity = read_severity(payload);
      const plan::Condition condition = read_condition(payload, false);
      warn_of_case_slips(payload);
      if (chosen || (condition && !holds_for_one(condition))) continue;
      chosen = true;
      out.case_name = payload.text("name").value_or("");
      out.severity = severity;
    }
    if (!chosen && !rule_.rule().diagnostics->has_errors()) {
      rule_.error("TH2203", "cases", "no case holds for one new value", "a new-value rule's case needs no condition");
    }
    read_new_value_options(options_.table("newValueOptions"), out);
    return out;
  }

  double read_percentile(const Payload& payload) {
    const plan::Condition condition = read_condition(payload, true);
    if (!condition) return kDefaultPercentile;
    const auto* compare = std::get_if<plan::ConditionCompare>(&condition->node);
    // Scores are continuous: whether one may equal the percentile makes no difference.
    const bool above = compare != nullptr &&
                       (compare->op == plan::ComparisonOp::greater || compare->op == plan::ComparisonOp::greater_equal);
    const bool simple = above && compare->right.query < 0 && compare->left.factor == 1;
    if (!simple) {
      payload.error("TH2103", "condition", "the condition of an anomaly rule is one comparison with a percentile",
                    "for example: " + names_.front() + " > 0.995");
      return kDefaultPercentile;
    }
    const double percentile = compare->right.factor;
    if (percentile <= 0 || percentile > 1) {
      payload.error("TH2203", "condition", "the percentile must lie between 0 and 1",
                    "the 99.5th percentile is 0.995; it is no count of events");
    }
    return percentile;
  }

  template <std::size_t N>
  std::int64_t read_choice(const Payload& payload, std::string_view key, const std::array<std::int64_t, N>& allowed,
                           std::int64_t otherwise) {
    const std::int64_t value = payload.integer(key).value_or(otherwise);
    if (std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
      payload.error("TH2203", key, std::to_string(value) + " is not among the values that Datadog allows",
                    "allowed are " + numbers(allowed));
      return otherwise;
    }
    return value;
  }

  void read_anomaly_options(plan::Baseline& out) {
    static constexpr std::array<std::int64_t, 6> kBuckets = {300, 600, 900, 1800, 3600, 10800};
    static constexpr std::array<std::int64_t, 7> kLearningHours = {1, 6, 12, 24, 48, 168, 336};
    static constexpr std::array<std::int64_t, 5> kTolerances = {1, 2, 3, 4, 5};
    const Payload options = options_.table("anomalyDetectionOptions");
    out.bucket = Duration::seconds(read_choice(options, "bucketDuration", kBuckets, 300));
    out.learning = Duration::seconds(3600 * read_choice(options, "learningDuration", kLearningHours, 24));
    out.tolerance = static_cast<double>(read_choice(options, "detectionTolerance", kTolerances, 5));
    if (const std::optional<double> bound = options.real("learningPeriodBaseline")) {
      if (*bound < 0) options.error("TH2203", "learningPeriodBaseline", "the baseline cannot be negative");
      out.learning_bound = bound;
    }
    options.warn_of_slips({"bucketDuration", "learningDuration", "detectionTolerance", "learningPeriodBaseline",
                           "instantaneousBaseline", "instantaneousBaselineTimeoutMinutes"});
  }

  // Signals --------------------------------------------------------------------------------------------------------

  // Group keys of several queries join by position, so a field must stand at one place in all of them.
  plan::Episode read_episode(const std::vector<plan::Query>& queries, const Windows& windows) {
    plan::Episode out{
        .project = false, .key_parts = {}, .keep_alive = windows.keep_alive, .max_duration = windows.max_signal};
    for (const std::string& field : rule_.texts("groupSignalsBy")) {
      out.project = true;
      std::optional<std::size_t> part;
      bool everywhere = true;
      for (const std::vector<std::string>& fields : group_by_) {
        const auto found = std::find(fields.begin(), fields.end(), field);
        if (found == fields.end()) continue;
        const auto place = static_cast<std::size_t>(found - fields.begin());
        everywhere = everywhere && (!part || *part == place);
        part = part.value_or(place);
      }
      everywhere = everywhere && part && std::all_of(queries.begin(), queries.end(), [&](const plan::Query& q) {
                     return *part < q.key.size();
                   });
      if (!part) {
        rule_.error("TH2208", "groupSignalsBy", field + " is not among the groupByFields of a query");
      } else if (!everywhere && !rule_.rule().diagnostics->has_errors()) {
        rule_.error("TH2208", "groupSignalsBy", "not every query is grouped by something in the place of " + field,
                    "group keys join by position: give all queries as many groupByFields, in one order");
      } else {
        out.key_parts.push_back(static_cast<std::uint32_t>(*part));
      }
    }
    return out;
  }

  const Payload& rule_;
  const Payload options_;
  const plan::ColumnResolver& columns_;
  std::vector<Expr> filters_;
  std::vector<std::string> names_;
  std::vector<std::vector<std::string>> group_by_;
  std::vector<plan::TrailingCondition::Measure> measures_;
};

}  // namespace

std::string detection_method(const Payload& rule) {
  const Node* options = rule.find("options");
  const Node* method = options == nullptr ? nullptr : options->find("detectionMethod");
  const bool is_missing = method == nullptr || method->is(Node::Kind::null) || method->text.empty();
  return is_missing ? "threshold" : method->text;
}

std::optional<plan::Plan> read_datadog_plan(const Payload& rule, const plan::ColumnResolver& columns) {
  return DatadogPlanReader(rule, columns).read();
}

}  // namespace trailhound::rule
