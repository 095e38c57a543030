#pragma once
/// Columns that see a record as text: what Datadog searches when a query names no attribute.
///
/// Datadog's free text looks into the log's message, which for CloudTrail is the record itself. So a free word is
/// looked up among the words of the whole record: of every key and every scalar, split at whatever is neither an ASCII
/// letter or digit nor a byte of a non-ASCII character. Case is folded by the pattern that compares, not here.
///
/// They are read from the record on demand and live in the batch's arena; expensive (every leaf is visited), hence
/// asked for only by queries that use free text.

#include <string>
#include <string_view>

#include "event/column.h"

namespace trailhound::lang::datadog {

/// Every scalar of the record, one value each: what `*:term` compares as a whole.
[[nodiscard]] event::ColumnRef every_value_column();
/// Every word of the record, one value each: `timeout`, `time*`.
[[nodiscard]] event::ColumnRef words_column();
/// The words of each key and scalar with one blank around each, one value per key or scalar: `" access denied "`. A
/// quoted phrase is contained in one of them.
[[nodiscard]] event::ColumnRef phrases_column();

/// The column of that name among the three (`*`, `*words`, `*phrases`), for readers of printed plans; else null.
[[nodiscard]] event::ColumnRef text_column_named(std::string_view name);

/// `text` as the phrases column would hold it; "" if it has no word.
[[nodiscard]] std::string to_phrase(std::string_view text);

}  // namespace trailhound::lang::datadog
