#include "public_rules/slow_twin.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "engine/matcher.h"
#include "engine/naive_matcher.h"
#include "engine/naive_operators.h"
#include "engine/state.h"
#include "event/records.h"
#include "public_rules/case_files.h"

namespace trailhound {
namespace {

using engine::test::Finding;

const std::string& line_of(const std::string& text) { return text; }
std::string line_of(const Finding& finding) { return to_text(finding); }

/// Of sorted lists.
template <class T>
std::string difference(const std::vector<T>& found, const std::vector<T>& expected) {
  std::vector<T> only_engine, only_twin;
  std::ranges::set_difference(found, expected, std::back_inserter(only_engine));
  std::ranges::set_difference(expected, found, std::back_inserter(only_twin));
  std::string lines;
  for (const T& one : only_engine) lines += "only the engine: " + line_of(one) + "\n";
  for (const T& one : only_twin) lines += "only the twin: " + line_of(one) + "\n";
  return lines;
}

class Hits final : public engine::HitSink {
 public:
  void add(const engine::HitView& hit) override { hits.push_back(to_hit(hit)); }
  std::vector<engine::Hit> hits;
};

std::string text_of(const engine::Hit& hit, const std::vector<rule::RuleRef>& rules) {
  std::string text = rules[hit.rule]->name + " at " + format_rfc3339(hit.time) + " " + hit.event_key + " queries " +
                     std::to_string(hit.queries);
  for (const Value& value : hit.group) text += " [" + to_text(value) + "]";
  for (const Values& cell : hit.arguments) {
    text += " (";
    for (const Value& value : cell) text += " " + to_text(value);
    text += " )";
  }
  return text;
}

std::vector<std::string> sorted_texts(const std::vector<engine::Hit>& hits, const std::vector<rule::RuleRef>& rules) {
  std::vector<std::string> texts;
  for (const engine::Hit& hit : hits) texts.push_back(text_of(hit, rules));
  std::ranges::sort(texts);
  return texts;
}

}  // namespace

Comparison compare_with_slow_twin(const rule::RuleRef& rule, const std::string& records) {
  const std::vector<rule::RuleRef> rules{rule};
  event::BatchReader reader;
  engine::Matcher matcher(engine::compile(rules));
  std::vector<engine::HitCollector> collectors;
  collectors.emplace_back(rules, SpillSorter::Options{.budget = 64u << 20, .folder = {}});
  std::vector<engine::Hit> hits;
  Instant frontier = Instant::min();
  const FileEntry file = event::read_window(reader, as_array(records), [&](event::Batch& batch) {
    matcher.match(batch, collectors.front());
    std::ranges::move(engine::test::match_naively(rules, batch), std::back_inserter(hits));
    for (const Instant time : batch.times) frontier = std::max(frontier, time);
  });
  if (file.malformed > 0) return {"a record is malformed\n", 0};

  std::vector<Finding> found;
  const auto reports = engine::evaluate(rules, std::move(collectors), frontier, [&](engine::EpisodeRecord&& episode) {
    found.push_back(engine::test::finding_of(rule->plan, episode));
    return true;
  });
  if (!reports) return {reports.error().text() + "\n", 0};
  std::ranges::sort(found);
  const auto expected = engine::test::find_naively(rule->plan, hits, frontier);
  if (!expected) return {"the operator has no twin\n", 0};
  return {difference(found, *expected), found.size()};
}

std::string find_slowly(const rule::RuleRef& rule, const std::string& records) {
  event::BatchReader reader;
  std::vector<engine::Hit> hits;
  Instant frontier = Instant::min();
  (void)event::read_window(reader, as_array(records), [&](event::Batch& batch) {
    std::ranges::move(engine::test::match_naively({rule}, batch), std::back_inserter(hits));
    for (const Instant time : batch.times) frontier = std::max(frontier, time);
  });
  std::string text;
  for (const Finding& finding :
       engine::test::find_naively(rule->plan, hits, frontier).value_or(std::vector<Finding>{})) {
    // Without the group, which a plan may have changed.
    text += format_rfc3339(finding.time) + " " + finding.event_key + " " + std::to_string(finding.events) + "\n";
  }
  return text;
}

Comparison compare_hits(const std::vector<rule::RuleRef>& rules, const std::string& records) {
  event::BatchReader reader;
  engine::Matcher matcher(engine::compile(rules));
  Hits found;
  std::vector<engine::Hit> expected;
  (void)event::read_window(reader, as_array(records), [&](event::Batch& batch) {
    matcher.match(batch, found);
    std::ranges::move(engine::test::match_naively(rules, batch), std::back_inserter(expected));
  });
  return {difference(sorted_texts(found.hits, rules), sorted_texts(expected, rules)), found.hits.size()};
}

}  // namespace trailhound
