#pragma once
/// The stateless half: every rule's filters over a batch, in one pass. What matches becomes hits.
///
/// A record is routed by its (eventSource, eventName) pair: per distinct pair, filters are evaluated with only those
/// two values known (Kleene's unknown for the rest); a query whose filter can no longer become true is no candidate.
/// For candidates, predicates over one hot column are looked up in a truth cache by dictionary code; each predicate is
/// interned across rules, so it is evaluated once per distinct value. The rest is read from the record on demand.
///
/// One Matcher a worker; the compiled rule set behind it is shared.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/value.h"
#include "engine/hit.h"
#include "event/batch.h"
#include "rule/rule.h"

namespace trailhound::engine {

/// hash_of_value of each value of a cell.
using ValueHashes = std::span<const std::uint64_t>;

/// What a sink noted of an offer that it was made before, so that it need not look for it when the same one comes
/// again.
struct OfferMark {
  const void* owner = nullptr;  ///< the sink that set the rest; what `place` and `generation` mean only it knows
  /// From then until then, in this round of the sink, it does not want to hear of the offer again.
  Instant from, until;
  std::uint32_t round = 0;
  std::uint32_t place = 0;
  std::uint32_t generation = 0;
};

/// What is known of a hit before it is made.
struct HitOffer {
  std::uint32_t rule = 0;
  std::uint64_t queries = 0;  ///< bit i: query i matched
  Instant time;
  const std::vector<Value>& group;         ///< not told if only hashes are asked for
  std::uint64_t group_hash = 0;            ///< hash_of_group
  std::span<const ValueHashes> arguments;  ///< of the matched queries, one after the other; empty unless asked for
  OfferMark* mark = nullptr;               ///< kept from offer to offer of this group and arguments; null: it is not
};

class HitSink {
 public:
  virtual ~HitSink() = default;
  /// Whether `admits` would do nothing about an offer with that mark.
  [[nodiscard]] bool ignores(const OfferMark& mark, Instant time) const {
    return mark.owner == this && mark.round == round_ && mark.from <= time && time < mark.until;
  }
  /// How much of the hits that a record makes for a rule is wanted. Making a hit costs far more than matching it, so a
  /// sink that can do without says so here, for each record that passed one of the queries. A matcher of which one sink
  /// said `never` must not be used with another one.
  enum class Interest : std::uint8_t {
    never,         ///< not wanted, nor will be what else these queries match
    offer,         ///< `admits` is asked about every group
    offer_hashes,  ///< the same, with the hashes of the group and of the values of the arguments alone
    hit,
  };
  [[nodiscard]] virtual Interest interest(std::uint32_t rule, std::uint64_t queries) {
    static_cast<void>(rule);
    static_cast<void>(queries);
    return Interest::hit;
  }
  /// Whether the hit is to be made and added.
  [[nodiscard]] virtual bool admits(const HitOffer& offer) {
    static_cast<void>(offer);
    return true;
  }
  /// What the hit points to is gone afterwards.
  virtual void add(const HitView& hit) = 0;

 protected:
  /// What marks say of times holds no longer.
  void begin_round() { ++round_; }
  [[nodiscard]] std::uint32_t round() const { return round_; }

 private:
  std::uint32_t round_ = 0;
};

/// How far records came in one query's filter: the material of "cannot fire" (the ledger).
struct QueryReach {
  std::uint64_t candidates = 0;  ///< records whose service and call fit
  std::uint64_t hits = 0;        ///< records that passed the filter
  std::uint64_t keyless = 0;     ///< ... of which these lack a part of the group key and are in no group
  /// For every top-level conjunct of the filter, whether any distinct hot value satisfied it (conjuncts over one hot
  /// column), and how many candidates failed there first.
  struct Conjunct {
    plan::Expr expression;
    bool over_hot = false;
    bool satisfied = false;
    std::uint64_t failed_first = 0;
  };
  std::vector<Conjunct> conjuncts;
};

class CompiledRules;
[[nodiscard]] std::shared_ptr<const CompiledRules> compile(std::vector<rule::RuleRef> rules);

class Matcher {
 public:
  explicit Matcher(std::shared_ptr<const CompiledRules> rules);
  ~Matcher();

  /// Calls the sink for every hit of the batch, rows in order. `from_row` may skip none: duplicates are left to the
  /// stateful half.
  void match(event::Batch& batch, HitSink& sink);
  /// Looks at all distinct values of the dictionaries so far. To be called by their owner before it resets one: what
  /// they held is forgotten then. REQUIRES (and so does `reach`): the dictionaries of the last batch are still alive.
  void harvest();
  /// [rule][query]; merge over workers with `merge_reach`.
  [[nodiscard]] std::vector<std::vector<QueryReach>> reach() const;
  /// Multi-values met by single-value operators, per rule (ES|QL warnings).
  [[nodiscard]] std::vector<std::uint64_t> warnings() const;
  /// Records that would have been in more than plan::kMaxGroupsPerEvent groups, per rule: the rest was left out.
  [[nodiscard]] std::vector<std::uint64_t> capped_groups() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};
void merge_reach(std::vector<std::vector<QueryReach>>& into, const std::vector<std::vector<QueryReach>>& from);
/// Adds counts by rule; `into` may be shorter.
void merge_counts(std::vector<std::uint64_t>& into, const std::vector<std::uint64_t>& from);

}  // namespace trailhound::engine
