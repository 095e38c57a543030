#include <gtest/gtest.h>

#include <random>

#include "sample.h"
#include "source/base64.h"
#include "source/container.h"
#include "source/element_scanner.h"
#include "source/structure_scanner.h"

namespace trailhound::source {
namespace {

// The fast scanner stops where the slow one stops, in the same state, on texts dense in what matters.
TEST(StructureScanner, EqualsItsSlowTwin) {
  std::mt19937 random(1);
  const std::string_view letters = "\\\\\"\"{}[]{[a ,:x";
  for (int round = 0; round < 20000; ++round) {
    std::string text(random() % 400, ' ');
    const std::size_t density = 1 + random() % 12;
    for (char& c : text) c = random() % density == 0 ? letters[random() % letters.size()] : 'z';
    StructureState fast{static_cast<std::int64_t>(random() % 6), random() % 2 == 0, random() % 2 == 0};
    StructureState slow = fast;
    const std::size_t at = scan_structure(text.data(), text.size(), fast);
    ASSERT_EQ(at, scan_structure_bytewise(text.data(), text.size(), slow)) << text;
    ASSERT_EQ(fast.depth, slow.depth) << text;
    ASSERT_EQ(fast.in_string, slow.in_string) << text;
    ASSERT_EQ(fast.escaped, slow.escaped) << text;
  }
}

TEST(ElementScanner, FindsTheEndOrTheFault) {
  using Kind = ElementEnd::Kind;
  const auto scan = [](std::string_view text) { return scan_element(text, 0); };
  EXPECT_EQ(scan(R"({"a":[1,{"b":"}\""}],"c":null},x)").at, 30U);
  EXPECT_EQ(scan(R"({"a":1)").kind, Kind::open);
  EXPECT_EQ(scan(R"({"a":"x\)").kind, Kind::open);
  EXPECT_EQ(scan("tru").kind, Kind::open);
  EXPECT_EQ(scan("true,").kind, Kind::complete);
  EXPECT_EQ(scan("\"x\"").kind, Kind::complete);
  for (const char* broken : {"{1:2}", "{\"a\" 1}", "[1 2]", "[1,]", "{\"a\":1,}", "{,}", "[}", "{]", "\"a\nb\"", "}",
                             "{\"a\"}", "[\"a\":1]"}) {
    EXPECT_EQ(scan(broken).kind, Kind::broken) << broken;
  }
  EXPECT_EQ(scan(std::string(2000, '[')).kind, Kind::broken);  // deeper than any parser of ours goes
}

std::vector<std::string> texts(std::string_view array, bool complete) {
  std::vector<std::string> out;
  for (const RecordRange& range : testing::ranges_of(array)) {
    if (range.complete == complete) out.emplace_back(array.substr(range.begin, range.size));
  }
  return out;
}

// A broken record, wherever it breaks, takes no neighbour with it.
TEST(SplitRecords, IsolatesARecordBrokenAnywhere) {
  const std::vector<std::string> list = testing::records(3, 21, false);
  for (std::size_t cut = 1; cut + 1 < list[1].size(); ++cut) {
    const std::string array = "[" + list[0] + "," + list[1].substr(0, cut) + "," + list[2] + "]";
    const std::vector<std::string> whole = texts(array, true);
    ASSERT_FALSE(whole.empty());
    EXPECT_EQ(whole.front(), list[0]) << cut;
    // Cut inside its list of resources, the record takes what follows for further resources: that is valid JSON.
    const bool in_list = array.substr(0, list[0].size() + cut).rfind("\"resources\":[") > list[0].size();
    if (!in_list) {
      EXPECT_EQ(whole.back(), list[2]) << array;
    }
    EXPECT_FALSE(texts(array, false).empty()) << array;
  }
}

TEST(SplitRecords, FindsRecordsThatBeginWithAnotherKey) {
  const std::string a = R"({"awsRegion":"r","eventVersion":"1"})";
  const std::string b = R"({"eventName":"n","eventVersion":"1"})";
  const std::string broken = R"({"awsRegion":"r,"eventVersion":"1"})";
  EXPECT_EQ(texts("[" + a + "," + broken + "," + b + "]", true), (std::vector<std::string>{a, b}));
  EXPECT_EQ(texts("[" + a + "," + broken + "\n" + a + "]", true), (std::vector<std::string>{a, a}));
}

TEST(SplitRecords, CoversAllBytesButSeparators) {
  std::mt19937 random(5);
  const std::vector<std::string> list = testing::records(4, 3, true);
  for (int round = 0; round < 2000; ++round) {
    std::string array = "[" + testing::join(list, ", ") + "]";
    for (int i = 0; i < 3; ++i) array[1 + random() % (array.size() - 2)] = "{}[],\"\\\n x"[random() % 10];
    std::string covered(array.size(), '.');
    std::size_t last = 1;
    for (const RecordRange& range : testing::ranges_of(array)) {
      for (std::size_t i = last; i < range.begin; ++i) {
        ASSERT_TRUE(is_blank(array[i]) || array[i] == ',') << array;
      }
      ASSERT_GE(range.begin, last);
      last = range.begin + range.size;
    }
    for (std::size_t i = last; i + 1 < array.size(); ++i) ASSERT_TRUE(is_blank(array[i]) || array[i] == ',') << array;
  }
}

// Text made to be scanned again and again costs linear time: this takes minutes if it does not.
TEST(SplitRecords, StaysLinearOnHostileText) {
  for (const char* piece :
       {"{\"eventVersion\":[1,", "{\"eventVersion\"{,{\"a\":[", ",{\"a\":[", "}{\"x\":{", "\n{ \"a"}) {
    std::string text = "[";
    while (text.size() < (4u << 20)) text += piece;
    EXPECT_FALSE(testing::ranges_of(text + "]").empty());
  }
}

TEST(Container, FindsTheArrayOfRecords) {
  const auto walk = [](std::string_view text) { return walk_object(text, 0); };
  EXPECT_EQ(walk(R"({"Records":[1]})").kind, ObjectWalk::Kind::container);
  EXPECT_EQ(walk(R"({"hits":{"x":1,"hits":[1]}})").depth, 2);
  EXPECT_EQ(walk(R"({"x":{"Records":[1]}})").kind, ObjectWalk::Kind::element);
  EXPECT_EQ(walk(R"({"eventVersion":"1","Records":[1]})").kind, ObjectWalk::Kind::element);
  EXPECT_EQ(walk(R"({"Records":{}})").kind, ObjectWalk::Kind::element);
  EXPECT_EQ(walk(R"({"configurationItems":[)").kind, ObjectWalk::Kind::foreign);
  EXPECT_EQ(walk(R"({"Records":)").kind, ObjectWalk::Kind::open);
  EXPECT_EQ(walk(R"({"Records" [)").kind, ObjectWalk::Kind::broken);
}

TEST(Base64, DecodesBothAlphabetsAndRefusesOthers) {
  EXPECT_EQ(decode_base64("aGVsbG8="), "hello");
  EXPECT_EQ(decode_base64("aGVs\r\nbG8"), "hello");
  EXPECT_EQ(decode_base64("-_8="), decode_base64("+/8="));
  EXPECT_EQ(decode_base64(""), "");
  EXPECT_FALSE(decode_base64("aGV{"));
  EXPECT_FALSE(decode_base64("a"));
  std::mt19937 random(2);
  for (int i = 0; i < 200; ++i) {
    std::string bytes(random() % 50, ' ');
    for (char& c : bytes) c = static_cast<char>(random());
    EXPECT_EQ(decode_base64(testing::base64(bytes)), bytes);
  }
}

}  // namespace
}  // namespace trailhound::source
