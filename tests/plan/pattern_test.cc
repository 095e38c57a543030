#include "plan/pattern.h"

#include <gtest/gtest.h>

#include <random>

#include "base/ascii.h"
#include "base/utf8.h"
#include "plan/fold.h"

namespace trailhound::plan {
namespace {

using Piece = Pattern::Piece;
using Kind = Piece::Kind;

// "a*b?" as pieces; every other character is literal.
std::vector<Piece> pieces_of(std::string_view glob) {
  std::vector<Piece> pieces;
  for (const char c : glob) {
    if (c == '*')
      pieces.push_back({Kind::any_run, {}});
    else if (c == '?')
      pieces.push_back({Kind::any_one, {}});
    else
      pieces.push_back({Kind::literal, std::string(1, c)});
  }
  return pieces;
}

Pattern glob(std::string_view text, Pattern::Fold fold = Pattern::Fold::none) { return {pieces_of(text), fold}; }

// The definition, tried in every way.
bool naive(std::string_view text, const std::vector<Piece>& pieces, std::size_t i = 0) {
  if (i == pieces.size()) return text.empty();
  if (pieces[i].kind == Kind::literal) {
    return text.starts_with(pieces[i].text) && naive(text.substr(pieces[i].text.size()), pieces, i + 1);
  }
  if (pieces[i].kind == Kind::any_run && naive(text, pieces, i + 1)) return true;
  if (text.empty()) return false;
  const std::string_view rest = text.substr(utf8_step(text, 0));
  return naive(rest, pieces, pieces[i].kind == Kind::any_run ? i : i + 1);
}

TEST(Pattern, ClassifiesTheCheapShapes) {
  EXPECT_EQ(Pattern().shape(), Pattern::Shape::exact);
  EXPECT_EQ(glob("abc").shape(), Pattern::Shape::exact);
  EXPECT_EQ(glob("AKIA*").shape(), Pattern::Shape::prefix);
  EXPECT_EQ(glob("*Role").shape(), Pattern::Shape::suffix);
  EXPECT_EQ(glob("**mid**").shape(), Pattern::Shape::contains);
  EXPECT_EQ(glob("***").shape(), Pattern::Shape::everything);
  EXPECT_EQ(glob("a?").shape(), Pattern::Shape::glob);
  EXPECT_EQ(glob("?").shape(), Pattern::Shape::glob);
  EXPECT_EQ(glob("a*b").shape(), Pattern::Shape::glob);
}

TEST(Pattern, EquivalentWildcardsHaveOneForm) { EXPECT_EQ(glob("a*?*?b"), glob("a??*b")); }

TEST(Pattern, EmptyPatternMatchesOnlyEmptyText) {
  EXPECT_TRUE(Pattern().matches(""));
  EXPECT_FALSE(Pattern().matches("a"));
  EXPECT_TRUE(glob("*").matches(""));
}

TEST(Pattern, AnchoredEndsDoNotOverlap) {
  EXPECT_FALSE(glob("ab*ba").matches("aba"));
  EXPECT_TRUE(glob("ab*ba").matches("abba"));
  EXPECT_FALSE(glob("?*?").matches("a"));
}

TEST(Pattern, AnyOneIsOneCodePointOrOneInvalidByte) {
  EXPECT_TRUE(glob("?").matches("€"));
  EXPECT_FALSE(glob("??").matches("€"));
  EXPECT_FALSE(glob("*??").matches("€"));
  EXPECT_TRUE(glob("??").matches("\xE2\x82"));
  EXPECT_TRUE(
      glob("a?b").matches("a\xFF"
                          "b"));
}

TEST(Pattern, FoldsAsAskedFor) {
  EXPECT_FALSE(glob("get*").matches("GetUser"));
  EXPECT_TRUE(glob("gEt*", Pattern::Fold::ascii).matches("GETUSER"));
  EXPECT_FALSE(glob("*é", Pattern::Fold::ascii).matches("caf\u00C9"));
  EXPECT_TRUE(glob("*é", Pattern::Fold::unicode).matches("CAF\u00C9"));
  EXPECT_TRUE(glob("\u03A3*", Pattern::Fold::unicode).matches("\u03C2x"));  // both sigmas
  EXPECT_TRUE(glob("k", Pattern::Fold::unicode).matches("\u212A"));         // the Kelvin sign
  EXPECT_FALSE(glob("stra??e", Pattern::Fold::unicode).matches("stra\u00DFe"));
  EXPECT_TRUE(glob("STRA?E", Pattern::Fold::unicode).matches("stra\u00DFe"));
}

TEST(Pattern, HostileTextTakesNoTime) {
  const std::string text(200'000, 'a');
  EXPECT_FALSE(glob("*a*a*a*a*a*a*a*a*ab*a*a*a").matches(text));
  EXPECT_FALSE(glob("*?a?a*b").matches(text));
}

TEST(Pattern, AgreesWithTheNaiveTwinOnRandomTexts) {
  std::mt19937 random(7);
  const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
  const std::vector<std::string> letters{"a", "b", "A", "é", "€", "É"};
  const std::vector<std::string> broken{"\xC3", "\xA9", "\xE2\x82", "\xF0"};
  int matched = 0;
  for (int round = 0; round < 60'000; ++round) {
    std::vector<Piece> pieces;
    for (std::size_t i = below(8); i > 0; --i) {
      const std::size_t kind = below(5);
      if (kind < 3)
        pieces.push_back({Kind::literal, letters[below(letters.size())]});
      else
        pieces.push_back({kind == 3 ? Kind::any_run : Kind::any_one, {}});
    }
    std::string text;
    for (std::size_t i = below(9); i > 0; --i) {
      text += below(8) == 0 ? broken[below(broken.size())] : letters[below(letters.size())];
    }
    const auto fold = static_cast<Pattern::Fold>(below(3));
    std::vector<Piece> folded = pieces;
    std::string folded_text = text;
    if (fold != Pattern::Fold::none) {
      const auto apply = [&](const std::string& t) {
        return fold == Pattern::Fold::ascii ? lower_ascii(t) : fold_unicode(t);
      };
      for (Piece& piece : folded) piece.text = apply(piece.text);
      folded_text = apply(text);
    }
    const bool expected = naive(folded_text, folded);
    matched += expected ? 1 : 0;
    ASSERT_EQ(Pattern(pieces, fold).matches(text), expected) << "round " << round << " text " << text;
  }
  EXPECT_GT(matched, 5'000);
}

}  // namespace
}  // namespace trailhound::plan
