#include "base/value.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <type_traits>

#include "base/number_text.h"
#include "base/overloaded.h"

namespace trailhound {

namespace {

template <class T>
int three_way(const T& a, const T& b) {
  return a < b ? -1 : (b < a ? 1 : 0);
}

int compare_reals(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return three_way(std::isnan(a), std::isnan(b));  // NaN last, equal to itself
  return three_way(a, b);
}

// Tags keep the order of Value's alternatives, and so that of compare_values.
enum class Tag : unsigned char { null = 1, boolean, integer, real, text, ip };

constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63;

void append_big_endian(std::string& out, std::uint64_t n) {
  std::array<char, 8> bytes;  // NOLINT(*-member-init): written at once
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(n >> (56 - 8 * i));
  out.append(bytes.data(), bytes.size());
}

bool read_big_endian(std::string_view& bytes, std::uint64_t& n) {
  if (bytes.size() < 8) return false;
  n = 0;
  for (std::size_t i = 0; i < 8; ++i) n = n << 8 | static_cast<unsigned char>(bytes[i]);
  bytes.remove_prefix(8);
  return true;
}

// Order-preserving bits: positive numbers get the sign bit set, negative ones are inverted.
std::uint64_t ordered_bits(double d) {
  if (d == 0) d = 0.0;  // -0.0 too
  if (std::isnan(d)) d = std::numeric_limits<double>::quiet_NaN();
  const auto bits = std::bit_cast<std::uint64_t>(d);
  return (bits & kSignBit) != 0 ? ~bits : bits | kSignBit;
}

double from_ordered_bits(std::uint64_t bits) {
  return std::bit_cast<double>((bits & kSignBit) != 0 ? bits & ~kSignBit : ~bits);
}

// A NUL is followed by FF, the end is two NULs: a prefix sorts first and no text runs into what follows it.
void append_text(std::string& out, std::string_view text) {
  for (std::size_t at = 0;;) {
    const std::size_t nul = text.find('\0', at);
    out.append(text.substr(at, nul - at));
    if (nul == std::string_view::npos) break;
    out.append("\0\xFF", 2);
    at = nul + 1;
  }
  out.append("\0\0", 2);
}

/// Gives `take` the text piece by piece.
template <class Take>
bool read_text(std::string_view& bytes, Take take) {
  for (std::size_t at = 0;;) {
    const std::size_t nul = bytes.find('\0', at);
    if (nul == std::string_view::npos || nul + 1 >= bytes.size()) return false;
    const bool ends = bytes[nul + 1] == '\0';
    if (!ends && bytes[nul + 1] != '\xFF') return false;
    take(bytes.substr(at, nul + (ends ? 0 : 1) - at));
    at = nul + 2;
    if (!ends) continue;
    bytes.remove_prefix(at);
    return true;
  }
}

}  // namespace

Value to_value(const Scalar& scalar) {
  return std::visit(Overloaded{[](std::string_view text) { return Value(std::string(text)); },
                               [](const auto& other) { return Value(other); }},
                    scalar);
}

Scalar to_scalar(const Value& value) {
  return std::visit(Overloaded{[](std::monostate) { return Scalar(false); },  // excluded by the contract
                               [](const std::string& text) { return Scalar(std::string_view(text)); },
                               [](const auto& other) { return Scalar(other); }},
                    value);
}

bool is_null(const Value& value) { return std::holds_alternative<std::monostate>(value); }

std::string to_text(const Scalar& scalar) {
  return std::visit(Overloaded{[](bool b) { return std::string(b ? "true" : "false"); },
                               [](std::int64_t n) { return std::to_string(n); }, [](double d) { return real_text(d); },
                               [](std::string_view text) { return std::string(text); },
                               [](const IpAddress& address) { return format_ip(address); }},
                    scalar);
}

std::string to_text(const Value& value) { return is_null(value) ? std::string() : to_text(to_scalar(value)); }

int compare_values(const Value& a, const Value& b) {
  if (a.index() != b.index()) return three_way(a.index(), b.index());
  return std::visit(
      [&b](const auto& left) {
        using T = std::decay_t<decltype(left)>;
        const T& right = *std::get_if<T>(&b);
        if constexpr (std::is_same_v<T, std::monostate>)
          return 0;
        else if constexpr (std::is_same_v<T, double>)
          return compare_reals(left, right);
        else
          return three_way(left, right);
      },
      a);
}

void append_canonical_scalar(std::string& out, const Scalar& scalar) {
  const auto tag = [&out](Tag t) { out += static_cast<char>(t); };
  std::visit(Overloaded{[&](bool b) {
                          tag(Tag::boolean);
                          out += static_cast<char>(b);
                        },
                        [&](std::int64_t n) {
                          tag(Tag::integer);
                          append_big_endian(out, static_cast<std::uint64_t>(n) ^ kSignBit);
                        },
                        [&](double d) {
                          tag(Tag::real);
                          append_big_endian(out, ordered_bits(d));
                        },
                        [&](std::string_view text) {
                          tag(Tag::text);
                          append_text(out, text);
                        },
                        [&](const IpAddress& address) {
                          tag(Tag::ip);
                          for (const std::uint8_t byte : address.bytes) out += static_cast<char>(byte);
                        }},
             scalar);
}

void append_canonical(std::string& out, const Value& value) {
  if (is_null(value)) {
    out += static_cast<char>(Tag::null);
  } else {
    append_canonical_scalar(out, to_scalar(value));
  }
}

bool read_canonical(std::string_view& bytes, Value& value) {
  if (bytes.empty()) return false;
  const auto tag = static_cast<Tag>(bytes[0]);
  std::string_view rest = bytes.substr(1);
  std::uint64_t bits = 0;
  switch (tag) {
    case Tag::null:
      value = std::monostate();
      break;
    case Tag::boolean:
      if (rest.empty() || static_cast<unsigned char>(rest[0]) > 1) return false;
      value = rest[0] != 0;
      rest.remove_prefix(1);
      break;
    case Tag::integer:
      if (!read_big_endian(rest, bits)) return false;
      value = static_cast<std::int64_t>(bits ^ kSignBit);
      break;
    case Tag::real:
      if (!read_big_endian(rest, bits)) return false;
      value = from_ordered_bits(bits);
      break;
    case Tag::text: {
      auto* text = std::get_if<std::string>(&value);  // a value that is used again keeps its memory
      if (text == nullptr) text = &value.emplace<std::string>();
      text->clear();
      if (!read_text(rest, [text](std::string_view piece) { text->append(piece); })) return false;
      break;
    }
    case Tag::ip: {
      IpAddress address;
      if (rest.size() < address.bytes.size()) return false;
      for (std::size_t i = 0; i < address.bytes.size(); ++i) address.bytes[i] = static_cast<std::uint8_t>(rest[i]);
      rest.remove_prefix(address.bytes.size());
      value = address;
      break;
    }
    default:
      return false;
  }
  bytes = rest;
  return true;
}

bool skip_canonical(std::string_view& bytes) {
  if (bytes.empty()) return false;
  std::string_view rest = bytes.substr(1);
  std::size_t size = 0;
  switch (static_cast<Tag>(bytes[0])) {
    case Tag::null:
      break;
    case Tag::boolean:
      if (!rest.empty() && static_cast<unsigned char>(rest[0]) > 1) return false;
      size = 1;
      break;
    case Tag::integer:
    case Tag::real:
      size = sizeof(std::uint64_t);
      break;
    case Tag::text:
      if (!read_text(rest, [](std::string_view) {})) return false;
      break;
    case Tag::ip:
      size = IpAddress().bytes.size();
      break;
    default:
      return false;
  }
  if (rest.size() < size) return false;
  bytes = rest.substr(size);
  return true;
}

void sort_distinct(Values& values) {
  std::ranges::sort(values, [](const Value& a, const Value& b) { return compare_values(a, b) < 0; });
  const auto repeated =
      std::ranges::unique(values, [](const Value& a, const Value& b) { return compare_values(a, b) == 0; });
  values.erase(repeated.begin(), repeated.end());
}

}  // namespace trailhound
