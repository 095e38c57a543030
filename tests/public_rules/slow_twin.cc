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

namespace trailhound {
namespace {

using engine::test::Finding;

std::string as_array(const std::string& records) {
  std::string array = "[" + records;
  while (array.back() == '\n') array.pop_back();
  std::ranges::replace(array, '\n', ',');
  return array + "]";
}

std::string lines_of(const std::string& what, const std::vector<Finding>& findings) {
  std::string lines;
  for (const Finding& finding : findings) lines += what + to_text(finding) + "\n";
  return lines;
}

std::string difference(const std::vector<Finding>& found, const std::vector<Finding>& expected) {
  std::vector<Finding> only_engine, only_twin;
  std::ranges::set_difference(found, expected, std::back_inserter(only_engine));
  std::ranges::set_difference(expected, found, std::back_inserter(only_twin));
  return lines_of("only the engine: ", only_engine) + lines_of("only the twin: ", only_twin);
}

}  // namespace

std::string compare_with_slow_twin(const rule::RuleRef& rule, const std::string& records) {
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
  if (file.malformed > 0) return "a record is malformed\n";

  std::vector<Finding> found;
  const auto reports = engine::evaluate(rules, std::move(collectors), frontier, [&](engine::EpisodeRecord&& episode) {
    found.push_back(engine::test::finding_of(rule->plan, episode));
    return true;
  });
  if (!reports) return reports.error().text() + "\n";
  std::ranges::sort(found);
  const auto expected = engine::test::find_naively(rule->plan, hits, frontier);
  if (!expected) return "the operator has no twin\n";
  return difference(found, *expected);
}

}  // namespace trailhound
