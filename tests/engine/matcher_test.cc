// The matcher against its naive twin, and each thing it promises by itself.

#include "engine/matcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <tuple>

#include "engine/compiled_rules.h"
#include "engine/value_hash.h"
#include "fake_events.h"
#include "naive_matcher.h"
#include "one_in.h"
#include "random_rules.h"

namespace trailhound::engine::test {
namespace {

using event::Hot;

struct Collected : HitSink {
  std::vector<Hit> hits;
  void add(const HitView& hit) override { hits.push_back(to_hit(hit)); }
};

/// Wants hits to be offered first, and takes them all.
struct Offered : Collected {
  explicit Offered(Interest how) : how_(how) {}

  std::size_t offers = 0;
  Interest interest(std::uint32_t, std::uint64_t) override { return how_; }
  bool admits(const HitOffer& offer) override {
    ++offers;
    Known& known = known_.emplace_back();
    known.group_hash = offer.group_hash;
    if (how_ == Interest::offer) known.group = offer.group;
    for (const ValueHashes& hashes : offer.arguments) known.arguments.emplace_back(hashes.begin(), hashes.end());
    return true;
  }
  void add(const HitView& hit) override {
    // All offers of a record and rule come before its hits.
    ASSERT_LT(taken_, known_.size());
    const Known& known = known_[taken_++];
    EXPECT_EQ(hash_of_group(hit.group), known.group_hash);
    if (how_ == Interest::offer) {
      EXPECT_EQ(hit.group, known.group);
    } else if (std::popcount(hit.queries) == 1) {
      check_arguments(to_hit(hit), known);
    }
    Collected::add(hit);
  }

 private:
  using Hashes = std::vector<std::uint64_t>;
  struct Known {
    std::vector<Value> group;
    std::uint64_t group_hash = 0;
    std::vector<Hashes> arguments;
  };

  static void check_arguments(const Hit& hit, const Known& known) {
    // The offer has the arguments of all queries that matched, the hit those of its own.
    if (known.arguments.size() != hit.arguments.size()) return;
    for (std::size_t i = 0; i < hit.arguments.size(); ++i) {
      Hashes expected;
      for (const Value& value : hit.arguments[i]) expected.push_back(hash_of_value(to_scalar(value)));
      EXPECT_EQ(known.arguments[i], expected);
    }
  }

  Interest how_;
  std::vector<Known> known_;
  std::size_t taken_ = 0;
};

/// Wants no hits, and of a group of a rule to hear once a minute, as far as it can be told apart.
struct Marking : HitSink {
  static constexpr Duration kSpan = Duration::seconds(60);

  std::size_t offers = 0;
  std::set<std::tuple<std::uint32_t, std::uint64_t, Instant>> heard;  ///< in this round

  Interest interest(std::uint32_t, std::uint64_t) override { return Interest::offer_hashes; }
  bool admits(const HitOffer& offer) override {
    ++offers;
    const Instant from = floor_to(offer.time, kSpan);
    heard.emplace(offer.rule, offer.group_hash, from);
    if (offer.mark != nullptr) {
      *offer.mark = OfferMark{.owner = this, .from = from, .until = from + kSpan, .round = round()};
    }
    return false;
  }
  void add(const HitView&) override { ADD_FAILURE() << "it wants none"; }
  void forget() {
    heard.clear();
    offers = 0;
    begin_round();
  }
};

std::vector<std::string> bytes_of(const std::vector<Hit>& hits) {
  std::vector<std::string> all;
  for (const Hit& hit : hits) {
    std::string key, payload;
    encode(hit, {}, key, payload);
    all.push_back(key + payload);
  }
  std::sort(all.begin(), all.end());
  return all;
}

plan::Expr expression(const char* text, const std::vector<event::ColumnRef>& columns) {
  return read_expression(text, columns);
}

std::shared_ptr<rule::Rule> rule_of(std::vector<plan::Expr> filters) {
  auto rule = std::make_shared<rule::Rule>();
  for (plan::Expr& filter : filters) {
    plan::Query query;
    query.filter = plan::make(plan::IsTrue{std::move(filter)});
    rule->plan.queries.push_back(std::move(query));
  }
  return rule;
}

OwnedCell text(std::string value) { return {Cell::State::values, {std::move(value)}}; }
OwnedCell texts(std::vector<std::string> values) {
  OwnedCell cell{Cell::State::values, {}};
  for (std::string& value : values) cell.values.emplace_back(std::move(value));
  return cell;
}

FakeBatch::Row call(const std::string& source, const std::string& name) {
  FakeBatch::Row row;
  row.hot[static_cast<std::size_t>(Hot::event_source)] = text(source);
  row.hot[static_cast<std::size_t>(Hot::event_name)] = text(name);
  return row;
}

class MatcherTest : public testing::Test {
 protected:
  std::vector<Hit> match(Matcher& matcher) {
    Collected collected;
    matcher.match(events.batch, collected);
    return collected.hits;
  }

