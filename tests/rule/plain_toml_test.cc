#include "rule/plain_toml.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>
#include <string>

namespace trailhound::rule {
namespace {

/// All that a node says.
void describe(std::ostream& out, const Node& node) {
  const auto place = [&](LineColumn at) { out << at.line << ":" << at.column << " "; };
  out << static_cast<int>(node.kind) << " ";
  place(node.at);
  place(node.content_at);
  out << node.text.size() << "<" << node.text << ">";
  for (const Node::Jump& jump : node.jumps) {
    out << " jump " << jump.offset << " ";
    place(jump.at);
  }
  for (const Node& item : node.items) describe(out << "\n- ", item);
  for (const NodeMember& member : node.members) describe(out << "\n" << member.key << " = ", member.value);
  out << " end";
}
std::string describe(const Node& node) {
  std::ostringstream out;
  describe(out, node);
  return out.str();
}

/// Whether the text is plain; both readers must agree on it then.
bool is_plain(const std::string& text) {
  const std::string path = "a.toml";
  const LineIndex lines(text);
  Diagnostics none, diagnostics;
  const auto plain = read_plain_toml({text, path, lines, none});
  EXPECT_TRUE(none.all().empty());
  if (!plain) return false;
  const std::vector<Node> any = read_any_toml({text, path, lines, diagnostics});
  EXPECT_FALSE(diagnostics.has_errors()) << text << "\n" << diagnostics.all().front().message;
  if (any.size() == 1) {
    EXPECT_EQ(describe(*plain), describe(any.front())) << text;
  }
  return true;
}

constexpr const char* kRule = R"toml(# about
[metadata]
creation_date = "2024/01/02"   # a comment
integration = ["aws", 'x',]
n = [ [1, 2], [] ,
  # inside
  "é" ]

[rule]
author = ["A"]
risk_score = 47
zero = 0
on = true
off=false
name = "a \"quoted\"\tname é"
path = 'C:\dir'
query = '''
event.action:"x" and
  not y''
'''
note = """## Title

- say \\ "this" and ""that""
"""
empty = ""
none = []
long = """"""

[[rule.threat]]
framework = "M"
[rule.threat.tactic]
id = "TA1"
[[rule.threat.technique]]
id = "T1"
[[rule.threat.technique.subtechnique]]
id = "T1.1"
[[rule.threat]]
framework = "N"
[other.deep.er]
a-b_1 = 1
[other.deep2]
)toml";

TEST(PlainToml, ReadsWhatRulesAreMadeOfAsTomlppDoes) {
  EXPECT_TRUE(is_plain(kRule));
  for (const char* text :
       {"", "\n", "# x", "a = 1", "a=1\n\n[b]", "[a]\n[a.b]\nc=1", "[a.b]\n[c]\n[a.d]", "[[a]]\n[[a]]\nx=[[]]\n",
        "[[a.b]]\n[[a.b]]\n", "[[a]]\n[a.b]\n[[a]]\n[a.b]\nc = \"\"\"\n\"\"\"\n", "\t a\t=\t'x'\t# y"}) {
    EXPECT_TRUE(is_plain(text)) << text;
  }
}

TEST(PlainToml, LeavesTheRestToTomlpp) {
  for (const char* text : {"a = 1\na = 2",
                           "[a]\n[a]",
                           "[a.b]\n[a]",
                           "a = 1.5",
                           "a = 1_0",
                           "a = 007",
                           "a = -1",
                           "a = {b = 1}",
                           "a.b = 1",
                           "\"a\" = 1",
                           "a = 2024-01-02",
                           "a = \"\\u0041\"",
                           "a = \"\"\"x\\\n y\"\"\"",
                           "a = \"x",
                           "a = 'x\n'",
                           "a = \"\x01\"",
                           "# \x01",
                           "a = 1\r\n",
                           "a = [1 2]",
                           "a = [1,,2]",
                           "a = [",
                           "[a",
                           "[[a]",
                           "[a]]",
                           "a = tru",
                           "a = 1 b = 2",
                           "a = \"\"\"x\"\"\"\"",
                           "a = [1]\n[[a]]",
                           "[a]\n[[a]]",
                           "[[a]]\n[a]",
                           "a = 1\n[a.b]",
                           "= 1",
                           "a",
                           "a =",
                           "\xEF\xBB\xBF# x",
                           "a = 9223372036854775807"}) {
    EXPECT_FALSE(is_plain(text)) << text;
  }
}

TEST(PlainToml, AgreesWithTomlppOnDamagedText) {
  std::mt19937 random(11);
  std::string rule = kRule;
  for (char& c : rule) {
    if ((static_cast<unsigned char>(c) & 0x80) != 0) c = 'e';  // readers get valid UTF-8 only
  }
  constexpr std::string_view kBytes = "\"'[]=#.\\\n ,{}\t\r1a\x7F\x01-_+";
  int plain = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::size_t begin = random() % 2 == 0 ? 0 : rule.find('\n', random() % (rule.size() - 1)) + 1;
    std::string text = rule.substr(begin, 1 + random() % 700);
    for (auto changes = random() % 4; changes > 0 && !text.empty(); --changes) {
      const std::size_t at = random() % text.size();
      switch (random() % 3) {
        case 0:
          text.erase(at, 1 + random() % 3);
          break;
        case 1:
          text.insert(at, 1 + random() % 3, kBytes[random() % kBytes.size()]);
          break;
        default:
          text[at] = kBytes[random() % kBytes.size()];
      }
    }
    plain += is_plain(text) ? 1 : 0;
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(plain, 1'000);
}

TEST(PlainToml, AgreesWithTomlppOnPublicRules) {
  const char* folder = std::getenv("TRAILHOUND_ELASTIC_RULES");  // NOLINT(concurrency-mt-unsafe)
  if (folder == nullptr) GTEST_SKIP() << "TRAILHOUND_ELASTIC_RULES is not set";
  std::size_t files = 0, plain = 0;
  for (const auto& item : std::filesystem::recursive_directory_iterator(folder)) {
    if (item.path().extension() != ".toml") continue;
    std::ifstream file(item.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    ++files;
    plain += is_plain(text) ? 1 : 0;
  }
  EXPECT_GT(files, 0u);
  EXPECT_GT(plain * 10, files * 9) << plain << " of " << files;
}

}  // namespace
}  // namespace trailhound::rule
