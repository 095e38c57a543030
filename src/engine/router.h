#pragma once
/// From a record's (eventSource, eventName) to the queries that it may still match.
///
/// The route of a pair is found by evaluating every filter with only those two values known. What is certain by then is
/// settled: a query whose filter cannot become true is left out, and so is a conjunct that already holds. Routes are
/// kept by pair of codes and shared where equal. One a worker.

#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "engine/compiled_rules.h"
#include "engine/predicate_truths.h"
#include "engine/truth_set.h"

namespace trailhound::engine {

/// Appends the bytes of a list: what routes are compared by.
template <class T>
void append_bytes(std::string& out, const std::vector<T>& items) {
  static_assert(std::has_unique_object_representations_v<T>);
  out.append(reinterpret_cast<const char*>(items.data()), items.size() * sizeof(T));
}

struct Route {
  /// One conjunct that is still open.
  struct Check {
    PredicateId predicate;
    std::uint32_t conjunct;  ///< index in its query
  };
  struct Candidate {
    std::uint32_t rule;
    std::uint32_t query;
    std::uint32_t first_check, end_check;  ///< in `checks`, cheapest first
  };
  std::vector<Candidate> candidates;  ///< by rule, then by query
  std::vector<Check> checks;
};

class Router {
 public:
  Router(const CompiledRules& rules, PredicateTruths& truths) : rules_(rules), truths_(truths) {}

  /// Forgets all pairs: codes have a new meaning.
  void reset();
  /// The route of a pair of codes; null if nothing can match. Valid until `reset`.
  [[nodiscard]] const Route* find(const Dictionaries& dictionaries, std::uint32_t source_code, std::uint32_t name_code);

 private:
  /// What is known of a record while it is routed.
  struct Known {
    std::uint32_t source_code = 0, name_code = 0;
    HotCells cells{};
  };
  struct Evaluated {
    std::uint64_t pair = 0;
    TruthSet set;
  };

  [[nodiscard]] const Route* make(const Known& known);
  void add_candidate(Route& route, std::uint32_t rule, std::uint32_t query, const Known& known);
  [[nodiscard]] TruthSet possible(PredicateId id, const Known& known);
  [[nodiscard]] TruthSet possible_afresh(const Predicate& predicate, PredicateId id, const Known& known);
  [[nodiscard]] const Route* share(Route route);

  static constexpr std::size_t kMaxPairs = 1u << 16;  // beyond that all are forgotten: a bound against hostile logs

  const CompiledRules& rules_;
  PredicateTruths& truths_;
  boost::unordered_flat_map<std::uint64_t, const Route*> by_pair_;
  boost::unordered_flat_map<std::string, std::unique_ptr<const Route>> distinct_;  ///< by the bytes of their content
  std::vector<Evaluated> evaluated_;  ///< by predicate, for the pair being routed
  std::uint64_t pair_number_ = 0;
};

}  // namespace trailhound::engine
