#pragma once
/// Routes narrowed by who called, whether it failed, and what classes the record's other codes and members are of
/// (record_classes.h). Records that agree in all of this recur by the thousands, and most of what rules ask is a
/// function of it: the queries that such records cannot match are found once and left out from then on, and conjuncts
/// that hold are not asked again.
///
///     Narrower::Narrowed* narrowed = narrower.find(route, record);   // null: take the route as it is
///     ++narrowed->uses;
///
/// What was left out or is certain is counted as if every record had been asked: see `settle`. A combination is
/// narrowed when it is met for the second time, so that records which are all different cost a look and no more. One a
/// worker.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "engine/compiled_rules.h"
#include "engine/offer_memo.h"
#include "engine/predicate_truths.h"
#include "engine/record_classes.h"
#include "engine/router.h"
#include "event/batch.h"

namespace trailhound::engine {

class Narrower {
 public:
  /// What became of a route.
  struct Narrowed {
    struct Failure {
      std::uint32_t rule, query, conjunct;
    };
    struct Warnings {
      std::uint32_t rule;
      std::uint64_t count;
    };
    /// The candidates of one rule.
    struct OfRule {
      std::uint32_t rule = 0;
      std::uint32_t first_candidate = 0, end_candidate = 0;  ///< in `rest`
      bool certain = false;   ///< all of them match, and were asked nothing of the record itself
      bool unwanted = false;  ///< of a certain one: nobody wants its hits any more
      OfferMemo::Last last_offer;
    };
    Route rest;  ///< candidates that are still open
    std::vector<OfRule> rules;
    std::vector<Failure> failures;   ///< of those left out
    std::vector<Warnings> warnings;  ///< that asking gave, a record
    std::uint64_t uses = 0;          ///< records since the last settling
  };

  Narrower(const CompiledRules& rules, PredicateTruths& truths)
      : rules_(rules), truths_(truths), classes_(rules, truths) {}

  /// To be called before the records of a batch.
  void use(const event::Batch& batch);
  /// The narrowed route of a record, or null if it must take the route itself. Valid until the next call. Begins the
  /// record in `truths` if it has to ask.
  [[nodiscard]] Narrowed* find(const Route& route, const event::Record& record);
  /// Calls `count` with everything that was used since the last time, so that its failures, warnings and certain
  /// matches can be counted. To be called before `reset`.
  void settle(const std::function<void(const Narrowed&)>& count);
  /// Whether it is time to settle and reset.
  [[nodiscard]] bool full() const { return narrowed_.size() >= kMostMet || built_ >= kMostBuilt; }
  /// Forgets everything: codes (of these hot columns, by bit) or routes have a new meaning.
  void reset(std::uint32_t hot_columns);

 private:
  struct Key {
    std::uint64_t call = 0;    ///< codes of eventSource and eventName
    std::uint64_t caller = 0;  ///< and error
    std::uint64_t classes = 0;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    using is_avalanching = void;
    std::size_t operator()(const Key& key) const;
  };

  [[nodiscard]] std::unique_ptr<Narrowed> narrow(const Route& route, const event::Record& record,
                                                 std::uint64_t classes);
  void add(Narrowed& narrowed, const Route& route, const Route::Candidate& candidate, std::uint64_t& warnings);
  void add_to_rules(Narrowed& narrowed, const Route::Candidate& candidate);
  [[nodiscard]] bool is_known(PredicateId id);

  static constexpr std::size_t kMostMet = 1u << 17;
  static constexpr std::size_t kMostBuilt = 1u << 14;

  const CompiledRules& rules_;
  PredicateTruths& truths_;
  RecordClasses classes_;
  std::uint64_t classes_key_ = 0;                                                // of what is being narrowed
  boost::unordered_flat_map<Key, std::unique_ptr<Narrowed>, KeyHash> narrowed_;  // null: met once
  std::size_t built_ = 0;
  Key last_;  // neighbours are often alike
  Narrowed* last_narrowed_ = nullptr;
};

}  // namespace trailhound::engine
