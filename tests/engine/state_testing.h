#pragma once
// Rules by hand, hits from short lines, and episodes as text: what the tests of the stateful half share.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/episode.h"
#include "engine/hit.h"
#include "engine/state.h"
#include "rule/rule.h"

namespace trailhound::engine::testing {

// A Monday.
inline constexpr Instant kStart = Instant::from_seconds(1'709'542'800);  // 2024-03-04T09:00:00Z

using Measure = plan::TrailingCondition::Measure;
using Aggregation = plan::TrailingCondition::Aggregation;

// Queries "name" with a key of one part "@userIdentity.arn" and one argument "@argument".
plan::Query query_named(const std::string& name, std::size_t arguments = 1);
plan::Condition compare(int query, plan::ComparisonOp op, double bound);
inline plan::Condition more_than(int query, double bound) { return compare(query, plan::ComparisonOp::greater, bound); }
plan::Condition both(plan::Condition a, plan::Condition b);
plan::Condition either(plan::Condition a, plan::Condition b);
plan::Condition then(plan::Condition a, plan::Condition b);

struct Threshold {
  std::vector<std::string> queries;
  std::vector<Measure> measures;
  std::vector<plan::TrailingCondition::Case> cases;
  int window = 600, keep_alive = 3600, max_duration = 86400;
};
std::shared_ptr<rule::Rule> threshold_rule(const Threshold& threshold);

// A hit of query `query` (index) at kStart + seconds. Event keys ascend in the order in which hits are made, unless one
// is given. An empty argument is a missing cell.
class Hits {
 public:
  explicit Hits(std::size_t arguments = 1) : arguments_(arguments) {}
  Hits& add(double seconds, const std::string& group, const std::string& argument = {}, std::size_t query = 0);
  Hits& add(Hit hit);
  [[nodiscard]] const std::vector<Hit>& all() const { return hits_; }
  [[nodiscard]] Hit& back() { return hits_.back(); }
  // One line a hit or several: "SECONDS GROUP [ARGUMENT [QUERY]]".
  Hits& lines(const std::string& text);

 private:
  std::size_t arguments_;
  std::vector<Hit> hits_;
};

struct Delivery {
  std::size_t collectors = 1;
  std::size_t budget = 64u << 20;
  bool shuffle = false;
  double duplicates = 0;  // share of the hits that come twice
  std::uint64_t seed = 1;
  unsigned threads = 1;
  std::optional<Instant> first_event = {};
};

struct Outcome {
  std::vector<EpisodeRecord> episodes;
  std::vector<RuleReport> reports;
};
// Frontier: kStart + seconds; by default the newest hit's time.
Outcome run(const std::vector<rule::RuleRef>& rules, std::vector<Hit> hits, const Delivery& delivery = {},
            Instant frontier = Instant::max());
Outcome run(const std::shared_ptr<rule::Rule>& rule, const Hits& hits);

// "SECONDS BY-EVENT": when each episode fired and the last three digits of the event that did it, "-" if none.
std::string openings(const Outcome& outcome);

// Every field of an episode.
std::string to_text(const EpisodeRecord& episode);
std::string to_text(const std::vector<EpisodeRecord>& episodes);

// Seconds after kStart.
double after_start(Instant time);

}  // namespace trailhound::engine::testing
