#pragma once
/// Dictionary codes of hot values. Neighbouring records share most of them (account, region, client, often the caller),
/// so some texts of every column that came last are compared before the dictionary is asked. Inside src/event only.

#include <array>
#include <cstdint>
#include <string_view>

#include "base/arena.h"
#include "base/json_tape.h"
#include "base/json_value.h"
#include "base/same_text.h"
#include "event/cell_dictionary.h"
#include "event/column.h"
#include "event/json_path.h"

namespace trailhound::event {

class HotEncoder {
 public:
  explicit HotEncoder(std::array<CellDictionary, kHotCount>& dictionaries) : dictionaries_(dictionaries) {}

  /// The code of the value at `at` (0: the key is not there).
  [[nodiscard, gnu::always_inline]] std::uint32_t code_of(std::size_t column, const json::Tape& tape, std::uint32_t at,
                                                          const json::Value& root) {
    if (at == 0) return CellDictionary::kAbsent;
    if (tape.kind(at) != '"') return code_of_other(column, json::Value::at(root.parts(), at));
    const std::string_view text = tape.text(at);
    Known& known = known_[column][place_of_text<kPlaces>(text)];
    if (known.code != CellDictionary::kAbsent && is_same_text(text, known.text)) return known.code;
    CellDictionary& dictionary = dictionaries_[column];
    const std::uint32_t code = dictionary.code_of(text);
    known = {std::get<std::string_view>(dictionary.cell(code).values()[0]), code};
    return code;
  }

  /// The code of a cell that was read by a longer way.
  [[nodiscard]] std::uint32_t code_of(Hot column, const Cell& cell) {
    return dictionaries_[static_cast<std::size_t>(column)].code_of(cell);
  }

  /// Must be called when the dictionaries were reset.
  void forget() { known_ = {}; }

 private:
  struct Known {
    std::string_view text;  // in the dictionary
    std::uint32_t code = CellDictionary::kAbsent;
  };
  static constexpr std::size_t kPlaces = 128;  // a column

  std::uint32_t code_of_other(std::size_t column, const json::Value& value) {
    scratch_.reset();
    return dictionaries_[column].code_of(cell_of(value, scratch_));
  }

  std::array<CellDictionary, kHotCount>& dictionaries_;
  std::array<std::array<Known, kPlaces>, kHotCount> known_;
  Arena scratch_;
};

}  // namespace trailhound::event
