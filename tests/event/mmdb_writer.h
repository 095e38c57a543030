#pragma once
/// Writes MaxMind DB files that are just large enough for the tests: an IPv6 tree of 24-bit records over a data section
/// of maps, lists of them, texts, booleans and numbers.

#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/ip_address.h"

namespace trailhound::event {

class MmdbWriter {
 public:
  struct Field;
  using Map = std::vector<Field>;
  using List = std::vector<Map>;
  using FieldValue = std::variant<std::string, double, bool, std::uint16_t, std::uint32_t, std::uint64_t, Map, List>;
  struct Field;

  /// Entries for a block; blocks must not overlap.
  void add(std::string_view cidr, const Map& fields);
  void write(const std::string& path) const;

 private:
  static constexpr std::uint32_t kNothing = 0xFFFFFFFF;
  static constexpr std::uint32_t kData = 0x80000000;
  static void append_head(std::string& out, unsigned type, std::size_t size);
  static void append_number(std::string& out, unsigned type, std::uint64_t number, int bytes);
  static void append_map(std::string& out, const Map& map);
  static void append_value(std::string& out, const FieldValue& value);

  std::vector<std::array<std::uint32_t, 2>> nodes_{{kNothing, kNothing}};
  std::string data_;
};

struct MmdbWriter::Field {
  std::string name;
  FieldValue value;
};

inline void MmdbWriter::append_head(std::string& out, unsigned type, std::size_t size) {
  const bool extended = type > 7;
  const unsigned low = size < 29 ? static_cast<unsigned>(size) : 29u;
  out += static_cast<char>((extended ? 0u : type << 5) | low);
  if (extended) out += static_cast<char>(type - 7);
  if (size >= 29) out += static_cast<char>(size - 29);
}

inline void MmdbWriter::append_number(std::string& out, unsigned type, std::uint64_t number, int bytes) {
  append_head(out, type, static_cast<std::size_t>(bytes));
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>(number >> shift);
}

inline void MmdbWriter::append_map(std::string& out, const Map& map) {
  append_head(out, 7, map.size());
  for (const Field& field : map) {
    append_value(out, field.name);
    append_value(out, field.value);
  }
}

inline void MmdbWriter::append_value(std::string& out, const FieldValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    append_head(out, 2, text->size());
    out += *text;
  } else if (const auto* real = std::get_if<double>(&value)) {
    std::uint64_t bits;
    std::memcpy(&bits, real, sizeof bits);
    append_number(out, 3, bits, 8);
  } else if (const auto* truth = std::get_if<bool>(&value)) {
    append_head(out, 14, *truth ? 1 : 0);
  } else if (const auto* short_number = std::get_if<std::uint16_t>(&value)) {
    append_number(out, 5, *short_number, 2);
  } else if (const auto* number = std::get_if<std::uint32_t>(&value)) {
    append_number(out, 6, *number, 4);
  } else if (const auto* long_number = std::get_if<std::uint64_t>(&value)) {
    append_number(out, 9, *long_number, 8);
  } else if (const auto* map = std::get_if<Map>(&value)) {
    append_map(out, *map);
  } else {
    const List& list = std::get<List>(value);
    append_head(out, 11, list.size());
    for (const Map& element : list) append_map(out, element);
  }
}

inline void MmdbWriter::add(std::string_view cidr, const Map& fields) {
  const Cidr block = *parse_cidr(cidr);
  std::array<std::uint8_t, 16> bytes = block.base.bytes;
  if (block.base.is_v4()) bytes[10] = bytes[11] = 0;  // a tree holds IPv4 at ::/96
  std::uint32_t node = 0;
  for (int bit = 0; bit < block.prefix; ++bit) {
    const std::size_t side = (bytes[static_cast<std::size_t>(bit / 8)] >> (7 - bit % 8)) & 1;
    if (bit == block.prefix - 1) {
      nodes_[node][side] = kData + static_cast<std::uint32_t>(data_.size());
    } else {
      if (nodes_[node][side] == kNothing) {
        nodes_[node][side] = static_cast<std::uint32_t>(nodes_.size());
        nodes_.push_back({kNothing, kNothing});
      }
      node = nodes_[node][side];
    }
  }
  append_map(data_, fields);
}

inline void MmdbWriter::write(const std::string& path) const {
  std::string out;
  const auto count = static_cast<std::uint32_t>(nodes_.size());
  for (const auto& node : nodes_) {
    for (std::uint32_t record : node) {
      if (record == kNothing) {
        record = count;
      } else if (record >= kData) {
        record = record - kData + count + 16;
      }
      for (int shift = 16; shift >= 0; shift -= 8) out += static_cast<char>(record >> shift);
    }
  }
  out.append(16, '\0');
  out += data_;
  out += "\xab\xcd\xefMaxMind.com";
  append_map(out, {{"node_count", count},
                   {"record_size", std::uint16_t{24}},
                   {"ip_version", std::uint16_t{6}},
                   {"database_type", std::string("test")},
                   {"binary_format_major_version", std::uint16_t{2}},
                   {"binary_format_minor_version", std::uint16_t{0}},
                   {"build_epoch", std::uint64_t{1}},
                   {"languages", List{}},
                   {"description", Map{}}});
  std::ofstream(path, std::ios::binary) << out;
}

}  // namespace trailhound::event
