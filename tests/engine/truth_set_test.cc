// Sets of truth values against what they stand for: every choice of a member from each operand.

#include "engine/truth_set.h"

#include <gtest/gtest.h>

#include <vector>

namespace trailhound::engine {
namespace {

constexpr Truth kAll[] = {Truth::no, Truth::unknown, Truth::yes};

TruthSet set_of(unsigned bits) {
  TruthSet set;
  for (const Truth truth : kAll) {
    if ((bits >> static_cast<unsigned>(truth) & 1u) != 0) set = join(set, TruthSet(truth));
  }
  return set;
}

std::vector<Truth> members(TruthSet set) {
  std::vector<Truth> found;
  for (const Truth truth : kAll) {
    if (set.holds(truth)) found.push_back(truth);
  }
  return found;
}

TEST(TruthSet, OperatorsGiveExactlyWhatTheMembersGive) {
  for (unsigned a = 0; a < 8; ++a) {
    TruthSet negated, asserted;
    for (const Truth x : members(set_of(a))) {
      negated = join(negated, TruthSet(!x));
      asserted = join(asserted, TruthSet(truth_of(x == Truth::yes)));
    }
    EXPECT_EQ(!set_of(a), negated);
    EXPECT_EQ(is_true(set_of(a)), asserted);
    for (unsigned b = 0; b < 8; ++b) {
      TruthSet both, either;
      for (const Truth x : members(set_of(a))) {
        for (const Truth y : members(set_of(b))) {
          both = join(both, TruthSet(x & y));
          either = join(either, TruthSet(x | y));
        }
      }
      EXPECT_EQ(set_of(a) & set_of(b), both) << a << " " << b;
      EXPECT_EQ(set_of(a) | set_of(b), either) << a << " " << b;
    }
  }
}

TEST(TruthSet, NamedSets) {
  EXPECT_EQ(members(TruthSet::all()).size(), 3u);
  EXPECT_TRUE(TruthSet(Truth::yes).is_exactly(Truth::yes));
  EXPECT_FALSE(TruthSet::all().is_exactly(Truth::yes));
}

}  // namespace
}  // namespace trailhound::engine
