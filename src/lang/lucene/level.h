#pragma once
/// Clauses of one level of a Lucene query and how they take part, after the rules of Lucene's classic parser: each
/// operator changes the clauses on its two sides, nothing binds closer than anything else. Inside src/lang/lucene only.
///
///     Level level(all_terms);
///     level.add(Join::none, Sign::none, a);
///     level.add(Join::by_and, Sign::prohibited, b);      // a AND -b
///     Clause both = level.take();

#include <cstdint>
#include <utility>
#include <vector>

#include "lang/clause.h"

namespace trailhound::lucene {

enum class Join : std::uint8_t { none, by_and, by_or };
enum class Sign : std::uint8_t { none, required, prohibited };

class Level {
 public:
  /// With `all_terms` clauses without an operator between them are joined by AND.
  explicit Level(bool all_terms) : all_terms_(all_terms) {}

  void add(Join join, Sign sign, lang::Clause clause);
  /// Without a required clause one of the others must hold; beside one they are optional. Nothing but prohibited
  /// clauses: everything else.
  [[nodiscard]] lang::Clause take();
  [[nodiscard]] bool empty() const { return clauses_.empty(); }

 private:
  enum class Occur : std::uint8_t { must, should, must_not };
  [[nodiscard]] Occur occur_of(Join join, Sign sign) const;

  bool all_terms_;
  std::vector<std::pair<Occur, lang::Clause>> clauses_;
};

}  // namespace trailhound::lucene
