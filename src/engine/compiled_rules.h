#pragma once
/// A rule set prepared for matching: every filter taken apart into predicates, each distinct predicate once.
///
/// A filter is a conjunction; each conjunct is a predicate. A predicate is one of
///   constant   reads nothing; its truth is known
///   hot        a function of one hot raw value: its truth is cached by dictionary code
///   facet      a function of one facet: its truth is cached by the facet's code, where that is known
///   record     read from the record (or from several hot values at once), at most once a record
///   all, any, negation, is_true   over other predicates, where the whole is none of the above
/// Equal predicates of all rules are one.
///
/// Immutable, shared by all workers.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/truth.h"
#include "event/column.h"
#include "plan/expression.h"
#include "rule/rule.h"

namespace trailhound::engine {

using PredicateId = std::uint32_t;

struct Predicate {
  enum class Kind : std::uint8_t { constant, hot, facet, record, all, any, negation, is_true };

  Kind kind = Kind::record;
  plan::Expr expression;
  Truth constant = Truth::unknown;            ///< of kind constant
  event::Hot hot = event::Hot::event_source;  ///< of kind hot
  event::Facet facet = event::Facet::caller;  ///< of kind facet
  std::vector<PredicateId> operands;          ///< of all, any, negation and is_true; cheapest first
  std::uint32_t hot_values = 0;               ///< bit i: reads hot value i
  std::uint32_t facets = 0;                   ///< bit i: reads what is a function of facet i
  bool reads_record = false;                  ///< reads more than hot values
  bool reads_rest = false;                    ///< reads more than hot values and facets
  /// Set: of a record without this member the truth is known to be `if_absent`.
  std::optional<event::Member> below = {};
  Truth if_absent = Truth::unknown;

  /// Whether the truth is a function of eventSource, eventName, caller and error.
  [[nodiscard]] bool is_narrow() const;
};

struct CompiledQuery {
  struct Conjunct {
    PredicateId predicate;
    plan::Expr expression;
  };
  std::vector<Conjunct> conjuncts;   ///< in the order of the filter
  std::vector<std::uint32_t> order;  ///< indices of conjuncts, cheapest first, else in the order of the filter
};

struct CompiledRule {
  rule::RuleRef rule;
  std::vector<CompiledQuery> queries;  ///< at most kMaxQueries; the loaders refuse rules with more
};
inline constexpr std::size_t kMaxQueries = 64;  // the width of Hit::queries

class CompiledRules {
 public:
  explicit CompiledRules(std::vector<rule::RuleRef> rules);

  [[nodiscard]] const std::vector<CompiledRule>& rules() const { return rules_; }
  [[nodiscard]] const std::vector<Predicate>& predicates() const { return predicates_; }
  /// Whether so much is asked of callers and errors that it is worth to tell them apart (BatchReader::keep_facets).
  /// Then narrow predicates are asked first.
  [[nodiscard]] bool keeps_facets() const { return keeps_facets_; }
  /// Columns that the rules read, numbered from 0: places in a memo.
  [[nodiscard]] const boost::unordered_flat_map<const event::Column*, std::uint32_t>& columns() const {
    return columns_;
  }

 private:
  PredicateId intern(const plan::Expr& expression);
  void take_apart(const plan::Expr& expression, Predicate& predicate);
  void classify(Predicate& predicate);
  static void note_absence(Predicate& predicate, const std::vector<event::ColumnRef>& columns);
  void number_columns(const plan::Expr& expression);
  CompiledQuery compile_query(const plan::Query& query);
  void sort_by_cost();
  [[nodiscard]] int cost(PredicateId id) const;

  std::vector<CompiledRule> rules_;
  std::vector<Predicate> predicates_;
  bool keeps_facets_ = false;
  boost::unordered_flat_map<plan::Expr, PredicateId, plan::ExprHash, plan::ExprEqual> interned_;
  boost::unordered_flat_map<const event::Column*, std::uint32_t> columns_;
};

}  // namespace trailhound::engine
