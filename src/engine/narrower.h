#pragma once
/// Routes narrowed by who called, whether it failed, and what classes the record's other codes and members are of
/// (record_classes.h). Records that agree in all of this recur by the thousands, and most of what rules ask is a
/// function of it: the queries that such records cannot match are found once and left out from then on, and conjuncts
/// that hold are not asked again.
///
///     narrower.use(batch);
///     Narrower::Entry* entry = narrower.find(route, record, begun);   // null: take the route as it is
///     ++entry->narrowed->uses;
///
/// What was left out or is certain is counted as if every record had been asked: see `settle`. A trail has thousands of
/// combinations, but most of them leave the same: equal results are kept once. One a worker.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/hash.h"
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
      std::uint64_t rule, count;
    };
    /// The candidates of one rule.
    struct OfRule {
      std::uint32_t rule = 0;
      std::uint32_t first_candidate = 0, end_candidate = 0;  ///< in `rest`
      bool certain = false;   ///< all of them match, and were asked nothing of the record itself
      bool unwanted = false;  ///< of a certain one: nobody wants its hits any more
    };
    Route rest;  ///< candidates that are still open
    std::vector<OfRule> rules;
    std::vector<Failure> failures;   ///< of those left out
    std::vector<Warnings> warnings;  ///< that asking gave, a record
    std::uint64_t uses = 0;          ///< records since the last settling
  };
  /// A combination of codes.
  struct Entry {
    Narrowed* narrowed = nullptr;
    std::vector<OfferMemo::Last> last_offers;  ///< of each of its rules
  };

  Narrower(const CompiledRules& rules, PredicateTruths& truths)
      : rules_(rules), truths_(truths), classes_(rules, truths) {}

  /// To be called before the records of a batch.
  void use(const event::Batch& batch);
  /// The narrowed route of a record, or null if it must take the route itself. Valid until the next call. If it has to
  /// ask, it begins the record in `truths` and sets `begun`.
  [[nodiscard]] Entry* find(const Route& route, const event::Record& record, bool& begun);
  /// Calls `count` with everything that was used since the last time, so that its failures, warnings and certain
  /// matches can be counted. To be called before `reset`.
  void settle(const std::function<void(const Narrowed&)>& count);
  /// Whether it is time to settle and reset.
  [[nodiscard]] bool full() const { return held_ >= kMostBytes; }
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

  struct ContentHash {
    using is_avalanching = void;
    std::size_t operator()(const std::string& content) const { return hash64(content); }
  };

  [[nodiscard]] Narrowed* narrow(const Route& route);
  [[nodiscard]] Narrowed* share();
  void add(const Route& route, const Route::Candidate& candidate, std::uint64_t& warnings);
  void add_to_rules(const Route::Candidate& candidate);
  [[nodiscard]] bool is_known(PredicateId id);

  /// With broad rules a combination has a place for each of hundreds, so bytes are what is counted.
  static constexpr std::size_t kMostBytes = 24u << 20;

  const CompiledRules& rules_;
  PredicateTruths& truths_;
  RecordClasses classes_;
  std::uint64_t classes_key_ = 0;  // of what is being narrowed
  boost::unordered_flat_map<Key, std::unique_ptr<Entry>, KeyHash> entries_;
  boost::unordered_flat_map<std::string, std::unique_ptr<Narrowed>, ContentHash> distinct_;  // by their bytes
  Narrowed making_;                                                                          // keeps its memory
  std::string content_;                                                                      // of it; likewise
  std::size_t held_ = 0;                                                                     // bytes of both, nearly
  Key last_;  // neighbours are often alike
  Entry* last_entry_ = nullptr;
};

}  // namespace trailhound::engine
