// What a sieve says of offers that it need not hear again.

#include "engine/sieve.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace trailhound::engine {
namespace {

constexpr Instant kStart = Instant::from_seconds(1'772'442'000);  // a full hour
static_assert(kStart.micros % 3'600'000'000 == 0);

struct Nobody : HitSink {
  void add(const HitView&) override { ADD_FAILURE() << "a hit of a sieved rule"; }
};

rule::RuleRef rule_with(plan::Operator op) {
  auto rule = std::make_shared<rule::Rule>();
  rule->plan.queries.emplace_back();
  rule->plan.op = std::move(op);
  return rule;
}

rule::RuleRef rare_values() {
  return rule_with(plan::AnomalyJob{.detector = plan::AnomalyJob::Detector::rare, .bucket = Duration::seconds(3600)});
}

rule::RuleRef new_terms() {
  return rule_with(plan::NewTerms{
      .history = Duration::seconds(7200), .look_back = Duration::seconds(600), .interval = Duration::seconds(300)});
}

class SieveTest : public testing::Test {
 protected:
  /// Offers a value of a group; hits are only made of new terms.
  bool offer(Sieve& sieve, std::int64_t seconds, OfferMark& mark) const {
    static const std::vector<Value> kGroup = {std::string("someone")};
    static const std::uint64_t kHashes[] = {17};
    static const ValueHashes kArguments[] = {kHashes};
    return sieve.admits({0, 1, at(seconds), kGroup, 5, kArguments, &mark});
  }
  static Instant at(std::int64_t seconds) { return kStart + Duration::seconds(seconds); }

  Nobody nobody;
};

TEST_F(SieveTest, AValueOfABucketIsHeardOnceAnInput) {
  Sieve sieve(std::make_shared<SievePlan>(std::vector{rare_values()}), nobody, std::nullopt);
  OfferMark mark;
  sieve.begin_input(1);
  EXPECT_FALSE(sieve.ignores(mark, at(10)));
  EXPECT_FALSE(offer(sieve, 10, mark));
  EXPECT_TRUE(sieve.ignores(mark, at(0)));
  EXPECT_TRUE(sieve.ignores(mark, at(3599)));
  EXPECT_FALSE(sieve.ignores(mark, at(3600))) << "another bucket";
  EXPECT_FALSE(sieve.ignores(mark, at(-1)));
  sieve.begin_input(2);
  EXPECT_FALSE(sieve.ignores(mark, at(10))) << "which inputs have it is noted";
  EXPECT_FALSE(offer(sieve, 10, mark));
  EXPECT_TRUE(sieve.ignores(mark, at(20)));
  Sieve other(std::make_shared<SievePlan>(std::vector{rare_values()}), nobody, std::nullopt);
  other.begin_input(1);
  other.begin_input(2);
  EXPECT_FALSE(other.ignores(mark, at(20)));
}

TEST_F(SieveTest, OnceThereIsTooMuchToNoteEveryHitIsWanted) {
  Sieve sieve(std::make_shared<SievePlan>(std::vector{rare_values()}, SieveLimits{.entries = 2}), nobody, std::nullopt);
  OfferMark mark;
  sieve.begin_input(1);
  EXPECT_EQ(sieve.interest(0, 1), HitSink::Interest::offer_hashes);
  EXPECT_FALSE(offer(sieve, 10, mark));
  EXPECT_FALSE(offer(sieve, 4000, mark));
  EXPECT_EQ(sieve.interest(0, 1), HitSink::Interest::hit);
  EXPECT_FALSE(sieve.ignores(mark, at(4000)));
}

TEST_F(SieveTest, OfNewTermsEveryOfferCounts) {
  Sieve sieve(std::make_shared<SievePlan>(std::vector{new_terms()}), nobody, std::nullopt);
  OfferMark mark;
  sieve.begin_input(1);
  EXPECT_TRUE(offer(sieve, 10, mark));
  EXPECT_FALSE(sieve.ignores(mark, at(10)));
  EXPECT_FALSE(offer(sieve, 500, mark)) << "it went on";
  EXPECT_FALSE(sieve.ignores(mark, at(500)));
  EXPECT_FALSE(sieve.ignores(mark, Instant{0}));
}

}  // namespace
}  // namespace trailhound::engine