  FakeBatch events;
  event::ColumnRef source = FakeBatch::hot_column(Hot::event_source);
  event::ColumnRef name = FakeBatch::hot_column(Hot::event_name);
  event::ColumnRef arn = FakeBatch::hot_column(Hot::identity_arn);
  event::ColumnRef cold = events.cold_column(0);
};

// --- Against the twin ------------------------------------------------------------------------------------------------

/// Random rules over several batches with dictionaries so small that they are reset again and again.
void compare_with_twin(std::uint32_t seed, std::size_t max_entries, std::size_t& hits, std::size_t& resets) {
  FakeBatch events(max_entries);
  RandomRules random(events, seed);
  std::vector<rule::RuleRef> rules;
  for (int i = 0; i < 12; ++i) rules.push_back(random.rule());
  Matcher matcher(compile(rules)), asked_first(compile(rules));
  std::vector<std::vector<std::uint64_t>> passed(rules.size(), std::vector<std::uint64_t>(3));
  for (int b = 0; b < 4; ++b) {
    events.clear();
    if (events.any_full()) {
      matcher.harvest();
      const auto error = static_cast<std::size_t>(Hot::error_code);
      if (events.dictionaries[error].full()) random.forget_facet(event::Facet::error);
      events.reset_full();
      ++resets;
    }
    if (b == 2) {  // callers have an epoch of their own
      ++events.batch.caller_epoch;
      random.forget_facet(event::Facet::caller);
    }
    for (int i = 0; i < 40; ++i) events.add(random.row());
    Collected collected;
    matcher.match(events.batch, collected);
    const std::vector<Hit> expected = match_naively(rules, events.batch);
    hits += expected.size();
    ASSERT_EQ(bytes_of(collected.hits), bytes_of(expected)) << "seed " << seed << " batch " << b;
    Offered offered(seed % 2 == 0 ? HitSink::Interest::offer : HitSink::Interest::offer_hashes);
    asked_first.match(events.batch, offered);
    ASSERT_EQ(bytes_of(offered.hits), bytes_of(expected)) << "seed " << seed << " batch " << b;
    for (std::size_t row = 0; row < events.batch.size(); ++row) {
      for (std::size_t r = 0; r < rules.size(); ++r) {
        const auto& queries = rules[r]->plan.queries;
        for (std::size_t q = 0; q < queries.size(); ++q) {
          passed[r][q] += passes(queries[q], event::Record(events.batch, row)) ? 1 : 0;
        }
      }
    }
  }
  const auto reach = matcher.reach();
  for (std::size_t r = 0; r < rules.size(); ++r) {
    for (std::size_t q = 0; q < reach[r].size(); ++q) {
      std::uint64_t failed = 0;
      for (const auto& conjunct : reach[r][q].conjuncts) failed += conjunct.failed_first;
      EXPECT_EQ(reach[r][q].hits, passed[r][q]);
      EXPECT_EQ(reach[r][q].candidates, reach[r][q].hits + failed) << "every candidate is accounted for";
    }
  }
}

TEST(MatcherTwin, EqualsTheNaiveMatcherOverManyEpochs) {
  std::size_t hits = 0;
  std::size_t resets = 0;
  for (std::uint32_t seed = 0; seed < 150; seed += kOneIn) compare_with_twin(seed, 8, hits, resets);
  EXPECT_GT(hits, 10'000u / kOneIn);
  EXPECT_GT(resets, 200u / kOneIn);
}

TEST(MatcherTwin, EqualsTheNaiveMatcherInOneEpoch) {
  std::size_t hits = 0;
  std::size_t resets = 0;
  for (std::uint32_t seed = 1000; seed < 1100; seed += kOneIn) compare_with_twin(seed, 1u << 17, hits, resets);
  EXPECT_GT(hits, 5'000u / kOneIn);
  EXPECT_EQ(resets, 0u);
}

// --- Order, masks, groups --------------------------------------------------------------------------------------------

TEST_F(MatcherTest, HitsComeByRowThenByRule) {
  const auto any = rule_of({plan::constant(true)});
  Matcher matcher(compile({any, rule_of({expression("exists(c, native.equal(v, \"b\"))", {name})}), any}));
  events.add(call("s", "a"));
  events.add(call("s", "b"));
  std::vector<std::pair<std::int64_t, std::uint32_t>> found;
  for (const Hit& hit : match(matcher)) found.emplace_back(hit.time.micros / 1'000'000, hit.rule);
  const std::vector<std::pair<std::int64_t, std::uint32_t>> expected = {{0, 0}, {0, 2}, {1, 0}, {1, 1}, {1, 2}};
  EXPECT_EQ(found, expected);
}

TEST_F(MatcherTest, QueriesThatHitTheSameEventAndGroupAreOneHit) {
  auto rule = rule_of({plan::constant(true), plan::constant(false), plan::constant(true)});
  for (auto& query : rule->plan.queries) query.key = {{"arn", plan::column(arn)}};
  rule->plan.queries[0].arguments = {{"n", plan::column(name)}};
  rule->plan.queries[1].arguments = {{"s", plan::column(source)}};
  rule->plan.queries[2].arguments = {{"s", plan::column(source)}, {"c", plan::column(cold)}};
  Matcher matcher(compile({rule}));
  FakeBatch::Row row = call("s", "n");
  row.hot[static_cast<std::size_t>(Hot::identity_arn)] = text("me");
  row.cold[0] = texts({"x", "y"});
  events.add(row);
  const auto hits = match(matcher);
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].queries, 0b101u);
  EXPECT_EQ(hits[0].group, std::vector<Value>{std::string("me")});
  const std::vector<Values> arguments = {{std::string("n")}, {std::string("s")}, {std::string("x"), std::string("y")}};
  EXPECT_EQ(hits[0].arguments, arguments) << "of the matched queries only, in their order";
}

TEST_F(MatcherTest, SeveralKeyValuesAreSeveralGroupsEachOnce) {
  auto rule = rule_of({plan::constant(true)});
  rule->plan.queries[0].key = {{"arn", plan::column(arn)}, {"c", plan::column(cold)}};
  Matcher matcher(compile({rule}));
  FakeBatch::Row row = call("s", "n");
  row.hot[static_cast<std::size_t>(Hot::identity_arn)] = texts({"b", "a", "b"});
  row.cold[0] = texts({"y", "x"});
  events.add(row);
  std::vector<std::vector<Value>> groups;
  for (const Hit& hit : match(matcher)) groups.push_back(hit.group);
  const auto pair = [](const char* a, const char* b) { return std::vector<Value>{std::string(a), std::string(b)}; };
  EXPECT_EQ(groups, (std::vector<std::vector<Value>>{pair("a", "x"), pair("a", "y"), pair("b", "x"), pair("b", "y")}));
}

TEST_F(MatcherTest, MissingKeyPartsDropTheEventOrStandForThemselves) {
  const auto group_of = [&](plan::MissingKey missing, const OwnedCell& cell) -> std::vector<Hit> {
    auto rule = rule_of({plan::constant(true)});
    rule->plan.queries[0].key = {{"c", plan::column(cold)}};
    rule->plan.queries[0].missing = missing;
    Matcher matcher(compile({rule}));
    events.clear();
    FakeBatch::Row row = call("s", "n");
    row.cold[0] = cell;
    events.add(row);
    auto hits = match(matcher);
    EXPECT_EQ(matcher.reach()[0][0].hits, 1u);
    EXPECT_EQ(matcher.reach()[0][0].keyless, hits.empty() ? 1u : 0u) << "a record without a group is counted";
    return hits;
  };
  for (const char* state : {"absent", "null", "[]", "{}"}) {
    const OwnedCell cell = read_cell(state);
    EXPECT_TRUE(group_of(plan::MissingKey::drop, cell).empty()) << state;
    EXPECT_EQ(group_of(plan::MissingKey::null_group, cell).at(0).group, std::vector<Value>{Value{}}) << state;
    EXPECT_EQ(group_of(plan::MissingKey::not_available, cell).at(0).group, std::vector<Value>{std::string("N/A")});
  }
  EXPECT_EQ(group_of(plan::MissingKey::drop, text("")).at(0).group, std::vector<Value>{std::string("")})
      << "an empty text is a value";
}

TEST_F(MatcherTest, GroupsOfOneEventAreBoundedAndTheBoundIsCounted) {
  auto rule = rule_of({plan::constant(true)});
  rule->plan.queries[0].key = {{"arn", plan::column(arn)}, {"c", plan::column(cold)}};
  Matcher matcher(compile({rule}));
  const auto add = [&](int first, int second) {
    FakeBatch::Row row = call("s", "n");
    OwnedCell a{Cell::State::values, {}}, b{Cell::State::values, {}};
    for (int i = 0; i < first; ++i) a.values.emplace_back(std::int64_t{i});
    for (int i = 0; i < second; ++i) b.values.emplace_back(std::int64_t{i});
    row.hot[static_cast<std::size_t>(Hot::identity_arn)] = a;
    row.cold[0] = b;
    events.clear();
    events.add(row);
  };
  add(40, 25);
  EXPECT_EQ(match(matcher).size(), plan::kMaxGroupsPerEvent);
  EXPECT_EQ(matcher.capped_groups()[0], 0u) << "exactly at the bound";
  add(41, 25);
  const auto hits = match(matcher);
  EXPECT_EQ(hits.size(), plan::kMaxGroupsPerEvent);
  EXPECT_EQ(hits.back().group[0], Value{std::int64_t{39}}) << "the first ones in order of value are kept";
  EXPECT_EQ(matcher.capped_groups()[0], 1u);
}

TEST_F(MatcherTest, AttributesAreTheWholeCells) {
  auto rule = rule_of({plan::constant(true)});
  rule->attributes = {{"@c", plan::column(cold)}, {"@name", plan::column(name)}};
  Matcher matcher(compile({rule}));
  FakeBatch::Row row = call("s", "n");
  row.cold[0] = texts({"x", "y", "x"});
  events.add(row);
  events.add(call("s", "m"));
  const auto hits = match(matcher);
  ASSERT_EQ(hits.size(), 2u);
  EXPECT_EQ(hits[0].attributes,
            (std::vector<Values>{{std::string("x"), std::string("y"), std::string("x")}, {std::string("n")}}));
  EXPECT_EQ(hits[1].attributes, (std::vector<Values>{{}, {std::string("m")}}));
}

// --- Reach -----------------------------------------------------------------------------------------------------------

TEST_F(MatcherTest, ReachTellsWhereCandidatesFail) {
  const auto filter =
      expression("and(native.equal(c1, \"x\"), exists(c, native.equal(v, \"s\")), exists(c2, native.equal(v, \"me\")))",
                 {source, cold, arn});
  Matcher matcher(compile({rule_of({filter})}));
  const auto add = [&](const char* service, const char* who, const char* what) {
    FakeBatch::Row row = call(service, "n");
    row.hot[static_cast<std::size_t>(Hot::identity_arn)] = text(who);
    row.cold[0] = text(what);
    events.add(row);
  };
  add("t", "me", "x");   // no candidate
  add("s", "you", "y");  // fails at the hot conjunct, though the cold one comes first in the filter
  add("s", "me", "y");
  add("s", "me", "x");
  EXPECT_EQ(match(matcher).size(), 1u);
  const QueryReach reach = matcher.reach()[0][0];
  EXPECT_EQ(reach.candidates, 3u);
  EXPECT_EQ(reach.hits, 1u);
  ASSERT_EQ(reach.conjuncts.size(), 3u);
  EXPECT_EQ(reach.conjuncts[0].failed_first, 1u);
  EXPECT_EQ(reach.conjuncts[1].failed_first, 0u) << "settled by routing";
  EXPECT_EQ(reach.conjuncts[2].failed_first, 1u);
  EXPECT_FALSE(reach.conjuncts[0].over_hot);
  EXPECT_TRUE(reach.conjuncts[1].over_hot);
  EXPECT_TRUE(reach.conjuncts[2].over_hot);
  EXPECT_NE(plan::print(reach.conjuncts[2].expression).find("me"), std::string::npos);
}

TEST_F(MatcherTest, ConjunctsAreSatisfiedByWhateverTheDataHeldInAnyEpoch) {
  const auto is = [&](const char* value) {
    return expression((std::string("exists(c, native.equal(v, \"") + value + "\"))").c_str(), {arn});
  };
  // No record is a candidate: the service never fits.
  const auto service = expression("exists(c, native.equal(v, \"never\"))", {source});
  const auto absent = expression("not(has_key(c))", {arn});
  Matcher matcher(compile({rule_of({plan::all_of({service, is("early")}), plan::all_of({service, is("late")}),
                                    plan::all_of({service, is("none")}), plan::all_of({service, absent})})}));
  const auto add = [&](const char* who) {
    events.clear();
    FakeBatch::Row row = call("s", "n");
    row.hot[static_cast<std::size_t>(Hot::identity_arn)] = text(who);
    events.add(row);
    EXPECT_TRUE(match(matcher).empty());
  };
  const auto satisfied = [&](std::size_t query) { return matcher.reach()[0][query].conjuncts[1].satisfied; };
  add("early");
  matcher.harvest();
  for (auto& dictionary : events.dictionaries) dictionary.reset();
  add("late");  // has the code that "early" had
  EXPECT_TRUE(satisfied(0)) << "an earlier epoch held it";
  EXPECT_TRUE(satisfied(1));
  EXPECT_FALSE(satisfied(2));
  add("none");
  EXPECT_TRUE(satisfied(2)) << "a code that came after reach() was asked";
  EXPECT_FALSE(satisfied(3)) << "every dictionary has a code for absent, but no record lacked the value";
  EXPECT_FALSE(matcher.reach()[0][0].conjuncts[0].satisfied);
  events.clear();
  events.add(call("s", "n"));
  EXPECT_TRUE(match(matcher).empty());
  EXPECT_TRUE(satisfied(3));
}

TEST_F(MatcherTest, ReachOfWorkersAddsUp) {
  const auto rules = compile({rule_of({expression("exists(c, native.equal(v, \"a\"))", {arn})})});
  Matcher one(rules);
  Matcher two(rules);
  FakeBatch::Row row = call("s", "n");
  row.hot[static_cast<std::size_t>(Hot::identity_arn)] = text("a");
  events.add(row);
  (void)match(one);
  std::vector<std::vector<QueryReach>> sum;
  merge_reach(sum, two.reach());
  EXPECT_FALSE(sum[0][0].conjuncts[0].satisfied);
  merge_reach(sum, one.reach());
  (void)match(two);
  (void)match(two);
  merge_reach(sum, two.reach());
  EXPECT_EQ(sum[0][0].candidates, 3u);
  EXPECT_EQ(sum[0][0].hits, 3u);
  EXPECT_TRUE(sum[0][0].conjuncts[0].satisfied);
}

// --- Caches and routes -----------------------------------------------------------------------------------------------

TEST_F(MatcherTest, AHotPredicateIsEvaluatedOncePerDistinctValueAcrossRules) {
  int evaluations = 0;
  event::Column counting = *arn;
  counting.from_hot = [&evaluations](const Cell& cell, Arena&) { return ++evaluations, cell; };
  const auto column = std::make_shared<const event::Column>(std::move(counting));
  const auto rule = [&] { return rule_of({expression("exists(c, match(v, \"a*\"))", {column})}); };
  Matcher matcher(compile({rule(), rule(), rule()}));
  for (int i = 0; i < 100; ++i) {
    FakeBatch::Row row = call("s", "n");
    row.hot[static_cast<std::size_t>(Hot::identity_arn)] = text(i % 2 == 0 ? "ax" : "bx");
    events.add(row);
  }
  EXPECT_EQ(match(matcher).size(), 150u);
  EXPECT_EQ(evaluations, 2);
}

TEST_F(MatcherTest, ARecordsColumnIsReadOnceAndOnlyForCandidates) {
  int reads = 0;
  event::Column counting = *cold;
  counting.read = [&reads](const event::Record&, Arena&) { return ++reads, Cell::one(std::string_view("x")); };
  const auto column = std::make_shared<const event::Column>(std::move(counting));
  const auto rule = [&](const char* value) {
    auto r = rule_of({expression((std::string("and(native.equal(c1, \"x\"), exists(c, native.equal(v, \"") + value +
                                  "\")), native.less(c1, \"z\"))")
                                     .c_str(),
                                 {name, column})});
    r->plan.queries[0].key = {{"c", plan::column(column)}};
    return r;
  };
  Matcher matcher(compile({rule("a"), rule("a"), rule("b")}));
  events.add(call("s", "a"));
  events.add(call("s", "b"));
  events.add(call("s", "c"));
  EXPECT_EQ(match(matcher).size(), 3u);
  EXPECT_EQ(reads, 2);
}

TEST_F(MatcherTest, CodesOfAnEarlierEpochAreForgotten) {
  const auto rule = rule_of({expression("exists(c, native.equal(v, \"a\"))", {name}),
                             expression("exists(c, native.equal(v, \"me\"))", {arn})});
  Matcher matcher(compile({rule}));
  const auto add = [&](const char* call_name, const char* who) {
    events.clear();
    FakeBatch::Row row = call("s", call_name);
    row.hot[static_cast<std::size_t>(Hot::identity_arn)] = text(who);
    events.add(row);
  };
  add("a", "me");
  EXPECT_EQ(match(matcher).at(0).queries, 0b11u);
  for (auto& dictionary : events.dictionaries) dictionary.reset();
  add("b", "you");  // the same codes as before
  EXPECT_TRUE(match(matcher).empty());
}

TEST_F(MatcherTest, MoreCallsThanAreRememberedAreRoutedAllTheSame) {
  auto rule = rule_of({expression("exists(c, match(v, \"*7\"))", {name})});
  Matcher matcher(compile({rule}));
  std::size_t hits = 0;
  for (int s = 0; s < 10; ++s) {
    events.clear();
    for (int n = 0; n < 10'000; ++n) events.add(call("s" + std::to_string(s), "n" + std::to_string(n)));
    hits += match(matcher).size();
  }
  EXPECT_EQ(hits, 10'000u);
}

TEST_F(MatcherTest, MultiValuesMetBySingleValueOperatorsAreCountedPerRule) {
  const auto filter = expression("native.equal(single(c), \"a\")", {arn});
  const auto cold_filter = expression("native.equal(single(c), \"a\")", {cold});
  Matcher matcher(
      compile({rule_of({filter}), rule_of({filter}), rule_of({cold_filter}), rule_of({plan::constant(true)})}));
  FakeBatch::Row row = call("s", "n");
  row.hot[static_cast<std::size_t>(Hot::identity_arn)] = texts({"a", "b"});
  row.cold[0] = texts({"a", "b"});
  for (int i = 0; i < 3; ++i) events.add(row);
  EXPECT_EQ(match(matcher).size(), 3u) << "of the last rule only";
  EXPECT_EQ(matcher.warnings(), (std::vector<std::uint64_t>{3, 3, 3, 0})) << "a remembered truth counts too";
  (void)matcher.reach();
  EXPECT_EQ(matcher.warnings(), (std::vector<std::uint64_t>{3, 3, 3, 0})) << "looking at the dictionaries does not";
}

TEST_F(MatcherTest, CallsThatLeaveTheSameConditionOpenAreNarrowedEachByItself) {
  const event::ColumnRef caller = events.facet_column(event::Facet::caller);
  const auto is = [](const event::ColumnRef& column, const std::string& value) {
    return expression(("exists(c, native.equal(v, \"" + value + "\"))").c_str(), {column});
  };
  const plan::Expr either =
      plan::any_of({plan::all_of({is(name, "a"), is(caller, "x")}), plan::all_of({is(name, "b"), is(caller, "y")})});
  Matcher matcher(compile({rule_of({either})}));
  for (const char* called : {"a", "a", "a", "b", "b", "b"}) {
    FakeBatch::Row row = call("s", called);
    row.facets = {1, 1};
    row.of_facet[static_cast<std::size_t>(event::Facet::caller)] = text("x");
    events.add(row);
  }
  EXPECT_EQ(match(matcher).size(), 3u);
  const QueryReach reach = matcher.reach()[0][0];
  EXPECT_EQ(reach.hits, 3u);
  EXPECT_EQ(reach.candidates, 6u);
}

// Rules that group by the caller, by a value beside call and caller, by both, and by what only the record holds; one of
// them asks for more than the call.
std::vector<rule::RuleRef> rules_that_group(const FakeBatch& events) {
  const auto by = [](std::vector<event::ColumnRef> key, plan::Expr filter = plan::constant(true)) {
    auto rule = rule_of({std::move(filter)});
    for (event::ColumnRef& part : key) rule->plan.queries[0].key.push_back({"k", plan::column(std::move(part))});
    return rule;
  };
  const event::ColumnRef caller = events.facet_column(event::Facet::caller);
  const event::ColumnRef agent = FakeBatch::hot_column(Hot::user_agent);
  const event::ColumnRef cold = events.cold_column(0);
  return {by({caller}), by({agent}), by({caller, agent}), by({cold}),
          by({caller}, expression("exists(c, native.equal(v, \"r1\"))", {cold}))};
}

// 300 records, one a second, of two calls, two callers and three user agents.
void add_repeating(FakeBatch& events) {
  for (std::size_t i = 0; i < 300; ++i) {
    FakeBatch::Row row = call("s", i / 2 % 2 == 0 ? "a" : "b");
    const auto caller = static_cast<std::uint32_t>(1 + i / 5 % 2);
    row.facets = {caller, 1};
    row.of_facet[static_cast<std::size_t>(event::Facet::caller)] = text("caller" + std::to_string(caller));
    row.hot[static_cast<std::size_t>(Hot::user_agent)] = text("agent" + std::to_string(i / 3 % 3));
    row.cold[0] = text("r" + std::to_string(i / 7 % 4));
    events.add(row);
  }
}

TEST_F(MatcherTest, WhatASinkDoesNotWantToHearAgainIsNotOffered) {
  const auto rules = rules_that_group(events);
  Matcher matcher(compile(rules));
  add_repeating(events);
  std::set<std::tuple<std::uint32_t, std::uint64_t, Instant>> expected;
  std::map<std::uint32_t, std::size_t> hits;
  for (const Hit& hit : match_naively(rules, events.batch)) {
    expected.emplace(hit.rule, hash_of_group(hit.group), floor_to(hit.time, Marking::kSpan));
    ++hits[hit.rule];
  }
  Marking marking, other;
  matcher.match(events.batch, marking);
  EXPECT_EQ(marking.heard, expected);
  // All are offered but those of the rule that groups by the caller alone: of it one of each call, caller and minute.
  const std::size_t others = hits[1] + hits[2] + hits[3] + hits[4];
  EXPECT_GE(marking.offers, others);
  EXPECT_LE(marking.offers, others + std::size_t{2 * 2 * 6});
  const std::size_t first = marking.offers;
  matcher.match(events.batch, other);
  EXPECT_EQ(other.heard, expected) << "marks are of one sink";
  marking.forget();
  matcher.match(events.batch, marking);
  EXPECT_EQ(marking.heard, expected) << "marks are of one round";
  EXPECT_LE(marking.offers, first);
}

TEST_F(MatcherTest, ValuesOfAClassAndMembersThatAreNotThereAreNotAskedAgain) {
  auto present = std::make_shared<event::Column>(*cold);
  present->below = event::Member::resources;
  auto rule = rule_of(
      {plan::all_of({expression("exists(c, native.equal(v, \"10.0.0.1\"))", {FakeBatch::hot_column(Hot::source_ip)}),
                     expression("exists(c, native.equal(v, \"r\"))", {present})})});
  Matcher matcher(compile({rule}));
  for (int i = 0; i < 60; ++i) {
    FakeBatch::Row row = call("s", "a");
    row.facets = {1, 1};
    row.hot[static_cast<std::size_t>(Hot::source_ip)] = text("10.0.0." + std::to_string(i % 3));
    row.cold[0] = text(i % 2 == 0 ? "r" : "q");
    events.add(row);
    // What the cold column says is not asked where the member is missing.
    auto& places = events.batch.members.emplace_back();
    places[static_cast<std::size_t>(event::Member::resources)] = i % 5 == 0 ? 0 : 1;
  }
  std::size_t expected = 0;
  for (int i = 0; i < 60; ++i) expected += i % 3 == 1 && i % 2 == 0 && i % 5 != 0 ? 1 : 0;
  EXPECT_EQ(match(matcher).size(), expected);
  const QueryReach reach = matcher.reach()[0][0];
  EXPECT_EQ(reach.candidates, 60u);
  EXPECT_EQ(reach.conjuncts[0].failed_first, 40u);
  EXPECT_EQ(reach.conjuncts[1].failed_first, 20u - expected);
}

TEST_F(MatcherTest, NoRulesAndEmptyBatchesAreFine) {
  Matcher nothing(compile({}));
  EXPECT_TRUE(match(nothing).empty());
  events.add(call("s", "n"));
  EXPECT_TRUE(match(nothing).empty());
  EXPECT_TRUE(nothing.reach().empty());
  Matcher unused(compile({rule_of({plan::constant(true)})}));
  EXPECT_EQ(unused.reach()[0][0].candidates, 0u) << "before any batch";
}

}  // namespace
}  // namespace trailhound::engine::test
