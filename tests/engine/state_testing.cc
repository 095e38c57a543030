#include "engine/state_testing.h"

#include <algorithm>
#include <random>
#include <sstream>

#include <gtest/gtest.h>

#include "engine/signal_key.h"

namespace trailhound::engine::testing {

plan::Query query_named(const std::string& name, std::size_t arguments) {
  plan::Query query;
  query.name = name;
  query.key = {{"@userIdentity.arn", nullptr}};
  for (std::size_t i = 0; i < arguments; ++i) query.arguments.push_back({"@argument" + std::to_string(i), nullptr});
  return query;
}

plan::Condition compare(int query, plan::ComparisonOp op, double bound) {
  return std::make_shared<const plan::ConditionNode>(
      plan::ConditionNode{plan::ConditionCompare{{.query = query, .factor = 1}, op, {.query = -1, .factor = bound}}});
}
plan::Condition both(plan::Condition a, plan::Condition b) {
  return std::make_shared<const plan::ConditionNode>(plan::ConditionNode{plan::ConditionAll{{a, b}}});
}
plan::Condition either(plan::Condition a, plan::Condition b) {
  return std::make_shared<const plan::ConditionNode>(plan::ConditionNode{plan::ConditionAny{{a, b}}});
}
plan::Condition then(plan::Condition a, plan::Condition b) {
  return std::make_shared<const plan::ConditionNode>(plan::ConditionNode{plan::ConditionThen{a, b}});
}

std::shared_ptr<rule::Rule> threshold_rule(const Threshold& threshold) {
  auto rule = std::make_shared<rule::Rule>();
  rule->id = "rule";
  for (const auto& name : threshold.queries) rule->plan.queries.push_back(query_named(name));
  rule->plan.op = plan::TrailingCondition{
      .window = Duration::seconds(threshold.window), .measures = threshold.measures, .cases = threshold.cases};
  rule->plan.episode.keep_alive = Duration::seconds(threshold.keep_alive);
  rule->plan.episode.max_duration = Duration::seconds(threshold.max_duration);
  return rule;
}

Hits& Hits::add(double seconds, const std::string& group, const std::string& argument, std::size_t query) {
  Hit hit;
  hit.queries = std::uint64_t{1} << query;
  hit.time = kStart + Duration{static_cast<std::int64_t>(seconds * 1e6)};
  std::string number = std::to_string(hits_.size());
  hit.event_id = "e" + std::string(6 - number.size(), '0') + number;
  hit.event_key = "111122223333/" + hit.event_id;
  hit.group = {group};
  hit.arguments.resize(arguments_);
  if (!argument.empty() && arguments_ > 0) hit.arguments[0] = {argument};
  hit.profile.principal = group;
  hit.profile.account = "111122223333";
  hit.profile.region = argument;
  hit.path = "logs/a.json.gz";
  hit.offset = hits_.size() * 100;
  return add(std::move(hit));
}

Hits& Hits::add(Hit hit) {
  hits_.push_back(std::move(hit));
  return *this;
}

Hits& Hits::lines(const std::string& text) {
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    double seconds = 0;
    std::string group, argument;
    std::size_t query = 0;
    if (!(words >> seconds >> group)) continue;
    words >> argument >> query;
    add(seconds, group, argument == "-" ? "" : argument, query);
  }
  return *this;
}

Outcome run(const std::vector<rule::RuleRef>& rules, std::vector<Hit> hits, const Delivery& delivery,
            Instant frontier) {
  std::mt19937_64 random(delivery.seed);
  if (frontier == Instant::max()) {
    frontier = kStart;
    for (const Hit& hit : hits) frontier = std::max(frontier, hit.time);
  }
  const std::size_t distinct = hits.size();
  for (std::size_t i = 0; i < distinct; ++i) {
    if (std::uniform_real_distribution<>(0, 1)(random) < delivery.duplicates) hits.push_back(hits[i]);
  }
  if (delivery.shuffle) std::ranges::shuffle(hits, random);
  std::vector<HitCollector> collectors;
  for (std::size_t i = 0; i < delivery.collectors; ++i) {
    collectors.emplace_back(rules, SpillSorter::Options{.budget = delivery.budget, .folder = {}});
  }
  for (std::size_t i = 0; i < hits.size(); ++i) collectors[i % collectors.size()].add(Hit(hits[i]));
  Outcome outcome;
  const auto consume = [&](EpisodeRecord&& episode) {
    outcome.episodes.push_back(std::move(episode));
    return true;
  };
  auto reports = evaluate(rules, std::move(collectors), frontier, consume,
                          {.threads = delivery.threads, .first_event = delivery.first_event});
  EXPECT_TRUE(reports) << (reports ? "" : reports.error().text());
  if (reports) outcome.reports = std::move(*reports);
  if (delivery.threads != 1) {  // partitions come in any order; each one's episodes do not
    std::ranges::stable_sort(outcome.episodes, {}, [](const EpisodeRecord& episode) {
      return std::pair(episode.rule, canonical_key(episode.signal_key));
    });
  }
  return outcome;
}

Outcome run(const std::shared_ptr<rule::Rule>& rule, const Hits& hits) { return run({rule}, hits.all()); }

std::string openings(const Outcome& outcome) {
  std::ostringstream out;
  for (const EpisodeRecord& e : outcome.episodes) {
    out << (out.tellp() > 0 ? ", " : "") << after_start(e.trigger_time) << " "
        << (e.trigger_key.size() < 3 ? "-" : e.trigger_key.substr(e.trigger_key.size() - 3));
  }
  return out.str();
}

std::string to_text(const EpisodeRecord& e) {
  std::ostringstream out;
  const auto list = [&](const char* name, const Values& values) {
    out << name << "[";
    for (const Value& value : values) out << value.index() << ":" << trailhound::to_text(value) << " ";
    out << "] ";
  };
  const auto texts = [&](const DistinctTexts& distinct) {
    out << "{";
    for (const auto& text : distinct.texts) out << text << " ";
    out << (distinct.capped ? "...} " : "} ");
  };
  out << "rule " << e.rule << " ";
  list("key", e.signal_key);
  for (const auto& name : e.key_names) out << name << " ";
  out << "at " << after_start(e.trigger_time) << " by " << e.trigger_key << " ";
  list("expansion", e.expansion);
  out << "seen " << after_start(e.first_seen) << ".." << after_start(e.last_seen) << " severity "
      << static_cast<int>(e.severity) << " case " << e.case_name << " values ";
  for (const auto& [name, values] : e.values) list(name.c_str(), values);
  out << "events " << e.event_count << " per query ";
  for (const auto count : e.events_per_query) out << count << " ";
  out << "outcomes " << e.outcomes[0] << " " << e.outcomes[1] << " " << e.outcomes[2] << " evidence ";
  for (const auto& item : e.evidence) {
    out << after_start(item.time) << "/" << item.event_key << "/" << item.event_id << "@" << item.path << ":"
        << item.offset << " ";
  }
  for (const auto* distinct : {&e.principals, &e.accounts, &e.regions, &e.source_ips, &e.user_agents, &e.event_names}) {
    texts(*distinct);
  }
  for (const auto& attribute : e.attributes) texts(attribute);
  return out.str();
}

std::string to_text(const std::vector<EpisodeRecord>& episodes) {
  std::string text;
  for (const auto& episode : episodes) text += to_text(episode) + "\n";
  return text;
}

double after_start(Instant time) { return static_cast<double>((time - kStart).micros) / 1e6; }

}  // namespace trailhound::engine::testing
