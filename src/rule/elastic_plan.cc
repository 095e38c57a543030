#include "rule/elastic_plan.h"

#include <algorithm>
#include <utility>

#include "lang/eql/eql.h"
#include "lang/esql/binder.h"
#include "lang/esql/lowering.h"
#include "lang/esql/parser.h"
#include "lang/kuery/kuery.h"
#include "lang/lucene/lucene.h"
#include "rule/elastic_fields.h"
#include "rule/elastic_filters.h"
#include "rule/elastic_inputs.h"
#include "rule/elastic_jobs.h"
#include "rule/elastic_schedule.h"
#include "rule/elastic_suppression.h"
#include "rule/elastic_threat_match.h"

namespace trailhound::rule {
namespace {

/// At most this many fields make a threshold rule's group, as in Elastic 9.2 and later.
constexpr std::size_t kMaxThresholdFields = 5;
constexpr std::size_t kMaxNewTermsFields = 3;

/// What ES|QL reads: the patterns of FROM, sub-queries included.
void collect_sources(const esql::Pipeline& pipeline, std::vector<std::string>& patterns, int depth) {
  if (pipeline.commands.empty() || depth > 16) return;
  const auto* from = std::get_if<esql::From>(&pipeline.commands.front().node);
  if (from == nullptr) return;
  for (const esql::SourceItem& item : from->items) {
    if (item.query) {
      collect_sources(*item.query, patterns, depth + 1);
    } else {
      patterns.push_back(item.pattern);
    }
  }
}

class ElasticPlanReader {
 public:
  ElasticPlanReader(const Payload& rule, std::string type, std::string language, const Schedule& schedule,
                    const ExceptionItems& exceptions, const event::Catalog& catalog)
      : rule_(rule),
        type_(std::move(type)),
        language_(std::move(language)),
        schedule_(schedule),
        exceptions_(exceptions),
        catalog_(catalog) {}

  ElasticPlan read() {
    if (type_ == "machine_learning") {
      read_job();
    } else if (type_ == "esql") {
      read_esql();
    } else {
      read_indexed();
    }
    place_lines();
    return std::move(result_);
  }

 private:
  std::size_t errors() const { return rule_.rule().diagnostics->errors(); }
  void need(std::string what) { result_.needs.push_back(std::move(what)); }
  void cannot_run(std::string what) {
    need(std::move(what));
    result_.can_run = false;
  }

  // ---- what is read

  /// Books what the patterns lack; true if other data sets are among them, so that any field may be named.
  bool judge(const std::vector<std::string>& patterns) {
    const Inputs inputs = judge_inputs(patterns);
    result_.reads_signals = inputs.alerts;
    result_.reads_events = inputs.cloudtrail;
    if (!inputs.cloudtrail && !inputs.alerts) {
      cannot_run("data set " + quoted_list(inputs.others));
    } else if (type_ == "esql" && !inputs.others.empty()) {
      // Rows over several data sets: those of CloudTrail alone still come out.
      need("data set " + quoted_list(inputs.others) + " for all of its rows");
    }
    return !inputs.others.empty() || inputs.alerts || !inputs.cloudtrail;
  }

  static std::string quoted_list(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
      text += (i == 0 ? "\"" : i + 1 == names.size() ? " or \"" : ", \"") + names[i] + "\"";
    }
    return text.empty() ? "other than CloudTrail" : text;
  }

  /// A filter that no CloudTrail document meets asks for something else.
  void judge_filter(const plan::Query& query) {
    if (!result_.can_run || !query.filter || can_be_met(query.filter)) return;
    if (result_.reads_signals) return;  // judged when all rules are there, see strata.h
    std::vector<std::string> needs = unmet_needs(query.filter);
    if (needs.empty()) {
      rule_.warning("TH4209", "query", "no CloudTrail event can satisfy the query");
      return;
    }
    result_.can_run = false;
    for (std::string& what : needs) need(std::move(what));
  }

  // ---- query, saved_query, eql, threshold, new_terms, threat_match: rules with an index

