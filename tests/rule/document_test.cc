#include "rule/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "base/json_value.h"

namespace trailhound::rule {
namespace {

struct Read {
  std::vector<Node> documents;
  Diagnostics diagnostics;
  const Node& root() const { return documents.at(0); }
  const Diagnostic& error() const { return diagnostics.all().at(0); }
};

Read read(std::string_view text, const std::string& path = "") {
  Read out;
  out.documents = read_documents(text, path, out.diagnostics);
  return out;
}

std::string place(LineColumn at) { return std::to_string(at.line) + ":" + std::to_string(at.column); }

TEST(Document, OneTreeBehindThreeForms) {
  const Read json = read("{\"rule\": {\"name\": \"x\", \"score\": 5, \"on\": true, \"list\": [1.5, null]}}", "a.json");
  const Read yaml = read("rule:\n  name: x\n  score: 5\n  on: true\n  list: [1.5, null]\n", "a.yaml");
  const Read toml = read("[rule]\nname = \"x\"\nscore = 5\non = true\nlist = [1.5, \"\"]\n", "a.toml");
  for (const Read* one : {&json, &yaml, &toml}) {
    ASSERT_EQ(one->documents.size(), 1u);
    const Node& rule = *one->root().find("rule");
    EXPECT_TRUE(rule.is(Node::Kind::table));
    EXPECT_EQ(rule.find("name")->text, "x");
    EXPECT_TRUE(rule.find("name")->is(Node::Kind::string));
    EXPECT_EQ(rule.find("score")->as_integer(), 5);
    EXPECT_TRUE(rule.find("score")->is(Node::Kind::integer));
    EXPECT_EQ(rule.find("on")->as_boolean(), true);
    EXPECT_EQ(rule.find("list")->items.at(0).as_real(), 1.5);
    EXPECT_EQ(rule.members.front().key, "name");
    EXPECT_EQ(rule.members.back().key, "list") << "source order";
  }
  EXPECT_TRUE(yaml.root().find("rule")->find("list")->items[1].is(Node::Kind::null));
}

TEST(Document, TheFormIsRecognisedByContent) {
  EXPECT_EQ(read("  {\"a\": 1}").root().find("a")->text, "1");
  EXPECT_EQ(read("[{\"a\": 1}]").root().items.size(), 1u);
  EXPECT_EQ(read("# c\n[metadata]\nx = 1\n").root().find("metadata")->find("x")->text, "1");
  EXPECT_EQ(read("a = \"b: c\"\n").root().find("a")->text, "b: c");
  EXPECT_EQ(read("# c\na: \"b = c\"\n").root().find("a")->text, "b = c");
  EXPECT_EQ(read("- a: 1\n").root().items.size(), 1u);
}

TEST(Document, EveryValueKnowsItsPlace) {
  const Read json = read("{\n  \"a\": [1,\n    \"x\"]}", "a.json");
  EXPECT_EQ(place(json.root().find("a")->at), "2:8");
  EXPECT_EQ(place(json.root().find("a")->items[1].at), "3:5");
  EXPECT_EQ(place(json.root().find("a")->items[1].content_at), "3:6");
  const Read yaml = read("a:\n  - 1\n  - 'x'\n", "a.yaml");
  EXPECT_EQ(place(yaml.root().find("a")->items[1].at), "3:5");
  EXPECT_EQ(place(yaml.root().find("a")->items[1].content_at), "3:6");
  const Read toml = read("[t]\n\xC3\xA4 = 1\n" + std::string("b = [ \"\xC3\xA4\", \"x\" ]\n"), "a.toml");
  EXPECT_FALSE(toml.diagnostics.has_errors() && toml.documents.size() == 1);
  const Read words = read("[t]\nb = [ \"\xC3\xA4\", \"x\" ]\n", "a.toml");
  EXPECT_EQ(place(words.root().find("t")->find("b")->items[1].at), "2:13") << "columns count bytes";
}

// Position of `needle` in the text of key `q`, mapped into the file, must be where the file has it.
void expect_mapped(const std::string& file, const std::string& path, std::string_view needle) {
  const Read document = read(file, path);
  ASSERT_EQ(document.documents.size(), 1u) << file;
  const Node& node = *document.root().find("q");
  const std::size_t inside = node.text.find(needle);
  ASSERT_NE(inside, std::string::npos) << node.text;
  const LineColumn expected = line_column_of(file, file.find(needle));
  EXPECT_EQ(place(position_in(node, line_column_of(node.text, inside))), place(expected)) << file;
}

TEST(Document, PlacesInsideATextMapIntoTheFile) {
  expect_mapped(R"({"q": "one TWO"})", "a.json", "TWO");
  expect_mapped(R"({"q": "say \"one\" TWO"})", "a.json", "TWO");
  expect_mapped(R"({"q": "\u00e9\n\\x TWO"})", "a.json", "TWO");
  expect_mapped("q: one TWO\n", "a.yaml", "TWO");
  expect_mapped("q: 'it''s TWO'\n", "a.yaml", "TWO");
  expect_mapped("q: \"one \\\" \\t TWO\"\n", "a.yaml", "TWO");
  expect_mapped("q: >-\n  one\n  and TWO\n  three\n", "a.yaml", "TWO");
  expect_mapped("q: |\n  one\n    and TWO\n  three\n", "a.yaml", "TWO");
  expect_mapped("q: |\n  a \\* b \\\\ c TWO\n", "a.yaml", "TWO");
  expect_mapped("q: one\n  and\n  TWO\n", "a.yaml", "TWO");
  expect_mapped("q = '''\none\n  TWO'''\n", "a.toml", "TWO");
  expect_mapped("q = \"\"\"\none\n  \\\"x\\\" TWO\"\"\"\n", "a.toml", "TWO");
}

TEST(Document, NumbersAndBooleansMayBeTexts) {
  const Read yaml = read("a: \"1800\"\nb: 'false'\nc: \"5.5\"\nd: 300.0\ne: abc\nf: \"\"\n", "a.yaml");
  EXPECT_EQ(yaml.root().find("a")->as_integer(), 1800);
  EXPECT_EQ(yaml.root().find("b")->as_boolean(), false);
  EXPECT_EQ(yaml.root().find("c")->as_real(), 5.5);
  EXPECT_EQ(yaml.root().find("c")->as_integer(), std::nullopt);
  EXPECT_EQ(yaml.root().find("d")->as_integer(), 300);
  EXPECT_EQ(yaml.root().find("e")->as_integer(), std::nullopt);
  EXPECT_EQ(yaml.root().find("f")->as_real(), std::nullopt);
}

TEST(Document, ARepeatedKeyIsAnError) {
  for (const auto& [text, path] : std::vector<std::pair<std::string, std::string>>{
           {"{\"a\": 1,\n \"a\": 2}", "a.json"}, {"a: 1\na: 2\n", "a.yaml"}, {"a = 1\na = 2\n", "a.toml"}}) {
    const Read document = read(text, path);
    EXPECT_TRUE(document.documents.empty()) << path;
    ASSERT_EQ(document.diagnostics.errors(), 1u) << path;
    EXPECT_EQ(document.error().code, "TH1006") << path << ": " << document.error().message;
    EXPECT_EQ(document.error().place.at.line, 2) << path;
  }
}

TEST(Document, SyntaxErrorsNameTheirPlaceAndShowIt) {
  for (const auto& [text, path] : std::vector<std::pair<std::string, std::string>>{
           {"{\"a\": 1,\n \"b\" 2}", "a.json"}, {"a: 1\nb: [1, 2\n", "a.yaml"}, {"a = 1\nb = [1, 2\n", "a.toml"}}) {
    const Read document = read(text, path);
    EXPECT_TRUE(document.documents.empty()) << path;
    ASSERT_EQ(document.diagnostics.errors(), 1u) << path;
    EXPECT_EQ(document.error().code, "TH1004") << path;
    EXPECT_EQ(document.error().place.file, path);
    EXPECT_GE(document.error().place.at.line, 2) << path;
    EXPECT_GE(document.error().place.at.column, 1) << path;
  }
  EXPECT_THAT(read("{\"a\": 1,\n \"b\" 2}", "a.json").error().snippet, testing::HasSubstr("\"b\" 2"));
}

TEST(Document, AYamlFileMayHoldSeveralDocuments) {
  const Read yaml = read("a: 1\n---\na: 2\n", "a.yaml");
  ASSERT_EQ(yaml.documents.size(), 2u);
  EXPECT_EQ(place(yaml.documents[1].find("a")->at), "3:4");
}

TEST(Document, AliasesAreExpandedWithinBounds) {
  const Read good = read("a: &x [1, 2]\nb: *x\n", "a.yaml");
  EXPECT_EQ(good.root().find("b")->items.size(), 2u);
  std::string bomb = "a0: &a0 [1,1,1,1,1,1,1,1,1]\n";
  for (int i = 1; i < 9; ++i) {
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 9; ++j) bomb += (j > 0 ? ",*a" : "*a") + std::to_string(i - 1);
    bomb += "]\n";
  }
  EXPECT_EQ(read(bomb, "a.yaml").error().code, "TH1005");
  std::string tower = "a0: &a0 [1]\n";
  for (int i = 1; i < 100; ++i) {
    tower += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
  }
  EXPECT_EQ(read(tower, "a.yaml").error().code, "TH1005") << "depth through aliases";
  EXPECT_EQ(read("a: &x [*x]\n", "a.yaml").diagnostics.errors(), 1u);
  EXPECT_EQ(read("a: &x {b: 1}\nc:\n  <<: *x\n", "a.yaml").error().code, "TH1011");
}

