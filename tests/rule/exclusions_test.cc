#include "rule/exclusions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rule/loader.h"
#include "rule/rule_reading.h"

namespace trailhound::rule {
namespace {

const event::Catalog& catalog() {
  static const event::Catalog kCatalog;
  return kCatalog;
}

std::vector<RuleRef> two_rules() {
  LoadedRules loaded;
  for (const char* id : {"one", "two-b"}) {
    load_rule_text("id: " + std::string(id) +
                       "\nname: n\nmessage: m\nqueries: [{query: \"@a:1\"}, {query: \"@b:1\"}]\n"
                       "cases: [{status: low}]\noptions: {evaluationWindow: 0}\n",
                   "r.yaml", catalog(), loaded);
  }
  return loaded.rules;
}

TEST(Exclusions, ALineWithoutARuleChangesEveryQueryOfAll) {
  const std::vector<RuleRef> before = two_rules();
  std::vector<RuleRef> after = before;
  Diagnostics diagnostics;
  apply_exclusions(after, {"# scanners", "", "  @x:y  "}, catalog(), "e.txt", diagnostics);
  EXPECT_TRUE(diagnostics.all().empty());
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_NE(before[i], after[i]);
    for (const plan::Query& query : after[i]->plan.queries) {
      const auto& conjuncts = std::get<plan::And>(std::get<plan::IsTrue>(query.filter->node).operand->node);
      EXPECT_TRUE(std::holds_alternative<plan::Not>(conjuncts.operands.back()->node));
    }
    EXPECT_THAT(columns_read(*after[i]), testing::Contains("@x"));
  }
}

TEST(Exclusions, ALineMayNameItsRule) {
  const std::vector<RuleRef> before = two_rules();
  std::vector<RuleRef> after = before;
  Diagnostics diagnostics;
  apply_exclusions(after, {"two-b : @x:y", "source:cloudtrail @z:1"}, catalog(), "e.txt", diagnostics);
  EXPECT_TRUE(diagnostics.all().empty());
  EXPECT_THAT(columns_read(*after[0]), testing::Not(testing::Contains("@x")));
  EXPECT_THAT(columns_read(*after[1]), testing::Contains("@x"));
  EXPECT_THAT(columns_read(*after[0]), testing::Contains("@z")) << "source: is a tag, not a rule";
}

TEST(Exclusions, AWrongLineExcludesNothingAndSaysWhere) {
  const std::vector<RuleRef> before = two_rules();
  std::vector<RuleRef> after = before;
  Diagnostics diagnostics;
  apply_exclusions(after, {"twob: @x:y", "one: @x:(y"}, catalog(), "e.txt", diagnostics);
  EXPECT_EQ(after, before);
  ASSERT_EQ(diagnostics.errors(), 2u);
  EXPECT_EQ(diagnostics.all()[0].code, "TH5101");
  EXPECT_THAT(diagnostics.all()[0].hint, testing::HasSubstr("two-b"));
  EXPECT_EQ(diagnostics.all()[1].code, "TH2005");
  EXPECT_EQ(diagnostics.all()[1].place.at.line, 2);
  EXPECT_EQ(diagnostics.all()[1].place.at.column, 9);
}

}  // namespace
}  // namespace trailhound::rule
