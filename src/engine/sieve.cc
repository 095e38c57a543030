#include "engine/sieve.h"

#include <algorithm>
#include <future>

#include "base/hash.h"
#include "engine/anomaly_job.h"
#include "engine/compiled_rules.h"
#include "engine/prerequisites.h"
#include "engine/signal_key.h"
#include "engine/value_hash.h"

namespace trailhound::engine {
namespace {

/// Sorts after every event key, so that the note stands behind the hit that it belongs to.
constexpr std::string_view kAfterEveryEvent = "\xFF";

std::uint64_t hash_of_signal_key(const plan::Plan& plan, const std::vector<Value>& group) {
  return hash_of_group(signal_key_of(plan.episode, group));
}

/// Of what fires in an anomaly job: a rare value, or a count that all values of the bucket make together.
std::uint64_t hash_of_triple(std::uint64_t group, std::uint64_t value, std::int64_t bucket) {
  const std::uint64_t parts[] = {group, value, static_cast<std::uint64_t>(bucket)};
  return hash64({reinterpret_cast<const char*>(parts), sizeof(parts)});
}
constexpr std::uint64_t kAnyValue = 0;

/// Sorts the spans and joins those that touch.
void join_spans(std::vector<std::pair<Instant, Instant>>& spans) {
  std::ranges::sort(spans);
  std::vector<std::pair<Instant, Instant>> joined;
  for (const auto& span : spans) {
    if (!joined.empty() && span.first <= joined.back().second) {
      joined.back().second = std::max(joined.back().second, span.second);
    } else {
      joined.push_back(span);
    }
  }
  spans = std::move(joined);
}

/// Whether one of the spans has a time from `first` to `last`.
bool meets(const std::vector<std::pair<Instant, Instant>>& spans, Instant first, Instant last) {
  const auto at = std::ranges::lower_bound(spans, first, {}, &std::pair<Instant, Instant>::second);
  return at != spans.end() && at->first <= last;
}

const plan::AnomalyJob* job_of(const rule::Rule& rule) {
  return rule.plan.queries.size() == 1 ? std::get_if<plan::AnomalyJob>(&rule.plan.op) : nullptr;
}

void look_into_bucket(SecondLook& look, const plan::AnomalyJob& job, std::int64_t bucket) {
  const Duration width{std::max<std::int64_t>(job.bucket.micros, 1)};
  const Instant begin{bucket * width.micros};
  look.times.emplace_back(begin, begin + width);
}

void look_at_rare_values(SecondLook& look, const plan::AnomalyJob& job, const JobHistory& history) {
  const std::uint64_t most = history.groups() == 0 ? 0 : history.most_active();
  history.each([&](std::uint64_t group, std::uint64_t value, std::int64_t bucket, const JobHistory::Place& place,
                   std::span<const JobHistory::Sighting> sightings) {
    if (place.active > kAnomalyLearning && rare_score(place.seen, place.active) >= job.threshold) {
      look.groups.insert(hash_of_triple(group, value, bucket));
      look_into_bucket(look, job, bucket);
      for (const JobHistory::Sighting& sighting : sightings) look.inputs->push_back(sighting.input);
    }
    return rare_score(place.seen, most) >= job.threshold;  // else no later bucket can reach it
  });
}

void look_at_counts(SecondLook& look, const plan::AnomalyJob& job, JobHistory& history) {
  history.each_count([&](const JobHistory::Counted& counted) {
    if (counted.before.score(counted.count) < job.threshold) return;
    look.groups.insert(hash_of_triple(counted.group, kAnyValue, counted.bucket));
    look_into_bucket(look, job, counted.bucket);
    look.inputs->insert(look.inputs->end(), counted.inputs.begin(), counted.inputs.end());
    history.keep(counted);
  });
}

}  // namespace

// ---- the plan ----

SievePlan::SievePlan(const std::vector<rule::RuleRef>& rules, std::optional<SieveLimits> limits)
    : limits_(limits.value_or(SieveLimits{})), rules_(rules), first_(rules) {
  how_.resize(rules.size());
  if (!limits) return;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    how_[i] = how_of(rules[i]);
    if (how_[i].kind != Kind::prerequisites) continue;
    const auto prerequisites = *prerequisites_of(rules[i]->plan);
    auto extended = std::make_shared<rule::Rule>(*rules[i]);
    for (const auto& condition : prerequisites.conditions) {
      how_[i].filters.push_back(condition.filter ? condition.filter : rules[i]->plan.queries[condition.query].filter);
      if (condition.filter == nullptr) {
        how_[i].conditions.push_back(condition.query);
        continue;
      }
      plan::Query query = extended->plan.queries[condition.query];
      query.filter = plan::make(plan::IsTrue{plan::all_of({query.filter, condition.filter})});
      query.arguments.clear();
      how_[i].conditions.push_back(static_cast<std::uint32_t>(extended->plan.queries.size()));
      extended->plan.queries.push_back(std::move(query));
    }
    first_[i] = std::move(extended);
  }
}

