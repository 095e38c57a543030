#include "engine/extraction.h"

#include <gtest/gtest.h>

#include "base/backtracking_regex.h"
#include "parameter_name.h"
#include "plan/grok.h"
#include "plan/grok_library.h"

namespace trailhound::engine {
namespace {

// "a=x|y b=null": outputs in their order; values of a multi-value joined by bars.
std::string shown(const Result<plan::Extraction>& extraction, const Values& input) {
  if (!extraction) return "error: " + extraction.error().what;
  const auto extractor = Extractor::compile(*extraction);
  if (!extractor) return "error: " + extractor.error().what;
  const auto results = extractor->extract(input);
  std::string out;
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (i > 0) out += ' ';
    out += extraction->outputs[i].name + "=";
    if (results[i].empty()) out += "null";
    for (std::size_t v = 0; v < results[i].size(); ++v) out += (v > 0 ? "|" : "") + to_text(results[i][v]);
  }
  return out;
}
std::string dissect(std::string pattern, const Values& input, std::string separator = "") {
  return shown(plan::dissect_extraction(std::move(pattern), std::move(separator)), input);
}
std::string dissect(std::string pattern, std::string text, std::string separator = "") {
  return dissect(std::move(pattern), Values{std::move(text)}, std::move(separator));
}
std::string grok(std::string pattern, std::string text) {
  return shown(plan::grok_extraction({std::move(pattern)}), {std::move(text)});
}

TEST(Dissect, TakesTextApartAtDelimiters) {
  EXPECT_EQ(dissect("%{a} %{b}", "x y z"), "a=x b=y z");
  EXPECT_EQ(dissect("%{a}=%{b}", "x=y=z"), "a=x b=y=z");
  EXPECT_EQ(dissect("%{a};%{b};%{c}", "eu;;west"), "a=eu b= c=west");
  EXPECT_EQ(dissect("%{a};", "x;y;z"), "a=x");
  EXPECT_EQ(dissect("%{a};%{b}", "x;"), "a=x b=");
  EXPECT_EQ(dissect("{%{?k1}=%{user}, %{?k2}=%{policy}}", "{userName=eve, policyName=p1}"), "user=eve policy=p1");
  EXPECT_EQ(dissect("%{b.c} %{a}", "1 2"), "b.c=1 a=2");
  EXPECT_EQ(dissect("é%{a}é", "éxé"), "a=x");
  EXPECT_EQ(dissect("%{}%%{a}", "50%off"), "a=off");
}

TEST(Dissect, LeavesNullWhereItDoesNotMatch) {
  EXPECT_EQ(dissect("%{a} %{b}", "x"), "a=null b=null");
  EXPECT_EQ(dissect("%{a}", ""), "a=null");
  EXPECT_EQ(dissect("[%{a}", "["), "a=null");
  EXPECT_EQ(dissect("[%{a}", "x[y"), "a=null");
  EXPECT_EQ(dissect("%{a}%{b}", "xy"), "a=null b=null");
  EXPECT_EQ(dissect("%{a} %{b}", Values{}), "a=null b=null");
}

TEST(Dissect, RepeatedDelimitersArePaddingOrEmptyValues) {
  EXPECT_EQ(dissect("%{a->} %{b}", "x    y"), "a=x b=y");
  EXPECT_EQ(dissect("%{a} %{b}", "x  y"), "a=x b=");
  EXPECT_EQ(dissect("%{a}, %{b}, %{c}", "x, , z"), "a=x b= c=z");
  EXPECT_EQ(dissect("%{->} %{b}", "x    y"), "b=y");
  EXPECT_EQ(dissect("%{?skip->} %{b}", "x    y"), "b=y");
  EXPECT_EQ(dissect("%{a}-%{b}-%{c}", "x--z"), "a=x b= c=z");
  EXPECT_EQ(dissect("%{a}-%{b}.%{c}", "x--z"), "a=x b= c=z");
}

TEST(Dissect, JoinsWhatIsAppended) {
  EXPECT_EQ(dissect("%{+p}/%{q}/%{+p}", "up/1/down"), "p=updown q=1");
  EXPECT_EQ(dissect("%{+n/3} %{+n/1} %{+n/2}", "x y z", "-"), "n=y-z-x");
  EXPECT_EQ(dissect("%{n} %{+n}", "x y", ","), "n=x,y");
  EXPECT_EQ(dissect("%{+n/1} %{+n}", "x y", ","), "n=y,x");
  EXPECT_EQ(dissect("%{n} %{n}", "x y", ","), "n=y");
}

TEST(Dissect, GathersTheValuesOfAMultiValue) {
  EXPECT_EQ(dissect("%{a}=%{b}", Values{std::string("k=1"), std::string("none"), std::string("l=2")}), "a=k|l b=1|2");
}

TEST(Dissect, FindsTheModifierInsideAKey) {
  EXPECT_EQ(dissect("%{{?k}=%{n}", "{k=v"), "n=v");
  EXPECT_EQ(dissect("%{b} %{x+b}", "1 2", "-"), "b=1-2");
}

TEST(Dissect, RefusesWrongPatterns) {
  for (const char* wrong :
       {"", "abc", "%{}", "%{?a} %{}", "%{*a} %{&a}", "%{a", "%{a} %{b", "%{a/1}", "%{+a/x}", "%{+}"}) {
    EXPECT_FALSE(plan::dissect_extraction(wrong, "")) << wrong;
  }
}

TEST(Grok, CapturesByNameAndSortsColumns) {
  EXPECT_EQ(grok("%{WORD:b} %{NUMBER:a:int}", "abc 12"), "a=12 b=abc");
  EXPECT_EQ(grok(R"((?<Esql.instance_id>[^,}\]]+),)", "i-1,"), "Esql.instance_id=i-1");
  EXPECT_EQ(grok("%{WORD} %{WORD:b}", "x y"), "b=y");
  EXPECT_EQ(grok("(a)(?<b>b)", "ab"), "b=b");
  EXPECT_EQ(grok(R"((?<n:int>\d+))", "x7"), "n=7");
}

TEST(Grok, SearchesAnywhereWithGreedyPriorities) {
  EXPECT_EQ(grok(R"(key=(?<v>\w+))", "key=a key=b"), "v=a");
  EXPECT_EQ(grok(R"(.*key=(?<v>\w+))", "key=a key=b"), "v=b");
  EXPECT_EQ(grok("%{DATA:a},%{GREEDYDATA:b}", "x,y,z"), "a=x b=y,z");
  EXPECT_EQ(grok("^%{INT:a}$", "x 5"), "a=null");
  EXPECT_EQ(grok("^b(?<x>.*)$", "a\nbc\nd"), "x=c");
  EXPECT_EQ(grok("(?m)a(?<x>.*)", "a\nb"), "x=\nb");
}

TEST(Grok, NoMatchAndUnusedGroupsAreNull) {
  EXPECT_EQ(grok("%{IP:a}", "none"), "a=null");
  EXPECT_EQ(grok("(?<a>x)|(?<b>y)", "y"), "a=null b=y");
  EXPECT_EQ(shown(plan::grok_extraction({"%{IP:a}"}), {}), "a=null");
}

TEST(Grok, OneNameTwiceGathersAMultiValue) {
  EXPECT_EQ(grok("%{WORD:a} %{WORD:a}", "x y"), "a=x|y");
  EXPECT_FALSE(plan::grok_extraction({"%{WORD:a} %{NUMBER:a:int}"}));
}

TEST(Grok, ConvertsWhereItCan) {
  EXPECT_EQ(grok("(?<x:int>.+)", "2147483647"), "x=2147483647");
  EXPECT_EQ(grok("(?<x:int>.+)", "2147483648"), "x=null");
  EXPECT_EQ(grok("(?<x:int>.+)", "15.5"), "x=null");
  EXPECT_EQ(grok("(?<x:int>.+)", "+5"), "x=5");
  EXPECT_EQ(grok("(?<x:int>.+)", "+-5"), "x=null");
  EXPECT_EQ(grok("(?<x:long>.+)", "-9223372036854775808"), "x=-9223372036854775808");
  EXPECT_EQ(grok("(?<x:float>.+)", "1.5"), "x=1.5");
  EXPECT_EQ(grok("(?<x:double>.+)", "1e3"), "x=1000");
  EXPECT_EQ(grok("(?<x:boolean>.+)", "TRUE"), "x=true");
  EXPECT_EQ(grok("(?<x:boolean>.+)", "yes"), "x=false");
  EXPECT_EQ(grok("(?<x:other>.+)", "5"), "x=5");
  const auto extraction =
      plan::grok_extraction({"%{INT:a:int} %{INT:b:long} %{INT:c:float} %{INT:d:boolean} %{INT:e}"});
  ASSERT_TRUE(extraction);
  using enum event::LogicalType;
  const event::LogicalType expected[] = {integer, long_integer, real, boolean, keyword};
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(extraction->outputs[i].type, expected[i]);
}

TEST(Grok, TheFirstPatternThatMatchesFillsItsColumns) {
  const auto extraction = plan::grok_extraction({"a=%{INT:a}", "b=%{INT:b}"});
  EXPECT_EQ(shown(extraction, {std::string("b=2")}), "a=null b=2");
  EXPECT_EQ(shown(extraction, {std::string("b=2 a=1")}), "a=1 b=null");
  EXPECT_EQ(shown(extraction, {std::string("b=2"), std::string("a=1"), std::string("-")}), "a=1 b=2");
}

TEST(Grok, RefusesWhatItDoesNotKnow) {
  for (const char* wrong :
       {"%{NOPE:a}", "%{WORD:}", "%{}",        "%{WORD", "(?P<a>x)", "(?<a", "(?<>x)",  "(?<1a>x)", "[a", "(a", "a**)",
        "[a&&b]",    "[a[^b]]",  "(?<a>x)\\1", "\\k<b>", "(*FAIL)",  "(?R)", "x{1,2}+", "\\u12",    "a\\"}) {
    EXPECT_FALSE(plan::grok_extraction({wrong})) << wrong;
  }
  std::string many;
  for (int i = 0; i < 300; ++i) many += "(?<a>x)";
  EXPECT_FALSE(plan::grok_extraction({many}));
}

TEST(Grok, ReadsRubysEscapes) {
  EXPECT_EQ(grok(R"((?<x>\h+))", "zz1aFg"), "x=1aF");
  EXPECT_EQ(grok(R"((?<x>[\h-]+))", "zz1a-Fg"), "x=1a-F");
  EXPECT_EQ(grok(R"((?<x>\H+))", "1axyz"), "x=xyz");
  EXPECT_EQ(grok(R"((?<x>a{,2})b)", "aaab"), "x=aa");
  EXPECT_EQ(grok(R"((?<x>{a}))", "{a}"), "x={a}");
  EXPECT_EQ(grok(R"((?<x>\Qa))", "Qa"), "x=Qa");
  EXPECT_EQ(grok(R"((?<x>[a[bc]d]+))", "xabcdx"), "x=abcd");
  EXPECT_EQ(grok(R"((?<x>[[:alpha:]]+))", "1ab"), "x=ab");
  EXPECT_EQ(grok(R"((?<x>[]a]+))", "b]a"), "x=]a");
  EXPECT_EQ(grok(R"((?<x>\u0041+))", "AA"), "x=AA");
  EXPECT_EQ(grok(R"((?<q>['"])(?<x>.*?)\k<q>)", "say 'a\"b' \""), "q=' x=a\"b");
  EXPECT_EQ(grok(R"((?<x>(?i:ab)c))", "ABc"), "x=ABc");
  EXPECT_EQ(grok(R"((?<x>(?>a+)b))", "aab"), "x=aab");
}

