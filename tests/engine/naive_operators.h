#pragma once
/// The slow, obvious twins of the stateful operators: every run of a schedule is performed over every hit, every
/// sequence is looked for stage by stage, every bucket is counted again. No state is carried from one step to the next
/// but what the rule types themselves remember.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "engine/episode.h"
#include "engine/hit.h"
#include "plan/plan.h"
#include "rule/rule.h"

namespace trailhound::engine::test {

/// What a rule found, before suppression.
struct Alarm {
  Instant run;            ///< the first run that finds it; the event's time for rules without runs
  Instant time;           ///< of the event that completes it; of the run for rules that count
  std::string event_key;  ///< of that event; empty for rules that count
  std::vector<Value> group;
  std::vector<Values> cells;                   ///< what a suppression may group by
  std::vector<const Hit*> hits;                ///< in order of time; of a sequence in order of its stages
  std::vector<std::vector<Values>> rows = {};  ///< of aggregations: the outputs at each run that found it
};

/// Adds those that the alarm does not have yet.
void add_hits(Alarm& alarm, const std::vector<const Hit*>& hits);

/// Hits in the order of operators, those of one event and group once.
[[nodiscard]] std::vector<Hit> in_order(std::vector<Hit> hits);

/// The hits must be in order and outlive the alarms.
[[nodiscard]] std::vector<Alarm> find_new_terms(const plan::NewTerms& op, const std::vector<Hit>& hits,
                                                Instant frontier);
[[nodiscard]] std::vector<Alarm> count_thresholds(const plan::RunThreshold& op, const std::vector<Hit>& hits,
                                                  Instant frontier);
/// Of each key: one alarm a whole bucket, else one for each span of consecutive runs; with `every_run`, one a run.
[[nodiscard]] std::vector<Alarm> aggregate_runs(const plan::RunAggregate& op, const std::vector<Hit>& hits,
                                                Instant frontier, bool every_run);
/// Sequences as Elasticsearch's matcher finds them. An alarm's hits are its members. REQUIRES: no sample.
[[nodiscard]] std::vector<Alarm> match_sequences(const plan::Sequence& op, const std::vector<Hit>& hits,
                                                 Instant frontier);
[[nodiscard]] std::vector<Alarm> judge_buckets(const plan::AnomalyJob& op, const std::vector<Hit>& hits);

/// One signal, as far as it is compared.
struct Finding {
  Instant time;
  std::string event_key;
  std::string group;  ///< in bytes
  std::uint64_t events = 0;
  auto operator<=>(const Finding&) const = default;
};
[[nodiscard]] std::string to_text(const Finding& finding);
[[nodiscard]] Finding finding_of(const plan::Plan& plan, const EpisodeRecord& episode);

/// The findings of a whole plan, sorted; nothing if there is no twin for its operator (samples, missing events at the
/// end of a sequence, whole tables, Datadog's operators).
[[nodiscard]] std::optional<std::vector<Finding>> find_naively(const plan::Plan& plan, const std::vector<Hit>& hits,
                                                               Instant frontier);

}  // namespace trailhound::engine::test