SievePlan::How SievePlan::how_of(const rule::RuleRef& rule) {
  if (rule->reads_signals) return {};
  if (const plan::AnomalyJob* job = job_of(*rule)) {
    return {.kind = Kind::anomaly, .conditions = {}, .filters = {}, .reach = {}, .job = job};
  }
  if (const auto* terms = std::get_if<plan::NewTerms>(&rule->plan.op)) {
    const Duration gap{terms->history.micros - terms->look_back.micros};
    if (gap.micros > 0) return {.kind = Kind::new_terms, .conditions = {}, .filters = {}, .reach = gap};
    return {};
  }
  const auto prerequisites = prerequisites_of(rule->plan);
  if (!prerequisites || rule->plan.queries.size() + prerequisites->conditions.size() > kMaxQueries) return {};
  return {.kind = Kind::prerequisites, .conditions = {}, .filters = {}, .reach = prerequisites->reach};
}

std::vector<rule::RuleRef> SievePlan::second_rules(const std::vector<SecondLook>& looks) const {
  std::vector<rule::RuleRef> rules = rules_;
  const auto nothing = std::make_shared<const rule::Rule>();
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (!looks[i].needed) rules[i] = nothing;
  }
  return rules;
}

std::vector<SecondLook> SievePlan::decide(std::vector<std::vector<SieveFindings>> findings) const {
  std::vector<SecondLook> looks(rules_.size());
  std::vector<std::pair<std::size_t, std::future<SecondLook>>> jobs;  // each may have much to sort
  for (std::size_t rule = 0; rule < rules_.size(); ++rule) {
    if (how_[rule].kind == Kind::anomaly) {
      std::vector<SieveFindings*> of_rule;
      for (auto& of_worker : findings) of_rule.push_back(&of_worker[rule]);
      jobs.emplace_back(rule, std::async(std::launch::async, [job = how_[rule].job, of_rule = std::move(of_rule)] {
                          return look_at_job(*job, of_rule);
                        }));
    } else if (how_[rule].kind == Kind::prerequisites) {
      std::vector<const SieveFindings*> of_rule;
      for (const auto& of_worker : findings) of_rule.push_back(&of_worker[rule]);
      looks[rule] = look_at(how_[rule], of_rule);
    }
  }
  for (auto& [rule, look] : jobs) looks[rule] = look.get();
  return looks;
}

SecondLook SievePlan::look_at(const How& how, const std::vector<const SieveFindings*>& findings) const {
  std::size_t rarest = 0;
  std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
  for (std::size_t condition = 0; condition < how.conditions.size(); ++condition) {
    std::uint64_t met = 0;
    for (const SieveFindings* of_worker : findings) met += of_worker->conditions[condition].met;
    if (met >= least) continue;
    least = met;
    rarest = condition;
  }
  SecondLook look;
  look.needed = least > 0;
  if (!look.needed) look.unmet = how.filters[rarest];
  look.everything = least > limits_.notes;
  if (!look.needed || look.everything) return look;
  for (const SieveFindings* of_worker : findings) {
    for (const SieveFindings::Note& note : of_worker->conditions[rarest].notes) {
      look.groups.insert(note.group);
      look.times.emplace_back(note.time - how.reach, note.time + how.reach);
    }
  }
  look.needed = !look.groups.empty();
  join_spans(look.times);
  return look;
}

