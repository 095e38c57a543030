#include "base/json_writer.h"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <utility>

#include "base/number_text.h"
#include "base/utf8.h"

namespace trailhound::json {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

unsigned byte_at(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

bool is_plain(unsigned byte) { return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\'; }

/// Where the plain bytes from `at` on end; eight are looked at in one step.
std::size_t end_of_plain(std::string_view text, std::size_t at) {
  if constexpr (std::endian::native == std::endian::little) {
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    constexpr std::uint64_t kHighBits = kOnes * 0x80;
    for (; text.size() - at >= sizeof(std::uint64_t); at += sizeof(std::uint64_t)) {
      std::uint64_t bytes = 0;
      std::memcpy(&bytes, text.data() + at, sizeof(bytes));
      const std::uint64_t quotes = bytes ^ kOnes * '"';
      const std::uint64_t backslashes = bytes ^ kOnes * '\\';
      // The high bit of each byte that is not plain; carries may set others, but only behind the first of these.
      const std::uint64_t low = (bytes - kOnes * 0x20) & ~bytes;
      const std::uint64_t equal = ((quotes - kOnes) & ~quotes) | ((backslashes - kOnes) & ~backslashes);
      const std::uint64_t found = (low | equal | (bytes + kOnes) | bytes) & kHighBits;
      if (found != 0) return at + static_cast<std::size_t>(std::countr_zero(found)) / 8;
    }
  }
  while (at < text.size() && is_plain(byte_at(text, at))) ++at;
  return at;
}

void append_control(std::string& out, unsigned code) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  switch (code) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += kDigits[code >> 4 & 0xF];
      out += kDigits[code & 0xF];
  }
}

template <class Number>
void append_number(std::string& out, Number n) {
  std::array<char, 24> text{};
  out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), n).ptr);
}

char* put_bytes(char* at, std::string_view bytes) {
  if (!bytes.empty()) std::memcpy(at, bytes.data(), bytes.size());
  return at + bytes.size();
}

/// The text from `at` on, where something stands that is not plain.
void append_escaped(std::string& out, std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const std::size_t plain = end_of_plain(text, at);
    out.append(text, at, plain - at);
    at = plain;
    if (at == text.size()) break;

    const unsigned byte = byte_at(text, at);
    if (byte < 0x80) {
      append_control(out, byte);
      ++at;
      continue;
    }
    const std::size_t size = utf8_sequence_size(text, at);
    if (size == 0) {
      out += kReplacement;
      ++at;
    } else {
      const bool c1 = byte == 0xC2 && byte_at(text, at + 1) < 0xA0;
      if (c1)
        append_control(out, byte_at(text, at + 1));
      else
        out.append(text, at, size);
      at += size;
    }
  }
}

/// A string with its quotes and what stands around it.
void append_string(std::string& out, std::string_view before, std::string_view text, std::string_view after) {
  const std::size_t plain = end_of_plain(text, 0);
  const bool is_whole = plain == text.size();
  // Nearly all texts are plain: one step for all.
  const std::size_t begin = out.size();
  const std::size_t end = begin + before.size() + 1 + plain + (is_whole ? 1 + after.size() : 0);
  out.resize_and_overwrite(end, [&](char* bytes, std::size_t) {
    char* at = put_bytes(bytes + begin, before);
    *at++ = '"';
    at = put_bytes(at, text.substr(0, plain));
    if (is_whole) {
      *at++ = '"';
      put_bytes(at, after);
    }
    return end;
  });
  if (is_whole) return;
  append_escaped(out, text, plain);
  out += '"';
  out += after;
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) { append_string(out, {}, text, {}); }

/// What has to stand before the next value.
std::string_view Writer::separator() {
  const bool after_key = std::exchange(after_key_, false);
  if (after_key || has_element_.empty()) return {};
  return std::exchange(has_element_.back(), char{1}) != 0 ? "," : "";
}

void Writer::separate() { out_ += separator(); }

Writer& Writer::begin_object() {
  separate();
  out_ += '{';
  has_element_.push_back(0);
  return *this;
}

Writer& Writer::end_object() {
  has_element_.pop_back();
  out_ += '}';
  return *this;
}

Writer& Writer::begin_array() {
  separate();
  out_ += '[';
  has_element_.push_back(0);
  return *this;
}

Writer& Writer::end_array() {
  has_element_.pop_back();
  out_ += ']';
  return *this;
}

Writer& Writer::key(std::string_view name) {
  append_string(out_, separator(), name, ":");
  after_key_ = true;
  return *this;
}

Writer& Writer::string(std::string_view text) {
  append_string(out_, separator(), text, {});
  return *this;
}

Writer& Writer::integer(std::int64_t n) {
  separate();
  append_number(out_, n);
  return *this;
}

Writer& Writer::unsigned_integer(std::uint64_t n) {
  separate();
  append_number(out_, n);
  return *this;
}

Writer& Writer::real(double d) {
  if (!std::isfinite(d)) return null();
  separate();
  out_ += real_text(d);
  return *this;
}

Writer& Writer::boolean(bool b) { return raw(b ? "true" : "false"); }

Writer& Writer::null() { return raw("null"); }

Writer& Writer::value(const trailhound::Value& v) {
  if (const auto* b = std::get_if<bool>(&v)) return boolean(*b);
  if (const auto* n = std::get_if<std::int64_t>(&v)) return integer(*n);
  if (const auto* d = std::get_if<double>(&v)) return real(*d);
  if (const auto* text = std::get_if<std::string>(&v)) return string(*text);
  if (const auto* address = std::get_if<IpAddress>(&v)) return string(format_ip(*address));
  return null();
}

Writer& Writer::values(const Values& v) {
  if (v.empty()) return null();
  if (v.size() == 1) return value(v[0]);
  begin_array();
  for (const trailhound::Value& element : v) value(element);
  return end_array();
}

Writer& Writer::strings(const std::vector<std::string>& list) {
  begin_array();
  for (const std::string& text : list) string(text);
  return end_array();
}

Writer& Writer::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

}  // namespace trailhound::json
