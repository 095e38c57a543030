// Windows against a slow twin that looks at every event at every event; and the promise that order, chunking,
// redelivery and memory change nothing.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <tuple>

#include "engine/condition_evaluator.h"
#include "engine/state_testing.h"
#include "one_in.h"

namespace trailhound::engine::testing {
namespace {

// Recomputes everything at each hit.
class NaiveThreshold {
 public:
  NaiveThreshold(const rule::Rule& rule, std::vector<Hit> hits) : rule_(rule), hits_(std::move(hits)) {
    std::ranges::sort(hits_, [](const Hit& a, const Hit& b) {
      if (a.time != b.time) return a.time < b.time;
      return std::tie(a.event_key, a.group) < std::tie(b.event_key, b.group);
    });
  }

  std::vector<std::string> episodes() {
    std::map<std::vector<Value>, std::vector<Open>> by_key;
    for (std::size_t i = 0; i < hits_.size(); ++i) {
      const Hit& hit = hits_[i];
      std::vector<const Hit*> window;
      for (std::size_t j = 0; j <= i; ++j) {
        const bool inside = op().window.micros == 0 ? j == i : hits_[j].time > hit.time - op().window;
        if (hits_[j].group == hit.group && inside) window.push_back(&hits_[j]);
      }
      const auto* one = first_true(window);
      if (one == nullptr) continue;
      std::vector<Value> key = hit.group;
      if (rule_.plan.episode.project) key.resize(1);
      std::vector<Open>& signals = by_key[key];
      const auto& life = rule_.plan.episode;
      const bool extends = !signals.empty() && life.keep_alive.micros > 0 &&
                           hit.time - signals.back().last <= life.keep_alive &&
                           hit.time - signals.back().first <= life.max_duration;
      if (!extends) {
        signals.push_back({.trigger = hit.time,
                           .trigger_key = hit.event_key,
                           .first = window[0]->time,
                           .last = hit.time,
                           .severity = one->severity,
                           .case_name = one->name});
      }
      Open& open = signals.back();
      open.last = hit.time;
      if (one->severity > open.severity) {
        open.severity = one->severity;
        open.case_name = one->name;
      }
      for (const Hit* member : window) open.events[member->event_key] |= member->queries;
    }
    std::vector<std::string> lines;
    for (const auto& [key, signals] : by_key) {
      for (const Open& open : signals) lines.push_back(line_of(key, open));
    }
    return lines;
  }

 private:
  struct Open {
    Instant trigger;
    std::string trigger_key;
    Instant first, last;
    plan::Severity severity = plan::Severity::info;
    std::string case_name;
    std::map<std::string, std::uint64_t> events = {};
  };

  [[nodiscard]] const plan::TrailingCondition& op() const { return std::get<plan::TrailingCondition>(rule_.plan.op); }

  [[nodiscard]] double value(std::size_t query, const std::vector<const Hit*>& window) const {
    const auto& measure = op().measures[query];
    double count = 0, sum = 0, largest = 0;
    bool any = false;
    std::set<std::string> distinct;
    for (const Hit* hit : window) {
      if (((hit->queries >> query) & 1) == 0) continue;
      ++count;
      for (const Value& cell : hit->arguments[0]) {
        distinct.insert(trailhound::to_text(cell));
        const auto number = static_cast<double>(std::get<std::int64_t>(cell));
        sum += number;
        largest = any ? std::max(largest, number) : number;
        any = true;
      }
    }
    switch (measure.aggregation) {
      case Aggregation::count:
        return count;
      case Aggregation::cardinality:
        return static_cast<double>(distinct.size());
      case Aggregation::sum:
        return sum;
      case Aggregation::max:
        return largest;
    }
    return 0;
  }

  [[nodiscard]] bool is_true(const plan::Condition& condition, const std::vector<const Hit*>& window) const {
    std::vector<double> values;
    for (std::size_t query = 0; query < op().measures.size(); ++query) values.push_back(value(query, window));
    return holds(condition, values);
  }

  [[nodiscard]] const plan::TrailingCondition::Case* first_true(const std::vector<const Hit*>& window) const {
    for (const auto& one : op().cases) {
      const auto* then_condition = as_then(one.condition);
      if (then_condition == nullptr) {
        if (is_true(one.condition, window)) return &one;
        continue;
      }
      for (std::size_t u = 1; u <= window.size(); ++u) {
        if (!is_true(then_condition->first, {window.begin(), window.begin() + static_cast<std::ptrdiff_t>(u)}))
          continue;
        if (is_true(then_condition->then, {window.begin() + static_cast<std::ptrdiff_t>(u), window.end()})) return &one;
        break;
      }
    }
    return nullptr;
  }

