// Texts. Positions count code points.

#include <string>

#include "base/utf8.h"
#include "engine/case_mapping.h"
#include "engine/function_kernels.h"

namespace trailhound::engine::kernels {
namespace {

template <class Test>
Cell test_texts(const FunctionCall& call, Test test) {
  const auto text = call.text(0);
  const auto part = call.text(1);
  if (!text || !part) return Cell::null();
  return Cell::one(test(*text, *part));
}

template <void (*Append)(std::string&, std::string_view)>
Cell map_texts(const FunctionCall& call) {
  std::vector<Scalar> mapped;
  std::string text;
  for (const Scalar& element : call.values(0)) {
    const auto* source = std::get_if<std::string_view>(&element);
    if (source == nullptr) continue;
    text.clear();
    Append(text, *source);
    mapped.emplace_back(call.arena().copy(std::string_view(text)));
  }
  return call.several_result(mapped);
}

}  // namespace

Cell starts_with(const FunctionCall& call) {
  return test_texts(call, [](std::string_view text, std::string_view part) { return text.starts_with(part); });
}
Cell ends_with(const FunctionCall& call) {
  return test_texts(call, [](std::string_view text, std::string_view part) { return text.ends_with(part); });
}
Cell contains(const FunctionCall& call) {
  return test_texts(call, [](std::string_view text, std::string_view part) { return text.contains(part); });
}

Cell to_lower(const FunctionCall& call) { return map_texts<append_lower>(call); }
Cell to_upper(const FunctionCall& call) { return map_texts<append_upper>(call); }

Cell length(const FunctionCall& call) {
  const auto text = call.text(0);
  if (!text) return Cell::null();
  std::int64_t count = 0;
  for (std::size_t at = 0; at < text->size(); at += utf8_step(*text, at)) ++count;
  return Cell::one(count);
}

Cell concat(const FunctionCall& call) {
  std::string joined;
  for (std::size_t i = 0; i < call.size(); ++i) {
    const auto text = call.text(i);
    if (!text) return Cell::null();
    joined += *text;
  }
  return call.text_result(joined);
}

}  // namespace trailhound::engine::kernels
