#include "base/ledger.h"

#include <gtest/gtest.h>

#include <random>

#include "base/json_value.h"

namespace trailhound {
namespace {

Ledger random_ledger(std::mt19937& random) {
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  Ledger ledger;
  for (unsigned i = below(4); i > 0; --i) {
    FileEntry file;
    file.path = std::string(1, static_cast<char>('a' + below(6)));
    file.outcome = static_cast<FileOutcome>(below(5));
    file.bytes = below(3);
    ledger.files.push_back(std::move(file));
  }
  ledger.records_seen = below(100);
  ledger.evaluated = below(100);
  ledger.duplicate = below(9);
  ledger.out_of_range = below(9);
  ledger.malformed = below(9);
  ledger.interrupted = below(4) == 0;
  ledger.unfinished_rules = below(4) == 0;
  ledger.unlisted = below(9);
  for (unsigned i = below(4); i > 0; --i) {
    RuleEntry rule;
    rule.id = std::string(1, static_cast<char>('r' + i));
    rule.outcome = static_cast<RuleOutcome>(below(4));
    rule.reason = std::string(below(2), static_cast<char>('x' + below(2)));
    rule.nearest = std::string(below(2), static_cast<char>('x' + below(2)));
    rule.hits = below(5);
    rule.signals = below(5);
    ledger.rules.push_back(std::move(rule));
  }
  for (unsigned i = below(3); i > 0; --i) {
    const std::string sentences[] = {"one", "two; one", "three", "two; three"};
    ledger.notes[below(2) == 0 ? "k" : "l"] = sentences[below(4)];
  }
  return ledger;
}

Ledger merged(Ledger a, const Ledger& b) {
  a.merge(b);
  return a;
}

TEST(Ledger, MergingIsAssociativeAndCommutative) {
  std::mt19937 random(8);
  for (int round = 0; round < 3'000; ++round) {
    const Ledger a = random_ledger(random);
    const Ledger b = random_ledger(random);
    const Ledger c = random_ledger(random);
    const std::string expected = to_json(merged(merged(a, b), c));
    ASSERT_EQ(to_json(merged(a, merged(b, c))), expected);
    ASSERT_EQ(to_json(merged(merged(c, a), b)), expected);
    ASSERT_EQ(to_json(merged(merged(b, a), c)), expected);
    ASSERT_EQ(to_json(merged(Ledger(), a)), to_json(a));
  }
}

TEST(Ledger, JsonHasTheAgreedForm) {
  Ledger ledger;
  FileEntry file;
  file.path = "b.json";
  file.form = "json lines";
  file.outcome = FileOutcome::partly;
  file.reason = "damaged";
  file.bytes = 10;
  file.records = 2;
  file.damage(7, "not JSON");
  ledger.files.push_back(file);
  ledger.files.emplace_back().path = "a.json";
  ledger.records_seen = 2;
  ledger.evaluated = 2;
  RuleEntry rule;
  rule.id = "r";
  rule.name = "Rule";
  rule.outcome = RuleOutcome::cannot_fire;
  rule.reason = "why";
  ledger.rules.push_back(rule);
  ledger.notes["open_windows"] = "2 windows still open";
  EXPECT_EQ(
      to_json(ledger),
      R"({"records":{"seen":2,"evaluated":2,"duplicate":0,"out_of_range":0,"malformed":0},)"
      R"("files":{"seen":2,"read":1,"partly":1,"set_aside":0,"not_read":0,"unreadable":0,"list":[)"
      R"({"path":"a.json","form":"","outcome":"read","reason":"","bytes":0,"records":0,"malformed":0,)"
      R"("left_unread":false,"damage_count":0,"damages":[]},)"
      R"({"path":"b.json","form":"json lines","outcome":"partly","reason":"damaged","bytes":10,"records":2,)"
      R"("malformed":0,"left_unread":false,"damage_count":1,"damages":[{"offset":7,"reason":"not JSON"}]}]},)"
      R"("rules":[{"id":"r","name":"Rule","path":"","outcome":"cannot_fire","reason":"why","nearest":"",)"
      R"("hits":0,"signals":0}],"notes":{"open_windows":"2 windows still open"},"interrupted":false,"unfinished_rules":false})");
}

TEST(Ledger, DamagesAreCountedExactlyAndKeptUpToABound) {
  FileEntry file;
  for (std::uint64_t i = 0; i < 100; ++i) file.damage(i, "x");
  EXPECT_EQ(file.damage_count, 100u);
  ASSERT_EQ(file.damages.size(), FileEntry::kDamagesKept);
  EXPECT_EQ(file.damages.back().offset, FileEntry::kDamagesKept - 1);
}

TEST(Ledger, LossesAreWhatWasNotRead) {
  for (const auto outcome : {FileOutcome::partly, FileOutcome::not_read, FileOutcome::unreadable}) {
    Ledger ledger;
    ledger.files.emplace_back().outcome = outcome;
    EXPECT_TRUE(ledger.has_losses()) << name_of(outcome);
  }
  Ledger ledger;
  ledger.files.emplace_back().outcome = FileOutcome::set_aside;
  ledger.duplicate = 5;
  ledger.out_of_range = 5;
  EXPECT_FALSE(ledger.has_losses());
  ledger.malformed = 1;
  EXPECT_TRUE(ledger.has_losses());
}

TEST(Ledger, IsCompleteUnlessEventsMayHaveBeenLeftUnread) {
  Ledger ledger;
  ledger.malformed = 1;
  ledger.files.emplace_back().outcome = FileOutcome::partly;      // a bad record in a file that was read to its end
  ledger.files.emplace_back().outcome = FileOutcome::unreadable;  // a README
  ledger.files.emplace_back().outcome = FileOutcome::set_aside;
  EXPECT_TRUE(ledger.is_complete());
  for (const auto outcome : {FileOutcome::partly, FileOutcome::unreadable}) {
    Ledger cut = ledger;
    cut.files.emplace_back().outcome = outcome;
    cut.files.back().left_unread = true;
    EXPECT_FALSE(cut.is_complete());
  }
  Ledger parquet = ledger;
  parquet.files.emplace_back().outcome = FileOutcome::not_read;
  EXPECT_FALSE(parquet.is_complete());
  Ledger counted;
  FileEntry damaged;
  damaged.damage(1, "broken");
  counted.book(FileEntry(), false);
  counted.book(FileEntry(), true);
  counted.book(std::move(damaged), false);
  EXPECT_EQ(counted.files.size(), 2u);
  EXPECT_EQ(counted.file_count(), 3u);
  EXPECT_NE(to_json(counted).find(R"("files":{"seen":3,"read":3,)"), std::string::npos) << to_json(counted);
  EXPECT_EQ(merged(counted, counted).file_count(), 6u);
  Ledger unfinished = ledger;
  unfinished.unfinished_rules = true;
  EXPECT_FALSE(unfinished.is_complete());
  EXPECT_TRUE(unfinished.has_losses());
  ledger.interrupted = true;
  EXPECT_FALSE(ledger.is_complete());
}

}  // namespace
}  // namespace trailhound