  void read_indexed() {
    const std::size_t before = errors();
    const bool others = !rule_.texts("index").empty() && judge(rule_.texts("index"));
    // In KQL and Lucene a field that no index has matches nothing; in EQL it is an error, unless an index may have it.
    const bool strict = type_ == "eql" && !others && rule_.find("data_view_id") == nullptr;
    // EQL compares a field of another data set with whatever its query says; in KQL a keyword suits every clause.
    ElasticFields fields(catalog_, strict ? ElasticFields::Unknown::refused : ElasticFields::Unknown::absent,
                         language_ == "eql" ? event::LogicalType::any : event::LogicalType::keyword);
    if (result_.reads_signals) fields.add_signals();
    fields.set_runs(schedule_.interval, schedule_.look_back);
    if (type_ == "saved_query" && rule_.find("query") == nullptr) {
      rule_.error("TH4102", "type",
                  "the query lies in Kibana under the saved_id \"" + rule_.text("saved_id").value_or("") +
                      "\", not in the file",
                  "write it as a rule of type query");
      return;
    }
    plan::Plan plan;
    if (!read_queries(plan, fields)) return;
    narrow(plan, ElasticClauses(fields));
    read_operator(plan, fields);
    warn_of_absent_fields(plan, others);
    if (errors() > before) return;
    read_suppression(rule_, type_, schedule_, fields, plan);
    if (errors() > before) return;
    judge_queries(plan);
    result_.plan = std::move(plan);
  }

  /// A field that CloudTrail documents do not have in a rule for them alone is a slip: said, as it matches nothing and
  /// is in no group.
  void warn_of_absent_fields(const plan::Plan& plan, bool others) const {
    if (others) return;
    std::vector<event::ColumnRef> asked, grouping;
    for (const plan::Query& query : plan.queries) {
      if (query.filter && language_ != "eql") plan::collect_columns(query.filter, asked);
      for (const plan::NamedExpr& part : query.key) plan::collect_columns(part.expression, grouping);
      for (const plan::NamedExpr& argument : query.arguments) plan::collect_columns(argument.expression, grouping);
    }
    warn_of_absent_fields(asked, "query");
    if (type_ == "threshold") warn_of_absent_fields(grouping, "threshold");
    if (type_ == "new_terms") warn_of_absent_fields(grouping, "new_terms_fields");
  }

  void warn_of_absent_fields(const std::vector<event::ColumnRef>& columns, std::string_view key) const {
    for (const event::ColumnRef& column : columns) {
      const auto known = catalog_.find(event::View::ecs, column->name);
      if (column->always_absent && !known) {
        rule_.warning("TH4210", key, "no CloudTrail document has the field " + column->name, known.error().hint);
      }
    }
  }

  bool read_queries(plan::Plan& plan, const ElasticFields& fields) {
    const Node* node = rule_.find("query");
    const std::string text = rule_.text("query").value_or("");
    if (node == nullptr && rule_.find("filters") == nullptr) {
      rule_.error("TH4101", "query", "the rule has no query");
      return false;
    }
    const lang::Origin origin = origin_of(node);
    lang::Reporter reporter(text, origin, *rule_.rule().diagnostics);
    if (language_ == "eql") {
      eql::Options options;
      options.timestamp_field = rule_.text("timestamp_field").value_or(options.timestamp_field);
      options.event_category_field = rule_.text("event_category_override").value_or(options.event_category_field);
      options.tiebreaker_field = rule_.text("tiebreaker_field").value_or("");
      auto lowered = eql::lower(text, fields, options, reporter);
      if (!lowered) return false;
      plan.queries = std::move(lowered->queries);
      plan.op = std::move(lowered->op);
      // A run sees no further, so events of one sequence never lie further apart.
      if (auto* sequence = std::get_if<plan::Sequence>(&plan.op); sequence != nullptr && !sequence->max_span) {
        sequence->max_span = schedule_.look_back;
      }
      return true;
    }
    plan::Query query;
    query.filter = plan::make(plan::IsTrue{plan::constant(true)});
    if (text.find_first_not_of(" \t\r\n") != std::string::npos) {
      auto filter =
          language_ == "lucene" ? lucene::lower(text, fields, {}, reporter) : kuery::lower(text, fields, {}, reporter);
      if (!filter) return false;
      query.filter = *std::move(filter);
    }
    plan.queries.push_back(std::move(query));
    plan.op = plan::EachHit{};
    return true;
  }

  void place_lines() {
    const Node* node = rule_.find("query");
    const std::optional<std::string> text = rule_.text("query");
    if (node == nullptr || !text) return;
    const auto lines = static_cast<int>(std::ranges::count(*text, '\n')) + 1;
    for (int line = 1; line <= lines; ++line) result_.query_lines.push_back(position_in(*node, {line, 1}));
  }

  lang::Origin origin_of(const Node* node) const {
    lang::Origin origin;
    origin.file = rule_.rule().path;
    origin.rule = rule_.rule().rule;
    origin.key = rule_.path_of("query");
    origin.file_text = rule_.rule().file_text;
    // Where the text is not contiguous in the file the best that can be said is where it begins.
    origin.to_file = [node](LineColumn inside) {
      if (node == nullptr) return LineColumn{};
      const LineColumn at = position_in(*node, inside);
      return at.line > 0 ? at : node->at;
    };
    return origin;
  }

