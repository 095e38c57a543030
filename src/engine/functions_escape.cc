// Texts made of any text: ASCII with escapes, and JSON objects.

#include <utf8proc.h>

#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "base/utf8.h"
#include "engine/function_kernels.h"
#include "engine/value_text.h"

namespace trailhound::engine::kernels {
namespace {

using plan::LogicalType;

/// The letter behind the backslashes; 0 if the character has none.
char short_escape(utf8proc_int32_t code) {
  switch (code) {
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\'':
    case '"':
      return static_cast<char>(code);
    default:
      return 0;
  }
}

void append_ascii(std::string& out, std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = utf8_step(text, at);
    utf8proc_int32_t code = 0;
    utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at), static_cast<utf8proc_ssize_t>(size),
                     &code);
    if (code < 0) code = 0xFFFD;  // bytes that are no UTF-8
    at += size;
    if (code == '\\') {
      out += R"(\\\\)";
    } else if (const char letter = short_escape(code)) {
      out += R"(\\)";
      out += letter;
    } else if (code >= 0x20 && code < 0x7F) {
      out += static_cast<char>(code);
    } else {
      std::array<char, 16> escape{};
      const char* form = code < 0x100 ? R"(\\x%02x)" : code < 0x10000 ? R"(\\u%04x)" : R"(\\U%08x)";
      std::snprintf(escape.data(), escape.size(), form, static_cast<unsigned>(code));
      out += escape.data();
    }
  }
}

/// Numbers and truths as JSON has them, all else as a string of its text.
void append_json(std::string& out, const Scalar& value, LogicalType type) {
  const bool number = type == LogicalType::integer || type == LogicalType::long_integer || type == LogicalType::real ||
                      type == LogicalType::unsigned_long;
  if (number || type == LogicalType::boolean) {
    append_value_text(out, value, type);
  } else {
    json::append_quoted(out, value_text(value, type));
  }
}

}  // namespace

Cell to_ascii(const FunctionCall& call) {
  std::vector<Scalar> escaped;
  for (const Scalar& element : call.values(0)) {
    const auto* text = std::get_if<std::string_view>(&element);
    if (text == nullptr) continue;
    std::string ascii;
    append_ascii(ascii, *text);
    escaped.emplace_back(call.arena().copy(std::string_view(ascii)));
  }
  return call.several_result(escaped);
}

Cell json_string(const FunctionCall& call) {
  std::string object = "{";
  for (std::size_t i = 0; i + 1 < call.size(); i += 2) {
    if (call.cell(i).size() > 1) return call.fail(Failure::argument, "json_string keys must be single-valued");
    const auto key = call.text(i);
    if (!key) return Cell::null();
    if (i > 0) object += ',';
    json::append_quoted(object, *key);
    object += ':';
    const auto values = call.values(i + 1);
    if (values.empty()) object += "null";
    if (values.size() > 1) object += '[';
    for (std::size_t k = 0; k < values.size(); ++k) {
      if (k > 0) object += ',';
      append_json(object, values[k], call.type(i + 1));
    }
    if (values.size() > 1) object += ']';
  }
  return call.text_result(object + "}");
}

}  // namespace trailhound::engine::kernels
