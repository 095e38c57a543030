#include "lang/esql/like_pattern.h"

#include <string>
#include <utility>
#include <vector>

namespace trailhound::esql {

Result<plan::Pattern> like_pattern(std::string_view text) {
  using Piece = plan::Pattern::Piece;
  std::vector<Piece> pieces;
  const auto add_literal = [&pieces](char c) {
    if (pieces.empty() || pieces.back().kind != Piece::Kind::literal) pieces.push_back({Piece::Kind::literal, {}});
    pieces.back().text += c;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '*') {
      pieces.push_back({Piece::Kind::any_run, {}});
    } else if (c == '?') {
      pieces.push_back({Piece::Kind::any_one, {}});
    } else if (c == '\\') {
      const char next = i + 1 < text.size() ? text[i + 1] : '\0';
      if (next != '*' && next != '?' && next != '\\') {
        return fail("escape character is not followed by special wildcard char", {},
                    "a backslash may stand before *, ? and \\ only");
      }
      add_literal(next);
      ++i;
    } else {
      add_literal(c);
    }
  }
  return plan::Pattern(std::move(pieces), plan::Pattern::Fold::none);
}

}  // namespace trailhound::esql