  /// Filters and exceptions hold for every query of the plan.
  void narrow(plan::Plan& plan, const ElasticClauses& clauses) {
    std::vector<plan::Expr> conditions = read_filters(rule_, "filters", clauses);
    for (plan::Expr& excluded : read_exceptions(rule_, exceptions_, clauses)) {
      conditions.push_back(plan::negate(std::move(excluded)));
    }
    for (plan::Query& query : plan.queries) {
      std::vector<plan::Expr> parts;
      const auto* outer = query.filter ? std::get_if<plan::IsTrue>(&query.filter->node) : nullptr;
      if (query.filter) parts.push_back(outer == nullptr ? query.filter : outer->operand);
      parts.insert(parts.end(), conditions.begin(), conditions.end());
      query.filter = plan::make(plan::IsTrue{plan::all_of(std::move(parts))});
    }
  }

  void read_operator(plan::Plan& plan, const ElasticFields& fields) {
    if (type_ == "threshold") read_threshold(plan, fields);
    if (type_ == "new_terms") read_new_terms(plan, fields);
    if (type_ == "threat_match") read_threat(plan, fields);
  }

  void judge_queries(const plan::Plan& plan) {
    const auto* sequence = std::get_if<plan::Sequence>(&plan.op);
    if (sequence == nullptr) {
      for (const plan::Query& query : plan.queries) judge_filter(query);
      return;
    }
    for (const plan::Sequence::Stage& stage : sequence->stages) {
      if (!stage.missing && stage.query < plan.queries.size()) judge_filter(plan.queries[stage.query]);
    }
  }

  void judge_rows(const plan::Plan& plan) {
    for (std::string& what : unmet_needs_of_rows(plan)) cannot_run(std::move(what));
  }

  /// The column of a field that a rule's table names; an unknown one is reported.
  std::optional<plan::NamedExpr> column_of(const Payload& table, std::string_view key, const std::string& name,
                                           const ElasticFields& fields) const {
    const Result<event::ColumnRef> column = fields.find(name);
    if (!column) {
      table.error("TH4110", key, column.error().what, column.error().hint);
      return std::nullopt;
    }
    return plan::NamedExpr{name, plan::column(*column)};
  }

  void read_threshold(plan::Plan& plan, const ElasticFields& fields) {
    if (rule_.find("threshold") == nullptr) {
      rule_.error("TH4101", "threshold", "the rule has no threshold", "a table with field and value");
      return;
    }
    const Payload threshold = rule_.table("threshold");
    plan::Query& query = plan.queries.front();
    plan::RunThreshold op;
    op.look_back = schedule_.look_back;
    op.interval = schedule_.interval;
    const std::vector<std::string> groups = threshold.text_or_texts("field");
    for (const std::string& field : groups) {
      if (field.empty()) continue;  // Kibana writes [""] for no field
      if (auto part = column_of(threshold, "field", field, fields)) query.key.push_back(*std::move(part));
    }
    if (query.key.size() > kMaxThresholdFields) {
      threshold.error("TH4103", "field", "a threshold groups by at most 5 fields");
    }
    op.least = read_count(threshold);
    // Elastic reads the first entry only.
    for (const Payload& cardinality : threshold.tables("cardinality")) {
      if (op.distinct) break;
      const std::string field = cardinality.text("field").value_or("");
      if (!field.empty() && std::ranges::find(groups, field) != groups.end()) {
        cardinality.error("TH4103", "field", "of a field that the threshold groups by there is one value in each group",
                          "count another field, or group by another one");
      }
      if (auto argument = column_of(cardinality, "field", field, fields)) {
        op.distinct = static_cast<std::uint32_t>(query.arguments.size());
        op.least_distinct = read_count(cardinality);
        query.arguments.push_back(*std::move(argument));
      }
    }
    plan.op = op;
  }

  static std::uint64_t read_count(const Payload& table) {
    const auto value = table.integer("value");
    if (value && *value >= 1) return static_cast<std::uint64_t>(*value);
    if (value || table.find("value") == nullptr) {
      table.error("TH4103", "value", "a threshold needs a value", "a whole number from 1 on");
    }
    return 1;
  }

