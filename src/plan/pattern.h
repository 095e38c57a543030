#pragma once
/// Text patterns: what wildcards of all languages become. Escapes and dialects end in src/lang.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trailhound::plan {

/// Matches a whole text. A glob is a list of pieces; neighbours of one kind are merged and the list is classified when
/// it is made, so that `AKIA*` costs a prefix comparison.
class Pattern {
 public:
  struct Piece {
    enum class Kind : std::uint8_t { literal, any_run, any_one };  ///< any_one is one code point
    Kind kind = Kind::literal;
    std::string text;
    bool operator==(const Piece&) const = default;
  };
  enum class Fold : std::uint8_t { none, ascii, unicode };
  enum class Shape : std::uint8_t { exact, prefix, suffix, contains, everything, glob };

  Pattern() = default;
  Pattern(std::vector<Piece> pieces, Fold fold);

  [[nodiscard]] bool matches(std::string_view text) const;
  [[nodiscard]] const std::vector<Piece>& pieces() const { return pieces_; }
  [[nodiscard]] Fold fold() const { return fold_; }
  [[nodiscard]] Shape shape() const { return shape_; }
  bool operator==(const Pattern& other) const { return pieces_ == other.pieces_ && fold_ == other.fold_; }

 private:
  std::vector<Piece> pieces_;
  Fold fold_ = Fold::none;
  Shape shape_ = Shape::exact;
};

}  // namespace trailhound::plan
