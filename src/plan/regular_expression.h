#pragma once
/// A compiled regular expression of Lucene's dialect (see regex_parser.h): a deterministic automaton over code points,
/// so that matching is one table look-up a character, whatever the expression. Immutable; shared by threads.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "plan/code_points.h"
#include "plan/pattern.h"

namespace trailhound::plan {

class RegularExpression {
 public:
  /// What `text` compiles to: the pieces of a glob if it says no more than one, else an automaton.
  struct Compiled {
    std::optional<std::vector<Pattern::Piece>> glob;
    std::shared_ptr<const RegularExpression> automaton;
  };
  /// Errors: wrong syntax; "too complex" when the automaton would have more than kMaxStates states.
  [[nodiscard]] static Result<Compiled> compile(std::string_view text, Pattern::Fold fold);

  /// The whole text, by code point.
  [[nodiscard]] bool matches(std::string_view text) const;

  static constexpr std::size_t kMaxStates = 10'000;

 private:
  friend class AutomatonBuilder;

  [[nodiscard]] std::uint16_t class_of(CodePoint code) const;

  /// Classes of characters that no set of the expression tells apart: where each begins, and which it is.
  std::vector<CodePoint> class_begins_;
  std::vector<std::uint16_t> class_numbers_;
  std::array<std::uint16_t, 128> ascii_classes_{};
  std::size_t classes_ = 0;
  std::vector<std::uint16_t> next_;  ///< [state * classes + class]
  std::vector<bool> accepts_;
  std::uint16_t start_ = 0;
};

}  // namespace trailhound::plan
