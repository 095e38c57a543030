// The template language of titles and messages.

#include "signal/template.h"

#include <gtest/gtest.h>

#include "signal/template_arithmetic.h"

namespace trailhound::signal {
namespace {

TemplateVariables variables() {
  TemplateVariables v;
  v.texts["@userIdentity.arn"] = {"arn:aws:iam::111122223333:user/u"};
  v.texts["@network.client.ip"] = {"10.0.0.1", "198.51.100.7"};
  v.texts["@empty"] = {};
  v.texts["regions"] = {"4"};
  v.texts["host"] = {"i-1"};
  v.texts["dot.key"] = {"dotted"};
  v.texts["first_seen_epoch"] = {"1709542800000"};
  v.texts["first_seen"] = {"Mon Mar 04 09:00:00 UTC 2024"};
  v.times["first_seen"] = Instant::from_seconds(1709542800);
  for (int i = 0; i < 12; ++i) v.texts["@many"].push_back(std::to_string(i));
  return v;
}

std::string rendered(std::string_view text) { return render(text, variables()); }

TEST(Template, VariablesMayHaveBlanksAndSeveralValues) {
  EXPECT_EQ(rendered("by {{@userIdentity.arn}}!"), "by arn:aws:iam::111122223333:user/u!");
  EXPECT_EQ(rendered("{{ regions }}"), "4");
  EXPECT_EQ(rendered("{{{regions}}}"), "4");
  EXPECT_EQ(rendered("{{@network.client.ip}}"), "10.0.0.1, 198.51.100.7");
  EXPECT_EQ(rendered("{{@many}}"), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, \xE2\x80\xA6");
}

TEST(Template, TagsAndTriggeringEventsAreOtherNames) {
  EXPECT_EQ(rendered("{{host.name}} {{host}} {{[dot.key].name}}"), "i-1 i-1 dotted");
  EXPECT_EQ(rendered("{{@triggering_event.userIdentity.arn}}"), "arn:aws:iam::111122223333:user/u");
}

TEST(Template, UnknownNamesAndTyposRenderEmpty) {
  EXPECT_EQ(rendered("[{{@@userIdentity.arn}}{{nothing}}{{@empty}}{{}}{{!note}}]"), "[]");
  EXPECT_EQ(rendered("a {{unclosed"), "a {{unclosed");
  EXPECT_EQ(rendered("a } }} { b"), "a } }} { b");
  EXPECT_EQ(rendered("{{/if}}x{{else}}y"), "xy");
}

TEST(Template, MatchBlocks) {
  EXPECT_EQ(rendered(R"({{#is_match "@network.client.ip" "198."}}out{{/is_match}})"), "out");
  EXPECT_EQ(rendered(R"({{#is_match "@network.client.ip" "x" "10."}}any{{/is_match}})"), "any");
  EXPECT_EQ(rendered(R"({{#is_match "host.name" "I-"}}case{{/is_match}})"), "");
  EXPECT_EQ(rendered(R"({{^is_match "host.name" "zz"}}not{{/is_match}})"), "not");
  EXPECT_EQ(
      rendered(
          R"({{#is_exact_match "host" "i-"}}a{{/is_exact_match}}{{^is_exact_match "host" "i-"}}b{{/is_exact_match}})"),
      "b");
  EXPECT_EQ(rendered(R"({{#is_exact_match "none" ""}}absent{{/is_exact_match}})"), "absent");
  EXPECT_EQ(rendered(R"({{#is_match "none" "a"}}a{{else}}b{{/is_match}})"), "b");
}

TEST(Template, ExistenceBlocksNest) {
  EXPECT_EQ(
      rendered("{{#if @userIdentity.arn}}1{{#if @none}}2{{/if}}3{{/if}}{{#if @none}}4{{#if host}}5{{/if}}6{{/if}}"),
      "13");
  EXPECT_EQ(rendered(R"({{#is_attribute "@none"}}1{{/is_attribute}}{{^is_attribute "@none"}}2{{/is_attribute}})"), "2");
  EXPECT_EQ(rendered("{{#if host}}open to the end"), "open to the end");
}

TEST(Template, RawBlocksStand) {
  EXPECT_EQ(rendered("{{{{raw}}}}{{host}} {{#if{{{{/raw}}}} {{host}}"), "{{host}} {{#if i-1");
}

TEST(Template, Helpers) {
  EXPECT_EQ(rendered(R"({{eval "first_seen_epoch-15*60*1000"}})"), "1709541900000");
  EXPECT_EQ(rendered(R"({{eval "@userIdentity.arn + 1"}})"), "");
  EXPECT_EQ(rendered(R"({{local_time "first_seen" "Asia/Tokyo"}})"), "2024-03-04 18:00:00+09:00");
  EXPECT_EQ(rendered(R"({{local_time "first_seen" "America/St_Johns"}})"), "2024-03-04 05:30:00-03:30");
  EXPECT_EQ(rendered(R"({{local_time "first_seen" "Nowhere/Town"}}{{local_time "first_seen"}})"),
            "2024-03-04 09:00:00+00:002024-03-04 09:00:00+00:00");
  EXPECT_EQ(rendered(R"({{local_time "first_seen_epoch" "UTC"}})"), "2024-03-04 09:00:00+00:00");
  EXPECT_EQ(rendered(R"({{urlencode "@userIdentity.arn"}})"), "arn%3Aaws%3Aiam%3A%3A111122223333%3Auser%2Fu");
}

TEST(Template, OutputIsBoundedAndStaysUtf8) {
  TemplateVariables v;
  v.texts["a"] = {"x" + [] {
    std::string s;
    for (int i = 0; i < 50000; ++i) s += "\xC3\xA4";
    return s;
  }()};
  std::string text;
  for (int i = 0; i < 10; ++i) text += "{{a}}";
  const std::string out = render(text, v);
  EXPECT_LE(out.size(), kMaxRendered + 3);
  ASSERT_TRUE(out.ends_with("\xE2\x80\xA6"));
  EXPECT_EQ(out[out.size() - 4], '\xA4');
}

TEST(Template, HundredThousandBlocksAreNoTrouble) {
  std::string text;
  for (int i = 0; i < 100000; ++i) text += "{{#if host}}";
  EXPECT_EQ(rendered(text + "deep"), "deep");
}

std::string arithmetic(std::string_view text) {
  return evaluate_arithmetic(text,
                             [](std::string_view name) -> std::optional<double> {
                               if (name == "x") return 7;
                               return std::nullopt;
                             })
      .value_or("none");
}

TEST(Arithmetic, PrecedenceAndFunctions) {
  EXPECT_EQ(arithmetic("1+2*3"), "7");
  EXPECT_EQ(arithmetic("(1 + 2) * 3 - -x"), "16");
  EXPECT_EQ(arithmetic("2^3^2"), "512");
  EXPECT_EQ(arithmetic("7 % 4 / 2"), "1.5");
  EXPECT_EQ(arithmetic("abs(-3) + int(2.9) + trunc(2.9) + ceil(0.1) + sgn(-4)"), "7");
  EXPECT_EQ(arithmetic("round(2.345, 1)"), "2.3");
  EXPECT_EQ(arithmetic("log10(1000) + exp(0) + cos(0) + sin(0)"), "5");
  EXPECT_EQ(arithmetic("dec(1.25)"), "0.25");
  EXPECT_EQ(arithmetic("to_bool(x)"), "true");
  EXPECT_EQ(arithmetic("humanize_bytes(1536)"), "1.5KB");
  EXPECT_EQ(arithmetic("humanize_bits(2500000)"), "2.5Mb");
  EXPECT_EQ(arithmetic("max(1, x, 3) - min(4, 2)"), "5");
}

TEST(Arithmetic, WhatIsNoExpressionHasNoValue) {
  for (const auto* text : {"", "1+", "1/0", "5%0", "y", "f(1)", "(1", "1)", "1 2", "abs()", "abs(1,2)",
                           "humanize_bytes(1)+1", "log(0)", "\"x\"", "1..2"}) {
    EXPECT_EQ(arithmetic(text), "none") << text;
  }
  EXPECT_EQ(arithmetic(std::string(10000, '(')), "none");
  EXPECT_EQ(arithmetic(std::string(10000, '-') + "1"), "1");
  std::string powers = "1";
  for (int i = 0; i < 10000; ++i) powers += "^1";
  EXPECT_EQ(arithmetic(powers), "none");
}

}  // namespace
}  // namespace trailhound::signal
