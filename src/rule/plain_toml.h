#pragma once
/// Reads the TOML that rule files consist of: tables and arrays of tables with bare names, and keys with strings, whole
/// numbers, booleans and arrays. It takes a fifth of the time that toml++ needs, which was half of loading rules.
///
/// Whatever is not that plain, or wrong in any way, is left to toml++, which knows all of TOML and what to say about
/// errors. So this reader accepts less than TOML and never more; on what it accepts both give the same tree (a test
/// compares them).

#include <optional>

#include "rule/document_readers.h"

namespace trailhound::rule {

/// Nothing if the text, which is valid UTF-8, is not plain.
[[nodiscard]] std::optional<Node> read_plain_toml(const ReadContext& context);

}  // namespace trailhound::rule
