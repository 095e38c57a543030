#pragma once
/// Keeps a scan from making hits that cannot matter. Making, sorting and judging a hit costs many times what matching
/// its event does, and some rules match most of what there is to fire for next to none of it.
///
///     SievePlan plan(rules);
///     Sieve sieve(plan, hits, to);                   // one a worker: the HitSink of a first pass over everything
///     ...
///     const std::vector<SecondLook> looks = plan.decide(std::move(findings));
///     SecondSieve again(plan, looks, collector);     // the HitSink of a second pass, over what `looks` name
///     evaluate(rules, collectors, ..., histories_of(looks));
///
/// What fires is the same as without; three kinds of rules are sieved:
///
///   - with prerequisites (prerequisites.h): the first pass notes only the hits that meet a condition. If none meets
///     one of them, the rule is done. Else the hits of the groups concerned are made in a second pass over the files
///     whose events lie near enough to the rarest of the conditions.
///   - anomaly jobs: the first pass notes who had which value in which bucket and in which inputs (JobNotes), which
///     decides what fires; a second pass makes the hits that the signals tell about.
///   - new terms: of hits that follow each other closely only the first is made, and at the end a note of how long they
///     went on (Hit::covers). No second pass.
///
/// Rules over signals are not sieved: what they need may come from a signal.
///
/// An input is what the driver gives a number: a file, or many that are read one after the other by one worker.
///
/// Memory of a worker is bounded (SieveLimits). A rule with more notes is looked at again in everything. Of an anomaly
/// job with more entries all hits are made: from then on by the first pass, for the inputs before by the second one.
/// Chains are given out early.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "base/instant.h"
#include "engine/job_history.h"
#include "engine/job_notes.h"
#include "engine/matcher.h"
#include "engine/sieve_limits.h"
#include "engine/state.h"
#include "rule/rule.h"

namespace trailhound::engine {

/// What one worker noted of one rule.
struct SieveFindings {
  struct Note {
    Instant time;
    std::uint64_t group = 0;  ///< hash of the signal key
  };
  struct Condition {
    std::uint64_t met = 0;  ///< records that met it; not all are counted once it is more than the limit
    std::vector<Note> notes;
  };
  std::vector<Condition> conditions;
  JobNotes notes;                   ///< of an anomaly job
  bool too_much = false;            ///< to be noted: hits are made instead
  std::vector<std::uint32_t> made;  ///< the inputs of which they were from the beginning
};

/// What a second pass is to make of one rule's hits.
struct SecondLook {
  bool needed = false;
  bool everything = false;          ///< every hit, of any time
  std::vector<std::uint32_t> made;  ///< inputs of which the first pass made them all, sorted
  /// Spans of time, sorted and apart; hits elsewhere are not needed.
  std::vector<std::pair<Instant, Instant>> times;
  /// Numbers of the inputs that have them, sorted, if that is known.
  std::optional<std::vector<std::uint32_t>> inputs;
  /// Hashes of signal keys; for anomaly jobs of group, value (if it is rare values that fire) and bucket.
  boost::unordered_flat_set<std::uint64_t> groups;
  std::shared_ptr<const JobHistory> history;  ///< of an anomaly job, needed or not
  plan::Expr unmet;                           ///< of a rule with prerequisites that needs no look: what no hit meets
};

/// Which rules are sieved and how. Immutable, shared by all workers.
class SievePlan {
 public:
  /// No limits: nothing is sieved, for input that cannot be read twice.
  explicit SievePlan(const std::vector<rule::RuleRef>& rules, std::optional<SieveLimits> limits = SieveLimits{});

  /// What the first pass matches: the rules, those with prerequisites with a query more for each condition.
  [[nodiscard]] const std::vector<rule::RuleRef>& first_rules() const { return first_; }
  /// What the second pass matches: rules that it is not to look at have no queries.
  [[nodiscard]] std::vector<rule::RuleRef> second_rules(const std::vector<SecondLook>& looks) const;
  /// Whether the rule's hits are not all made.
  [[nodiscard]] bool is_sieved(std::size_t rule) const { return how_[rule].kind != Kind::none; }
  /// Whether the matcher has looked for the key of every record that a query of the rule matches. Where a condition
  /// decides, it has of some, and of which depends on the worker.
  [[nodiscard]] bool knows_keyless(std::size_t rule) const { return how_[rule].kind != Kind::prerequisites; }
  [[nodiscard]] std::size_t queries_of(std::size_t rule) const { return rules_[rule]->plan.queries.size(); }
  /// By worker, then by rule.
  [[nodiscard]] std::vector<SecondLook> decide(std::vector<std::vector<SieveFindings>> findings) const;