SecondLook SievePlan::look_at_job(const plan::AnomalyJob& job, const std::vector<SieveFindings*>& findings) {
  SecondLook look;
  std::vector<JobNotes> notes;
  for (SieveFindings* of_worker : findings) {
    look.everything = look.everything || of_worker->too_much;
    look.made.insert(look.made.end(), of_worker->made.begin(), of_worker->made.end());
    notes.push_back(std::move(of_worker->notes));
  }
  look.needed = look.everything;
  std::ranges::sort(look.made);
  if (look.everything) return look;
  JobHistory history(std::move(notes));
  look.inputs.emplace();
  if (job.detector == plan::AnomalyJob::Detector::rare) {
    look_at_rare_values(look, job, history);
  } else {
    look_at_counts(look, job, history);
  }
  look.needed = !look.groups.empty();
  std::ranges::sort(*look.inputs);
  look.history = std::make_shared<const JobHistory>(std::move(history));
  join_spans(look.times);
  return look;
}

// ---- the first pass ----

Sieve::Sieve(std::shared_ptr<const SievePlan> plan, HitSink& hits, std::optional<Instant> to)
    : plan_(std::move(plan)),
      hits_(hits),
      to_(to.value_or(Instant::max())),
      findings_(plan_->how_.size()),
      chains_(plan_->how_.size()) {
  for (std::size_t i = 0; i < findings_.size(); ++i) findings_[i].conditions.resize(plan_->how_[i].conditions.size());
}

void Sieve::begin_input(std::uint32_t number) {
  input_ = number;
  begin_round();
  for (SieveFindings& of_rule : findings_) {
    if (of_rule.too_much) of_rule.made.push_back(number);
  }
}

HitSink::Interest Sieve::interest(std::uint32_t rule, std::uint64_t queries) {
  const SievePlan::How& how = plan_->how_[rule];
  switch (how.kind) {
    case SievePlan::Kind::none:
      return Interest::hit;
    case SievePlan::Kind::new_terms:
      return Interest::offer;
    case SievePlan::Kind::anomaly:
      return findings_[rule].too_much ? Interest::hit : Interest::offer_hashes;
    case SievePlan::Kind::prerequisites:
      break;
  }
  bool wanted = false;
  for (std::size_t i = 0; i < how.conditions.size(); ++i) {
    if ((queries >> how.conditions[i] & 1u) == 0) continue;
    if (++findings_[rule].conditions[i].met <= plan_->limits_.notes) wanted = true;
  }
  return wanted ? Interest::offer : Interest::never;
}

bool Sieve::admits(const HitOffer& offer) {
  if (offer.time > to_) return false;
  switch (plan_->how_[offer.rule].kind) {
    case SievePlan::Kind::none:
      return true;
    case SievePlan::Kind::new_terms:
      return begins_chain(offer);
    case SievePlan::Kind::anomaly:
      note_values(offer);
      return false;
    case SievePlan::Kind::prerequisites:
      note_conditions(offer);
      return false;
  }
  return true;
}

void Sieve::note_conditions(const HitOffer& offer) {
  const SievePlan::How& how = plan_->how_[offer.rule];
  const std::uint64_t group = hash_of_signal_key(plan_->rules_[offer.rule]->plan, offer.group);
  for (std::size_t i = 0; i < how.conditions.size(); ++i) {
    SieveFindings::Condition& condition = findings_[offer.rule].conditions[i];
    if ((offer.queries >> how.conditions[i] & 1u) == 0 || condition.met > plan_->limits_.notes) continue;
    condition.notes.push_back({offer.time, group});
  }
}

void Sieve::note_values(const HitOffer& offer) {
  SieveFindings& findings = findings_[offer.rule];
  const plan::AnomalyJob& job = *plan_->how_[offer.rule].job;
  if (job.argument >= offer.arguments.size()) return;
  OfferMark* mark = offer.mark;
  if (mark != nullptr && ignores(*mark, offer.time)) return;  // the same was noted before
  const std::int64_t bucket = bucket_of(job, offer.time);
  if (mark != nullptr) {
    const Duration width{std::max<std::int64_t>(job.bucket.micros, 1)};
    const Instant begin{bucket * width.micros};
    *mark = {.owner = this, .from = begin, .until = begin + width, .round = round()};
  }
  findings.notes.note_active(offer.group_hash, bucket);
  for (const std::uint64_t value : offer.arguments[job.argument]) {
    findings.notes.note(offer.group_hash, value, bucket, input_);
  }
  if (findings.notes.entries() <= plan_->limits_.entries) return;
  findings.too_much = true;
  findings.notes = {};
  begin_round();
}

