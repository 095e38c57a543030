#include "plan/pattern.h"

#include <algorithm>
#include <span>

#include "base/ascii.h"
#include "base/utf8.h"
#include "plan/fold.h"
#include "plan/regular_expression.h"

namespace trailhound::plan {

namespace {

using Piece = Pattern::Piece;
using Kind = Piece::Kind;
using Pieces = std::span<const Piece>;

// Literals joined and folded, wildcards in one normal form: `?`s before one `*` ("*?" and "?*" say the same).
std::vector<Piece> normalize(std::vector<Piece> pieces, Pattern::Fold fold) {
  std::vector<Piece> out;
  for (Piece& piece : pieces) {
    const bool after_run = !out.empty() && out.back().kind == Kind::any_run;
    switch (piece.kind) {
      case Kind::literal:
        if (piece.text.empty()) break;
        if (!out.empty() && out.back().kind == Kind::literal)
          out.back().text += piece.text;
        else
          out.push_back(std::move(piece));
        break;
      case Kind::any_run:
        if (!after_run) out.push_back({Kind::any_run, {}});
        break;
      case Kind::any_one:
        out.insert(after_run ? out.end() - 1 : out.end(), {Kind::any_one, {}});
        break;
    }
  }
  for (Piece& piece : out) {
    if (fold == Pattern::Fold::ascii) piece.text = lower_ascii(piece.text);
    if (fold == Pattern::Fold::unicode) piece.text = fold_unicode(piece.text);
  }
  return out;
}

Pattern::Shape classify(const std::vector<Piece>& pieces) {
  const auto is = [&](std::size_t i, Kind kind) { return pieces[i].kind == kind; };
  using enum Pattern::Shape;
  switch (pieces.size()) {
    case 0:
      return exact;
    case 1:
      return is(0, Kind::literal) ? exact : (is(0, Kind::any_run) ? everything : glob);
    case 2:
      if (is(0, Kind::literal) && is(1, Kind::any_run)) return prefix;
      return is(0, Kind::any_run) && is(1, Kind::literal) ? suffix : glob;
    case 3:
      return is(0, Kind::any_run) && is(1, Kind::literal) && is(2, Kind::any_run) ? contains : glob;
    default:
      return glob;
  }
}

// How bytes of a text are compared with those of a literal, which is folded already.
struct Exactly {
  static std::size_t find(std::string_view text, std::string_view literal, std::size_t from) {
    return text.find(literal, from);
  }
  static bool equal(std::string_view text, std::string_view literal) { return text == literal; }
};
struct FoldingAscii {
  static bool equal(std::string_view text, std::string_view literal) {
    return std::ranges::equal(text, literal, [](char t, char l) { return lower_ascii(t) == l; });
  }
  static std::size_t find(std::string_view text, std::string_view literal, std::size_t from) {
    const auto found = std::search(text.begin() + static_cast<std::ptrdiff_t>(std::min(from, text.size())), text.end(),
                                   literal.begin(), literal.end(), [](char t, char l) { return lower_ascii(t) == l; });
    return found == text.end() ? std::string_view::npos : static_cast<std::size_t>(found - text.begin());
  }
};

constexpr std::size_t kNoMatch = std::string_view::npos;

// End of a match of `pieces` (no any_run among them) that begins at `at`.
template <class Comparison>
std::size_t match_forward(std::string_view text, std::size_t at, Pieces pieces) {
  for (const Piece& piece : pieces) {
    if (piece.kind == Kind::literal) {
      if (!Comparison::equal(text.substr(at, piece.text.size()), piece.text)) return kNoMatch;
      at += piece.text.size();
    } else {
      if (at == text.size()) return kNoMatch;
      at += utf8_step(text, at);
    }
  }
  return at;
}

// Beginning of a match that ends with the text.
template <class Comparison>
std::size_t match_backward(std::string_view text, Pieces pieces) {
  std::size_t end = text.size();
  for (std::size_t i = pieces.size(); i-- > 0;) {
    const std::size_t size = pieces[i].text.size();
    if (pieces[i].kind == Kind::literal) {
      if (size > end || !Comparison::equal(text.substr(end - size, size), pieces[i].text)) return kNoMatch;
      end -= size;
    } else {
      if (end == 0) return kNoMatch;
      end -= utf8_step_back(text, end);
    }
  }
  return end;
}

// End of the first match at or after `at`.
template <class Comparison>
std::size_t search(std::string_view text, std::size_t at, Pieces pieces) {
  while (true) {
    if (pieces[0].kind == Kind::literal) {
      at = Comparison::find(text, pieces[0].text, at);
      if (at == kNoMatch) return kNoMatch;
    }
    const std::size_t end = match_forward<Comparison>(text, at, pieces);
    if (end != kNoMatch) return end;
    if (at >= text.size()) return kNoMatch;
    at += utf8_step(text, at);
  }
}

// The runs cut the pieces into stretches of fixed length. The first is anchored to the beginning, the last to the end;
// for those between, the first place that fits is always as good as any later one, so nothing is ever tried twice.
template <class Comparison>
bool match_glob(std::string_view text, Pieces pieces) {
  const auto is_run = [](const Piece& piece) { return piece.kind == Kind::any_run; };
  const auto first_run = std::ranges::find_if(pieces, is_run);
  std::size_t at = match_forward<Comparison>(text, 0, {pieces.begin(), first_run});
  if (at == kNoMatch) return false;
  if (first_run == pieces.end()) return at == text.size();

  auto last_run = pieces.end() - 1;
  while (!is_run(*last_run)) --last_run;
  const std::size_t tail = match_backward<Comparison>(text, {last_run + 1, pieces.end()});
  if (tail == kNoMatch || tail < at) return false;

  const std::string_view middle = text.substr(0, tail);
  for (auto run = first_run; run != last_run;) {
    const auto next_run = std::find_if(run + 1, pieces.end(), is_run);
    at = search<Comparison>(middle, at, {run + 1, next_run});
    if (at == kNoMatch) return false;
    run = next_run;
  }
  return true;
}

template <class Comparison>
bool match_shape(Pattern::Shape shape, std::string_view text, Pieces pieces) {
  switch (shape) {
    case Pattern::Shape::everything:
      return true;
    case Pattern::Shape::exact:
      return Comparison::equal(text, pieces.empty() ? std::string_view() : pieces[0].text);
    case Pattern::Shape::prefix:
      return Comparison::equal(text.substr(0, pieces[0].text.size()), pieces[0].text);
    case Pattern::Shape::suffix:
      return match_backward<Comparison>(text, pieces.subspan(1)) != kNoMatch;
    case Pattern::Shape::contains:
      return Comparison::find(text, pieces[1].text, 0) != kNoMatch;
    case Pattern::Shape::glob:
      return match_glob<Comparison>(text, pieces);
    case Pattern::Shape::regular:  // has an automaton of its own
      break;
  }
  return false;
}

}  // namespace

Pattern::Pattern(std::vector<Piece> pieces, Fold fold)
    : pieces_(normalize(std::move(pieces), fold)), fold_(fold), shape_(classify(pieces_)) {}

Result<Pattern> Pattern::regular(std::string text, Fold fold) {
  TRY(auto compiled, RegularExpression::compile(text, fold));
  if (compiled.glob) return Pattern(*std::move(compiled.glob), fold);
  Pattern pattern;
  pattern.fold_ = fold;
  pattern.shape_ = Shape::regular;
  pattern.regular_text_ = std::move(text);
  pattern.automaton_ = std::move(compiled.automaton);
  return pattern;
}

bool Pattern::matches(std::string_view text) const {
  if (automaton_) return automaton_->matches(text);
  switch (fold_) {
    case Fold::none:
      return match_shape<Exactly>(shape_, text, pieces_);
    case Fold::ascii:
      return match_shape<FoldingAscii>(shape_, text, pieces_);
    case Fold::unicode:
      if (is_ascii(text)) return match_shape<FoldingAscii>(shape_, text, pieces_);
      return match_shape<Exactly>(shape_, fold_unicode(text), pieces_);
  }
  return false;
}

}  // namespace trailhound::plan
