// Text fields as an index sees them: tokens (plan/analyzer.h).

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/utf8.h"
#include "engine/function_kernels.h"
#include "plan/analyzer.h"

namespace trailhound::engine::kernels {
namespace {

/// Fuzzy words allow two edits at most, so longer words differ by their lengths alone.
constexpr std::size_t kMaxFuzzyLength = 256;

std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> all;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = utf8_step(text, at);
    all.push_back(text.substr(at, size));
    at += size;
  }
  return all;
}

/// Whether at most `most` insertions, deletions, replacements and swaps of neighbours lead from a to b.
bool is_within_edits(std::string_view a_text, std::string_view b_text, std::int64_t most) {
  const auto a = characters(a_text);
  const auto b = characters(b_text);
  const std::int64_t longer = static_cast<std::int64_t>(a.size()) - static_cast<std::int64_t>(b.size());
  if (std::abs(longer) > most) return false;
  if (a.size() > kMaxFuzzyLength || b.size() > kMaxFuzzyLength) return a == b;
  std::vector<std::int64_t> before, last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<std::int64_t>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before = std::exchange(last, row);
    row[0] = static_cast<std::int64_t>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::int64_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.size()] <= most;
}

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

Cell edits_within(const FunctionCall& call) {
  const auto text = call.text(0);
  const auto word = call.text(1);
  const auto most = call.whole(2);
  if (!text || !word || !most) return Cell::null();
  return Cell::one(is_within_edits(*text, *word, *most));
}

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

}  // namespace trailhound::engine::kernels
