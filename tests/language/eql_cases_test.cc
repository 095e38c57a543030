/// The EQL suite: tests/language/eql/*.cases.
///
///   query:            an event query; documents and expectation as documents.h says
///   category-field:   event_category_override
///   sequences:        instead of `expect:`, the events of every match of a sequence or sample, one match a line: "1
///   3", or
///                     `none`. Events lie one second apart, or where a field `t` (seconds) says.
///   frontier:         the second where the data end; without it all spans are over
///   plan:             instead of `expect:`, what a sequence or sample becomes: "1 2 2 !3 until 4 within 15 min by a,b"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "documents.h"
#include "engine/compiled_rules.h"
#include "engine/evaluator.h"
#include "engine/hit_builder.h"
#include "engine/state.h"
#include "lang/eql/eql.h"

namespace trailhound::language_test {
namespace {

eql::Options options_of(const TextCase& one) {
  eql::Options options;
  if (one.has("category-field")) options.event_category_field = std::string(one.value("category-field"));
  if (one.has("timestamp-field")) options.timestamp_field = std::string(one.value("timestamp-field"));
  if (one.has("tiebreaker-field")) options.tiebreaker_field = std::string(one.value("tiebreaker-field"));
  return options;
}

std::string check_event_case(const TextCase& one) {
  return check_filter_case(
      one,
      [&](std::string_view query, const lang::Fields& fields, lang::Reporter& reporter) -> std::optional<plan::Expr> {
        const auto lowered = eql::lower(query, fields, options_of(one), reporter);
        if (!lowered) return std::nullopt;
        return lowered->queries.front().filter;
      });
}

std::string name_of(plan::MissingKey missing) { return missing == plan::MissingKey::drop ? "" : " or null"; }

/// "1 2 2 !3 until 4 within 15 min by a,b": queries by number; keys of later queries only where they differ.
std::string show(const eql::Lowered& lowered) {
  const auto* sequence = std::get_if<plan::Sequence>(&lowered.op);
  if (sequence == nullptr) return "event";
  std::string text = sequence->ordered ? "" : "sample ";
  for (const plan::Sequence::Stage& stage : sequence->stages) {
    text += (stage.missing ? "!" : "") + std::to_string(stage.query + 1) + " ";
  }
  if (sequence->until) text += "until " + std::to_string(*sequence->until + 1) + " ";
  if (sequence->max_span) text += "within " + format_duration(*sequence->max_span) + " ";
  std::string keys;
  for (const plan::Query& query : lowered.queries) {
    std::string names;
    for (const plan::NamedExpr& part : query.key) names += (names.empty() ? "" : ",") + part.name;
    names += name_of(query.missing);
    if (&query == &lowered.queries.front()) {
      keys = names;
    } else if (names != keys.substr(keys.rfind('|') + 1)) {
      keys += "|" + names;
    }
  }
  if (!keys.empty()) text += "by " + keys + " ";
  text.pop_back();
  return text;
}

std::string check_plan_case(const TextCase& one) {
  const Documents documents(one.lines("fields"), {});
  const std::string_view query = one.value("query");
  Diagnostics diagnostics;
  const lang::Origin origin;
  lang::Reporter reporter(query, origin, diagnostics);
  const auto lowered = eql::lower(query, documents.fields(), options_of(one), reporter);
  if (!lowered) return "errors: " + findings_text(diagnostics, Diagnostic::Severity::error);
  const std::string warnings = findings_text(diagnostics, Diagnostic::Severity::warning);
  if (warnings.find(one.value("warning")) == std::string::npos || warnings.empty() == one.has("warning")) {
    return "warnings: " + warnings;
  }
  const std::string found = show(*lowered);
  return found == one.value("plan") ? "" : "expected " + std::string(one.value("plan")) + "\nfound    " + found;
}

/// Gives the hits of one event its time and place.
class TimedHits : public engine::HitSink {
 public:
  explicit TimedHits(engine::HitCollector& collector) : collector_(collector) {}
  void begin(std::size_t number, Instant time) {
    key_ = std::to_string(1'000'000 + number);
    time_ = time;
  }
  void add(const engine::HitView& hit) override {
    engine::HitView timed = hit;
    timed.time = time_;
    timed.event_key = key_;
    collector_.add(timed);
  }