TEST(Grok, EveryDefinitionCompiles) {
  for (const auto& [name, definition] : plan::grok_definitions()) {
    const auto extraction = plan::grok_extraction({"%{" + std::string(name) + ":x}"});
    EXPECT_TRUE(extraction) << name << ": " << (extraction ? "" : extraction.error().what);
  }
}

struct Whole {
  const char* name;
  const char* text;
  const char* expected;
};
class Library : public testing::TestWithParam<Whole> {};
TEST_P(Library, Captures) {
  EXPECT_EQ(grok("%{" + std::string(GetParam().name) + ":x}", GetParam().text),
            std::string("x=") + GetParam().expected);
}
// clang-format off
INSTANTIATE_TEST_SUITE_P(Grok, Library, testing::Values(
    Whole{"USERNAME", "@a.b_c-1!", "a.b_c-1"}, Whole{"EMAILADDRESS", "<eve@example.com>", "eve@example.com"},
    Whole{"INT", "a-12b", "-12"}, Whole{"NUMBER", "v -1.50x", "-1.50"}, Whole{"NUMBER", "a.5", ".5"}, Whole{"NUMBER", "none", "null"},
    Whole{"BASE16NUM", "0xFf", "0xFf"}, Whole{"BASE16FLOAT", "0x1.8", "0x1.8"}, Whole{"POSINT", "0 12", "12"}, Whole{"NONNEGINT", "0", "0"},
    Whole{"WORD", "-ab_1-", "ab_1"}, Whole{"NOTSPACE", " a-b c", "a-b"}, Whole{"QUOTEDSTRING", "x \"a \\\" b\" y", "\"a \\\" b\""}, Whole{"QS", "it''s", "''"},
    Whole{"UUID", "id 0123abcd-0123-4567-89AB-0123456789ab.", "0123abcd-0123-4567-89AB-0123456789ab"},
    Whole{"URN", "urn:isbn:0451450523", "urn:isbn:0451450523"},
    Whole{"MAC", "aa:bb:cc:dd:ee:ff", "aa:bb:cc:dd:ee:ff"}, Whole{"MAC", "aa-bb-cc-dd-ee-ff", "aa-bb-cc-dd-ee-ff"}, Whole{"MAC", "aabb.ccdd.eeff", "aabb.ccdd.eeff"},
    Whole{"IPV4", "at 10.0.0.255;", "10.0.0.255"}, Whole{"IPV4", "256.1.1.1", "null"}, Whole{"IPV4", "1.2.3", "null"},
    Whole{"IPV6", "::1", "::1"}, Whole{"IPV6", "fe80::1:2", "fe80::1:2"}, Whole{"IPV6", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"}, Whole{"IPV6", "1::", "1::"},
    Whole{"IPV6", "::ffff:10.0.0.1", "::ffff:10"}, Whole{"IPV6", "2001:db8::10.1.2.3", "2001:db8::10"}, Whole{"IPV6", "fe80::1%eth0", "fe80::1%eth0"},
    Whole{"IPV6", "1:2:3:4:5:6:10.0.0.1", "1:2:3:4:5:6:10.0.0.1"}, Whole{"IPV6", "none", "null"},
    Whole{"IP", "from 10.0.0.1", "10.0.0.1"}, Whole{"HOSTNAME", "!sts.amazonaws.com!", "sts.amazonaws.com"}, Whole{"HOSTPORT", "h.example:443", "h.example:443"},
    Whole{"UNIXPATH", "x /usr/bin/a y", "/usr/bin/a"}, Whole{"WINPATH", "C:\\Windows\\a.exe", "C:\\Windows\\a.exe"}, Whole{"TTY", "/dev/pts/3", "/dev/pts/3"},
    Whole{"URIPROTO", "https://a", "https"}, Whole{"URIHOST", "h.example:8080/", "h.example:8080"}, Whole{"URIPATH", "//h/a%20b?x", "//h/a%20b"},
    Whole{"URIPARAM", "/a?x=1&y=2#f", "?x=1&y=2#f"}, Whole{"URI", "see https://eve:pw@h.example:8443/a/b?x=1 end", "https://eve:pw@h.example:8443/a/b?x=1"},
    Whole{"MONTH", "on Jan 5", "Jan"}, Whole{"MONTH", "März", "März"}, Whole{"MONTHNUM", "12", "1"}, Whole{"MONTHNUM2", "12", "12"}, Whole{"MONTHDAY", "31", "31"}, Whole{"DAY", "Wednesday", "Wednesday"},
    Whole{"YEAR", "2026", "2026"}, Whole{"HOUR", "23", "23"}, Whole{"TIME", "at 23:59:01.5", "23:59:01.5"}, Whole{"ISO8601_TIMEZONE", "+01:30", "+01:30"},
    Whole{"TIMESTAMP_ISO8601", "t=2026-11-21T08:00:00.123Z.", "2026-11-21T08:00:00.123Z"}, Whole{"DATE_US", "11/21/2026", "11/21/2026"}, Whole{"DATE_EU", "21.11.2026", "21.11.2026"},
    Whole{"SYSLOGTIMESTAMP", "Nov 21 08:00:00 h", "Nov 21 08:00:00"}, Whole{"HTTPDATE", "[21/Nov/2026:08:00:00 +0100]", "21/Nov/2026:08:00:00 +0100"},
    Whole{"PROG", " sshd[1]", "sshd"}, Whole{"LOGLEVEL", "a WARNING b", "WARNING"}), [](const auto& test) { return parameter_name(test.index, test.param.name); });
// clang-format on

// Searched for, an address with a dotted tail ends where its groups do; between anchors it is whole.
TEST(Grok, AnchorsMakeItTryTheLongerAddress) {
  EXPECT_EQ(grok("^%{IPV6:x}$", "::ffff:10.0.0.1"), "x=::ffff:10.0.0.1");
  EXPECT_EQ(grok("^%{IP:x}$", "2001:db8::10.1.2.3"), "x=2001:db8::10.1.2.3");
}

TEST(Extraction, PrintsAndReadsBack) {
  for (const auto& extraction :
       {plan::grok_extraction({"%{IP:a}", "(?<b>\"x\")"}), plan::dissect_extraction("%{a} %{+a}", "-")}) {
    ASSERT_TRUE(extraction);
    const std::string text = plan::to_text(plan::to_form(*extraction));
    const auto form = plan::parse_form(text);
    ASSERT_TRUE(form);
    const auto read = plan::read_extraction(*form);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(*read, *extraction) << text;
  }
  for (const char* wrong :
       {"(grok)", "(grok [1])", "(dissect \"%{a}\")", "grok", "(grok [\"%{NOPE}\"])", "(other \"a\")"}) {
    const auto form = plan::parse_form(wrong);
    ASSERT_TRUE(form);
    EXPECT_FALSE(plan::read_extraction(*form)) << wrong;
  }
}

TEST(Extraction, HostileTextsEndInTime) {
  EXPECT_EQ(grok("(?<x>(a+)+)$", std::string(5000, 'a') + "!"), "x=null");
  EXPECT_EQ(grok("%{URI:x}", "http://" + std::string(20'000, 'a')).substr(0, 9), "x=http://");
}

}  // namespace
}  // namespace trailhound::engine
