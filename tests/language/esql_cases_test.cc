// The ES|QL suite: every case of tests/language/esql/*.cases is one test. README.md beside it describes the form.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "address_databases.h"
#include "result_table.h"
#include "run/query.h"
#include "run/rule_cases.h"
#include "temporary_folder.h"
#include "text_case.h"

namespace trailhound::language_test {
namespace {

/// Kinds of errors as cases name them.
constexpr std::pair<std::string_view, std::string_view> kKinds[] = {
    {"lexical", "TH3001"},        {"syntax", "TH3002"},           {"too-complex", "TH3003"},
    {"unknown-column", "TH3101"}, {"unknown-function", "TH3102"}, {"argument-count", "TH3103"},
    {"argument-type", "TH3104"},  {"operand-types", "TH3105"},    {"condition-type", "TH3106"},
    {"literal", "TH3107"},        {"constant-needed", "TH3108"},  {"aggregation", "TH3109"},
    {"pattern", "TH3110"},        {"rename", "TH3111"},           {"column-type", "TH3112"},
    {"metadata", "TH3113"},       {"unknown-type", "TH3114"},     {"value", "TH3115"},
    {"not-supported", "TH3201"},
};

std::string_view code_of(std::string_view kind) {
  for (const auto& [name, code] : kKinds) {
    if (name == kind) return code;
  }
  // What belongs to newer commands (a lookup table that is not there) is named by its code.
  if (kind.starts_with("TH")) return kind;
  throw std::runtime_error("no kind of error: " + std::string(kind));
}

std::string_view next_word(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

/// "3:7 unknown-column nearest": a place or *, kinds separated by bars or *, and what must be in message or hint.
bool is_error(const Diagnostic& found, std::string_view expected) {
  const std::string_view place = next_word(expected);
  std::string_view kinds = next_word(expected);
  bool kind_agrees = kinds == "*";
  while (!kinds.empty() && !kind_agrees) {
    const std::size_t end = std::min(kinds.find('|'), kinds.size());
    kind_agrees = found.code == code_of(kinds.substr(0, end));
    kinds.remove_prefix(std::min(end + 1, kinds.size()));
  }
  const std::string at = std::to_string(found.place.at.line) + ":" + std::to_string(found.place.at.column);
  return found.severity == Diagnostic::Severity::error && kind_agrees && (place == "*" || place == at) &&
         (found.message + "\n" + found.hint).find(expected) != std::string::npos;
}

/// The events as CloudTrail records: the shorthand of rule cases, or whole records as JSON.
std::string records_of(const TextCase& one) {
  std::string records;
  std::string shorthand;
  for (const std::string_view line : one.lines("events")) {
    if (line.starts_with('{')) {
      records += line;
      records += '\n';
    } else {
      shorthand += "  " + std::string(line) + "\n";
    }
  }
  if (shorthand.empty()) return records;
  Diagnostics diagnostics;
  const auto file = run::parse_rule_cases("rule r\ncase c\n" + shorthand + "  expect none\n", one.file, diagnostics);
  if (!file) throw std::runtime_error("events: " + to_text(diagnostics.all().front()));
  return file->cases.front().records + records;
}

/// A folder with the case's lookup files, gone with the object.
class LookupFolder {
 public:
  explicit LookupFolder(const TextCase& one) {
    for (const auto& [directive, value] : one.directives) {
      if (directive != "lookup") continue;
      const std::size_t end = std::min(value.find('\n'), value.size());
      std::ofstream(folder_ / value.substr(0, end)) << value.substr(std::min(end + 1, value.size())) << '\n';
    }
  }
  [[nodiscard]] std::string path() const { return folder_.path().string(); }

 private:
  TemporaryFolder folder_;
};

struct Outcome {
  std::optional<run::QueryResult> result;
  Diagnostics diagnostics;
  std::string failure;  ///< of running, not of the query
};

Outcome run_case(const TextCase& one) {
  static const event::Catalog without;
  const AddressDatabases databases(one.lines("geoip"), one.lines("asn"));
  const event::Catalog* catalog = &without;
  std::optional<event::Catalog> with;
  if (one.has("geoip") || one.has("asn")) catalog = &with.emplace(databases.geo());
  const LookupFolder lookups(one);
  run::ScanInput input;
  if (one.has("events")) input.texts.push_back({one.file, records_of(one)});
  run::QueryOptions options;
  options.workers = 1;
  options.lookup_folder = lookups.path();
  if (one.has("now")) {
    options.now = parse_rfc3339(one.value("now"));
    if (!options.now) throw std::runtime_error("now: not a time");
  }
  for (const auto& [directive, value] : one.directives) {
    if (directive == "param") options.parameters.push_back(esql::read_parameter(value));
  }
  Ledger ledger;
  Outcome outcome;
  auto result = run::query(one.value("query"), input, *catalog, options, ledger, outcome.diagnostics);
  if (result) {
    outcome.result = std::move(*result);
  } else {
    outcome.failure = result.error().text();
  }
  return outcome;
}

std::vector<std::string> warnings_of(const Outcome& outcome) {
  std::vector<std::string> warnings;
  if (outcome.result) {
    for (const std::string& warning : outcome.result->warnings) {
      if (warning.find("default limit") == std::string::npos) warnings.push_back(warning);
    }
  }
  for (const Diagnostic& d : outcome.diagnostics.all()) {
    if (d.severity == Diagnostic::Severity::warning) warnings.push_back(d.message);
  }
  return warnings;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "\n  " + line;
  return text;
}

std::string found_text(const Outcome& outcome) {
  std::string text = outcome.failure;
  for (const Diagnostic& d : outcome.diagnostics.all()) text += to_text(d) + "\n";
  if (outcome.result) text += to_result_table(*outcome.result).text();
  return text;
}

/// What differs from the case; empty if nothing does.
std::string difference(const TextCase& one, const Outcome& outcome) {
  for (const auto& [directive, expected] : one.directives) {
    if (directive != "error") continue;
    const auto& all = outcome.diagnostics.all();
    const std::string_view line = expected;
    if (!std::any_of(all.begin(), all.end(), [&](const Diagnostic& d) { return is_error(d, line); })) {
      return "expected error: " + expected + "\ngot:\n" + found_text(outcome);
    }
  }
  if (one.has("error")) return outcome.result ? "an error and a result" : "";
  if (!outcome.result) return "expected:\n" + std::string(one.value("expect")) + "\ngot:\n" + found_text(outcome);

  if (one.has("expect")) {
    ResultTable expected = parse_result_table(one.lines("expect"));
    ResultTable found = to_result_table(*outcome.result);
    const std::string_view unordered = one.value("unordered");
    if (unordered.find("rows") != std::string_view::npos || unordered == "yes") {
      expected.sort_rows();
      found.sort_rows();
    }
    if (unordered.find("values") != std::string_view::npos) {
      expected.sort_values();
      found.sort_values();
    }
    if (expected != found) return "expected:\n" + expected.text() + "\ngot:\n" + found.text();
  }
  if (one.has("row-count") && std::to_string(outcome.result->rows.size()) != one.value("row-count")) {
    return "expected " + std::string(one.value("row-count")) + " rows, got " +
           std::to_string(outcome.result->rows.size());
  }
  const std::vector<std::string> warnings = warnings_of(outcome);
  for (const auto& [directive, expected] : one.directives) {
    if (directive != "warning") continue;
    if (expected == "none" ? !warnings.empty()
                           : std::none_of(warnings.begin(), warnings.end(), [&](const std::string& text) {
                               return text.find(expected) != std::string::npos;
                             })) {
      return "expected warning: " + expected + "\ngot:" + joined(warnings);
    }
  }
  return {};
}

/// Directives that a case may have; anything else is a slip of the pen that would test nothing.
void check_form(const TextCase& one) {
  static constexpr std::string_view kDirectives[] = {"fact",      "query", "events", "lookup",    "expect",
                                                     "unordered", "now",   "error",  "row-count", "warning",
                                                     "pending",   "param", "geoip",  "asn"};
  for (const auto& [directive, value] : one.directives) {
    if (std::find(std::begin(kDirectives), std::end(kDirectives), directive) == std::end(kDirectives)) {
      throw std::runtime_error("no such directive: " + directive);
    }
  }
  if (!one.has("fact") || !one.has("query")) throw std::runtime_error("a case needs fact: and query:");
  if (one.has("error") == (one.has("expect") || one.has("row-count"))) {
    throw std::runtime_error("a case needs either expect: or error:");
  }
}

class EsqlCases : public testing::TestWithParam<TextCase> {};

TEST_P(EsqlCases, Agree) {
  const TextCase& one = GetParam();
  std::string differs;
  try {
    check_form(one);
    differs = difference(one, run_case(one));
  } catch (const std::exception& e) {
    FAIL() << one.file << ":" << one.line << ": " << e.what();
  }
  const std::string place = one.file + ":" + std::to_string(one.line) + ": " + one.name;
  if (one.has("pending")) {
    if (differs.empty()) FAIL() << place << "\npasses: take its pending: away";
    GTEST_SKIP() << "pending: " << one.value("pending");
  }
  if (!differs.empty())
    FAIL() << place << "\nfact: " << one.value("fact") << "\n" << one.value("query") << "\n" << differs;
}

INSTANTIATE_TEST_SUITE_P(Facts, EsqlCases, testing::ValuesIn(read_cases("esql")),
                         [](const auto& test) { return test_name(test.param); });

TEST(EsqlSuite, CountsItsCases) {
  const auto cases = read_cases("esql");
  std::size_t pending = 0;
  std::size_t errors_or_nulls = 0;
  for (const TextCase& one : cases) {
    if (one.has("pending")) ++pending;
    if (one.has("error") || one.value("expect").find("null") != std::string_view::npos) ++errors_or_nulls;
  }
  std::cout << cases.size() << " cases, " << errors_or_nulls << " of errors and nulls, " << pending << " pending\n";
  EXPECT_GE(cases.size(), 320u);
  EXPECT_GE(errors_or_nulls * 3, cases.size());
}

}  // namespace
}  // namespace trailhound::language_test