 private:
  engine::HitCollector& collector_;
  std::string key_;
  Instant time_;
};

/// The members of every match, by the time of the last event, through the engine as a scan drives it.
std::string matches(const plan::Plan& plan, const Documents& documents, Instant frontier) {
  auto rule = std::make_shared<rule::Rule>();
  rule->id = "case";
  rule->plan = plan;
  const auto compiled = engine::compile({rule});
  std::vector<engine::HitCollector> collectors;
  collectors.emplace_back(std::vector<rule::RuleRef>{rule}, SpillSorter::Options{});
  engine::HitBuilder builder(*compiled);
  TimedHits sink(collectors.front());
  const auto seconds = documents.fields().find("t");
  documents.for_each([&](std::size_t index, const event::Record& record) {
    Arena arena;
    engine::EvaluationContext context{.record = &record, .arena = arena};
    auto time = static_cast<std::int64_t>(index);
    if (seconds) {
      const Cell cell = (*seconds)->read(record, arena);
      time = std::get<std::int64_t>(cell.values()[0]);
    }
    std::vector<std::uint32_t> matched;
    for (std::uint32_t i = 0; i < plan.queries.size(); ++i) {
      if (engine::truth(plan.queries[i].filter, context) == Truth::yes) matched.push_back(i);
    }
    sink.begin(index + 1, Instant::from_seconds(time));
    builder.begin(record);
    if (!matched.empty()) builder.add_hits(0, matched, {}, context, sink);
  });
  std::vector<std::pair<Instant, std::string>> found;
  const auto consume = [&](engine::EpisodeRecord&& episode) {
    std::string members;
    for (const engine::EvidenceItem& item : episode.evidence) {
      members += (members.empty() ? "" : " ") + std::to_string(std::stoi(item.event_key) - 1'000'000);
    }
    found.emplace_back(episode.trigger_time, members);
    return true;
  };
  if (!engine::evaluate({rule}, std::move(collectors), frontier, consume)) return "the evaluation failed";
  std::ranges::sort(found);
  std::string text;
  for (const auto& [time, members] : found) text += (text.empty() ? "" : "\n") + members;
  return text.empty() ? "none" : text;
}

std::string check_sequence_case(const TextCase& one) {
  const Documents documents(one);
  const std::string_view query = one.value("query");
  Diagnostics diagnostics;
  const lang::Origin origin;
  lang::Reporter reporter(query, origin, diagnostics);
  auto lowered = eql::lower(query, documents.fields(), options_of(one), reporter);
  if (!lowered) return "errors: " + findings_text(diagnostics, Diagnostic::Severity::error);
  plan::Plan plan;
  plan.queries = std::move(lowered->queries);
  plan.op = std::move(lowered->op);
  Instant frontier = Instant::max();
  if (one.has("frontier")) frontier = Instant::from_seconds(std::stoll(std::string(one.value("frontier"))));
  const std::string found = matches(plan, documents, frontier);
  return found == one.value("sequences") ? ""
                                         : "expected:\n" + std::string(one.value("sequences")) + "\nfound:\n" + found;
}

std::string check(const TextCase& one) {
  if (one.has("plan")) return check_plan_case(one);
  return one.has("sequences") ? check_sequence_case(one) : check_event_case(one);
}

class EqlCases : public testing::TestWithParam<TextCase> {};

TEST_P(EqlCases, Holds) {
  const TextCase& one = GetParam();
  EXPECT_TRUE(one.has("fact")) << "every case names the fact that it pins";
  const std::string wrong = check(one);
  EXPECT_EQ(wrong, "") << one.file << ":" << one.line << " " << one.name << "\n" << one.value("query");
}

INSTANTIATE_TEST_SUITE_P(Eql, EqlCases, testing::ValuesIn(read_cases("eql")),
                         [](const auto& one) { return test_name(one.param); });

TEST(EqlSuite, HasEnoughCases) { EXPECT_GE(read_cases("eql").size(), 140u); }

}  // namespace
}  // namespace trailhound::language_test
