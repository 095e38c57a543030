// Percent-encoding.

#include <string>

#include "base/utf8.h"
#include "engine/function_kernels.h"

namespace trailhound::engine::kernels {
namespace {

bool stays(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view(".-_~").contains(c);
}

Cell encode(const FunctionCall& call, std::string_view blank) {
  const auto text = call.text(0);
  if (!text) return Cell::null();
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : *text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == ' ') {
      encoded += blank;
    } else if (stays(c)) {
      encoded += c;
    } else {
      encoded += '%';
      encoded += kDigits[byte >> 4];
      encoded += kDigits[byte & 15];
    }
  }
  return call.text_result(encoded);
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

}  // namespace

Cell url_encode(const FunctionCall& call) { return encode(call, "+"); }
Cell url_encode_component(const FunctionCall& call) { return encode(call, "%20"); }

Cell url_decode(const FunctionCall& call) {
  const auto text = call.text(0);
  if (!text) return Cell::null();
  std::string decoded;
  for (std::size_t at = 0; at < text->size(); ++at) {
    const char c = (*text)[at];
    if (c != '%') {
      decoded += c == '+' ? ' ' : c;
      continue;
    }
    const int high = at + 2 < text->size() ? hexadecimal((*text)[at + 1]) : -1;
    const int low = at + 2 < text->size() ? hexadecimal((*text)[at + 2]) : -1;
    if (high < 0 || low < 0) return call.fail(Failure::argument, "incomplete or wrong escape behind %");
    decoded += static_cast<char>(static_cast<unsigned char>(high * 16 + low));
    at += 2;
  }
  return call.text_result(repaired(decoded));
}

}  // namespace trailhound::engine::kernels
