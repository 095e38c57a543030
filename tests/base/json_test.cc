#include <gtest/gtest.h>

#include <cmath>
#include <iterator>
#include <limits>
#include <random>

#include "base/json_value.h"
#include "base/json_writer.h"

namespace trailhound::json {
namespace {

std::string minified(std::string_view text) {
  Document document;
  const auto root = document.parse(text);
  if (!root) return "error: " + root.error().what;
  std::string out;
  root->append_json(out);
  return out;
}

std::vector<Value> elements_of(Value array) {
  const ElementRange elements = array.elements();
  return {elements.begin(), elements.end()};
}

std::string as_json(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

TEST(JsonValue, MissingStepsGiveNothing) {
  Document document;
  const Value root = *document.parse(R"({"a":{"b":"x"}})");
  EXPECT_EQ(root.find("a").find("b").string(), "x");
  EXPECT_EQ(root.find("a").find("c").kind(), Kind::missing);
  EXPECT_FALSE(root.find("x").find("y").find("z").string());
  EXPECT_FALSE(Value());
  EXPECT_FALSE(Value().number() || Value().boolean() || Value().integer());
  EXPECT_EQ(Value().size(), 0u);
  EXPECT_TRUE(Value().members().empty());
  EXPECT_TRUE(Value().elements().empty());
}

TEST(JsonValue, ElementsComeInOrderAndAreNotKept) {
  Document document;
  const Value root = *document.parse(R"([[1,[2]],{"a":[3]},"x",[],null])");
  static_assert(std::forward_iterator<ElementRange::Iterator>);
  std::string kinds;
  for (const Value element : root.elements()) kinds += std::to_string(static_cast<int>(element.kind()));
  EXPECT_EQ(kinds, "78671");
  EXPECT_EQ(root.size(), 5u);
  EXPECT_EQ(root.elements().front().elements().front().integer(), 1);
  EXPECT_TRUE(elements_of(root)[3].elements().empty());
  EXPECT_TRUE(elements_of(root)[1].elements().empty()) << "an object has members";
}

TEST(JsonValue, OfEqualKeysTheLastIsFound) {
  Document document;
  const Value root = *document.parse(R"({"a":1,"b":{"a":9},"a":2,"ab":3})");
  EXPECT_EQ(root.find("a").integer(), 2);
  EXPECT_EQ(root.members().size(), 4u);
  EXPECT_EQ(root.size(), 4u);
}

TEST(JsonValue, NumbersKeepTheirKind) {
  Document document;
  const Value root = *document.parse(
      R"([5,-5,9223372036854775807,9223372036854775808,18446744073709551615,5.0,1e2,-9223372036854775808])");
  const std::vector<Value> list = elements_of(root);
  EXPECT_EQ(list[0].kind(), Kind::integer);
  EXPECT_EQ(list[0].unsigned_integer(), 5u);
  EXPECT_FALSE(list[1].unsigned_integer());
  EXPECT_EQ(list[2].integer(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(list[3].kind(), Kind::unsigned_integer);
  EXPECT_FALSE(list[3].integer());
  EXPECT_EQ(list[4].unsigned_integer(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(list[5].kind(), Kind::real);
  EXPECT_FALSE(list[5].integer());
  EXPECT_EQ(list[6].number(), 100.0);
  EXPECT_EQ(list[7].integer(), std::numeric_limits<std::int64_t>::min());
}

TEST(JsonValue, IntegersBeyond64BitsAreReal) {
  Document document;
  const auto root = document.parse(
      R"({"a":18446744073709551616,"b":-9223372036854775809,"c":"x\"18446744073709551616","d":[9007199254740993,)"
      R"(123456789012345678901234567890.5,18446744073709551615,1234567890123456789012e2],"e":-9223372036854775808})");
  ASSERT_TRUE(root) << root.error().what;
  EXPECT_EQ(root->find("a").kind(), Kind::real);
  EXPECT_EQ(root->find("a").number(), 18446744073709551616.0);
  EXPECT_EQ(root->find("b").number(), -9223372036854775808.0);
  EXPECT_EQ(root->find("c").string(), "x\"18446744073709551616");
  EXPECT_EQ(elements_of(root->find("d"))[0].integer(), 9007199254740993);
  EXPECT_EQ(elements_of(root->find("d"))[2].kind(), Kind::unsigned_integer);
  EXPECT_EQ(elements_of(root->find("d"))[3].number(), 1234567890123456789012e2);
  EXPECT_EQ(root->find("e").kind(), Kind::integer);
}

TEST(JsonValue, MinifiedTextKeepsOrderKindsAndDuplicates) {
  EXPECT_EQ(minified(" { \"b\" : [ ] , \"a\" : { } , \"b\" : [ 1 , 2.0 , -3 , \"x\\n\" , null , true , [ [ ] ] ] } "),
            R"({"b":[],"a":{},"b":[1,2.0,-3,"x\n",null,true,[[]]]})");
  EXPECT_EQ(minified("18446744073709551615"), "18446744073709551615");
  EXPECT_EQ(minified(R"("a{[:")"), R"("a{[:")");
  EXPECT_EQ(minified(R"(["a:","b{","c["])"), R"(["a:","b{","c["])");
  Document document;
  const Value inner = elements_of(document.parse(R"({"a":[1,{"b":2}],"c":3})")->find("a"))[1];
  std::string out = "[";
  inner.append_json(out);
  EXPECT_EQ(out, R"([{"b":2})");
}

TEST(JsonValue, MinifyingIsIdempotentOnRandomTexts) {
  std::mt19937 random(5);
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  const auto make = [&](auto&& self, int depth) -> std::string {
    switch (below(depth == 0 ? 5 : 7)) {
      case 0:
        return "null";
      case 1:
        return below(2) == 0 ? "true" : "false";
      case 2:
        return std::to_string(static_cast<int>(below(1000)) - 500);
      case 3:
        return std::to_string(below(1000)) + ".25";
      case 4:
        return as_json(std::string(below(4), static_cast<char>(below(128))));
      case 5: {
        std::string out = "[";
        for (unsigned i = below(4); i > 0; --i) out += (out.size() > 1 ? "," : "") + self(self, depth - 1);
        return out + "]";
      }
      default: {
        std::string out = "{";
        for (unsigned i = below(4); i > 0; --i) out += (out.size() > 1 ? ",\"k\":" : "\"k\":") + self(self, depth - 1);
        return out + "}";
      }
    }
  };
  for (int i = 0; i < 3'000; ++i) {
    const std::string text = make(make, 5);
    ASSERT_EQ(minified(text), text);
  }
}

TEST(JsonValue, ErrorsNameTheirKind) {
  EXPECT_EQ(minified(""), "error: the JSON text is empty");
  EXPECT_EQ(minified("\"\xFF\""), "error: the JSON text is not valid UTF-8");
  EXPECT_EQ(minified("\"abc"), "error: a JSON string is not closed");
  EXPECT_EQ(minified(R"(["\x"])"), "error: a JSON string holds an invalid escape");
  EXPECT_EQ(minified("[1e400]"), "error: a JSON number is malformed or out of range");
  EXPECT_EQ(minified("[01]"), "error: a JSON number is malformed or out of range");
  EXPECT_TRUE(minified("[1,]").starts_with("error: "));
  EXPECT_TRUE(minified("{} {}").starts_with("error: "));
  EXPECT_EQ(minified(std::string(1'100, '[') + std::string(1'100, ']')),
            "error: JSON is nested deeper than 1024 levels");
  EXPECT_FALSE(minified(std::string(1'000, '[') + std::string(1'000, ']')).starts_with("error"));
}

TEST(JsonValue, HalfASurrogatePairBecomesTheReplacementCharacter) {
  const auto repaired = [](std::string json) {
    replace_lone_surrogates(json);
    return json;
  };
  EXPECT_EQ(repaired(R"(["\ud800x","\udc00\ud83d\ude00","\ud83d","\\ud800","\uD83D\uDE00"])"),
            R"(["\ufffdx","\ufffd\ud83d\ude00","\ufffd","\\ud800","\uD83D\uDE00"])");
  EXPECT_EQ(repaired(R"("\ud8")"), R"("\ud8")") << "what is no escape stays none";
  EXPECT_EQ(minified(R"({"a":"\ud800x","n":123456789012345678901})"),
            minified(R"({"a":"\ufffdx","n":123456789012345678901})"));
}

TEST(JsonValue, ADocumentIsReusedAlsoAfterAnError) {
  Document document;
  EXPECT_FALSE(document.parse("{"));
  EXPECT_EQ(document.parse(R"({"a":1})")->find("a").integer(), 1);
  Document moved = std::move(document);
  const std::string padded = R"([7])" + std::string(Document::kPadding, ' ');
  EXPECT_EQ(moved.parse_padded(padded.data(), 3)->elements().front().integer(), 7);
}

TEST(JsonWriter, EscapesWhatMustBeAndWhatDrivesTerminals) {
  EXPECT_EQ(as_json("a\"b\\c/\n\t\x01\x1B[31m\x7F"), R"("a\"b\\c/\n\t\u0001\u001b[31m\u007f")");
  EXPECT_EQ(as_json("\u0085\u009Bx\u00A0é€\U0001F600"), "\"\\u0085\\u009bx\u00A0é€\U0001F600\"");
}

TEST(JsonWriter, EveryByteIsWrittenTheSameWhereverItStands) {
  for (int byte = 0; byte < 0x100; ++byte) {
    std::string alone = as_json(std::string(1, static_cast<char>(byte)));
    alone = alone.substr(1, alone.size() - 2);
    for (std::size_t before = 0; before < 20; ++before) {
      for (const std::size_t after : {0u, 3u, 8u, 17u}) {
        const std::string text = std::string(before, 'a') + static_cast<char>(byte) + std::string(after, '~');
        ASSERT_EQ(as_json(text), '"' + std::string(before, 'a') + alone + std::string(after, '~') + '"') << byte;
      }
    }
  }
}

TEST(JsonWriter, InvalidUtf8BecomesTheReplacementCharacter) {
  constexpr std::string_view kReplaced = "\"\xEF\xBF\xBD\"";
  for (const char* bytes : {"\xFF", "\x80", "\xC3", "\xF4"}) EXPECT_EQ(as_json(bytes), kReplaced);
  EXPECT_EQ(as_json("\xC0\xAF"), "\"\uFFFD\uFFFD\"");            // overlong
  EXPECT_EQ(as_json("\xED\xA0\x80"), "\"\uFFFD\uFFFD\uFFFD\"");  // a surrogate
  EXPECT_EQ(as_json("a\xE2\x82"
                    "b"),
            "\"a\uFFFD\uFFFDb\"");
}

TEST(JsonWriter, AnyBytesGiveTextThatParsesBack) {
  std::mt19937 random(6);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes(random() % 12, '\0');
    for (char& c : bytes) c = static_cast<char>(random() % 4 == 0 ? random() : random() % 0x80);
    Document document;
    const auto root = document.parse(as_json(bytes));
    ASSERT_TRUE(root) << as_json(bytes);
    ASSERT_EQ(as_json(*root->string()), as_json(bytes));
  }
}

TEST(JsonWriter, RealsAreShortestAndFinite) {
  const auto real = [](double d) {
    std::string out;
    Writer(out).real(d);
    return out;
  };
  EXPECT_EQ(real(0.1), "0.1");
  EXPECT_EQ(real(5), "5");
  EXPECT_EQ(real(1e22), "1e+22");
  EXPECT_EQ(real(std::nan("")), "null");
  EXPECT_EQ(real(std::numeric_limits<double>::infinity()), "null");
}

TEST(JsonWriter, CommasGoBetweenElementsOnly) {
  std::string out;
  Writer writer(out);
  writer.begin_object().key("a").begin_array().integer(1).begin_object().end_object().values({}).end_array();
  writer.key("b").values({trailhound::Value("x")});
  writer.key("c")
      .values({trailhound::Value(true), trailhound::Value()})
      .key("d")
      .raw("{}")
      .key("e")
      .strings({"p", "q"});
  writer.key("t").time(Instant{0}).key("u").unsigned_integer(18446744073709551615u).end_object();
  EXPECT_EQ(out, R"({"a":[1,{},null],"b":"x","c":[true,null],"d":{},"e":["p","q"],)"
                 R"("t":"1970-01-01T00:00:00Z","u":18446744073709551615})");
}

}  // namespace
}  // namespace trailhound::json
