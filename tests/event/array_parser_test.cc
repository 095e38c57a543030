// Elements are what simdjson makes of the whole text, and lie where they stand.

#include "event/array_parser.h"

#include <gtest/gtest.h>

#include <map>
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

  /// What was found on the way is what a walk over the tape finds.
  void expect_head_of_tape(const ArrayParser::Element& element) {
    const json::Value value = parser_.value(element);
    if (!value.is(json::Kind::object)) return;
    const RecordFields wanted = scan_record(value.tape(), value.index());
    const RecordFields& found = parser_.head(element).fields;
    EXPECT_EQ(found.hot, wanted.hot);
    EXPECT_EQ(found.members, wanted.members);
    EXPECT_EQ(found.identity, wanted.identity);
    EXPECT_EQ(found.dotted_identity, wanted.dotted_identity);
    if (parser_.head(element).identity.text.empty()) return;
    const json::Value identity = value.find("userIdentity");
    json::Document document;
    const auto alone = document.parse(parser_.head(element).identity.text);
    ASSERT_TRUE(alone) << parser_.head(element).identity.text;
    if (identity.is(json::Kind::object)) {
      EXPECT_EQ(json_of(identity), json_of(*alone));
    }
  }

  IdentityTapes identities_;
  ArrayParser parser_{identities_};
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
  EXPECT_FALSE(read("")) << "before anything else";
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
      constexpr const char* kScalars[] = {
          "\"text\"",
          R"("a \"quoted\" \u00e9\\")",
          "-12.5",
          "null",
          "false",
          "true",
          "\"\"",
          R"("\n")",
          R"("\/ \b\f\r\t \\")",
          "0",
          "-0",
          "-0.0",
          "0.1e-2",
          "12345.67890123456",
          "1.5e+3",
          R"("\u003c\u20ac")",
          "7",
          "-123456789012345678",
          "1234567890123456789",
          "1e3",
          "\"a longer text than fits into any register of any machine that there is, or will be\"",
          "01",
          "-",
          "1.",
          "1e",
          "truex"};
      constexpr std::size_t kWrong = 5;
      return space + kScalars[below(std::size(kScalars) - (below(50) == 0 ? 0 : kWrong))] + space;
    }
    std::string text = kind == 5 ? "[" : "{";
    for (std::size_t i = below(6); i > 0; --i) {
      constexpr const char* kKeys[] = {"key", "eventName", "userIdentity", "userIdentity.arn", "k\\n", "awsRegion"};
      if (kind != 5) text += std::string("\"") + kKeys[below(std::size(kKeys))] + "\":";
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
    const auto range = whole->elements();
    const std::vector<json::Value> wanted(range.begin(), range.end());
    ASSERT_EQ(parser_.elements().size(), wanted.size()) << text;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const auto& element = parser_.elements()[i];
      ASSERT_EQ(json_of(parser_.value(element)), json_of(wanted[i])) << text;
      const auto alone = json::Document().parse(std::string_view(text).substr(element.begin, element.size));
      ASSERT_TRUE(alone) << text;
      expect_head_of_tape(element);
    }
  }
  EXPECT_GT(accepted, kRounds / 4U);
  EXPECT_LT(accepted, kRounds * 3U / 4U);
}

/// As AWS writes it; what tells callers apart is in the second, third and fifth member, and behind them.
std::string identity(std::string_view principal, std::string_view key, std::string_view session) {
  return R"({"type":"AssumedRole","principalId":"AROA:)" + std::string(principal) + R"(","arn":"arn:aws:)" +
         std::string(principal) + R"(","accountId":"111122223333","accessKeyId":"ASIA)" + std::string(key) +
         R"(","sessionContext":{"sessionIssuer":{"type":"Role","n":[1,null,true,{}]},"attributes":)" +
         std::string(session) + "}}";
}

// The tape of a caller who was there before is that of his text, wherever it stands and whatever looks like it.
TEST_F(ArrayParserTest, KnownCallersAreReadAsNewOnes) {
  std::mt19937 random(11);
  const auto one_of = [&](std::initializer_list<const char*> texts) {
    return std::string(texts.begin()[random() % texts.size()]);
  };
  json::Document document;
  std::size_t known = 0;
  std::uint32_t greatest = 0;
  for (int round = 0; round < 400; ++round) {
    std::string text = "[";
    for (int i = 0; i < 20; ++i) {
      const std::string caller = identity(
          one_of({"alice", "bob"}), one_of({"KEY1", "KEY2"}),
          random() % 4 > 0 ? R"({"creationDate":"2026-03-01T00:00:00Z"})"
                           : one_of({R"({"creationDate":"2026-03-02T00:00:00Z"})", R"({"creationDate":"a\nb"})",
                                     R"({"creationDate":"\u00e9"})", "{ }", "[]", "-1.5"}));
      text += i == 0 ? "" : ",";
      text += "{" + (random() % 4 > 0
                         ? R"("eventVersion":"1.08",)"
                         : one_of({"", R"("eventVersion":"1.1",)", R"("a":[1,{}],)", R"("eventVersion":"1\t8",)"}));
      text += R"("userIdentity":)" + caller +
              one_of({"", R"(,"eventName":"x")", R"( ,"userIdentity":{"type":"Root"})", R"(,"userIdentity":null)",
                      R"(,"b":"\\")"});
      text += "}";
    }
    text += "]";
    ASSERT_TRUE(read(text)) << text;
    const auto whole = document.parse(text);
    ASSERT_TRUE(whole);
    const auto range = whole->elements();
    const std::vector<json::Value> wanted(range.begin(), range.end());
    ASSERT_EQ(parser_.elements().size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const auto& element = parser_.elements()[i];
      ASSERT_EQ(json_of(parser_.value(element)), json_of(wanted[i])) << text;
      expect_head_of_tape(element);
      known += parser_.head(element).identity.number != 0 && parser_.head(element).identity.number <= greatest ? 1 : 0;
      greatest = std::max(greatest, parser_.head(element).identity.number);
    }
  }
  EXPECT_GT(known, 1'000u);  // most callers were there before
}

TEST_F(ArrayParserTest, ANumberStandsForOneText) {
  std::map<std::uint32_t, std::string> texts;
  int numbered = 0;
  for (int round = 0; round < 50; ++round) {
    std::string text = "[";
    for (int i = 0; i < 40; ++i) {
      const std::string number = std::to_string((round * 7 + i * 13) % 97);
      text += (i > 0 ? "," : "") + (R"({"userIdentity":)" + identity("p" + number, "K" + number, "{}")) + "}";
    }
    text += "]";
    ASSERT_TRUE(read(text));
    for (const auto& element : parser_.elements()) {
      const auto& identity = parser_.head(element).identity;
      if (identity.number == 0) continue;
      ++numbered;
      EXPECT_EQ(texts.try_emplace(identity.number, identity.text).first->second, identity.text);
    }
  }
  EXPECT_GT(numbered, 1'500) << "all but the first sight of each";
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
