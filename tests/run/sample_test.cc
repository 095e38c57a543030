// The bundled sample: the planted signals come out of it, each once, and nothing else.

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <set>
#include <string>

#include "base/json_value.h"
#include "rule/loader.h"
#include "run/scan.h"
#include "source/find_inputs.h"

namespace trailhound::run {
namespace {

std::string describe(std::string_view rule, std::string_view severity, std::string_view group, std::string_view first,
                     std::string_view last, std::uint64_t events) {
  return std::string(rule) + " " + std::string(severity) + " " + std::string(group) + " " + std::string(first) + " " +
         std::string(last) + " " + std::to_string(events);
}

class Described : public sink::Sink {
 public:
  Status add(const signal::Signal& s) override {
    found.insert(describe(s.rule->id, plan::name_of(s.severity), s.principal, format_rfc3339(s.first_seen),
                          format_rfc3339(s.last_seen), s.event_count));
    return {};
  }
  Status finish(const sink::ScanSummary&) override { return {}; }
  std::multiset<std::string> found;
};

std::multiset<std::string> expected_signals(const std::string& path) {
  std::multiset<std::string> expected;
  std::ifstream file(path);
  json::Document document;
  for (std::string line; std::getline(file, line);) {
    const auto root = document.parse(line);
    if (!root) continue;
    const auto text = [&](std::string_view key) { return root->find(key).string().value_or(""); };
    expected.insert(describe(text("rule"), text("severity"), text("group"), text("first_seen"), text("last_seen"),
                             root->find("event_count").unsigned_integer().value_or(0)));
  }
  return expected;
}

TEST(Sample, HoldsExactlyThePlantedSignals) {
  const std::string folder = std::string(TRAILHOUND_SOURCE_DIR) + "/examples/sample";
  const event::Catalog catalog;
  const rule::LoadedRules rules = rule::load_shipped_rules(catalog);
  auto ledger = std::make_unique<Ledger>();
  ScanInput input;
  auto files = source::find_inputs({folder}, *ledger);
  ASSERT_TRUE(files.has_value()) << files.error().text();
  input.files = std::move(*files);
  Described sink;
  Progress progress;
  const auto result = scan(input, rules, catalog, {}, std::move(ledger), {&sink}, progress);
  ASSERT_TRUE(result.has_value()) << result.error().text();
  const auto expected = expected_signals(std::string(TRAILHOUND_SOURCE_DIR) + "/examples/sample-expected.jsonl");
  EXPECT_EQ(expected.size(), 5u);
  EXPECT_EQ(sink.found, expected);
  EXPECT_EQ(result->ledger->malformed, 0u);
  EXPECT_GT(result->ledger->duplicate, 0u);
}

}  // namespace
}  // namespace trailhound::run
