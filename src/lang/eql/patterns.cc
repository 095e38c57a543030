#include "lang/eql/patterns.h"

#include <string>
#include <utility>
#include <vector>

namespace trailhound::eql {
namespace {

using plan::Pattern;
using Piece = Pattern::Piece;
using PieceKind = Piece::Kind;

/// Collects pieces; neighbours are joined by Pattern.
class Pieces {
 public:
  void literal(char c) {
    if (pieces_.empty() || pieces_.back().kind != PieceKind::literal) pieces_.push_back({PieceKind::literal, {}});
    pieces_.back().text += c;
  }
  void any_run() { pieces_.push_back({PieceKind::any_run, {}}); }
  void any_one() { pieces_.push_back({PieceKind::any_one, {}}); }
  [[nodiscard]] Pattern pattern(Pattern::Fold fold) && { return {std::move(pieces_), fold}; }

 private:
  std::vector<Piece> pieces_;
};

void add_wildcard_or_literal(Pieces& pieces, char c) {
  if (c == '*') {
    pieces.any_run();
  } else if (c == '?') {
    pieces.any_one();
  } else {
    pieces.literal(c);
  }
}

}  // namespace

bool has_wildcard(std::string_view text) { return text.find_first_of("*?") != std::string_view::npos; }

Pattern wildcard_pattern(std::string_view text, Pattern::Fold fold) {
  Pieces pieces;
  for (const char c : text) add_wildcard_or_literal(pieces, c);
  return std::move(pieces).pattern(fold);
}

Pattern lucene_wildcard(std::string_view text, Pattern::Fold fold, bool leading, bool trailing) {
  // The trailing run is part of the text that is read: a backslash at the end makes it a star.
  std::string whole(text);
  if (trailing) whole += '*';
  Pieces pieces;
  if (leading) pieces.any_run();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (whole[i] == '\\' && i + 1 < whole.size()) {
      pieces.literal(whole[++i]);
    } else {
      add_wildcard_or_literal(pieces, whole[i]);
    }
  }
  return std::move(pieces).pattern(fold);
}

Pattern exact_pattern(std::string_view text, Pattern::Fold fold) {
  return {{{PieceKind::literal, std::string(text)}}, fold};
}

Pattern prefix_pattern(std::string_view text, Pattern::Fold fold) {
  return {{{PieceKind::literal, std::string(text)}, {PieceKind::any_run, {}}}, fold};
}

}  // namespace trailhound::eql
