// Rows and sort keys as bytes.

#include <algorithm>
#include <cctype>
#include <limits>
#include <string_view>

#include "engine/row_aggregate.h"
#include "engine/table/table.h"
#include "engine/table/value_set.h"
#include "engine/version_order.h"

namespace trailhound::engine {
namespace {

constexpr std::int64_t kSignBit = std::numeric_limits<std::int64_t>::min();

void append_size(std::string& out, std::size_t size) {
  while (size >= 0x80) {
    out += static_cast<char>(0x80 | (size & 0x7F));
    size >>= 7;
  }
  out += static_cast<char>(size);
}

bool read_size(std::string_view& bytes, std::size_t& size) {
  size = 0;
  for (unsigned shift = 0; shift < 63 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    size |= static_cast<std::size_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

/// The value in a form that append_canonical orders as its type does.
Value ordered_form(plan::LogicalType type, const Value& value) {
  if (type == plan::LogicalType::unsigned_long) {
    if (const auto* bits = std::get_if<std::int64_t>(&value)) return *bits ^ kSignBit;
  }
  if (type == plan::LogicalType::version) {
    if (const auto* text = std::get_if<std::string>(&value)) return version_sort_key(*text);
  }
  return value;
}

}  // namespace

void append_cell(std::string& out, const Values& cell) {
  append_size(out, cell.size());
  for (const Value& value : cell) append_canonical(out, value);
}

void append_row(std::string& out, const Row& row) {
  append_size(out, row.size());
  for (const Values& cell : row) append_cell(out, cell);
}

std::size_t bytes_of(const Row& row) {
  std::size_t bytes = sizeof row + row.size() * sizeof(Values);
  for (const Values& cell : row) {
    for (const Value& value : cell) bytes += bytes_of(value);
  }
  return bytes;
}

bool read_row(std::string_view bytes, Row& row) {
  std::size_t width = 0;
  if (!read_size(bytes, width) || width > bytes.size()) return false;
  row.resize(width);
  for (Values& cell : row) {
    std::size_t count = 0;
    if (!read_size(bytes, count) || count > bytes.size()) return false;
    cell.resize(count);
    for (Value& value : cell) {
      if (!read_canonical(bytes, value)) return false;
    }
  }
  return bytes.empty();
}

int compare_typed(plan::LogicalType type, const Value& a, const Value& b) {
  if (type == plan::LogicalType::unsigned_long || type == plan::LogicalType::version) {
    return compare_values(ordered_form(type, a), ordered_form(type, b));
  }
  if (ValueLess()(a, b)) return -1;
  return ValueLess()(b, a) ? 1 : 0;
}

void append_sort_key(std::string& out, const Values& cell, const plan::SortRows::Item& item) {
  const bool null = cell.empty();
  // One byte decides where nulls go, whatever the direction.
  out += static_cast<char>(null == item.nulls_first ? 0 : 1);
  if (null) return;
  const auto less = [&](const Value& a, const Value& b) { return compare_typed(item.type, a, b) < 0; };
  const Value& chosen = item.descending ? *std::ranges::max_element(cell, less) : *std::ranges::min_element(cell, less);
  const std::size_t begin = out.size();
  append_canonical(out, ordered_form(item.type, chosen));
  if (!item.descending) return;
  for (std::size_t i = begin; i < out.size(); ++i) out[i] = static_cast<char>(~static_cast<unsigned char>(out[i]));
}

}  // namespace trailhound::engine
