// Percent-encoding.

#include <optional>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "engine/function_kernels.h"

namespace trailhound::engine::kernels {
namespace {

bool stays(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view(".-_~").contains(c);
}

std::string encoded(std::string_view text, std::string_view blank) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == ' ') {
      out += blank;
    } else if (stays(c)) {
      out += c;
    } else {
      out += '%';
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    }
  }
  return out;
}

int hexadecimal(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

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
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c != '%') {
      out += c == '+' ? ' ' : c;
      continue;
    }
    const int high = at + 2 < text.size() ? hexadecimal(text[at + 1]) : -1;
    const int low = at + 2 < text.size() ? hexadecimal(text[at + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(static_cast<unsigned char>(high * 16 + low));
    at += 2;
  }
  return repaired(out);
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
  return each_text(call, [](std::string_view text) { return std::optional(encoded(text, "+")); });
}
Cell url_encode_component(const FunctionCall& call) {
  return each_text(call, [](std::string_view text) { return std::optional(encoded(text, "%20")); });
}
Cell url_decode(const FunctionCall& call) { return each_text(call, decoded); }

}  // namespace trailhound::engine::kernels
