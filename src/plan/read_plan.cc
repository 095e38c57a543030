// Forms into plans: the inverse of print_plan.cc.

#include <charconv>
#include <span>
#include <utility>

#include "base/number_text.h"
#include "plan/expression_form.h"
#include "plan/pipeline_form.h"
#include "plan/plan.h"
#include "plan/plan_form.h"

namespace trailhound::plan {

namespace {

class PlanReader {
 public:
  PlanReader(std::string_view text, const ColumnResolver& columns) : text_(text), columns_(columns) {}

  Result<Plan> plan(const Form& form) const {
    if (form.head() != "plan") return error(form, "a plan is expected: (plan ...)");
    Plan plan;
    bool has_operator = false;
    bool has_episode = false;
    for (const Form& part : parts(form)) {
      if (part.head() == "query") {
        TRY(Query query, read_query(part));
        plan.queries.push_back(std::move(query));
      } else if (part.head() == "episode") {
        TRY(plan.episode, episode(part));
        has_episode = true;
      } else {
        TRY(plan.op, read_operator(part));
        has_operator = true;
      }
    }
    if (!has_operator) return error(form, "the plan has no operator");
    if (!has_episode) return error(form, "the plan has no episode");
    return plan;
  }

 private:
  std::unexpected<Error> error(const Form& form, std::string what) const {
    return error_at(form, text_, std::move(what));
  }
  std::unexpected<Error> unknown(const Form& form, std::string_view where) const {
    return error(form, "this is no part of " + std::string(where));
  }

  static std::span<const Form> parts(const Form& form) {
    return form.items.empty() ? std::span<const Form>() : std::span(form.items).subspan(1);
  }

  // The one operand of (window 15m) and its like.
  Result<const Form*> only(const Form& form) const {
    if (parts(form).size() != 1) return error(form, "exactly one operand is expected");
    return &parts(form).front();
  }

  template <class Number>
  Result<Number> number(const Form& form) const {
    const auto read = form.kind == Form::Kind::atom && !form.tail ? number_in<Number>(form.text) : std::nullopt;
    if (!read) return error(form, "a number is expected");
    return *read;
  }
  template <class Number>
  Result<Number> only_number(const Form& form) const {
    TRY(const Form* operand, only(form));
    return number<Number>(*operand);
  }
  Result<std::vector<std::uint32_t>> indexes(std::span<const Form> forms) const {
    std::vector<std::uint32_t> list;
    for (const Form& form : forms) {
      TRY(const auto index, number<std::uint32_t>(form));
      list.push_back(index);
    }
    return list;
  }

  Result<Duration> only_duration(const Form& form) const {
    TRY(const Form* operand, only(form));
    const std::string_view text = operand->text;
    std::int64_t count = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
    const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    for (const DurationUnit& known : kDurationUnits) {
      std::int64_t micros = 0;
      const bool fits = !__builtin_mul_overflow(count, std::int64_t{known.micros}, &micros);
      if (failure == std::errc() && unit == known.name && fits) return Duration{micros};
    }
    return error(*operand, "a duration such as 15m is expected");
  }

  Result<Expr> only_expression(const Form& form) const {
    TRY(const Form* operand, only(form));
    return read_expression(*operand, text_, columns_);
  }

  Result<std::string> string(const Form& form, std::size_t at) const {
    if (at >= form.items.size() || form.items[at].kind != Form::Kind::string) {
      return error(form, "a quoted name is expected");
    }
    return form.items[at].text;
  }

  template <std::size_t size>
  Result<int> name_at(const Form& form, std::size_t at, const std::string_view (&names)[size]) const {
    const int index =
        at < form.items.size() && form.items[at].kind == Form::Kind::atom ? index_of(form.items[at].text, names) : -1;
    if (index < 0) return error(form, "an unknown name, or none, in " + std::string(form.head()));
    return index;
  }

  Result<std::vector<NamedExpr>> named(const Form& form) const {
    std::vector<NamedExpr> list;
    for (const Form& pair : parts(form)) {
      if (pair.kind != Form::Kind::list || pair.items.size() != 2)
        return error(pair, "(\"name\" expression) is expected");
      TRY(std::string name, string(pair, 0));
      TRY(Expr expression, read_expression(pair.items[1], text_, columns_));
      list.push_back({std::move(name), std::move(expression)});
    }
    return list;
  }

