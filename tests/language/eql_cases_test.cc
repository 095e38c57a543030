/// The EQL suite: tests/language/eql/*.cases.
///
///   query:            an event query; documents and expectation as documents.h says
///   category-field:   event_category_override
///   plan:             instead of `expect:`, what a sequence or sample becomes: "1 2 2 !3 until 4 within 15m by a,b"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "documents.h"
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

/// "1 2 2 !3 until 4 within 15m by a,b".
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
  return text + "by " + keys;
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

class EqlCases : public testing::TestWithParam<TextCase> {};

TEST_P(EqlCases, Holds) {
  const TextCase& one = GetParam();
  EXPECT_TRUE(one.has("fact")) << "every case names the fact that it pins";
  const std::string wrong = one.has("plan") ? check_plan_case(one) : check_event_case(one);
  EXPECT_EQ(wrong, "") << one.file << ":" << one.line << " " << one.name << "\n" << one.value("query");
}

INSTANTIATE_TEST_SUITE_P(Eql, EqlCases, testing::ValuesIn(read_cases("eql")),
                         [](const auto& info) { return test_name(info.param); });

TEST(EqlSuite, HasEnoughCases) { EXPECT_GE(read_cases("eql").size(), 140u); }

}  // namespace
}  // namespace trailhound::language_test
