#pragma once
/// Text patterns: what wildcards of all languages become. Escapes and dialects end in src/lang.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace trailhound::plan {

class RegularExpression;

/// Matches a whole text. A glob is a list of pieces; neighbours of one kind are merged and the list is classified when
/// it is made, so that `AKIA*` costs a prefix comparison. What a glob cannot say is a regular expression.
class Pattern {
 public:
  struct Piece {
    enum class Kind : std::uint8_t { literal, any_run, any_one };  ///< any_one is one code point
    Kind kind = Kind::literal;
    std::string text;
    bool operator==(const Piece&) const = default;
  };
  enum class Fold : std::uint8_t { none, ascii, unicode };
  enum class Shape : std::uint8_t { exact, prefix, suffix, contains, everything, glob, regular };

  Pattern() = default;
  Pattern(std::vector<Piece> pieces, Fold fold);
  /// A regular expression of Lucene's dialect (plan/regex_parser.h); one that says no more than a glob becomes a glob.
  /// Folding takes single characters in either case, not ranges. Errors: wrong syntax, too complex.
  [[nodiscard]] static Result<Pattern> regular(std::string text, Fold fold);

  [[nodiscard]] bool matches(std::string_view text) const;
  [[nodiscard]] const std::vector<Piece>& pieces() const { return pieces_; }       ///< none if the shape is regular
  [[nodiscard]] const std::string& regular_text() const { return regular_text_; }  ///< set if the shape is regular
  [[nodiscard]] Fold fold() const { return fold_; }
  [[nodiscard]] Shape shape() const { return shape_; }
  bool operator==(const Pattern& other) const {
    return pieces_ == other.pieces_ && fold_ == other.fold_ && shape_ == other.shape_ &&
           regular_text_ == other.regular_text_;
  }

 private:
  std::vector<Piece> pieces_;
  Fold fold_ = Fold::none;
  Shape shape_ = Shape::exact;
  std::string regular_text_;
  std::shared_ptr<const RegularExpression> automaton_;
};

}  // namespace trailhound::plan
