#include "event/java_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <unordered_map>
#include <utility>

#include <boost/container/small_vector.hpp>

#include "base/json_writer.h"

namespace trailhound::event {
namespace {

// Calls `unit` with every UTF-16 code unit of valid UTF-8 text.
template <class F>
void for_each_utf16_unit(std::string_view text, F unit) {
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i]);
    const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    std::uint32_t code = length == 1 ? first : first & (0xFFu >> (length + 1));
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k) {
      code = (code << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3Fu);
    }
    i += length;
    if (code < 0x10000) {
      unit(code);
    } else {
      code -= 0x10000;
      unit(0xD800 + (code >> 10));
      unit(0xDC00 + (code & 0x3FF));
    }
  }
}

// String.hashCode with HashMap's spreading of the high half.
std::uint32_t java_spread_hash(std::string_view key) {
  std::uint32_t hash = 0;
  for_each_utf16_unit(key, [&](std::uint32_t unit) { hash = hash * 31 + unit; });
  return hash ^ (hash >> 16);
}

// HashMap starts with 16 buckets and doubles them when more than three quarters as many keys are in it.
std::size_t java_table_size(std::size_t keys) {
  std::size_t buckets = 16;
  while (keys > buckets / 4 * 3) buckets *= 2;
  return buckets;
}

// What is written before it is known whether anything survives can be taken back: so cleaning and writing are one pass,
// linear in the size of the value however deep it is.

bool append_java_map(std::string& out, json::Value object, std::string_view without) {
  const std::size_t start = out.size();
  const std::vector<json::Member> members = distinct_members(object);
  boost::container::small_vector<std::string_view, 16> keys;
  for (const json::Member& member : members) keys.push_back(member.key);
  out += '{';
  bool survives = false;
  bool first = true;
  for (const std::size_t i : java_map_order(keys, keys.size())) {
    if (!without.empty() && keys[i] == without) {
      survives = survives || survives_cleanup(members[i].value);
      continue;
    }
    const std::size_t before = out.size();
    if (!first) out += ", ";
    out.append(keys[i]).append("=");
    if (append_java_text(out, members[i].value)) {
      survives = true;
      first = false;
    } else {
      out.resize(before);
    }
  }
  out += '}';
  if (!survives) out.resize(start);
  return survives;
}

bool append_java_list(std::string& out, json::Value list) {
  const std::size_t start = out.size();
  out += '[';
  bool survives = false;
  for (const json::Value element : list.elements()) {
    const std::size_t before = out.size();
    if (survives) out += ", ";
    if (append_java_text(out, element)) {
      survives = true;
    } else {
      out.resize(before);
    }
  }
  out += ']';
  if (!survives) out.resize(start);
  return survives;
}

bool append_json_object(std::string& out, json::Value object) {
  const std::size_t start = out.size();
  std::vector<json::Member> members = distinct_members(object);
  std::ranges::sort(members, {}, &json::Member::key);
  out += '{';
  bool survives = false;
  for (const json::Member& member : members) {
    const std::size_t before = out.size();
    if (survives) out += ',';
    json::append_quoted(out, member.key);
    out += ':';
    if (append_clean_json(out, member.value)) {
      survives = true;
    } else {
      out.resize(before);
    }
  }
  out += '}';
  if (!survives) out.resize(start);
  return survives;
}

bool append_json_list(std::string& out, json::Value list) {
  const std::size_t start = out.size();
  out += '[';
  bool survives = false;
  for (const json::Value element : list.elements()) {
    const std::size_t before = out.size();
    if (survives) out += ',';
    if (append_clean_json(out, element)) {
      survives = true;
    } else {
      out.resize(before);
    }
  }
  out += ']';
  if (!survives) out.resize(start);
  return survives;
}

}  // namespace

// Merges equal keys: the last value at the first one's place.
std::vector<json::Member> distinct_members(json::Value object) {
  constexpr std::size_t kLinearSearchBelow = 24;
  std::vector<json::Member> members = object.members();
  std::size_t distinct = 0;  // of the members, at their beginning
  const auto merge = [&](json::Member member, std::size_t place) {
    if (place < distinct) {
      members[place].value = member.value;
    } else {
      members[distinct++] = member;
    }
  };
  if (members.size() < kLinearSearchBelow) {
    for (const json::Member& member : members) {
      const auto end = members.begin() + static_cast<std::ptrdiff_t>(distinct);
      const auto same = std::ranges::find(members.begin(), end, member.key, &json::Member::key);
      merge(member, static_cast<std::size_t>(same - members.begin()));
    }
  } else {
    std::unordered_map<std::string_view, std::size_t> places;
    for (const json::Member& member : members) merge(member, places.try_emplace(member.key, distinct).first->second);
  }
  members.erase(members.begin() + static_cast<std::ptrdiff_t>(distinct), members.end());
  return members;
}

bool survives_cleanup(json::Value value) {
  switch (value.kind()) {
    case json::Kind::missing:
    case json::Kind::null:
      return false;
    case json::Kind::string:
      return survives_cleanup(*value.string());
    case json::Kind::array:
      return std::ranges::any_of(value.elements(), [](json::Value element) { return survives_cleanup(element); });
    case json::Kind::object:
      // The last member counts whatever its key; mostly that is all there is to look at.
      if (const auto last = value.last_member(); last && survives_cleanup(last->value)) return true;
      return std::ranges::any_of(distinct_members(value),
                                 [](const json::Member& member) { return survives_cleanup(member.value); });
    default:
      return true;
  }
}