  Result<Query> read_query(const Form& form) const {
    Query query;
    TRY(query.name, string(form, 1));
    for (const Form& part : parts(form).subspan(1)) {
      const std::string_view head = part.head();
      if (head == "filter") {
        TRY(query.filter, only_expression(part));
      } else if (head == "key") {
        TRY(query.key, named(part));
      } else if (head == "missing") {
        TRY(const int missing, name_at(part, 1, kMissingNames));
        query.missing = static_cast<MissingKey>(missing);
      } else if (head == "arguments") {
        TRY(query.arguments, named(part));
      } else {
        return unknown(part, "a query");
      }
    }
    return query;
  }

  Result<LinearTerm> term(const Form& form) const {
    if (form.kind == Form::Kind::list) {
      if (form.head() != "*" || form.items.size() != 3) return error(form, "(* factor q0) is expected");
      TRY(const double factor, number<double>(form.items[1]));
      TRY(LinearTerm scaled, term(form.items[2]));
      if (scaled.query < 0 || scaled.factor != 1) return error(form, "only a query can be multiplied");
      scaled.factor = factor;
      return scaled;
    }
    if (!form.text.starts_with('q')) {
      TRY(const double constant, number<double>(form));
      return LinearTerm{-1, constant};
    }
    const auto query = number_in<int>(std::string_view(form.text).substr(1));
    if (!query || *query < 0) return error(form, "a query is q and its number");
    return LinearTerm{*query};
  }

  Result<std::vector<Condition>> conditions(const Form& form) const {
    std::vector<Condition> list;
    for (const Form& part : parts(form)) {
      TRY(Condition one, condition(part));
      list.push_back(std::move(one));
    }
    return list;
  }

  Result<Condition> condition(const Form& form) const {
    const auto node = [](auto content) {
      return std::make_shared<const ConditionNode>(ConditionNode{std::move(content)});
    };
    const std::string_view head = form.head();
    if (head == "and" || head == "or") {
      TRY(auto operands, conditions(form));
      return head == "and" ? node(ConditionAll{std::move(operands)}) : node(ConditionAny{std::move(operands)});
    }
    if (parts(form).size() != 2) return error(form, "a condition with two operands is expected");
    if (head == "then") {
      TRY(auto operands, conditions(form));
      return node(ConditionThen{std::move(operands[0]), std::move(operands[1])});
    }
    const int op = index_of(head, kComparisonSymbols);
    if (op < 0) return error(form, "an unknown condition");
    TRY(const LinearTerm left, term(form.items[1]));
    TRY(const LinearTerm right, term(form.items[2]));
    return node(ConditionCompare{left, static_cast<ComparisonOp>(op), right});
  }

  Result<TrailingCondition::Measure> measure(const Form& form) const {
    TRY(const int aggregation, name_at(form, 1, kTrailingNames));
    TRY(auto arguments, indexes(parts(form).subspan(1)));
    return TrailingCondition::Measure{static_cast<TrailingCondition::Aggregation>(aggregation), std::move(arguments)};
  }

  Result<TrailingCondition::Case> read_case(const Form& form) const {
    if (form.items.size() < 3 || form.items.size() > 4)
      return error(form, "(case \"name\" severity condition) is expected");
    TrailingCondition::Case one;
    TRY(one.name, string(form, 1));
    const auto severity = severity_named(form.items[2].text);
    if (!severity) return error(form.items[2], "an unknown severity");
    one.severity = *severity;
    if (form.items.size() == 4) {
      TRY(one.condition, condition(form.items[3]));
    }
    return one;
  }

  Result<Operator> read_operator(const Form& form) const {
    const std::string_view head = form.head();
    if (head == "each_hit") return EachHit{};
    if (head == "trailing") return trailing(form);
    if (head == "baseline") return baseline(form);
    if (head == "run_aggregate") return run_aggregate(form);
    if (head == "run_table") return run_table(form);
    if (head == "run_threshold") return run_threshold(form);
    if (head == "new_terms") return new_terms(form);
    if (head == "sequence" || head == "sample") return sequence(form);
    if (head == "anomaly_job") return anomaly_job(form);
    if (head == "new_value") return new_value(form);
    return unknown(form, "a plan");
  }

