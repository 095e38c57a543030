// Kernels of the functions that see a text field as Elasticsearch's index does: as tokens (plan/analyzer.h).

#include "engine/function_kernels.h"

#include <string>
#include <vector>

#include "plan/analyzer.h"

namespace trailhound::engine::kernels {

namespace {

Cell cell_of(const std::vector<Scalar>& elements, Arena& arena) {
  if (elements.empty()) return Cell::null();
  if (elements.size() == 1) return Cell::one(elements.front());
  return Cell::several(arena.copy(std::span<const Scalar>(elements)));
}

}  // namespace

Cell analyzed_tokens(const FunctionCall& call) {
  std::vector<Scalar> tokens;
  for (const Scalar& element : call.arguments[0].values()) {
    for (const std::string& token : plan::analyze(to_text(element))) tokens.emplace_back(call.arena.copy(token));
  }
  return cell_of(tokens, call.arena);
}

Cell analyzed_phrases(const FunctionCall& call) {
  std::vector<Scalar> phrases;
  for (const Scalar& element : call.arguments[0].values()) {
    const std::string phrase = plan::analyzed_phrase(to_text(element));
    if (!phrase.empty()) phrases.emplace_back(call.arena.copy(phrase));
  }
  return cell_of(phrases, call.arena);
}

}  // namespace trailhound::engine::kernels
