#include "plan/replacement.h"

#include <gtest/gtest.h>

#include "plan/json_path.h"

namespace trailhound::plan {
namespace {

std::string replaced(std::string_view text, std::string_view pattern, std::string_view by) {
  const auto regex = JavaRegex::compile(pattern);
  if (!regex) return "wrong pattern: " + regex.error().what;
  const auto out = regex->replace(text, by, 1000);
  return out ? *out : "failed: " + out.error().what;
}

TEST(JavaRegex, ReplacesEveryMatch) {
  EXPECT_EQ(replaced("a1b22", "\\d+", "#"), "a#b#");
  EXPECT_EQ(replaced("abc", "x", "y"), "abc");
  EXPECT_EQ(replaced("abc", "x*", "-"), "-a-b-c-");
  EXPECT_EQ(replaced("abc", "b*", "-"), "-a--c-");
  EXPECT_EQ(replaced("é", "x*", "-"), "-é-");
  EXPECT_EQ(replaced("", "^$", "x"), "x");
  EXPECT_EQ(replaced("ABC", "(?i)b", "-"), "A-C");
  EXPECT_EQ(replaced("aab", "a++b", "x"), "x");
  EXPECT_EQ(replaced("foobar foobaz", "foo(?!bar)", "x"), "foobar xbaz");
  EXPECT_EQ(replaced("a.b", "\\Q.\\E", "-"), "a-b");
  EXPECT_EQ(replaced("a\nb", "a.b", "x"), "a\nb");
  EXPECT_EQ(replaced("a\nb", "(?s)a.b", "x"), "x");
  EXPECT_EQ(replaced("Ab1", "\\p{Upper}\\p{Lower}", "x"), "x1");
  EXPECT_EQ(replaced("ab", "[a[b]]", "x"), "xx");
}

TEST(JavaRegex, ReplacementsNameGroups) {
  EXPECT_EQ(replaced("key=v", "(\\w+)=(\\w+)", "$2=$1"), "v=key");
  EXPECT_EQ(replaced("key=v", "(?<k>\\w+)=", "${k}:"), "key:v");
  EXPECT_EQ(replaced("a", "(a)", "$12"), "a2");
  EXPECT_EQ(replaced("a", "a", "\\$0\\\\"), "$0\\");
  EXPECT_EQ(replaced("a", "a", "[$0]"), "[a]");
  EXPECT_EQ(replaced("b", "(a)?b", "<$1>"), "<>");
  EXPECT_EQ(replaced("a", "a", "$1").substr(0, 6), "failed");
  EXPECT_EQ(replaced("a", "a", "$").substr(0, 6), "failed");
  EXPECT_EQ(replaced("a", "a", "${x}").substr(0, 6), "failed");
  EXPECT_EQ(replaced("b", "a", "$1"), "b");  // a replacement that is not needed is not read
}

TEST(JavaRegex, IsBounded) {
  EXPECT_EQ(replaced(std::string(100, 'a'), "a", "0123456789abcdef").substr(0, 6), "failed");
  EXPECT_EQ(replaced(std::string(200, 'a') + "!", "(?:a|aa|aaa)+$", "x").substr(0, 6), "failed");
  for (const char* wrong :
       {"(", "[a", "a{", "{1}", "*a", "(?P<a>b)", "(?<a", "\\k<b>", "(*FAIL)", "[a&&b]", "(?R)", "\\K"}) {
    EXPECT_FALSE(JavaRegex::compile(wrong)) << wrong;
  }
}

std::string extracted(std::string_view json, std::string_view path) {
  const auto parsed = JsonPath::parse(path);
  if (!parsed) return "wrong path";
  const auto found = parsed->extract(json);
  if (!found) return "failed: " + found.error().what;
  return *found ? **found : "null";
}

TEST(JsonPath, LeadsToValues) {
  const std::string json = R"({"a": {"b": [1, {"c": "x\n\u00e9"}, true]}, "n": null, "d.e": 1.50, "a2": [ ], "a": 2})";
  EXPECT_EQ(extracted(json, "a.b[0]"), "1");
  EXPECT_EQ(extracted(json, "$.a.b[1].c"), "x\né");
  EXPECT_EQ(extracted(json, "$['a'][\"b\"][ 2 ]"), "true");
  EXPECT_EQ(extracted(json, "a.b"), R"([1, {"c": "x\n\u00e9"}, true])");
  EXPECT_EQ(extracted(json, "['d.e']"), "1.50");
  EXPECT_EQ(extracted(json, "a2"), "[ ]");
  EXPECT_EQ(extracted(json, "n"), "null");
  EXPECT_EQ(extracted("[5]", "$[0]"), "5");
  EXPECT_EQ(extracted(" \"x\" ", "$"), "x");
  EXPECT_EQ(extracted(" {\"a\":1} ", ""), "{\"a\":1}");
  EXPECT_EQ(extracted(R"({"it's": 1})", R"(['it\'s'])"), "1");
  EXPECT_EQ(extracted(R"({"\ud83d\ude00": "\ud83d\ude00"})", "😀"), "😀");
}

TEST(JsonPath, SaysWhatIsMissingOrWrong) {
  for (const char* path : {"b", "a.b", "a[0]", "l[2]", "d.e"}) {
    EXPECT_EQ(extracted(R"({"a": 1, "l": [1, 2], "d.e": 1})", path),
              path == std::string_view("l[2]") ? "failed: array index out of bounds"
                                               : "failed: path [" + std::string(path) + "] does not exist")
        << path;
  }
  for (const char* json :
       {"", "x", "{", "{\"a\" 1}", "{\"a\": 01}", "{\"a\": [1,}", "{\"a\": \"x", "{\"a\": tru}", "{\"a\": \"\\x\"}"}) {
    EXPECT_EQ(extracted(json, "a").substr(0, 6), "failed") << json;
  }
  EXPECT_EQ(extracted(std::string(5000, '['), "$"), "failed: invalid JSON input");
  for (const char* path : {".a", "a.", "a..b", "a[", "a[]", "a[-1]", "a['b", "a[0]b", "$a", "a[*]", "a]"}) {
    EXPECT_EQ(extracted("{}", path), "wrong path") << path;
  }
}

}  // namespace
}  // namespace trailhound::plan
