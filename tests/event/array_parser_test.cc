// Elements are what simdjson makes of the whole text, and lie where they stand.

#include "event/array_parser.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "base/json_value.h"

namespace trailhound::event {
namespace {

/// A text with just the padding that must be there; what follows it looks like more JSON.
std::vector<char> padded(std::string_view text) {
  std::vector<char> bytes(text.begin(), text.end());
  while (bytes.size() < text.size() + json::Document::kPadding) bytes.push_back(",{]}\""[bytes.size() % 5]);
  return bytes;
}

std::string json_of(json::Value value) {
  std::string json;
  value.append_json(json);
  return json;
}

class ArrayParserTest : public testing::Test {
 protected:
  bool read(std::string_view text) {
    bytes_ = padded(text);
    return parser_.read(bytes_.data(), text.size());
  }

  ArrayParser parser_;
  std::vector<char> bytes_;
};

TEST_F(ArrayParserTest, SaysWhatElementsAreAndWhere) {
  const std::string text = R"( [ {"a" : "x\"y" , "b":[1,{"c":2}], "n" : -7 } ,5 , "s" ,null,{},[ ] ] )";
  ASSERT_TRUE(read(text));
  std::vector<std::string> bytes, values;
  for (const auto& element : parser_.elements()) {
    bytes.push_back(text.substr(element.begin, element.size));
    values.push_back(json_of(parser_.value(element)));
  }
  EXPECT_EQ(bytes, (std::vector<std::string>{R"({"a" : "x\"y" , "b":[1,{"c":2}], "n" : -7 })", "5", "\"s\"", "null",
                                             "{}", "[ ]"}));
  EXPECT_EQ(values,
            (std::vector<std::string>{R"({"a":"x\"y","b":[1,{"c":2}],"n":-7})", "5", "\"s\"", "null", "{}", "[]"}));
}

TEST_F(ArrayParserTest, RefusesWhatIsNoArray) {
  for (const char* text : {"[]", " [ ] ", "[1]", "[{}]", "[{},[],{}]"}) EXPECT_TRUE(read(text)) << text;
  for (const char* text : {"",           " ",        "{}",        "1",          "\"a\"",    "[",
                           "]",          "[}",       "[1",        "[]]",        "[][]",     "[],",
                           ",[]",        "[,]",      "[{},]",     "[,{}]",      "[{},,{}]", "[{} {}]",
                           "[1:2]",      "[{}:1]",   "[{]",       "[{]}",       "[[]",      "[[[]",
                           "[{\"a\":[]", "[{}}]",    "[{}]}",     "[1x]",       "[truee",   "[{}x]",
                           "[x{}]",      "[\"a\"b]", "[a\"b\"]",  "[\"a]",      "[\"\n\"]", "[1,{\"a\":1]",
                           "[01]",       "[-]",      "[{\"a\"}]", "[{\"a\":}]", "[[1,]]",   "{\"a\":[{}]}"}) {
    EXPECT_FALSE(read(text)) << text;
    EXPECT_TRUE(parser_.elements().empty()) << text;
  }
}

// Random texts with random faults: the same are accepted, with the same values.
TEST_F(ArrayParserTest, AcceptsWhatAWholeParseAccepts) {
  std::mt19937 random(7);
  const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
  const auto value = [&](auto&& self, int depth) -> std::string {
    const std::size_t kind = below(depth > 4 ? 5 : 8);
    const std::string space = below(8) == 0 ? " \n" : "";
    if (kind < 5) {
      constexpr const char* kScalars[] = {"\"text\"", R"("a \"quoted\" \u00e9\\")", "-12.5", "null", "false"};
      return space + kScalars[kind] + space;
    }
    std::string text = kind == 5 ? "[" : "{";
    for (std::size_t i = below(6); i > 0; --i) {
      if (kind != 5) text += "\"key\":";
      text += self(self, depth + 1) + (i > 1 ? "," : "");
    }
    return text + (kind == 5 ? "]" : "}");
  };
  json::Document document;
  std::size_t accepted = 0;
  constexpr int kRounds = 20'000;
  for (int round = 0; round < kRounds; ++round) {
    std::string text = "[";
    for (std::size_t i = below(20); i > 0; --i) text += value(value, 0) + (i > 1 ? "," : "");
    text += "]";
    for (std::size_t faults = below(3); faults > 0; --faults) {  // none at all in a third
      constexpr std::string_view kBytes = "{}[]:,\"1t \\";
      const std::size_t at = below(text.size());
      switch (below(3)) {
        case 0:
          text[at] = kBytes[below(kBytes.size())];
          break;
        case 1:
          text.insert(at, 1, kBytes[below(kBytes.size())]);
          break;
        default:
          text.erase(at, 1);
      }
    }
    const auto whole = document.parse(text);
    ASSERT_EQ(read(text), whole && whole->is(json::Kind::array)) << text;
    if (parser_.elements().empty()) continue;
    ++accepted;
    const auto wanted = whole->elements();
    ASSERT_EQ(parser_.elements().size(), wanted.size()) << text;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const auto& element = parser_.elements()[i];
      ASSERT_EQ(json_of(parser_.value(element)), json_of(wanted[i])) << text;
      const auto alone = json::Document().parse(std::string_view(text).substr(element.begin, element.size));
      ASSERT_TRUE(alone) << text;
    }
  }
  EXPECT_GT(accepted, kRounds / 4U);
  EXPECT_LT(accepted, kRounds * 3U / 4U);
}

TEST_F(ArrayParserTest, WorstCasesFit) {
  for (const std::string one : {"{}", "[]", "[1]", "[1,1]", R"([""])", R"({"":""})"}) {
    std::string text = "[";
    for (int i = 0; i < 5'000; ++i) text += (i > 0 ? "," : "") + one;
    text += "]";
    ASSERT_TRUE(read(text)) << one;
    ASSERT_EQ(parser_.elements().size(), 5'000u);
    for (const auto& element : parser_.elements()) ASSERT_EQ(json_of(parser_.value(element)), one);
  }
  std::string wide = "[[1";
  for (int i = 0; i < 50'000; ++i) wide += ",1";
  EXPECT_TRUE(read(wide + "]]"));
  EXPECT_FALSE(read(wide + "]")) << "the bracket is the element's";
  std::string texts = R"([[")";
  for (int i = 0; i < 50'000; ++i) texts += R"(",")";
  EXPECT_TRUE(read(texts + R"("]])"));
  EXPECT_FALSE(read(texts + R"("])"));
}

TEST_F(ArrayParserTest, GivesUpWhatOneLargeElementNeeded) {
  const std::string large = R"([{"a":")" + std::string(5u << 20, 'x') + R"("}])";
  ASSERT_TRUE(read(large));
  EXPECT_EQ(parser_.value(parser_.elements()[0]).find("a").string()->size(), 5u << 20);
  parser_.shrink();
  EXPECT_TRUE(parser_.elements().empty());
  ASSERT_TRUE(read("[{\"a\":1}]"));
  EXPECT_EQ(parser_.value(parser_.elements()[0]).find("a").integer(), 1);
}

}  // namespace
}  // namespace trailhound::event
