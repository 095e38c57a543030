// Random events against the naive twins of whole plans: each scheduled operator with and without a suppression, and the
// anomaly jobs.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "engine/naive_operators.h"
#include "engine/state_testing.h"
#include "one_in.h"

namespace trailhound::engine::testing {
namespace {

using test::Finding;

std::string text_of(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) text += test::to_text(finding) + "\n";
  return text;
}

// Expressions are never read here, but a failure prints them.
std::shared_ptr<rule::Rule> rule_with(plan::Operator op) {
  auto rule = std::make_shared<rule::Rule>();
  rule->id = "random";
  plan::Query query = query_named("events");
  query.filter = plan::constant(true);
  query.key[0].expression = query.arguments[0].expression =
      plan::literal(std::string("cell"), plan::LogicalType::keyword);
  rule->plan.queries = {query};
  rule->plan.op = std::move(op);
  return rule;
}

// Compares, and gives how many findings there are.
std::size_t compare(const std::shared_ptr<rule::Rule>& rule, const std::vector<Hit>& hits, std::mt19937_64& random) {
  const Outcome outcome = run({rule}, hits, {.shuffle = true, .duplicates = 0.2, .seed = random()});
  std::vector<Finding> found;
  for (const EpisodeRecord& episode : outcome.episodes) found.push_back(test::finding_of(rule->plan, episode));
  std::ranges::sort(found);
  Instant frontier = Instant::min();
  for (const Hit& hit : hits) frontier = std::max(frontier, hit.time);
  const auto expected = test::find_naively(rule->plan, hits, frontier);
  EXPECT_TRUE(expected);
  EXPECT_EQ(text_of(found), text_of(*expected)) << plan::print(rule->plan);
  return found.size();
}

plan::Operator random_operator(std::mt19937_64& random) {
  const int interval = std::vector{60, 300}[random() % 2];
  const int look_back = interval / 2 + static_cast<int>(random() % 4) * interval / 2;
  switch (random() % 4) {
    case 0:
      return plan::EachHit{};
    case 1:
      return plan::NewTerms{Duration::seconds(look_back + 1 + static_cast<int>(random() % 4) * interval / 2),
                            Duration::seconds(look_back), Duration::seconds(interval)};
    case 2: {
      plan::RunThreshold op;
      op.least = 1 + random() % 3;
      if (random() % 2) op.distinct = 0;
      op.least_distinct = op.distinct ? 1 + random() % 3 : 0;
      op.look_back = Duration::seconds(look_back);
      op.interval = Duration::seconds(interval);
      return op;
    }
    default: {
      plan::RunAggregate op;
      op.measures = {{.name = "n", .filter = {}, .type = plan::LogicalType::long_integer}};
      op.outputs = {{"n", plan::make(plan::Slot{0, "n"}, plan::LogicalType::long_integer)}};
      const auto one = plan::make(plan::Single{plan::make(plan::Slot{0, "n"})}, plan::LogicalType::long_integer);
      const auto least = plan::make(plan::Literal{{std::int64_t{2}}}, plan::LogicalType::long_integer);
      op.having = plan::make(
          plan::IsTrue{plan::make(plan::Compare{plan::ComparisonOp::greater_equal, plan::Domain::native, one, least})});
      op.look_back = Duration::seconds(look_back);
      op.interval = Duration::seconds(interval);
      return op;
    }
  }
}

// Suppression by the group, by nothing, or by the argument (of an aggregation: the count).
void add_suppression(plan::Plan& plan, std::mt19937_64& random) {
  plan::Suppression suppression;
  const bool by_cells = !std::holds_alternative<plan::RunThreshold>(plan.op) && random() % 2 == 0;
  suppression.by = by_cells ? plan::Suppression::By::cells : plan::Suppression::By::key;
  if (random() % 4 != 0) suppression.parts = {0};
  if (random() % 3 != 0) suppression.duration = Duration::seconds(static_cast<int>(random() % 6) * 150);
  suppression.missing_alone = random() % 2 == 0;
  suppression.interval = std::visit(
      [](const auto& op) {
        if constexpr (requires { op.interval; }) return op.interval;
        return Duration::seconds(300);
      },
      plan.op);
  plan.episode.project = by_cells || suppression.parts.empty();
  plan.episode.suppression = suppression;
}

TEST(FindingsTwin, AgreesWithEveryScheduledOperator) {
  std::mt19937_64 random(59);
  std::size_t found = 0;
  for (int round = 0; round < 3000 / kOneIn && !HasFailure(); ++round) {
    auto rule = rule_with(random_operator(random));
    if (random() % 2) add_suppression(rule->plan, random);
    Hits hits;
    int t = 0;
    for (int i = 0; i < 40; ++i) {
      t += static_cast<int>(random() % 3 ? random() % 30 : random() % 500);
      hits.add(t, std::string(1, static_cast<char>('u' + random() % 3)),
               random() % 5 ? std::string(1, static_cast<char>('a' + random() % 3)) : "");
    }
    found += compare(rule, hits.all(), random);
  }
  EXPECT_GT(found, 20'000u / kOneIn);
}

TEST(FindingsTwin, AgreesWithAnomalyJobs) {
  std::mt19937_64 random(61);
  std::size_t found = 0;
  for (int round = 0; round < 60 && !HasFailure(); ++round) {
    const bool rare = random() % 2 == 0;
    auto rule = rule_with(
        plan::AnomalyJob{rare ? plan::AnomalyJob::Detector::rare : plan::AnomalyJob::Detector::high_distinct_count, 0,
                         Duration::seconds(900), static_cast<double>(30 + random() % 50)});
    rule->plan.episode.project = random() % 2 == 0;
    Hits hits;
    for (int bucket = 0; bucket < 60; ++bucket) {
      if (random() % 8 == 0) continue;
      const std::size_t flood = random() % 10 == 0 ? 12 : 0;
      for (std::size_t i = 0; i < 1 + random() % 4 + flood; ++i) {
        const std::string value = random() % 10 == 0 ? "" : std::to_string(random() % (flood > 0 ? 30 : 4));
        hits.add(bucket * 900 + static_cast<int>(random() % 900), random() % 2 ? "u" : "v", value);
      }
    }
    found += compare(rule, hits.all(), random);
  }
  EXPECT_GT(found, 200u);
}

}  // namespace
}  // namespace trailhound::engine::testing
