#pragma once
/// A rule set prepared for matching: every filter taken apart into predicates, each distinct predicate once.
///
/// A filter is a conjunction; each conjunct is a predicate. A predicate is one of
///   constant   reads nothing; its truth is known
///   hot        a function of one hot raw value: its truth is cached by dictionary code
///   record     read from the record (or from several hot values at once), at most once a record
///   all, any, negation, is_true   over other predicates, where the whole is neither constant nor hot
/// Predicates are interned across all rules by their printed form.
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
  enum class Kind : std::uint8_t { constant, hot, record, all, any, negation, is_true };

  Kind kind = Kind::record;
  plan::Expr expression;
  Truth constant = Truth::unknown;            ///< of kind constant
  event::Hot hot = event::Hot::event_source;  ///< of kind hot
  std::vector<PredicateId> operands;          ///< of all, any, negation and is_true; cheapest first
  std::uint32_t hot_values = 0;               ///< bit i: reads hot value i
  bool reads_record = false;                  ///< reads more than hot values
  /// Set: of a record without this member the truth is known to be `if_absent`.
  std::optional<event::Member> below = {};
  Truth if_absent = Truth::unknown;

  /// 0 for what a cache answers, 1 for what needs several hot values, 2 for what reads the record.
  [[nodiscard]] int cost() const;
};

struct CompiledQuery {
  struct Conjunct {
    PredicateId predicate;
    std::string text;  ///< printed
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

  std::vector<CompiledRule> rules_;
  std::vector<Predicate> predicates_;
  boost::unordered_flat_map<std::string, PredicateId> by_text_;
  boost::unordered_flat_map<const event::Column*, std::uint32_t> columns_;
};

}  // namespace trailhound::engine
