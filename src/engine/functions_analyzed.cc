// Text fields as an index sees them: tokens (plan/analyzer.h).

#include <string>
#include <vector>

#include "engine/function_kernels.h"
#include "plan/analyzer.h"

namespace trailhound::engine::kernels {

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