  static std::string line_of(const std::vector<Value>& key, const Open& open) {
    std::ostringstream out;
    for (const Value& part : key) out << trailhound::to_text(part) << " ";
    out << after_start(open.trigger) << " " << open.trigger_key << " " << after_start(open.first) << ".."
        << after_start(open.last) << " " << static_cast<int>(open.severity) << " " << open.case_name << " "
        << open.events.size();
    std::uint64_t first = 0, second = 0;
    for (const auto& [event, queries] : open.events) {
      first += queries & 1;
      second += (queries >> 1) & 1;
    }
    out << " " << first << " " << second;
    return out.str();
  }

  const rule::Rule& rule_;
  std::vector<Hit> hits_;
};

std::string line_of(const EpisodeRecord& e) {
  std::ostringstream out;
  for (const Value& part : e.signal_key) out << trailhound::to_text(part) << " ";
  out << after_start(e.trigger_time) << " " << e.trigger_key << " " << after_start(e.first_seen) << ".."
      << after_start(e.last_seen) << " " << static_cast<int>(e.severity) << " " << e.case_name << " " << e.event_count
      << " " << e.events_per_query[0] << " " << e.events_per_query[1];
  return out.str();
}

plan::Condition random_condition(std::mt19937_64& random, int depth) {
  switch (depth > 0 ? random() % 4 : 0) {
    case 1:
      return both(random_condition(random, depth - 1), random_condition(random, depth - 1));
    case 2:
      return either(random_condition(random, depth - 1), random_condition(random, depth - 1));
    default: {
      const auto op = random() % 5 == 0 ? plan::ComparisonOp::less
                      : random() % 2    ? plan::ComparisonOp::greater
                                        : plan::ComparisonOp::greater_equal;
      return compare(static_cast<int>(random() % 2), op, static_cast<double>(random() % 5));
    }
  }
}

std::shared_ptr<rule::Rule> random_rule(std::mt19937_64& random) {
  Threshold threshold{.queries = {"a", "b"}, .measures = {}, .cases = {}};
  for (int i = 0; i < 2; ++i) threshold.measures.push_back({static_cast<Aggregation>(random() % 4), {0}});
  const std::size_t cases = 1 + random() % 3;
  for (std::size_t i = 0; i < cases; ++i) {
    plan::Condition condition = random_condition(random, 2);
    if (random() % 2) condition = then(condition, random_condition(random, 1));
    threshold.cases.push_back({"case" + std::to_string(i), static_cast<plan::Severity>(random() % 5), condition});
  }
  threshold.window = std::vector<int>{0, 1, 10, 60}[random() % 4];
  threshold.keep_alive = std::vector<int>{0, 5, 60, 200}[random() % 4];
  threshold.max_duration = std::vector<int>{0, 60, 1000}[random() % 3];
  auto rule = threshold_rule(threshold);
  for (auto& query : rule->plan.queries) query.key = {{"@account", nullptr}, {"@user", nullptr}};
  if (random() % 2) {
    rule->plan.episode.project = true;
    rule->plan.episode.key_parts = {0};
  }
  return rule;
}

Hits random_hits(std::mt19937_64& random, int count) {
  Hits hits;
  double t = 0;
  for (int i = 0; i < count; ++i) {
    t += static_cast<double>(random() % 4 == 0 ? random() % 60 : random() % 3);
    const std::string event = std::to_string(random() % 1000) + "-" + std::to_string(i);
    const std::size_t groups = 1 + random() % 2;
    for (std::size_t g = 0; g < groups; ++g) {
      hits.add(t, "x");
      Hit& hit = hits.back();
      hit.event_key = hit.event_id = event;
      hit.group = {std::string(random() % 3 ? "acc" : "other"), "user" + std::to_string(g)};
      hit.queries = 1 + random() % 3;
      Values cells;
      for (std::uint64_t n = random() % 3; n > 0; --n) cells.push_back(static_cast<std::int64_t>(random() % 7) - 2);
      hit.arguments = {cells};
      if (hit.queries == 3) hit.arguments = {cells, cells};
      hit.profile.outcome = static_cast<Profile::Outcome>(random() % 3);
      hit.profile.source_ip = "10.0.0." + std::to_string(random() % 5);
    }
  }
  return hits;
}

TEST(ThresholdTwin, AgreesWithLookingAtEveryEventEachTime) {
  std::mt19937_64 random(5);
  std::size_t fired = 0;
  for (int round = 0; round < 400 / kOneIn; ++round) {
    const auto rule = random_rule(random);
    const Hits hits = random_hits(random, 60);
    const Outcome outcome = run({rule}, hits.all(), {.shuffle = true, .seed = random()});
    std::vector<std::string> found;
    for (const EpisodeRecord& e : outcome.episodes) found.push_back(line_of(e));
    const auto expected = NaiveThreshold(*rule, hits.all()).episodes();
    ASSERT_EQ(found, expected) << "round " << round;
    fired += found.size();
  }
  EXPECT_GT(fired, 2000u / kOneIn);
}

// A set of rules of every kind that has state.
std::vector<rule::RuleRef> rules_of_every_kind(std::mt19937_64& random) {
  std::vector<rule::RuleRef> rules;
  for (int i = 0; i < 4; ++i) rules.push_back(random_rule(random));
  const auto add = [&](plan::Operator op) {
    auto rule = std::make_shared<rule::Rule>(*random_rule(random));
    rule->plan.op = std::move(op);
    rules.push_back(rule);
    return rule;
  };
  add(plan::Baseline{.measure = {},
                     .bucket = Duration::seconds(60),
                     .learning = Duration::seconds(120),
                     .window = Duration::seconds(120),
                     .tolerance = 1,
                     .learning_bound = 1,
                     .case_name = "anomaly"});
  plan::RunAggregate runs;
  runs.measures = {{.name = "n", .aggregation = plan::RunAggregate::Aggregation::values, .filter = {}}};
  runs.look_back = Duration::seconds(90);
  runs.interval = Duration::seconds(60);
  runs.outputs = {{"n", plan::make(plan::Slot{0, "n"})}};
  add(runs);
  add(plan::EachHit{});
  const plan::RunThreshold threshold{.least = 2,
                                     .distinct = 0,
                                     .least_distinct = 2,
                                     .look_back = Duration::seconds(90),
                                     .interval = Duration::seconds(60)};
  const plan::NewTerms terms{Duration::seconds(200), Duration::seconds(90), Duration::seconds(60)};
  const plan::Sequence sequence{
      .stages = {{0, false}, {0, false}, {1, true}, {1, false}}, .until = {}, .max_span = Duration::seconds(60)};
  const plan::Sequence waiting{
      .stages = {{0, true}, {1, false}, {0, true}}, .until = 1, .max_span = Duration::seconds(9)};
  const plan::Sequence sample{.stages = {{0, false}, {1, false}}, .until = {}, .max_span = {}, .ordered = false};
  const plan::AnomalyJob rare{plan::AnomalyJob::Detector::rare, 0, Duration::seconds(5), 5};
  const plan::AnomalyJob high{plan::AnomalyJob::Detector::high_distinct_count, 0, Duration::seconds(5), 5};
  for (const plan::Operator& op :
       std::vector<plan::Operator>{threshold, terms, sequence, waiting, sample, rare, high, plan::EachHit{}}) {
    add(op);
    const bool by_cells = random() % 2 == 0;
    plan::Suppression suppression{.by = by_cells ? plan::Suppression::By::cells : plan::Suppression::By::key,
                                  .parts = {0},
                                  .duration = Duration::seconds(120),
                                  .interval = Duration::seconds(60),
                                  .missing_alone = random() % 2 == 0};
    auto suppressed = add(op);
    suppressed->plan.episode.suppression = suppression;
    suppressed->plan.episode.project = true;
    suppressed->plan.episode.key_parts.clear();
  }
  return rules;
}

TEST(StateProperty, OrderChunkingRedeliveryAndMemoryChangeNothing) {
  std::mt19937_64 random(17);
  std::map<std::size_t, int> fired;  // in how many rounds each rule did
  for (int round = 0; round < 12; ++round) {
    const auto rules = rules_of_every_kind(random);
    std::vector<Hit> hits;
    for (std::size_t rule = 0; rule < rules.size(); ++rule) {
      const bool learns = std::holds_alternative<plan::AnomalyJob>(rules[rule]->plan.op);
      const Hits some = random_hits(random, learns ? 500 : 50);
      for (Hit hit : some.all()) {
        hit.rule = static_cast<std::uint32_t>(rule);
        hits.push_back(hit);
        if (random() % 4 == 0) {  // redelivered in another file, now and then with other content
          hit.path = "logs/" + std::to_string(random() % 3) + ".json";
          hit.offset = random() % 5;
          if (random() % 3 == 0) hit.profile.source_ip = "other";
          if (random() % 3 == 0) hit.arguments[0] = {std::int64_t{1}};
          hits.push_back(hit);
        }
      }
    }
    const std::string expected = to_text(run(rules, hits).episodes);
    EXPECT_FALSE(expected.empty());
    for (std::size_t rule = 0; rule < rules.size(); ++rule) {
      fired[rule] += expected.find("rule " + std::to_string(rule) + " ") != std::string::npos ? 1 : 0;
    }
    for (std::uint64_t seed = static_cast<std::uint64_t>(round % kOneIn); seed < 6; seed += kOneIn) {
      const Delivery delivery{.collectors = 1 + seed % 4,
                              .budget = seed % 2 ? std::size_t{64} << 20 : 2000,
                              .shuffle = true,
                              .duplicates = seed % 3 ? 0.5 : 0,
                              .seed = seed,
                              .threads = std::vector{1u, 2u, 5u}[seed % 3]};
      ASSERT_EQ(to_text(run(rules, hits, delivery).episodes), expected) << "round " << round << " seed " << seed;
    }
  }
  for (const auto& [rule, rounds] : fired) EXPECT_GT(rounds, 0) << "rule " << rule;
}

}  // namespace
}  // namespace trailhound::engine::testing
