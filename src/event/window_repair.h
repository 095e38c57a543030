#pragma once
/// What is done when a window of records does not parse: the records are parsed one by one, the good ones go into a new
/// window, the others are named. Inside src/event only.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "source/record_source.h"

namespace trailhound::event {

struct RepairedWindow {
  struct Record {
    source::RecordRange range;  ///< in the broken text
    std::size_t element = 0;    ///< its number among the ranges
  };
  struct Loss {
    Record record;
    std::string reason;
  };

  /// A JSON array of the good records, followed by json::Document::kPadding bytes; empty if there is none.
  std::string text;
  std::size_t size = 0;  ///< without the padding
  std::vector<Record> records;
  std::vector<Loss> losses;
};

/// `ranges` are records of `text`; `document` is scratch space. A record alone is not parsed here: whoever reads the
/// new window sees whether it is a good one, and a giant takes many times its size each time.
[[nodiscard]] RepairedWindow repair_window(std::string_view text, std::span<const source::RecordRange> ranges,
                                           json::Document& document);

/// The text with every number that JSON allows but a 64-bit integer or a double cannot hold written as the nearest
/// double: 123456789012345678901 becomes 123456789012345678901.0, 1e999 the largest double.
[[nodiscard]] std::string with_wide_numbers_as_doubles(std::string_view json);

}  // namespace trailhound::event