  void read_new_terms(plan::Plan& plan, const ElasticFields& fields) {
    const Payload nested = rule_.table("new_terms");
    const bool flat = rule_.find("new_terms_fields") != nullptr;
    const Payload& holder = flat ? rule_ : nested;
    const std::string_view key = flat ? "new_terms_fields" : "value";
    const std::vector<std::string> names = holder.texts(key);
    if (names.empty() || names.size() > kMaxNewTermsFields) {
      holder.error("TH4103", key, "a new terms rule needs one to three fields");
    }
    plan::Query& query = plan.queries.front();
    for (const std::string& name : names) {
      if (std::ranges::count(names, name) > 1) {
        holder.error("TH4103", key, "the field " + name + " is there twice");
        return;
      }
      if (auto part = column_of(holder, key, name, fields)) query.key.push_back(*std::move(part));
    }
    plan::NewTerms op;
    op.look_back = schedule_.look_back;
    op.interval = schedule_.interval;
    op.history = read_history(nested);
    plan.op = op;
  }

  Duration read_history(const Payload& nested) {
    std::optional<Duration> history;
    const auto take = [&](const Payload& table, std::string_view key) {
      history = read_before_now(table, key, "");
      if (history->micros > 0 && *history <= schedule_.look_back) {
        table.error("TH4104", key, "the history must begin before the window that the rule looks at");
      }
    };
    if (rule_.find("history_window_start") != nullptr) {
      take(rule_, "history_window_start");
    } else {
      for (const Payload& start : nested.tables("history_window_start")) {
        if (!history) take(start, "value");
      }
    }
    if (!history) rule_.error("TH4101", "history_window_start", "the rule has no history_window_start", "now-7d");
    return history.value_or(Duration{});
  }

  void read_threat(plan::Plan& plan, const ElasticFields& fields) {
    auto match = read_threat_match(rule_, catalog_, fields);
    if (!match) return;
    const auto is_absent = [](const ThreatMatch::Entry& entry) {
      return !entry.negate && std::get<plan::Column>(entry.field.expression->node).column->always_absent;
    };
    std::erase_if(match->groups,
                  [&](const ThreatMatch::Group& group) { return std::ranges::any_of(group, is_absent); });
    const bool possible = result_.can_run && result_.reads_events && !match->groups.empty();
    cannot_run("indicator index " + quoted_list(rule_.texts("threat_index")));
    std::vector<plan::NamedExpr>& shown = plan.queries.front().arguments;
    for (const ThreatMatch::Group& group : match->groups) {
      for (const ThreatMatch::Entry& entry : group) {
        const auto same = [&](const plan::NamedExpr& other) { return other.name == entry.field.name; };
        if (!entry.negate && std::ranges::none_of(shown, same)) shown.push_back(entry.field);
      }
    }
    if (possible && can_be_met(plan.queries.front().filter)) {
      result_.threat = std::make_shared<const ThreatMatch>(*std::move(match));
    } else if (match->groups.empty()) {
      need("events with the fields of its threat_mapping");
    }
  }

  // ---- esql

  void read_esql() {
    const Node* node = rule_.find("query");
    const auto text = rule_.text("query");
    if (!text || node == nullptr) {
      rule_.error("TH4101", "query", "the rule has no query");
      return;
    }
    if (const Node* filters = rule_.find("filters"); filters != nullptr && !filters->items.empty()) {
      rule_.error("TH4103", "filters", "an ES|QL rule must not have filters", "write them as WHERE");
    }
    const lang::Origin origin = origin_of(node);
    lang::Reporter reporter(*text, origin, *rule_.rule().diagnostics);
    const esql::Query query = esql::parse(*text, reporter);
    if (reporter.errors() > 0) return;
    std::vector<std::string> patterns;
    collect_sources(query.pipeline, patterns, 0);
    const bool others = !patterns.empty() && judge(patterns);
    ElasticFields fields(catalog_, others ? ElasticFields::Unknown::absent : ElasticFields::Unknown::refused);
    if (result_.reads_signals) fields.add_signals();
    fields.set_runs(schedule_.interval, schedule_.look_back);
    // A rule over other data sets cannot run here, so what a plan could not express does not matter.
    Diagnostics unused;
    lang::Reporter aside(*text, origin, unused);
    lang::Reporter& heard = result_.can_run && !result_.reads_signals ? reporter : aside;
    auto plan = lowered(*text, query, fields, heard);
    if (result_.reads_signals) hear_about_signals(unused, patterns);
    if (!plan) return;
    narrow_if_excepted(*plan, ElasticClauses(fields));
    read_suppression(rule_, type_, schedule_, fields, *plan);
    judge_queries(*plan);
    if (result_.can_run) judge_rows(*plan);
    result_.plan = std::move(*plan);
  }