std::vector<std::size_t> java_map_order(std::span<const std::string_view> keys, std::size_t table_keys) {
  const std::size_t mask = java_table_size(table_keys) - 1;
  boost::container::small_vector<std::pair<std::size_t, std::size_t>, 16> places;  // bucket, position
  for (std::size_t i = 0; i < keys.size(); ++i) places.emplace_back(java_spread_hash(keys[i]) & mask, i);
  std::ranges::sort(places);
  std::vector<std::size_t> order(keys.size());
  std::ranges::transform(places, order.begin(), &std::pair<std::size_t, std::size_t>::second);
  return order;
}

std::vector<json::Member> java_members(json::Value object) {
  const std::vector<json::Member> all = distinct_members(object);
  std::vector<json::Member> kept;
  std::vector<std::string_view> keys;
  kept.reserve(all.size());
  for (const json::Member& member : all) {
    if (!survives_cleanup(member.value)) continue;
    kept.push_back(member);
    keys.push_back(member.key);
  }
  if (kept.size() < 2) return kept;
  std::vector<json::Member> ordered;
  ordered.reserve(kept.size());
  for (const std::size_t i : java_map_order(keys, all.size())) ordered.push_back(kept[i]);
  return ordered;
}

bool append_java_text(std::string& out, json::Value value, std::string_view without) {
  switch (value.kind()) {
    case json::Kind::missing:
    case json::Kind::null:
      return false;
    case json::Kind::object:
      return append_java_map(out, value, without);
    case json::Kind::array:
      return append_java_list(out, value);
    case json::Kind::string:
      if (!survives_cleanup(*value.string())) return false;
      out += *value.string();
      return true;
    case json::Kind::boolean:
      out += *value.boolean() ? "true" : "false";
      return true;
    case json::Kind::integer:
      out += std::to_string(*value.integer());
      return true;
    case json::Kind::unsigned_integer:
      out += std::to_string(*value.unsigned_integer());
      return true;
    case json::Kind::real:
      out += java_double_text(*value.number());
      return true;
  }
  return false;
}

bool append_clean_json(std::string& out, json::Value value) {
  switch (value.kind()) {
    case json::Kind::missing:
    case json::Kind::null:
      return false;
    case json::Kind::object:
      return append_json_object(out, value);
    case json::Kind::array:
      return append_json_list(out, value);
    case json::Kind::string:
      if (!survives_cleanup(*value.string())) return false;
      json::append_quoted(out, *value.string());
      return true;
    default:
      value.append_json(out);
      return true;
  }
}

std::string java_double_text(double value) {
  if (std::isnan(value)) return "NaN";
  std::string text = std::signbit(value) ? "-" : "";
  value = std::fabs(value);
  if (std::isinf(value)) return text + "Infinity";
  if (value == 0.0) return text + "0.0";

  // Shortest digits as d.ddde±n, then laid out as Java does.
  std::array<char, 32> buffer{};
  auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  if (buffer[1] == 'e') {
    // Java writes two digits at least, and of the texts with two the nearest: 4.9E-324, not 5.0E-324.
    std::array<char, 32> longer{};
    const auto last =
        std::to_chars(longer.data(), longer.data() + longer.size(), value, std::chars_format::scientific, 1);
    double same = 0;
    std::from_chars(longer.data(), last.ptr, same);
    if (same == value) end.ptr = std::copy(longer.data(), last.ptr, buffer.data());
  }
  const std::string_view scientific(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
  const std::size_t e = scientific.find('e');
  int exponent = 0;
  const char* exponent_begin = scientific.data() + e + 1 + (scientific[e + 1] == '+' ? 1 : 0);
  std::from_chars(exponent_begin, scientific.data() + scientific.size(), exponent);
  std::string digits(1, scientific[0]);
  if (e > 2) digits += scientific.substr(2, e - 2);
  if (digits.size() == 2 && digits[1] == '0') digits.pop_back();

  const auto padded = [&](std::size_t from) { return from < digits.size() ? digits.substr(from) : std::string("0"); };
  if (exponent < -3 || exponent >= 7) {
    return text + digits[0] + "." + padded(1) + "E" + std::to_string(exponent);
  }
  if (exponent < 0) return text + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  const std::size_t whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() < whole) digits.append(whole - digits.size(), '0');
  return text + digits.substr(0, whole) + "." + padded(whole);
}

std::size_t utf16_length(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0u) != 0x80u) units += byte >= 0xF0u ? 2 : 1;
  }
  return units;
}

bool utf16_less(std::string_view a, std::string_view b) {
  const auto [x, y] = std::ranges::mismatch(a, b);
  if (x == a.end() || y == b.end()) return a.size() < b.size();
  // Bytes order as code points do, except that characters beyond the basic plane (surrogates D800 to DFFF in UTF-16)
  // come before U+E000 to U+FFFF (first byte EE or EF).
  auto start = static_cast<std::size_t>(x - a.begin());
  while (start > 0 && (static_cast<unsigned char>(a[start]) & 0xC0u) == 0x80u) --start;
  const auto first = static_cast<unsigned char>(a[start]);
  const auto second = static_cast<unsigned char>(b[start]);
  if (first >= 0xF0u && (second == 0xEEu || second == 0xEFu)) return true;
  if (second >= 0xF0u && (first == 0xEEu || first == 0xEFu)) return false;
  return static_cast<unsigned char>(*x) < static_cast<unsigned char>(*y);
}

}  // namespace trailhound::event