TEST(Document, DepthAndSizeAreBounded) {
  const auto nested = [](std::size_t n) { return std::string(n, '[') + "1" + std::string(n, ']'); };
  EXPECT_EQ(read(nested(60), "a.json").documents.size(), 1u);
  EXPECT_EQ(read(nested(60), "a.yaml").documents.size(), 1u);
  EXPECT_EQ(read("a = " + nested(60), "a.toml").documents.size(), 1u);
  for (const std::size_t depth : {80u, 300u, 100'000u}) {
    EXPECT_EQ(read(nested(depth), "a.json").diagnostics.errors(), 1u);
    EXPECT_EQ(read(nested(depth), "a.yaml").diagnostics.errors(), 1u);
    EXPECT_EQ(read("a = " + nested(depth), "a.toml").diagnostics.errors(), 1u);
  }
  std::string many = "[0";
  for (int i = 0; i < 100'001; ++i) many += ",0";
  EXPECT_EQ(read(many + "]", "a.json").error().code, "TH1005");
  EXPECT_EQ(read(std::string(10'000'001, ' '), "a.json").error().code, "TH1002");
}

TEST(Document, ATomlKeyHasPartsThatCanBeCounted) {
  for (const std::string part : {"a", "\"!,\"", "'#'"}) {
    for (const std::string dot : {".", " . "}) {
      std::string key = part;
      for (int i = 0; i < 50'000; ++i) key += dot + part;
      for (const std::string& text : {"[" + key + "]\n", key + " = 1\n", "x = {" + key + " = 1}\n"}) {
        EXPECT_EQ(read(text, "a.toml").error().code, "TH1005") << text.substr(0, 20);
      }
    }
  }
  std::string prose = "note = \"\"\"\n";
  for (int i = 0; i < 2000; ++i) prose += "10.0.0.1 and so on. ";
  EXPECT_EQ(read(prose + "\n\"\"\"\n", "a.toml").diagnostics.errors(), 0u);
}

TEST(Document, TextThatIsNotUtf8IsRefusedAtItsByte) {
  const Read document = read("{\"a\":\n \"x\xFF\"}", "a.json");
  EXPECT_EQ(document.error().code, "TH1003");
  EXPECT_EQ(place(document.error().place.at), "2:4");
}

// The reader for rules and the one for events must agree on what is JSON and on what the texts in it are.
// But for half a surrogate pair: in a log it is replaced so that no event is lost, in a rule it is an error.
TEST(Document, JsonAgreesWithTheReaderOfEvents) {
  const std::vector<std::string> parts = {
      "{",     "}",     "[",    "]",  ",",           ":",       "\"a\"",
      "\"b\"", "1",     "-1",   "01", "1.5",         "1e5 ",    "1.",
      "true",  "nul",   "null", " ",  "\"\\u00e9\"", "\"\\x\"", "\"\\ud83d\\ude00\"",
      "\n",    "\"\t\""};
  std::mt19937 random(11);
  int accepted = 0;
  for (int round = 0; round < 60'000; ++round) {
    std::string text = round % 2 == 0 ? "[" : "";
    for (std::size_t i = 1 + random() % 7; i-- > 0;) text += parts[random() % parts.size()];
    if (round % 2 == 0) text += "]";
    json::Document other;
    const auto expected = other.parse(text);
    const Read document = read(text, "a.json");
    if (!document.diagnostics.all().empty() && document.error().code == "TH1006") continue;  // only we refuse that
    ASSERT_EQ(document.documents.size() == 1, expected.has_value()) << text;
    if (!expected) continue;
    ++accepted;
    if (expected->is(json::Kind::string)) {
      EXPECT_EQ(document.root().text, *expected->string()) << text;
    }
    EXPECT_EQ(document.root().items.size() + document.root().members.size(), expected->size()) << text;
  }
  EXPECT_GT(accepted, 500);
}

TEST(Document, RandomYamlAndTomlNeverThrow) {
  const std::vector<std::string> parts = {"a", ":", " ",  "\n", "- ", "[",  "]",        "{",   "}",   "\"",
                                          "'", "|", ">",  "&x", "*x", "#",  "=",        "---", "...", "? ",
                                          "!", "%", "\t", "1",  "@",  "<<", "\xC3\xA9", "\\"};
  std::mt19937 random(5);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (std::size_t i = random() % 14; i-- > 0;) text += parts[random() % parts.size()];
    for (const char* path : {"a.yaml", "a.toml", ""}) {
      const Read document = read(text, path);
      EXPECT_TRUE(document.documents.empty() || !document.diagnostics.has_errors()) << text;
    }
  }
}

}  // namespace
}  // namespace trailhound::rule
