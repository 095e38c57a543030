#include "plan/regular_expression.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>

#include "parameter_name.h"
#include "plan/fold.h"
#include "plan/pattern.h"
#include "plan/regex_parser.h"

namespace trailhound::plan {
namespace {

bool matches(std::string_view regex, std::string_view text, Pattern::Fold fold = Pattern::Fold::none) {
  const auto pattern = Pattern::regular(std::string(regex), fold);
  EXPECT_TRUE(pattern) << regex << ": " << pattern.error().what;
  return pattern && pattern->matches(text);
}

struct Vector {
  const char* regex;
  const char* text;
  bool expected;
};
std::ostream& operator<<(std::ostream& out, const Vector& v) { return out << v.regex << " on " << v.text; }

TEST(CaseVariants, OfAsciiAreAllThatFoldToTheSame) {
  const auto folded = [](CodePoint code) {
    std::string text;
    append_code_point(text, code);
    return fold_unicode(text);
  };
  std::map<std::string, CodePointSet> classes;
  for (CodePoint code = 0; code <= kLastUnicode; ++code) {
    if (code >= 0xD800 && code <= 0xDFFF) continue;
    const std::string to = folded(code);
    if (to.size() == 1) classes[to].add(code, code);
  }
  for (CodePoint code = 0; code < 0x80; ++code) {
    EXPECT_EQ(case_variants(code, Pattern::Fold::unicode), classes[folded(code)]) << code;
  }
}

class Vectors : public testing::TestWithParam<Vector> {};
TEST_P(Vectors, Match) { EXPECT_EQ(matches(GetParam().regex, GetParam().text), GetParam().expected) << GetParam(); }

// clang-format off
INSTANTIATE_TEST_SUITE_P(WholeValue, Vectors, testing::Values(
    Vector{"abc", "abc", true}, Vector{"abc", "xabc", false}, Vector{"abc", "abcd", false}, Vector{"abc", "ABC", false},
    Vector{"", "", true}, Vector{"", "a", false}, Vector{"()", "", true}, Vector{"a()b", "ab", true},
    Vector{".*", "", true}, Vector{".*", "a\nb", true}, Vector{".", "\n", true}, Vector{".", "€", true},
    Vector{"..", "€", false}, Vector{".", "", false}, Vector{".+", "", false}, Vector{".", "\xE2\x82", false},
    Vector{"..", "\xE2\x82", true}, Vector{"[^a]", "\xFF", true}, Vector{"é+", "éé", true}), [](const auto& test) { return parameter_name(test.index, test.param.regex); });

INSTANTIATE_TEST_SUITE_P(Anchors, Vectors, testing::Values(
    Vector{"^abc$", "abc", false}, Vector{"^abc$", "^abc$", true}, Vector{".*(/|$).*", "a$b", true},
    Vector{"(?i)abc", "?iabc", true}, Vector{"(?i)abc", "ABC", false}, Vector{"(?:a)", "?:a", true}), [](const auto& test) { return parameter_name(test.index, test.param.regex); });

INSTANTIATE_TEST_SUITE_P(Unions, Vectors, testing::Values(
    Vector{"a|bc", "a", true}, Vector{"a|bc", "bc", true}, Vector{"a|bc", "ac", false},
    Vector{"(a||b)", "|b", true}, Vector{"(a||b)", "b", false}, Vector{"(a||b)", "a", true},
    Vector{"(oauth.*||.*login.*)", "|login", true}, Vector{"(oauth.*||.*login.*)", "login", false},
    Vector{"a|*b", "*b", true}, Vector{"*sh.{1,2}-c*", "*shx-ccc", true}, Vector{"*sh", "sh", false},
    Vector{"+a", "+a", true}, Vector{"?", "?", true}, Vector{"{a", "{a", true}, Vector{"a}b]", "a}b]", true}), [](const auto& test) { return parameter_name(test.index, test.param.regex); });

INSTANTIATE_TEST_SUITE_P(Repetitions, Vectors, testing::Values(
    Vector{"a{2}", "aa", true}, Vector{"a{2}", "aaa", false}, Vector{"a{2,}", "aaaa", true}, Vector{"a{2,}", "a", false},
    Vector{"a{1,3}", "aaa", true}, Vector{"a{1,3}", "aaaa", false}, Vector{"a{0}", "", true}, Vector{"a{0}", "a", false},
    Vector{"(ab){2}c?", "ababc", true}, Vector{"a**", "aaa", true}, Vector{"a+?", "", true}, Vector{".+*", "", true},
    Vector{"(a|b?)+", "abba", true}, Vector{"(a{0,2}){3}", "aaaaaa", true}, Vector{"(a{0,2}){3}", "aaaaaaa", false},
    Vector{"(aa){2,3}", "aaaaa", false}), [](const auto& test) { return parameter_name(test.index, test.param.regex); });

INSTANTIATE_TEST_SUITE_P(Classes, Vectors, testing::Values(
    Vector{"[abc]", "b", true}, Vector{"[a-c]", "d", false}, Vector{"[^a-c]", "d", true}, Vector{"[^a]", "", false},
    Vector{"[-a]", "-", true}, Vector{"[]a]", "]", true}, Vector{"[^]a]", "]", false}, Vector{"[a-z-A-Z]", "-", true},
    Vector{"[\\]a]", "]", true}, Vector{"[\\^a]", "^", true}, Vector{"[a^]", "^", true}, Vector{"[.*]", ".", true},
    Vector{"[.*]", "x", false}, Vector{"[\\\\-z]", "-", true}, Vector{"[\\\\-z]", "\\", true}, Vector{"[\\\\-z]", "b", false},
    Vector{"[\\w.]+", "a.B_9", true}, Vector{"[\\D]", "5", false}, Vector{"[\\d\\s]+", "1 2", true}, Vector{"[\"@#&<>~]+", "\"@#&<>~", true},
    Vector{"[α-ω]+", "λόγος", false}, Vector{"[α-ωό]+", "λόγος", true}, Vector{"[\\.-9]", "/", true}), [](const auto& test) { return parameter_name(test.index, test.param.regex); });

INSTANTIATE_TEST_SUITE_P(Escapes, Vectors, testing::Values(
    Vector{"\\d+", "0123", true}, Vector{"\\d", "٣", false}, Vector{"\\D", "a", true}, Vector{"\\s", "\t", true},
    Vector{"\\s", "\v", false}, Vector{"\\S+", "ab", true}, Vector{"\\w+", "aZ_0", true}, Vector{"\\w", "é", false},
    Vector{"\\W", "é", true}, Vector{"a\\.b", "a.b", true}, Vector{"a\\.b", "axb", false}, Vector{"\\\\", "\\", true},
    Vector{"\\@\\#\\&\\<\\>\\~\\\"", "@#&<>~\"", true}, Vector{"\\{\\}", "{}", true}, Vector{"\\-", "-", true},
    Vector{".*\\\"AWS\\\": *\\\"\\*\\\".*", "{\"AWS\": \"*\"}", true}), [](const auto& test) { return parameter_name(test.index, test.param.regex); });

INSTANTIATE_TEST_SUITE_P(Operators, Vectors, testing::Values(
    Vector{"@", "anything\nat all", true}, Vector{"@", "", true}, Vector{".+@example\\.com", "xexample.com", true},
    Vector{"#", "", false}, Vector{"#", "#", false}, Vector{"a|#", "a", true}, Vector{"a#", "a", false},
    Vector{"\"a.b*\"", "a.b*", true}, Vector{"\"a.b*\"", "axb", false}, Vector{"\"\"", "", true},
    Vector{"~a", "a", false}, Vector{"~a", "b", true}, Vector{"~a", "", true}, Vector{"~(ab)c", "c", true},
    Vector{"~~a", "a", true}, Vector{"~.*", "", true}, Vector{"~.*", "x", false}, Vector{"~(.*)", "", false}, Vector{"~a+", "b", true}, Vector{"~[ab]", "a", false},
    Vector{"a.*&.*b", "axb", true}, Vector{"a.*&.*b", "ax", false}, Vector{"a&b", "a", false},
    Vector{"x>&|0>&1", "x>", false}, Vector{".*(a\\s+>&|0>&1|b).*", "xb", true}, Vector{".*(a\\s+>&|0>&1|b).*", "a >", false},
    Vector{"(a|b)&(b|c)|d", "b", true}, Vector{"(a|b)&(b|c)|d", "d", true}, Vector{"(a|b)&(b|c)|d", "a", false}), [](const auto& test) { return parameter_name(test.index, test.param.regex); });

INSTANTIATE_TEST_SUITE_P(Intervals, Vectors, testing::Values(
    Vector{"<1-100>", "1", true}, Vector{"<1-100>", "100", true}, Vector{"<1-100>", "101", false}, Vector{"<1-100>", "0", false},
    Vector{"<1-100>", "007", true}, Vector{"<1-100>", "0", false}, Vector{"<0-100>", "000", true}, Vector{"<0-100>", "", false},
    Vector{"<01-20>", "5", false}, Vector{"<01-20>", "05", true}, Vector{"<01-20>", "21", false}, Vector{"<20-01>", "13", true},
    Vector{"<100-5>", "50", true}, Vector{"<7-7>", "7", true}, Vector{"<7-7>", "07", false}, Vector{"p<443-8443>", "p8080", true},
    Vector{"<0-2147483647>", "2147483647", true}, Vector{"<0-2147483647>", "2147483648", false}), [](const auto& test) { return parameter_name(test.index, test.param.regex); });
// clang-format on

TEST(RegularExpression, RefusesWrongSyntax) {
  for (const char* wrong : {"(a",      "a)",
                            "[a",      "[a-]",
                            "[]",      "[^]",
                            "[z-a]",   "a{",
                            "a{x}",    "a{1",
                            "a{2,1}",  "a{1,2",
                            "a|",      "(a|)",
                            "a&",      "\"a",
                            "<1",      "<a-b>",
                            "<5>",     "<-5>",
                            "<1-2-3>", "\\",
                            "a\\",     "\\n",
                            "\\b",     "[\\n]",
                            "~",       "a{99999999999}",
                            "[a",      "<1-99999999999>"}) {
    const auto pattern = Pattern::regular(wrong, Pattern::Fold::none);
    EXPECT_FALSE(pattern) << wrong;
  }
  EXPECT_FALSE(Pattern::regular(std::string(200, '(') + "a" + std::string(200, ')'), Pattern::Fold::none));
  EXPECT_FALSE(Pattern::regular(std::string(100'000, 'a'), Pattern::Fold::none));
}

TEST(RegularExpression, RefusesWhatIsTooComplex) {
  for (const char* large :
       {"(a|b)*a(a|b){40}", "(.{1,500}){1,500}", ".*[ab].{100}b.*", "((a{1,100}){1,100}){1,100}b"}) {
    const auto pattern = Pattern::regular(large, Pattern::Fold::none);
    ASSERT_FALSE(pattern) << large;
    EXPECT_NE(pattern.error().what.find("too complex"), std::string::npos);
  }
}

TEST(RegularExpression, BecomesAGlobWhereThatIsEnough) {
  const auto shape = [](const char* regex) { return Pattern::regular(regex, Pattern::Fold::none)->shape(); };
  EXPECT_EQ(shape("abc"), Pattern::Shape::exact);
  EXPECT_EQ(shape("abc.*"), Pattern::Shape::prefix);
  EXPECT_EQ(shape(".*abc"), Pattern::Shape::suffix);
  EXPECT_EQ(shape(".*a\\.b.*"), Pattern::Shape::contains);
  EXPECT_EQ(shape("@abc@"), Pattern::Shape::contains);
  EXPECT_EQ(shape(".*"), Pattern::Shape::everything);
  EXPECT_EQ(shape("(.*)/app/(.*)"), Pattern::Shape::contains);
  EXPECT_EQ(shape("a.+b.{3}"), Pattern::Shape::glob);
  EXPECT_EQ(shape("a|b"), Pattern::Shape::regular);
  EXPECT_EQ(shape("[ab]"), Pattern::Shape::regular);
}

TEST(RegularExpression, FoldsSinglesButNotRanges) {
  using enum Pattern::Fold;
  EXPECT_TRUE(matches("abc|[x]", "aBC", unicode));
  EXPECT_TRUE(matches("abc|[x]", "X", unicode));
  EXPECT_FALSE(matches("[a-c]", "B", unicode));
  EXPECT_TRUE(matches("\"quoted\"|a", "QUOTED", unicode));
  EXPECT_TRUE(matches("straße|ÄPFEL", "äpfel", unicode));
  EXPECT_FALSE(matches("ä|b", "Ä", ascii));
  EXPECT_TRUE(matches("k|b", "\u212A", unicode));
  EXPECT_TRUE(matches("Bash.*", "bASH -c", unicode));
}

// ---- the slow twin: the grammar again, and every way to match tried ----

struct Twin {
  // A matcher gives every end of a match that begins at `from`.
  using Ends = std::vector<bool>;
  using Matcher = std::function<Ends(const std::u32string&, std::size_t)>;

  std::u32string regex;
  std::size_t at = 0;

  bool take(char32_t c) {
    if (at < regex.size() && regex[at] == c) return ++at, true;
    return false;
  }
  static Ends at_end(std::size_t size, std::size_t end) {
    Ends ends(size + 1);
    ends[end] = true;
    return ends;
  }
  static Matcher one(std::function<bool(char32_t)> test) {
    return [test](const std::u32string& t, std::size_t from) {
      Ends ends(t.size() + 1);
      if (from < t.size() && test(t[from])) ends[from + 1] = true;
      return ends;
    };
  }
  static Matcher then(Matcher a, Matcher b) {
    return [a, b](const std::u32string& t, std::size_t from) {
      Ends ends(t.size() + 1);
      const Ends middle = a(t, from);
      for (std::size_t m = 0; m < middle.size(); ++m) {
        if (!middle[m]) continue;
        const Ends last = b(t, m);
        for (std::size_t e = 0; e < last.size(); ++e) ends[e] = ends[e] || last[e];
      }
      return ends;
    };
  }
  static Matcher merge(Matcher a, Matcher b, bool both) {
    return [a, b, both](const std::u32string& t, std::size_t from) {
      Ends x = a(t, from);
      const Ends y = b(t, from);
      for (std::size_t e = 0; e < x.size(); ++e) x[e] = both ? (x[e] && y[e]) : (x[e] || y[e]);
      return x;
    };
  }
  static Matcher times(Matcher a, int least, int most) {  // most < 0: any number
    return [a, least, most](const std::u32string& t, std::size_t from) {
      Ends now = at_end(t.size(), from);
      Ends out(t.size() + 1);
      const int enough = most < 0 ? least + static_cast<int>(t.size()) + 1 : most;
      for (int i = 0; i <= enough; ++i) {
        if (i >= least) {
          for (std::size_t e = 0; e < out.size(); ++e) out[e] = out[e] || now[e];
        }
        Ends next(t.size() + 1);
        for (std::size_t m = 0; m < now.size(); ++m) {
          if (!now[m]) continue;
          const Ends last = a(t, m);
          for (std::size_t e = 0; e < last.size(); ++e) next[e] = next[e] || last[e];
        }
        now = next;
      }
      return out;
    };
  }
  static Matcher complement(Matcher a) {
    return [a](const std::u32string& t, std::size_t from) {
      Ends ends = a(t, from);
      for (std::size_t e = 0; e < ends.size(); ++e) ends[e] = e >= from && !ends[e];
      return ends;
    };
  }
  Matcher parse_union() {
    Matcher m = parse_both();
    return take('|') ? merge(m, parse_union(), false) : m;
  }
  Matcher parse_both() {
    Matcher m = parse_sequence();
    return take('&') ? merge(m, parse_both(), true) : m;
  }
  Matcher parse_sequence() {
    Matcher m = parse_repeat();
    if (at < regex.size() && std::u32string_view(U")|&").find(regex[at]) == std::u32string::npos)
      return then(m, parse_sequence());
    return m;
  }
  Matcher parse_repeat() {
    Matcher m = take('~') ? complement(parse_negatable()) : parse_simple();
    while (true) {
      if (take('?'))
        m = times(m, 0, 1);
      else if (take('*'))
        m = times(m, 0, -1);
      else if (take('+'))
        m = times(m, 1, -1);
      else if (take('{')) {
        const int n = static_cast<int>(regex[at++] - U'0');
        int most = n;
        if (take(',')) most = regex[at] == '}' ? -1 : static_cast<int>(regex[at++] - U'0');
        (void)take('}');
        m = times(m, n, most);
      } else {
        return m;
      }
    }
  }
  Matcher parse_negatable() { return take('~') ? complement(parse_negatable()) : parse_simple(); }
  Matcher parse_simple() {
    if (take('(')) {
      Matcher m = parse_union();
      (void)take(')');
      return m;
    }
    if (take('.')) return one([](char32_t) { return true; });
    if (take('@')) return times(one([](char32_t) { return true; }), 0, -1);
    if (take('#')) return one([](char32_t) { return false; });
    if (take('[')) {
      const bool negated = take('^');
      std::u32string members;
      while (!take(']')) members += regex[at++];
      return one([members, negated](char32_t c) { return (members.find(c) != std::u32string::npos) != negated; });
    }
    const char32_t c = regex[at++];
    return one([c](char32_t d) { return c == d; });
  }
};

class RandomRegex {
 public:
  explicit RandomRegex(unsigned seed) : random_(seed) {}
  std::u32string make(int depth) {
    switch (pick(depth <= 0 ? 3 : 12)) {
      case 0:
        return {letter()};
      case 1:
        return U".";
      case 2:
        return {letter(), letter()};
      case 3:
        return make(depth - 1) + make(depth - 1);
      case 4:
        return U"(" + make(depth - 1) + U"|" + make(depth - 1) + U")";
      case 5:
        return U"(" + make(depth - 1) + U"&" + make(depth - 1) + U")";
      case 6:
        return U"(" + make(depth - 1) + U")" + std::u32string(1, U"?*+"[pick(3)]);
      case 7: {
        const char32_t n = U'0' + static_cast<char32_t>(pick(3));
        const char32_t m = n + static_cast<char32_t>(pick(3));
        return U"(" + make(depth - 1) + U"){" + n + (pick(2) ? U"," + (pick(2) ? std::u32string(1, m) : U"") : U"") +
               U"}";
      }
      case 8:
        return U"~(" + make(depth - 1) + U")";
      case 9:
        return (pick(2) ? U"[^" : U"[") + std::u32string{letter(), letter()} + U"]";
      case 10:
        return pick(6) == 0 ? U"#" : U"@";
      default:
        return U"(" + make(depth - 1) + U")";
    }
  }
  std::u32string text() {
    std::u32string out;
    for (std::size_t n = pick(7); n > 0; --n) out += letter();
    return out;
  }

 private:
  std::size_t pick(std::size_t n) { return random_() % n; }
  char32_t letter() { return U"abcé"[pick(4)]; }
  std::mt19937 random_;
};

std::string utf8(const std::u32string& text) {
  std::string out;
  for (const char32_t c : text) append_code_point(out, c);
  return out;
}

TEST(RegularExpression, AgreesWithItsSlowTwin) {
  std::size_t matched = 0;
  std::size_t compared = 0;
  for (unsigned seed = 0; seed < 3000; ++seed) {
    RandomRegex random(seed);
    const std::u32string regex = random.make(4);
    const auto pattern = Pattern::regular(utf8(regex), Pattern::Fold::none);
    if (!pattern) {
      ASSERT_NE(pattern.error().what.find("too complex"), std::string::npos) << utf8(regex) << pattern.error().what;
      continue;
    }
    Twin twin{regex};
    const auto matcher = twin.parse_union();
    ASSERT_EQ(twin.at, regex.size()) << utf8(regex);
    for (int i = 0; i < 12; ++i) {
      const std::u32string text = random.text();
      const bool expected = matcher(text, 0)[text.size()];
      ASSERT_EQ(pattern->matches(utf8(text)), expected) << utf8(regex) << " on " << utf8(text);
      matched += expected;
      ++compared;
    }
  }
  EXPECT_GT(compared, 30'000u);
  EXPECT_GT(matched, compared / 10);
  EXPECT_LT(matched, compared * 9 / 10);
}

}  // namespace
}  // namespace trailhound::plan
