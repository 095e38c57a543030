#include "lang/esql/lexer.h"

#include <gtest/gtest.h>

namespace trailhound::esql {
namespace {

/// "identifier(a) equal(==)": the tokens of a text in one mode.
std::string tokens(std::string_view text, Mode mode = Mode::expression) {
  const Lexer lexer(text);
  std::string out;
  for (std::size_t at = 0;;) {
    const Token token = lexer.read(at, mode);
    if (token.kind == TokenKind::end) return out;
    if (!out.empty()) out += " ";
    switch (token.kind) {
      case TokenKind::error:
        out += "error(" + std::string(token.text) + ")";
        break;
      case TokenKind::string:
        out += "string<" + token.value + ">";
        break;
      case TokenKind::quoted_identifier:
        out += "quoted<" + token.value + ">";
        break;
      case TokenKind::integer:
        out += "int(" + std::string(token.text) + ")";
        break;
      case TokenKind::decimal:
        out += "dec(" + std::string(token.text) + ")";
        break;
      case TokenKind::name_pattern: {
        out += "pattern<";
        for (const auto& piece : token.pieces) out += piece.star ? "{*}" : piece.text;
        out += ">";
        break;
      }
      default:
        out += token.text;
    }
    EXPECT_GT(token.end, at) << "a token must make way";
    at = token.end;
  }
}

struct Case {
  const char* name;
  const char* text;
  const char* expected;
};
class EsqlLexer : public testing::TestWithParam<Case> {};
TEST_P(EsqlLexer, Expression) { EXPECT_EQ(tokens(GetParam().text), GetParam().expected); }

INSTANTIATE_TEST_SUITE_P(
    Facts, EsqlLexer,
    testing::Values(
        Case{"LineComment", "a // b\nc", "a c"}, Case{"CommentsNest", "a /* x /* y */ z */ b", "a b"},
        Case{"OpenComment", "a /* x", "a error(/* x)"}, Case{"TimestampIsAName", "@timestamp", "@timestamp"},
        Case{"LoneAtIsNone", "@ a", "error(@) a"}, Case{"LoneUnderscoreIsNone", "_ _x", "error(_) _x"},
        Case{"QuotedName", "`a b`.c", "quoted<a b> . c"}, Case{"DoubledBackquote", "`a``b`", "quoted<a`b>"},
        Case{"Escapes", R"("\t\n\r\"\\")", "string<\t\n\r\"\\>"},
        Case{"UnknownEscape", R"("a\.b" c)", R"(error("a\.b") c)"},
        Case{"StringEndsWithLine", "\"ab\ncd", "error(\"ab) cd"},
        Case{"TripleHasNoEscapes", R"("""\d"""")", R"(string<\d">)"},
        Case{"TripleTakesTwoMoreQuotes", R"("""a""""")", R"(string<a"">)"},
        Case{"EmptyTriple", R"("""""" x)", "string<> x"}, Case{"EmptyString", "\"\" x", "string<> x"},
        Case{"Integer", "12 3", "int(12) int(3)"},
        Case{"Decimals", "1. .5 1.5 1e3 2E-4 1.5e+2", "dec(1.) dec(.5) dec(1.5) dec(1e3) dec(2E-4) dec(1.5e+2)"},
        Case{"SpanIsTwoTokens", "5m 10 seconds", "int(5) m int(10) seconds"}, Case{"NoExponent", "1e", "int(1) e"},
        Case{"Operators", "== != <= >= =~ :: < > = + - * / %", "== != <= >= =~ :: < > = + - * / %"},
        Case{"SingleQuote", "'x", "error(') x"}, Case{"BangAlone", "!a", "error(!) a"},
        Case{"Parameters", "? ?1 ?name ??n", "? ?1 ?name ??n"},
        Case{"NonAsciiIsOneError", "\xC3\xA4 b", "error(\xC3\xA4) b"}),
    [](const auto& test) { return test.param.name; });

TEST(EsqlLexerModes, SourcesAreSingleTokens) {
  EXPECT_EQ(tokens("logs-aws.cloudtrail-*, -x-* metadata", Mode::source), "logs-aws.cloudtrail-* , -x-* metadata");
  EXPECT_EQ(tokens("<logs-{now/d}>", Mode::source), "<logs-{now/d}>");
  EXPECT_EQ(tokens("c:i::data", Mode::source), "c : i :: data");
  EXPECT_EQ(tokens("a//b\n|", Mode::source), "a |") << "a slash that begins a comment ends the name";
  EXPECT_EQ(tokens("a/b", Mode::source), "a/b");
}

TEST(EsqlLexerModes, PatternsGlueTheirParts) {
  EXPECT_EQ(tokens("a.b*, *c", Mode::pattern), "pattern<a> . pattern<b{*}> , pattern<{*}c>");
  EXPECT_EQ(tokens("first_`odd name`*", Mode::pattern), "pattern<first_odd name{*}>");
  EXPECT_EQ(tokens("`a*`", Mode::pattern), "pattern<a*>") << "a star in backquotes is a character";
}

TEST(EsqlLexerModes, PositionsCountBytesFromOne) {
  const Lexer lexer("a\n  b\n");
  EXPECT_EQ(lexer.position(0).line, 1);
  EXPECT_EQ(lexer.position(4).line, 2);
  EXPECT_EQ(lexer.position(4).column, 3);
}

}  // namespace
}  // namespace trailhound::esql