/// True if the hit is needed: no earlier one is near enough.
bool Sieve::begins_chain(const HitOffer& offer) {
  if (chain_count_ >= plan_->limits_.chains) give_out_chains();
  const Duration gap = plan_->how_[offer.rule].reach;
  Chain& chain = chain_of(offer);
  if (offer.time < chain.first - gap || offer.time > chain.last + gap) {
    give_out(offer.rule, chain);
    chain.first = chain.last = offer.time;
    return true;
  }
  chain.last = std::max(chain.last, offer.time);
  if (offer.time > chain.first) return false;
  chain.first = offer.time;
  return true;  // of one time the event keys decide which is first: all are kept
}

/// The chain of the offer's group; a new one has begun with the offer.
Sieve::Chain& Sieve::chain_of(const HitOffer& offer) {
  Chains& chains = chains_[offer.rule];
  OfferMark* mark = offer.mark;
  if (mark != nullptr && mark->owner == this && mark->generation == chain_generation_) return chains.list[mark->place];
  const auto [at, is_new] = chains.places.try_emplace(offer.group_hash, static_cast<std::uint32_t>(chains.list.size()));
  if (is_new) {
    ++chain_count_;
    chains.list.push_back({offer.group, offer.time, offer.time});
  }
  if (mark != nullptr)
    *mark = {.owner = this, .from = {}, .until = {}, .place = at->second, .generation = chain_generation_};
  return chains.list[at->second];
}

void Sieve::give_out(std::uint32_t rule, Chain& chain) {
  if (chain.last <= chain.first) return;
  hits_.add({.rule = rule,
             .time = chain.first,
             .covers = chain.last - chain.first,
             .event_key = kAfterEveryEvent,
             .group = chain.group,
             .arguments = {},
             .attributes = {},
             .profile = {},
             .path = {},
             .event_id = {}});
}

void Sieve::give_out_chains() {
  for (std::uint32_t rule = 0; rule < chains_.size(); ++rule) {
    for (Chain& chain : chains_[rule].list) give_out(rule, chain);
    chains_[rule] = {};
  }
  chain_count_ = 0;
  ++chain_generation_;
}

// ---- the second pass ----

SecondSieve::SecondSieve(std::shared_ptr<const SievePlan> plan, std::shared_ptr<const std::vector<SecondLook>> looks,
                         HitCollector hits)
    : plan_(std::move(plan)), looks_(std::move(looks)), hits_(std::move(hits)) {}

HitSink::Interest SecondSieve::interest(std::uint32_t rule, std::uint64_t) {
  const SecondLook& look = (*looks_)[rule];
  if (!look.needed) return Interest::never;
  if (look.everything) return Interest::hit;
  return plan_->how_[rule].kind == SievePlan::Kind::anomaly ? Interest::offer_hashes : Interest::offer;
}

bool SecondSieve::admits(const HitOffer& offer) {
  const SecondLook& look = (*looks_)[offer.rule];
  if (look.everything) return true;
  if (!meets(look.times, offer.time, offer.time)) return false;
  const plan::Plan& plan = plan_->rules_[offer.rule]->plan;
  if (plan_->how_[offer.rule].kind == SievePlan::Kind::prerequisites) {
    return look.groups.contains(hash_of_signal_key(plan, offer.group));
  }
  const auto& job = std::get<plan::AnomalyJob>(plan.op);
  if (job.argument >= offer.arguments.size()) return false;
  if (job.detector == plan::AnomalyJob::Detector::high_distinct_count) {
    return look.groups.contains(hash_of_triple(offer.group_hash, kAnyValue, bucket_of(job, offer.time)));
  }
  return std::ranges::any_of(offer.arguments[job.argument], [&](std::uint64_t value) {
    return look.groups.contains(hash_of_triple(offer.group_hash, value, bucket_of(job, offer.time)));
  });
}

bool is_near(const std::vector<SecondLook>& looks, std::uint32_t input, Instant first, Instant last) {
  return std::ranges::any_of(looks, [&](const SecondLook& look) {
    if (!look.needed) return false;
    if (look.everything) return !std::ranges::binary_search(look.made, input);
    return meets(look.times, first, last) && (!look.inputs || std::ranges::binary_search(*look.inputs, input));
  });
}

}  // namespace trailhound::engine