 private:
  friend class Sieve;
  friend class SecondSieve;
  enum class Kind : std::uint8_t { none, prerequisites, anomaly, new_terms };
  struct How {
    Kind kind = Kind::none;
    std::vector<std::uint32_t> conditions;  ///< the query of the first pass that shows each one
    std::vector<plan::Expr> filters;        ///< of the conditions
    Duration reach;                         ///< of prerequisites; of new terms the gap that does not matter
    const plan::AnomalyJob* job = nullptr;  ///< of an anomaly
  };

  [[nodiscard]] How how_of(const rule::RuleRef& rule);
  [[nodiscard]] SecondLook look_at(const How& how, const std::vector<const SieveFindings*>& findings) const;
  [[nodiscard]] static SecondLook look_at_job(const plan::AnomalyJob& job, const std::vector<SieveFindings*>& findings);

  SieveLimits limits_;
  std::vector<rule::RuleRef> rules_;
  std::vector<rule::RuleRef> first_;
  std::vector<How> how_;
};

/// The first pass. One a worker.
class Sieve final : public HitSink {
 public:
  /// Hits after `to` do not exist for the rules. What is let through goes to `hits`, which must outlive it.
  Sieve(std::shared_ptr<const SievePlan> plan, HitSink& hits, std::optional<Instant> to);

  /// What comes next comes from that input.
  void begin_input(std::uint32_t number);

  Interest interest(std::uint32_t rule, std::uint64_t queries) override;
  bool admits(const HitOffer& offer) override;
  void add(const HitView& hit) override { hits_.add(hit); }

  /// Gives out the notes that are still held. Call once, at the end.
  void finish() { give_out_chains(); }
  [[nodiscard]] std::vector<SieveFindings> take_findings() { return std::move(findings_); }

 private:
  /// Hits of one group without a gap that matters.
  struct Chain {
    std::vector<Value> group;
    Instant first, last;
  };
  struct Chains {
    std::vector<Chain> list;
    boost::unordered_flat_map<std::uint64_t, std::uint32_t> places;  // by hash of the group
  };

  void note_conditions(const HitOffer& offer);
  void note_values(const HitOffer& offer);
  bool begins_chain(const HitOffer& offer);
  Chain& chain_of(const HitOffer& offer);
  void give_out(std::uint32_t rule, Chain& chain);
  void give_out_chains();

  std::shared_ptr<const SievePlan> plan_;
  HitSink& hits_;
  Instant to_;
  std::uint32_t input_ = 0;
  std::vector<SieveFindings> findings_;  // by rule
  std::vector<Chains> chains_;           // by rule
  std::size_t chain_count_ = 0;
  std::uint32_t chain_generation_ = 0;  // of the chains that marks tell the places of
};

/// The second pass. One a worker.
class SecondSieve final : public HitSink {
 public:
  SecondSieve(std::shared_ptr<const SievePlan> plan, std::shared_ptr<const std::vector<SecondLook>> looks,
              HitCollector hits);

  Interest interest(std::uint32_t rule, std::uint64_t queries) override;
  bool admits(const HitOffer& offer) override;
  void add(const HitView& hit) override { hits_.add(hit); }
  void finish() { hits_.sort(); }
  [[nodiscard]] HitCollector take_hits() { return std::move(hits_); }

 private:
  std::shared_ptr<const SievePlan> plan_;
  std::shared_ptr<const std::vector<SecondLook>> looks_;
  HitCollector hits_;
};

/// Whether a second pass over an input with events of these times could find anything.
[[nodiscard]] bool is_near(const std::vector<SecondLook>& looks, std::uint32_t input, Instant first, Instant last);

}  // namespace trailhound::engine