  std::optional<plan::Plan> lowered(const std::string& text, const esql::Query& query, const ElasticFields& fields,
                                    lang::Reporter& heard) const {
    const auto bound = esql::bind(text, query, fields, heard);
    if (!bound) return std::nullopt;
    esql::LoweringOptions options;
    options.look_back = schedule_.look_back;
    options.interval = schedule_.interval;
    return esql::lower(*bound, options, heard);
  }

  /// A rule over signals may read other data sets beside them, whose fields have types that are not known here; and it
  /// may ask for what no engine without a model behind it can do. Both leave it loaded. Other errors are its own.
  void hear_about_signals(const Diagnostics& findings, const std::vector<std::string>& patterns) {
    const bool others = !judge_inputs(patterns).others.empty();
    const auto is_error = [](const Diagnostic& d) { return d.severity == Diagnostic::Severity::error; };
    const auto first = std::ranges::find_if(findings.all(), is_error);
    const bool unsupported = std::ranges::all_of(
        findings.all(), [&](const Diagnostic& d) { return !is_error(d) || d.code.starts_with("TH32"); });
    if (first != findings.all().end() && others) return cannot_run("other documents than CloudTrail's");
    if (first != findings.all().end() && unsupported) return cannot_run("what is not supported: " + first->message);
    rule_.rule().diagnostics->append(findings);
  }

  void narrow_if_excepted(plan::Plan& plan, const ElasticClauses& clauses) {
    if (!rule_.tables("exceptions_list").empty()) narrow(plan, clauses);
  }

  // ---- machine_learning

  void read_job() {
    const std::vector<std::string> ids = rule_.text_or_texts("machine_learning_job_id");
    if (ids.empty()) rule_.error("TH4101", "machine_learning_job_id", "the rule has no machine_learning_job_id");
    const auto threshold = rule_.integer("anomaly_threshold");
    if (!threshold) {
      rule_.error("TH4101", "anomaly_threshold", "the rule has no anomaly_threshold", "a score from 0 to 100");
    } else if (*threshold < 0 || *threshold > 100) {
      rule_.error("TH4103", "anomaly_threshold", "a score lies between 0 and 100");
    }
    if (ids.empty() || !threshold) return;
    // Of several ids, versions of one job, the first known one is taken.
    const CloudTrailJob* job = nullptr;
    for (const std::string& id : ids) {
      if (job == nullptr) job = find_cloudtrail_job(id);
    }
    if (job == nullptr) {
      cannot_run("machine learning job " + quoted_list(ids));
      return;
    }
    result_.plan = plan_of(*job, static_cast<double>(*threshold));
    if (result_.plan) {
      rule_.warning("TH4211", "machine_learning_job_id",
                    "scores are estimates of our own: they do not equal those of Elastic's models");
    }
  }

  std::optional<plan::Plan> plan_of(const CloudTrailJob& job, double threshold) {
    const ElasticFields fields(catalog_, ElasticFields::Unknown::refused);
    plan::Query query;
    std::vector<plan::Expr> conditions;
    const auto require = [&](std::string_view name) -> std::optional<plan::NamedExpr> {
      auto part = column_of(rule_, "machine_learning_job_id", std::string(name), fields);
      if (part) conditions.push_back(plan::make(plan::Present{part->expression}));
      return part;
    };
    auto argument = require(job.field);
    if (!argument) return std::nullopt;
    query.arguments.push_back(*std::move(argument));
    if (!job.partition.empty()) {
      auto part = require(job.partition);
      if (!part) return std::nullopt;
      query.key.push_back(*std::move(part));
    }
    const ElasticClauses clauses(fields);
    for (plan::Expr& excluded : read_exceptions(rule_, exceptions_, clauses)) {
      conditions.push_back(plan::negate(std::move(excluded)));
    }
    query.filter = plan::make(plan::IsTrue{plan::all_of(std::move(conditions))});
    plan::AnomalyJob op;
    op.detector = job.detector;
    op.bucket = Duration::seconds(job.bucket_minutes * 60);
    op.threshold = threshold;
    plan::Plan plan;
    plan.queries.push_back(std::move(query));
    plan.op = op;
    return plan;
  }

  const Payload& rule_;
  const std::string type_;
  const std::string language_;
  const Schedule& schedule_;
  const ExceptionItems& exceptions_;
  const event::Catalog& catalog_;
  ElasticPlan result_;
};

}  // namespace

ElasticPlan read_elastic_plan(const Payload& rule, const std::string& type, const std::string& language,
                              const Schedule& schedule, const ExceptionItems& exceptions,
                              const event::Catalog& catalog) {
  return ElasticPlanReader(rule, type, language, schedule, exceptions, catalog).read();
}

}  // namespace trailhound::rule
