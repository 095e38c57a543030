// Percent-encoding.

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/percent_encoding.h"
#include "base/utf8.h"
#include "engine/function_kernels.h"

namespace trailhound::engine::kernels {
namespace {

/// Bytes that are no UTF-8 become U+FFFD.
std::string repaired(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = utf8_sequence_size(text, at);
    out += size == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(at, size);
    at += size == 0 ? 1 : size;
  }
  return out;
}

/// Nothing where a percent sign begins no escape.
std::optional<std::string> decoded(std::string_view text) {
  std::string blanks(text);
  std::ranges::replace(blanks, '+', ' ');
  const auto bytes = percent_decoded(blanks);
  return bytes ? std::optional(repaired(*bytes)) : std::nullopt;
}

/// change(text) for each element; where it gives nothing the element is left out, with a warning.
template <class Change>
Cell each_text(const FunctionCall& call, const Change& change) {
  std::vector<Scalar> changed;
  for (const Scalar& element : call.values(0)) {
    const auto* text = std::get_if<std::string_view>(&element);
    if (text == nullptr) continue;
    if (const std::optional<std::string> result = change(*text)) {
      changed.emplace_back(call.arena().copy(*result));
    } else {
      (void)call.fail(Failure::argument, "incomplete or wrong escape behind %");
    }
  }
  return call.several_result(changed);
}

}  // namespace

Cell url_encode(const FunctionCall& call) {
  return each_text(call, [](std::string_view text) { return std::optional(percent_encoded(text, "+")); });
}
Cell url_encode_component(const FunctionCall& call) {
  return each_text(call, [](std::string_view text) { return std::optional(percent_encoded(text)); });
}
Cell url_decode(const FunctionCall& call) { return each_text(call, decoded); }

}  // namespace trailhound::engine::kernels
