#pragma once
/// Random rules over the columns of a FakeBatch, and random records that they have a fair chance to match.

#include <array>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

#include "fake_events.h"
#include "rule/rule.h"

namespace trailhound::engine::test {

class RandomRules {
 public:
  RandomRules(FakeBatch& events, std::uint32_t seed);

  [[nodiscard]] rule::RuleRef rule();
  [[nodiscard]] FakeBatch::Row row();
  /// Codes of callers, or of errors, mean something new from now on.
  void forget_facet(event::Facet facet) { facets_[static_cast<std::size_t>(facet)].clear(); }
  /// A condition whose columns are drawn from all columns; never deeper than `depth`.
  [[nodiscard]] plan::Expr condition(int depth);

 private:
  [[nodiscard]] std::size_t below(std::size_t limit) { return random_() % limit; }
  [[nodiscard]] bool one_in(std::size_t n) { return below(n) == 0; }
  [[nodiscard]] Value value();
  [[nodiscard]] OwnedCell cell(bool plain);
  void add_facets(FakeBatch::Row& row);
  [[nodiscard]] plan::Expr column();
  [[nodiscard]] plan::Expr routed();
  [[nodiscard]] plan::Expr leaf();
  [[nodiscard]] plan::Expr test_of(const plan::Expr& scalar);
  [[nodiscard]] plan::Query query(std::size_t key_parts);

  /// What all rows of one code of a facet have.
  struct OfCode {
    OwnedCell cell;
    std::vector<OwnedCell> hot;
  };

  std::mt19937 random_;
  std::array<std::map<std::uint32_t, OfCode>, event::kFacetCount> facets_;
  std::vector<event::ColumnRef> columns_;
  event::ColumnRef source_, name_;
};

}  // namespace trailhound::engine::test
