// Conversions, element by element.

#include <string>

#include "engine/function_kernels.h"
#include "engine/value_text.h"

namespace trailhound::engine::kernels {

Cell to_text(const FunctionCall& call) {
  std::vector<Scalar> texts;
  std::string text;
  for (const Scalar& element : call.values(0)) {
    if (std::holds_alternative<std::string_view>(element)) {
      texts.push_back(element);
      continue;
    }
    text.clear();
    append_value_text(text, element, call.type(0));
    texts.emplace_back(call.arena().copy(std::string_view(text)));
  }
  return call.several_result(texts);
}

}  // namespace trailhound::engine::kernels