  Result<Operator> run_table(const Form& form) const {
    RunTable out;
    for (const Form& part : parts(form)) {
      const std::string_view head = part.head();
      if (head == "look_back") {
        TRY(out.look_back, only_duration(part));
      } else if (head == "interval") {
        TRY(out.interval, only_duration(part));
      } else if (head == "identity") {
        TRY(out.identity, only_number<std::uint32_t>(part));
      } else if (head == "once") {
        out.once = true;
      } else if (head == "pipeline") {
        TRY(out.pipeline, read_pipeline(part, text_, columns_));
      } else {
        return unknown(part, "a table by runs");
      }
    }
    return out;
  }

  Result<Operator> run_threshold(const Form& form) const {
    RunThreshold out;
    for (const Form& part : parts(form)) {
      const std::string_view head = part.head();
      if (head == "least") {
        TRY(out.least, only_number<std::uint64_t>(part));
      } else if (head == "distinct") {
        if (part.items.size() != 3) return error(part, "(distinct argument number) is expected");
        TRY(out.distinct, number<std::uint32_t>(part.items[1]));
        TRY(out.least_distinct, number<std::uint64_t>(part.items[2]));
      } else if (head == "look_back") {
        TRY(out.look_back, only_duration(part));
      } else if (head == "interval") {
        TRY(out.interval, only_duration(part));
      } else {
        return unknown(part, "a threshold by runs");
      }
    }
    return out;
  }

  Result<Operator> new_terms(const Form& form) const {
    NewTerms out;
    for (const Form& part : parts(form)) {
      const std::string_view head = part.head();
      if (head == "history") {
        TRY(out.history, only_duration(part));
      } else if (head == "look_back") {
        TRY(out.look_back, only_duration(part));
      } else if (head == "interval") {
        TRY(out.interval, only_duration(part));
      } else {
        return unknown(part, "new terms");
      }
    }
    return out;
  }

  Result<Operator> sequence(const Form& form) const {
    Sequence out;
    out.ordered = form.head() == "sequence";
    for (const Form& part : parts(form)) {
      const std::string_view head = part.head();
      if (head == "stage" || head == "missing") {
        TRY(const auto query, only_number<std::uint32_t>(part));
        out.stages.push_back({query, head == "missing"});
      } else if (head == "until") {
        TRY(out.until, only_number<std::uint32_t>(part));
      } else if (head == "max_span") {
        TRY(out.max_span, only_duration(part));
      } else {
        return unknown(part, "a sequence");
      }
    }
    return out;
  }

  Result<Operator> anomaly_job(const Form& form) const {
    AnomalyJob out;
    TRY(const int detector, name_at(form, 1, kDetectorNames));
    out.detector = static_cast<AnomalyJob::Detector>(detector);
    if (form.items.size() != 5) return error(form, "(anomaly_job detector argument (bucket ...) (threshold ...))");
    TRY(out.argument, number<std::uint32_t>(form.items[2]));
    TRY(out.bucket, only_duration(form.items[3]));
    TRY(out.threshold, only_number<double>(form.items[4]));
    return out;
  }

  Result<Operator> trailing(const Form& form) const {
    TrailingCondition out;
    for (const Form& part : parts(form)) {
      const std::string_view head = part.head();
      if (head == "window") {
        TRY(out.window, only_duration(part));
      } else if (head == "measure") {
        TRY(auto one, measure(part));
        out.measures.push_back(std::move(one));
      } else if (head == "case") {
        TRY(auto one, read_case(part));
        out.cases.push_back(std::move(one));
      } else {
        return unknown(part, "a trailing condition");
      }
    }
    return out;
  }

  Result<Operator> baseline(const Form& form) const {
    Baseline out;
    for (const Form& part : parts(form)) {
      const std::string_view head = part.head();
      if (head == "measure") {
        TRY(out.measure, measure(part));
      } else if (head == "bucket") {
        TRY(out.bucket, only_duration(part));
      } else if (head == "learning") {
        TRY(out.learning, only_duration(part));
      } else if (head == "window") {
        TRY(out.window, only_duration(part));
      } else if (head == "percentile") {
        TRY(out.percentile, only_number<double>(part));
      } else if (head == "tolerance") {
        TRY(out.tolerance, only_number<double>(part));
      } else if (head == "learning_bound") {
        TRY(out.learning_bound, only_number<double>(part));
      } else if (head == "case") {
        TRY(auto one, read_case(part));
        out.case_name = std::move(one.name);
        out.severity = one.severity;
      } else {
        return unknown(part, "a baseline");
      }
    }
    return out;
  }

