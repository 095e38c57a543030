#pragma once
/// A value (or a field's name) as KQL and Lucene query strings write it, escapes resolved.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "plan/pattern.h"

namespace trailhound::lang {

struct QueryValue {
  using Piece = plan::Pattern::Piece;
  enum class Kind : std::uint8_t { text, boolean, null };  ///< KQL's unquoted true, false and null; all have a text

  std::vector<Piece> pieces;
  Kind kind = Kind::text;
  bool quoted = false;
  LineColumn at;

  [[nodiscard]] bool has_wildcard() const {
    return std::ranges::any_of(pieces, [](const Piece& p) { return p.kind != Piece::Kind::literal; });
  }
  /// One `*` and nothing else.
  [[nodiscard]] bool is_star() const { return pieces.size() == 1 && pieces[0].kind == Piece::Kind::any_run; }
  /// The text, wildcards as they are written.
  [[nodiscard]] std::string text() const {
    std::string out;
    for (const Piece& piece : pieces) {
      out += piece.kind == Piece::Kind::literal ? std::string_view(piece.text)
                                                : std::string_view(piece.kind == Piece::Kind::any_run ? "*" : "?");
    }
    return out;
  }
  void add(char c) { add(std::string_view(&c, 1)); }
  void add(std::string_view text) {
    if (pieces.empty() || pieces.back().kind != Piece::Kind::literal) pieces.push_back({Piece::Kind::literal, {}});
    pieces.back().text += text;
  }
};

[[nodiscard]] inline QueryValue literal_value(std::string_view text, LineColumn at = {}) {
  QueryValue value;
  value.add(text);
  value.at = at;
  return value;
}

/// The pieces between blanks: a query string's words.
[[nodiscard]] inline std::vector<QueryValue> split_words(const QueryValue& value) {
  std::vector<QueryValue> out(1);
  for (const QueryValue::Piece& piece : value.pieces) {
    if (piece.kind != QueryValue::Piece::Kind::literal) {
      out.back().pieces.push_back(piece);
      continue;
    }
    for (const char c : piece.text) {
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        out.emplace_back();
      } else {
        out.back().add(c);
      }
    }
  }
  std::erase_if(out, [](const QueryValue& word) { return word.pieces.empty(); });
  for (QueryValue& word : out) word.at = value.at;
  return out;
}

}  // namespace trailhound::lang
