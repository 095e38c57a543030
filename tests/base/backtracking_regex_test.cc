#include "base/backtracking_regex.h"

#include <gtest/gtest.h>

namespace trailhound {
namespace {

using Outcome = BacktrackingRegex::Outcome;

TEST(BacktrackingRegex, FindsGroupsByNumberAndName) {
  const auto regex = BacktrackingRegex::compile(R"((?<key>\w+)=(\d+)?)", {});
  ASSERT_TRUE(regex);
  std::vector<BacktrackingRegex::Group> groups;
  const std::string text = "-- a=;b=12";
  ASSERT_EQ(regex->match(text, 0, groups), Outcome::match);
  ASSERT_EQ(groups.size(), 3u);
  EXPECT_EQ(text.substr(groups[1].begin, groups[1].end - groups[1].begin), "a");
  EXPECT_FALSE(groups[2].is_set());
  ASSERT_EQ(regex->match(text, groups[0].end, groups), Outcome::match);
  EXPECT_EQ(groups[2].begin, 8u);
  EXPECT_EQ(regex->group_count(), 2u);
  ASSERT_EQ(regex->names().size(), 1u);
  EXPECT_EQ(regex->names()[0], (std::pair<std::string, std::size_t>("key", 1)));
}

TEST(BacktrackingRegex, OnlyNamedGroupsCapture) {
  const auto regex = BacktrackingRegex::compile("(a)(?<b>b)", {.only_named_groups = true});
  ASSERT_TRUE(regex);
  EXPECT_EQ(regex->group_count(), 1u);
}

TEST(BacktrackingRegex, SaysWhatIsWrongAndWhere) {
  const auto regex = BacktrackingRegex::compile("ab(c", {});
  ASSERT_FALSE(regex);
  EXPECT_EQ(regex.error().where, "character 5");
  EXPECT_FALSE(BacktrackingRegex::compile(std::string(300, '(') + std::string(300, ')'), {}));
  EXPECT_FALSE(BacktrackingRegex::compile(std::string(100'000, 'a'), {}));
}

TEST(BacktrackingRegex, GivesUpInsteadOfRunningForEver) {
  const auto regex = BacktrackingRegex::compile("(?:a|aa|aaa)+$", {});
  ASSERT_TRUE(regex);
  std::vector<BacktrackingRegex::Group> groups;
  EXPECT_EQ(regex->match(std::string(200, 'a') + "!", 0, groups), Outcome::gave_up);
  EXPECT_EQ(regex->match("!aaa", 0, groups), Outcome::match);
}

TEST(BacktrackingRegex, EmptyMatchesCanBeRefusedAtTheStart) {
  const auto regex = BacktrackingRegex::compile("x*", {});
  ASSERT_TRUE(regex);
  std::vector<BacktrackingRegex::Group> groups;
  ASSERT_EQ(regex->match("", 0, groups), Outcome::match);
  EXPECT_EQ(regex->match("", 0, groups, true), Outcome::no_match);
  ASSERT_EQ(regex->match("ab", 0, groups, true), Outcome::match);
  EXPECT_EQ(groups[0].begin, 1u);
}

TEST(BacktrackingRegex, BytesThatAreNotUtf8MatchNothing) {
  const auto regex = BacktrackingRegex::compile("a.b", {});
  ASSERT_TRUE(regex);
  std::vector<BacktrackingRegex::Group> groups;
  EXPECT_EQ(regex->match("a\xFF"
                         "b aéb",
                         0, groups),
            Outcome::match);
  EXPECT_EQ(groups[0].begin, 4u);
}

}  // namespace
}  // namespace trailhound