  Result<Operator> new_value(const Form& form) const {
    NewValue out;
    for (const Form& part : parts(form)) {
      const std::string_view head = part.head();
      if (head == "learning") {
        TRY(out.learning, only_duration(part));
      } else if (head == "learns_first") {
        out.learns_first = true;
      } else if (head == "forget_after") {
        TRY(out.forget_after, only_duration(part));
      } else if (head == "case") {
        TRY(auto one, read_case(part));
        out.case_name = std::move(one.name);
        out.severity = one.severity;
      } else {
        return unknown(part, "new values");
      }
    }
    return out;
  }

  Result<RunAggregate::Measure> run_measure(const Form& form) const {
    RunAggregate::Measure out;
    TRY(out.name, string(form, 1));
    TRY(const int aggregation, name_at(form, 2, kRunNames));
    out.aggregation = static_cast<RunAggregate::Aggregation>(aggregation);
    if (form.items.size() < 4 || form.items.size() > 5) return error(form, "a measure needs its argument's number");
    TRY(out.argument, number<std::uint32_t>(form.items[3]));
    if (form.items.size() == 5) {
      if (form.items[4].head() != "where") return unknown(form.items[4], "a measure");
      TRY(out.filter, only_number<std::uint32_t>(form.items[4]));
    }
    if (!form.type.empty()) {
      const auto type = type_named(form.type);
      if (!type) return error(form, "unknown type " + form.type);
      out.type = *type;
    }
    return out;
  }

  Result<Operator> run_aggregate(const Form& form) const {
    RunAggregate out;
    for (const Form& part : parts(form)) {
      const std::string_view head = part.head();
      if (head == "measure") {
        TRY(auto one, run_measure(part));
        out.measures.push_back(std::move(one));
      } else if (head == "bucket_key") {
        TRY(out.bucket_key, only_number<std::uint32_t>(part));
      } else if (head == "bucket") {
        TRY(out.bucket, only_duration(part));
      } else if (head == "look_back") {
        TRY(out.look_back, only_duration(part));
      } else if (head == "interval") {
        TRY(out.interval, only_duration(part));
      } else if (head == "having") {
        TRY(out.having, only_expression(part));
      } else if (head == "outputs") {
        TRY(out.outputs, named(part));
      } else {
        return unknown(part, "an aggregation by runs");
      }
    }
    return out;
  }

  Result<Suppression> suppression(const Form& form) const {
    Suppression out;
    TRY(const int by, name_at(form, 1, kSuppressionNames));
    out.by = static_cast<Suppression::By>(by);
    for (const Form& part : parts(form).subspan(1)) {
      const std::string_view head = part.head();
      if (part.kind == Form::Kind::atom) {
        TRY(const auto index, number<std::uint32_t>(part));
        out.parts.push_back(index);
      } else if (head == "duration") {
        TRY(out.duration, only_duration(part));
      } else if (head == "interval") {
        TRY(out.interval, only_duration(part));
      } else if (head == "missing_alone" && part.items.size() == 1) {
        out.missing_alone = true;
      } else {
        return unknown(part, "a suppression");
      }
    }
    return out;
  }

  Result<Episode> episode(const Form& form) const {
    Episode out;
    for (const Form& part : parts(form)) {
      const std::string_view head = part.head();
      if (head == "project" || head == "key_parts") {
        out.project = head == "project";
        TRY(out.key_parts, indexes(parts(part)));
      } else if (head == "keep_alive") {
        TRY(out.keep_alive, only_duration(part));
      } else if (head == "max_duration") {
        TRY(out.max_duration, only_duration(part));
      } else if (head == "suppress") {
        TRY(out.suppression, suppression(part));
      } else {
        return unknown(part, "an episode");
      }
    }
    return out;
  }

  std::string_view text_;
  const ColumnResolver& columns_;
};

}  // namespace

Result<Plan> parse_plan(std::string_view text, const ColumnResolver& columns) {
  TRY(const Form form, parse_form(text));
  return PlanReader(text, columns).plan(form);
}

}  // namespace trailhound::plan
