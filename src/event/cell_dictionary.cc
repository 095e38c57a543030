#include "event/cell_dictionary.h"

#define XXH_INLINE_ALL  // most texts are so short that calls would cost as much as hashing them
#include <xxhash.h>

#include <string>

namespace trailhound::event {
namespace {

/// Distinct cells give distinct bytes; only for cells that are no single string.
std::string canonical_bytes(const Cell& cell) {
  std::string bytes;
  for (const Scalar& scalar : cell.values()) append_canonical(bytes, to_value(scalar));
  return bytes;
}

std::vector<Cell> special_cells() { return {Cell::absent(), Cell::null(), Cell::empty(), Cell::object()}; }

}  // namespace

Cell copy_of(const Cell& cell, Arena& arena) {
  if (!cell.has_values()) return cell;
  const auto own = [&](const Scalar& scalar) {
    const auto* text = std::get_if<std::string_view>(&scalar);
    return text != nullptr ? Scalar(arena.copy(*text)) : scalar;
  };
  if (cell.is_single()) return Cell::one(own(cell.values()[0]));
  std::vector<Scalar> scalars;
  for (const Scalar& scalar : cell.values()) scalars.push_back(own(scalar));
  return Cell::several(arena.copy(std::span<const Scalar>(scalars)));
}

std::size_t CellDictionary::TextHash::operator()(std::string_view text) const {
  return XXH3_64bits(text.data(), text.size());
}

CellDictionary::CellDictionary(std::size_t max_entries, std::size_t max_bytes)
    : max_entries_(max_entries), max_bytes_(max_bytes), cells_(special_cells()) {}

std::uint32_t CellDictionary::code_of(std::string_view text) {
  if (const auto found = texts_.find(text); found != texts_.end()) return found->second;
  const auto code = static_cast<std::uint32_t>(cells_.size());
  const std::string_view owned = arena_.copy(text);
  cells_.push_back(Cell::one(owned));
  texts_.emplace(owned, code);
  bytes_ += text.size();
  return code;
}

std::uint32_t CellDictionary::code_of(const Cell& cell) {
  switch (cell.state()) {
    case Cell::State::absent:
      return kAbsent;
    case Cell::State::null:
      return kNull;
    case Cell::State::empty:
      return kEmpty;
    case Cell::State::object:
      return kObject;
    case Cell::State::values:
      break;
  }
  if (cell.is_single()) {
    if (const auto* text = std::get_if<std::string_view>(&cell.values()[0])) return code_of(*text);
  }
  const std::string bytes = canonical_bytes(cell);
  if (const auto found = others_.find(bytes); found != others_.end()) return found->second;
  const auto code = static_cast<std::uint32_t>(cells_.size());
  const std::string_view key = arena_.copy(bytes);
  cells_.push_back(copy_of(cell, arena_));
  others_.emplace(key, code);
  bytes_ += 2 * bytes.size();
  return code;
}

void CellDictionary::reset() {
  // Not cleared but made anew: of many dictionaries, each would keep the memory of its largest time.
  texts_ = {};
  others_ = {};
  cells_ = special_cells();
  arena_.reset();
  bytes_ = 0;
  ++epoch_;
}

}  // namespace trailhound::event
