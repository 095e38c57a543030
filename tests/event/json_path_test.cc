#include "event/json_path.h"

#include <random>

#include "event/batch.h"
#include "event/column_table.h"
#include "records.h"

namespace trailhound::event {
namespace {

class JsonPathTest : public testing::Test {
 protected:
  std::string at(std::string_view json, std::string_view path, JsonPath::Objects objects = JsonPath::Objects::all) {
    const auto root = document_.parse(json);
    if (!root) return "broken: " + root.error().what;
    return show(JsonPath(path).read(*root, arena_, objects));
  }

  json::Document document_;
  Arena arena_;
};

TEST_F(JsonPathTest, ScalarsKeepTheirKind) {
  const char* json = R"({"s":"a","i":-5,"u":18446744073709551615,"d":0.5,"t":true,"n":null,"e":[],"o":{},"z":""})";
  EXPECT_EQ(at(json, "s"), "a");
  EXPECT_EQ(at(json, "i"), "#-5");
  EXPECT_EQ(at(json, "u"), "#18446744073709551616");
  EXPECT_EQ(at(json, "d"), "#0.5");
  EXPECT_EQ(at(json, "t"), "#true");
  EXPECT_EQ(at(json, "n"), "null");
  EXPECT_EQ(at(json, "e"), "[]");
  EXPECT_EQ(at(json, "o"), "{}");
  EXPECT_EQ(at(json, "z"), "");
  EXPECT_EQ(at(json, "missing"), "absent");
  EXPECT_EQ(at(json, "s.below"), "absent");
}

TEST_F(JsonPathTest, ListsAreFlattened) {
  EXPECT_EQ(at(R"({"a":["x",["y",[1]],null,{}]})", "a"), "x|y|#1");
  EXPECT_EQ(at(R"({"a":[{"k":"1"},{"k":["2","3"]},{},{"k":null},5]})", "a.k"), "1|2|3");
  EXPECT_EQ(at(R"({"a":[[{"k":"1"}],{"k":"2"}]})", "a.k"), "1|2");
  EXPECT_EQ(at(R"({"a":["only"]})", "a"), "only");
  EXPECT_EQ(at(R"({"a":[null]})", "a"), "null");
  EXPECT_EQ(at(R"({"a":[[]]})", "a"), "[]");
  EXPECT_EQ(at(R"({"a":[{},null]})", "a"), "{}");
  EXPECT_EQ(at(R"({"a":[{"k":[]},{"j":1}]})", "a.k"), "[]");
  EXPECT_EQ(at(R"({"a":[{"j":1}]})", "a.k"), "absent");
}

TEST_F(JsonPathTest, KeysWithDotsComeBeforeTheirParts) {
  EXPECT_EQ(at(R"({"a":{"b":"parts"},"a.b":"whole"})", "a.b"), "whole");
  EXPECT_EQ(at(R"({"a":{"b":{"c":"parts"}},"a.b":{"c":"mixed"}})", "a.b.c"), "mixed");
  EXPECT_EQ(at(R"({"a":{"b":{"c":"parts"}},"a.b":{"x":1}})", "a.b.c"), "parts") << "the longer key leads nowhere";
  EXPECT_EQ(at(R"({"a":{"b.c":"inner"}})", "a.b.c"), "inner");
  EXPECT_EQ(at(R"({"ab":1,"a":{"b":2}})", "a.b"), "#2");
}

TEST_F(JsonPathTest, TheLastOfEqualKeysCounts) {
  EXPECT_EQ(at(R"({"a":{"b":1},"a":{"b":2}})", "a.b"), "#2");
  EXPECT_EQ(at(R"({"a":{"b":1},"a":{"c":2}})", "a.b"), "absent");
}

TEST_F(JsonPathTest, ObjectsWithoutALeafMayBeLeftOut) {
  using enum JsonPath::Objects;
  EXPECT_EQ(at(R"({"a":{"b":{},"c":[null,{}]}})", "a", with_a_leaf), "absent");
  EXPECT_EQ(at(R"({"a":{"b":{},"c":[null,{"d":0}]}})", "a", with_a_leaf), "{}");
  EXPECT_EQ(at(R"({"a":{"b":null}})", "a", all), "{}");
}

TEST_F(JsonPathTest, DeepRecordsAreRead) {
  std::string json = "1", path = "k";
  for (int i = 0; i < 500; ++i) json = R"({"k":)" + json + "}";
  EXPECT_EQ(at(json, "k"), "{}");
  EXPECT_EQ(at(json, "k", JsonPath::Objects::with_a_leaf), "{}");
  std::string lists = "7";
  for (int i = 0; i < 1000; ++i) lists = "[" + lists + "]";
  EXPECT_EQ(at(R"({"k":)" + lists + "}", "k"), "#7");
}

TEST_F(JsonPathTest, PathsAreBounded) {
  EXPECT_TRUE(JsonPath::is_valid("a.b-c.d_e"));
  for (const char* path : {"", ".", "a.", ".a", "a..b"}) EXPECT_FALSE(JsonPath::is_valid(path)) << path;
  std::string path = "a";
  for (std::size_t i = 1; i < JsonPath::kMaxParts; ++i) path += ".a";
  EXPECT_TRUE(JsonPath::is_valid(path));
  EXPECT_FALSE(JsonPath::is_valid(path + ".a"));
  EXPECT_FALSE(raw_open_column(path + ".a").has_value());
}

// ---- a slow twin ----

void collect(const json::Value& value, std::vector<std::string>& found, bool& object, bool& null, bool& list) {
  if (value.is(json::Kind::array)) {
    list = true;
    for (const json::Value& element : value.elements()) collect(element, found, object, null, list);
  } else if (value.is(json::Kind::object)) {
    object = true;
  } else if (value.is(json::Kind::null)) {
    null = true;
  } else {
    found.push_back(value.string() ? std::string(*value.string()) : "#" + std::to_string(*value.integer()));
  }
}

bool walk(const json::Value& value, const std::string& path, std::vector<std::string>& found, bool& object, bool& null,
          bool& list) {
  if (value.is(json::Kind::array)) {
    bool any = false;
    for (const json::Value& element : value.elements()) {
      if (!element.is(json::Kind::null)) any |= walk(element, path, found, object, null, list);
    }
    return any;
  }
  if (!value.is(json::Kind::object)) return false;
  for (std::size_t end = path.size(); end != std::string::npos; end = path.rfind('.', end - 1)) {
    const json::Value next = value.find(path.substr(0, end));
    if (next && end == path.size()) {
      collect(next, found, object, null, list);
      return true;
    }
    if (next && walk(next, path.substr(end + 1), found, object, null, list)) return true;
    if (end == 0) break;
  }
  return false;
}

std::string slow(const json::Value& root, const std::string& path) {
  std::vector<std::string> found;
  bool object = false, null = false, list = false;
  walk(root, path, found, object, null, list);
  if (found.empty()) return object ? "{}" : null ? "null" : list ? "[]" : "absent";
  std::string text;
  for (const std::string& one : found) text += (text.empty() ? "" : "|") + one;
  return text;
}

std::string random_json(std::mt19937& random, int depth) {
  const std::vector<std::string> keys = {"a", "b", "a.b", "b.a", "a.b.a"};
  switch (random() % (depth > 0 ? 6 : 3)) {
    case 0:
      return std::to_string(random() % 9);
    case 1:
      return "\"t" + std::to_string(random() % 9) + "\"";
    case 2:
      return "null";
    case 3: {
      std::string text = "[";
      for (std::size_t i = 0, n = random() % 4; i < n; ++i) text += (i > 0 ? "," : "") + random_json(random, depth - 1);
      return text + "]";
    }
    default: {
      std::string text = "{";
      for (std::size_t i = 0, n = random() % 5; i < n; ++i) {
        text += (i > 0 ? ",\"" : "\"") + keys[random() % keys.size()] + "\":" + random_json(random, depth - 1);
      }
      return text + "}";
    }
  }
}

TEST_F(JsonPathTest, EqualsTheObviousWay) {
  std::mt19937 random(7);
  json::Document document;
  std::size_t met = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string json = random_json(random, 5);
    const auto root = document.parse(json);
    ASSERT_TRUE(root.has_value()) << json;
    for (const char* path : {"a", "a.b", "a.b.a", "b.a.b.a"}) {
      const std::string expected = slow(*root, path);
      ASSERT_EQ(at(json, path), expected) << json << " " << path;
      met += expected != "absent";
    }
  }
  EXPECT_GT(met, 10'000u);
}

}  // namespace
}  // namespace trailhound::event
