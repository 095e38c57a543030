#include "rule/template_variables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace trailhound::rule {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(TemplateVariables, EachOnceInOrderAndTrimmed) {
  EXPECT_THAT(find_template_variables("{{@a.b}} and {{ host.name }} and {{@a.b}} in {{regions}}"),
              ElementsAre("@a.b", "host.name", "regions"));
}

TEST(TemplateVariables, ArgumentsOfBlocksAndHelpersCount) {
  EXPECT_THAT(find_template_variables("{{#is_match \"@ip\" \"10.\"}}x{{else}}y{{/is_match}} {{^if @b}}{{/if}} "
                                      "{{urlencode \"@c\"}} {{local_time 'first_seen' 'Asia/Tokyo'}} {{! note }}"),
              ElementsAre("@ip", "@b", "@c", "first_seen"));
  EXPECT_THAT(find_template_variables("{{eval \"first_seen_epoch-15*60*@n\"}}"), ElementsAre("@n"));
}

TEST(TemplateVariables, RawTextHasNone) {
  EXPECT_THAT(find_template_variables("{{{{raw}}}} {{@a}} {{{{/raw}}}} {{@b}}"), ElementsAre("@b"));
}

TEST(TemplateVariables, BrokenBracesDoNotHurt) {
  EXPECT_THAT(find_template_variables("{{@a"), IsEmpty());
  EXPECT_THAT(find_template_variables("{{}} {{ }} {{#}} {{#if}} {{urlencode \"}} {{{{raw}}}} {{@x}}"), IsEmpty());
}

TEST(TemplateVariables, NamesOfDatadogsViewBehindThem) {
  EXPECT_EQ(attribute_of_variable("@userIdentity.arn"), "@userIdentity.arn");
  EXPECT_EQ(attribute_of_variable("@@userIdentity.arn"), "@userIdentity.arn");
  EXPECT_EQ(attribute_of_variable("@triggering_event.evt.name"), "@evt.name");
  EXPECT_EQ(attribute_of_variable("host.name"), "host");
  EXPECT_EQ(attribute_of_variable("[a.b].name"), "a.b");
  EXPECT_EQ(attribute_of_variable("host"), "host");
  for (const char* own : {"severity", "first_seen_epoch", "events_matched", "events_matched_per_query.a", "@"}) {
    EXPECT_EQ(attribute_of_variable(own), "") << own;
  }
}

}  // namespace
}  // namespace trailhound::rule
