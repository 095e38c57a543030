#pragma once
/// Kernels of the functions that see a text field as Elasticsearch's index does: as tokens (plan/analyzer.h).

#include "engine/function_kernels.h"

namespace trailhound::engine {

/// All tokens of all texts of the argument; null if there is none.
[[nodiscard]] Cell analyzed_tokens(const FunctionCall& call);
/// Of each text of the argument its tokens, " a b c "; texts without a token are left out.
[[nodiscard]] Cell analyzed_phrases(const FunctionCall& call);

}  // namespace trailhound::engine
