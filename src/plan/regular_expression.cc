#include "plan/regular_expression.h"

#include <algorithm>
#include <map>

#include "plan/regex_parser.h"

namespace trailhound::plan {

namespace {

using Id = RegexNodes::Id;
using NodeKind = RegexNodes::Kind;
using Piece = Pattern::Piece;

/// States 0 and 1 are those that nothing leads out of: no text, and every text.
constexpr std::uint16_t kDead = 0;
constexpr std::uint16_t kAll = 1;
constexpr std::size_t kMaxCells = 4'000'000;
constexpr std::size_t kMaxWork = 3'000'000;
constexpr std::uint32_t kMaxSingles = 1'000;

/// The character that a set means if it is one literal, in the case that folding gives.
std::optional<CodePoint> single_character(const CodePointSet& set, Pattern::Fold fold) {
  const CodePoint first = set.ranges().front().first;
  if (first > kLastUnicode || case_variants(first, fold) != set) return std::nullopt;
  return first;
}

/// The expression as a glob, if it is a sequence of literals, `.` and runs of any character.
std::optional<std::vector<Piece>> as_glob(const RegexNodes& nodes, Id id, Pattern::Fold fold) {
  std::vector<Piece> pieces;
  const auto is_any = [&](Id part) {
    return nodes.kind(part) == NodeKind::characters && nodes.set(part) == CodePointSet::all();
  };
  const auto add = [&](Id part) {
    if (part == nodes.empty()) return true;
    if (nodes.kind(part) == NodeKind::characters) {
      if (is_any(part)) {
        pieces.push_back({Piece::Kind::any_one, {}});
        return true;
      }
      const auto code = single_character(nodes.set(part), fold);
      if (!code) return false;
      std::string text;
      append_code_point(text, *code);
      pieces.push_back({Piece::Kind::literal, std::move(text)});
      return true;
    }
    if (nodes.kind(part) != NodeKind::repeat || !is_any(nodes.operands(part)[0])) return false;
    const bool unbounded = nodes.most(part) == RegexNodes::kUnbounded;
    if (nodes.least(part) > kMaxSingles || (!unbounded && nodes.least(part) != nodes.most(part))) return false;
    for (std::uint32_t i = 0; i < nodes.least(part); ++i) pieces.push_back({Piece::Kind::any_one, {}});
    if (unbounded) pieces.push_back({Piece::Kind::any_run, {}});
    return true;
  };
  while (nodes.kind(id) == NodeKind::concatenation) {
    if (!add(nodes.operands(id)[0])) return std::nullopt;
    id = nodes.operands(id)[1];
  }
  if (!add(id)) return std::nullopt;
  return pieces;
}

}  // namespace

/// Makes the automaton whose states are the derivatives of an expression.
class AutomatonBuilder {
 public:
  AutomatonBuilder(RegexNodes& nodes, Id root) : nodes_(nodes), root_(root) {}

  Result<std::shared_ptr<const RegularExpression>> build() {
    find_classes();
    (void)state_of(nodes_.nothing());
    (void)state_of(nodes_.everything());
    out_->start_ = state_of(root_);
    for (std::size_t state = 0; state < states_.size(); ++state) {
      for (std::size_t c = 0; c < out_->classes_; ++c) {
        const Id next = nodes_.derivative(states_[state], representatives_[c], static_cast<std::uint32_t>(c));
        out_->next_.push_back(state_of(next));
      }
      if (states_.size() > RegularExpression::kMaxStates || out_->next_.size() > kMaxCells ||
          nodes_.work() > kMaxWork) {
        return fail("too complex: it would need more than " + std::to_string(RegularExpression::kMaxStates) + " states",
                    {}, "counted repetitions behind .* cost most");
      }
    }
    for (const Id id : states_) out_->accepts_.push_back(nodes_.has_empty(id));
    return std::shared_ptr<const RegularExpression>(std::move(out_));
  }

 private:
  std::uint16_t state_of(Id id) {
    const auto [place, added] = numbers_.try_emplace(id, static_cast<std::uint16_t>(states_.size()));
    if (added) states_.push_back(id);
    return place->second;
  }

  // Between two neighbouring ends of sets all characters are alike, and stretches that are in the same sets as well.
  void find_classes() {
    std::vector<CodePoint> begins{0};
    for (const CodePointSet& set : nodes_.sets()) {
      for (const auto& range : set.ranges()) {
        begins.push_back(range.first);
        begins.push_back(range.last + 1);
      }
    }
    std::ranges::sort(begins);
    const auto repeated = std::ranges::unique(begins);
    begins.erase(repeated.begin(), repeated.end());
    std::erase_if(begins, [](CodePoint begin) { return begin > kLastCodePoint; });
    std::map<std::vector<bool>, std::uint16_t> known;
    for (const CodePoint begin : begins) {
      std::vector<bool> member;
      for (const CodePointSet& set : nodes_.sets()) member.push_back(set.contains(begin));
      const auto [place, added] = known.try_emplace(std::move(member), static_cast<std::uint16_t>(known.size()));
      if (added) representatives_.push_back(begin);
      out_->class_begins_.push_back(begin);
      out_->class_numbers_.push_back(place->second);
    }
    out_->classes_ = representatives_.size();
    for (CodePoint code = 0; code < out_->ascii_classes_.size(); ++code) {
      out_->ascii_classes_[code] = out_->class_of(code);
    }
  }

  RegexNodes& nodes_;
  Id root_;
  std::shared_ptr<RegularExpression> out_ = std::make_shared<RegularExpression>();
  std::vector<CodePoint> representatives_;
  std::vector<Id> states_;
  std::map<Id, std::uint16_t> numbers_;
};

Result<RegularExpression::Compiled> RegularExpression::compile(std::string_view text, Pattern::Fold fold) {
  RegexNodes nodes;
  TRY(const Id root, parse_regex(text, fold, nodes));
  Compiled compiled;
  compiled.glob = as_glob(nodes, root, fold);
  if (compiled.glob) return compiled;
  TRY(compiled.automaton, AutomatonBuilder(nodes, root).build());
  return compiled;
}

std::uint16_t RegularExpression::class_of(CodePoint code) const {
  const auto behind = std::ranges::upper_bound(class_begins_, code);
  return class_numbers_[static_cast<std::size_t>(behind - class_begins_.begin()) - 1];
}

bool RegularExpression::matches(std::string_view text) const {
  std::size_t state = start_;
  for (std::size_t at = 0; at < text.size();) {
    if (state <= kAll) return state == kAll;
    const auto byte = static_cast<unsigned char>(text[at]);
    std::uint16_t number = 0;
    if (byte < 0x80) {
      number = ascii_classes_[byte];
      ++at;
    } else {
      number = class_of(next_code_point(text, at));
    }
    state = next_[state * classes_ + number];
  }
  return state != kDead && accepts_[state];
}

}  // namespace trailhound::plan
