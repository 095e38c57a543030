// Text fields as an index sees them: tokens (plan/analyzer.h).

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "engine/function_kernels.h"
#include "plan/analyzer.h"
#include "plan/code_points.h"

namespace trailhound::engine::kernels {
namespace {

std::vector<plan::CodePoint> characters(std::string_view text) {
  std::vector<plan::CodePoint> out;
  for (std::size_t at = 0; at < text.size();) out.push_back(plan::next_code_point(text, at));
  return out;
}

/// Beyond, the table of distances would cost too much; nobody means words of this length.
constexpr std::size_t kLongestWord = 1000;

/// The least stretch that holds one place of each word decides: places are counted from where the phrase puts the word.
bool is_near_phrase(const std::vector<std::string>& tokens, const std::vector<std::string>& phrase, std::int64_t slop) {
  std::vector<std::pair<std::int64_t, std::size_t>> places;
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    for (std::size_t word = 0; word < phrase.size(); ++word) {
      if (tokens[at] != phrase[word]) continue;
      places.emplace_back(static_cast<std::int64_t>(at) - static_cast<std::int64_t>(word), word);
    }
  }
  std::ranges::sort(places);
  constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min();
  std::vector<std::int64_t> latest(phrase.size(), kNever);
  for (const auto& [place, word] : places) {
    latest[word] = place;
    const std::int64_t oldest = std::ranges::min(latest);
    if (oldest != kNever && place - oldest <= slop) return true;
  }
  return false;
}

}  // namespace

Cell near_phrase(const FunctionCall& call) {
  const auto text = call.text(0);
  const auto phrase = call.text(1);
  const auto slop = call.whole(2);
  if (!text || !phrase || !slop) return Cell::null();
  return Cell::one(is_near_phrase(plan::analyze(*text), plan::analyze(*phrase), *slop));
}

Cell analyzed_tokens(const FunctionCall& call) {
  std::vector<Scalar> tokens;
  for (const Scalar& element : call.values(0)) {
    for (const std::string& token : plan::analyze(to_text(element))) tokens.emplace_back(call.arena().copy(token));
  }
  return call.several_result(tokens);
}

Cell analyzed_phrases(const FunctionCall& call) {
  std::vector<Scalar> phrases;
  for (const Scalar& element : call.values(0)) {
    const std::string phrase = plan::analyzed_phrase(to_text(element));
    if (!phrase.empty()) phrases.emplace_back(call.arena().copy(phrase));
  }
  return call.several_result(phrases);
}

/// Edits are the insertion, the removal and the change of a character, and the exchange of two neighbours.
Cell within_edits(const FunctionCall& call) {
  const auto text = call.text(0);
  const auto wanted = call.text(1);
  const auto most = call.whole(2);
  const auto prefix = call.whole(3);
  if (!text || !wanted || !most || !prefix) return Cell::null();
  if (text->size() > kLongestWord || wanted->size() > kLongestWord) return Cell::one(*text == *wanted);
  const std::vector<plan::CodePoint> a = characters(*text);
  const std::vector<plan::CodePoint> b = characters(*wanted);
  const auto limit = static_cast<std::size_t>(*most);
  const auto fixed = static_cast<std::size_t>(*prefix);
  const std::size_t shorter = std::min(a.size(), b.size());
  if (std::max(a.size(), b.size()) - shorter > limit) return Cell::one(false);
  const auto compared = static_cast<std::ptrdiff_t>(std::min(fixed, shorter));
  if (!std::equal(a.begin(), a.begin() + compared, b.begin())) return Cell::one(false);
  if (fixed > shorter && a.size() != b.size()) return Cell::one(false);
  // Rows of the table of distances: two before, before, this one.
  std::vector<std::size_t> older, before(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    older = std::exchange(before, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = before[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({before[j] + 1, row[j - 1] + 1, change});
      const bool exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (exchanged) row[j] = std::min(row[j], older[j - 2] + 1);
    }
  }
  return Cell::one(row[b.size()] <= limit);
}

}  // namespace trailhound::engine::kernels
