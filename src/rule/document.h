#pragma once
/// A rule file as a tree in which every node knows its line and column: the one form behind JSON, YAML and TOML.
///
///     TRY(auto documents, read_documents(text, path, diagnostics));    // several in a YAML or NDJSON file
///     const Node* query = documents[0].find("queries");
///
/// Bounded against hostile files: 10 MB of text, depth 64, 100,000 nodes after alias expansion. The parsers' exceptions
/// end here.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostics.h"
#include "base/result.h"

namespace trailhound::rule {

struct NodeMember;

struct Node {
  enum class Kind : std::uint8_t { null, boolean, integer, real, string, list, table };

  Kind kind = Kind::null;
  LineColumn at;     ///< of the value's first character
  std::string text;  ///< of a scalar, as written (unescaped for strings)
  /// For a string: position of its first content character, so that errors inside a query can be mapped into the file
  /// (see `position_in`). Zero when the text could not be found in the file.
  LineColumn content_at;
  /// Where the text does not go on in the file as it stands (behind an escape, at the lines of a YAML block): from byte
  /// `offset` of `text` it goes on at `at`. Ascending; empty if the text is contiguous.
  struct Jump {
    std::size_t offset = 0;
    LineColumn at;
  };
  std::vector<Jump> jumps;
  std::vector<Node> items;          ///< of a list
  std::vector<NodeMember> members;  ///< of a table, in source order; a repeated key is an error

  [[nodiscard]] const Node* find(std::string_view key) const;  ///< null if not a table or not there
  [[nodiscard]] bool is(Kind k) const { return kind == k; }
  // Tolerant reads, as exporters write numbers and booleans as strings: "1800" and 1800 are both 1800.
  [[nodiscard]] std::optional<bool> as_boolean() const;
  [[nodiscard]] std::optional<std::int64_t> as_integer() const;
  [[nodiscard]] std::optional<double> as_real() const;
};

struct NodeMember {
  std::string key;
  Node value;
};

enum class Format : std::uint8_t { json, json_lines, yaml, toml };

/// Position in the file of position `inside` (1-based line and column) of a string node's text; line 0 if unknown.
[[nodiscard]] LineColumn position_in(const Node& string_node, LineColumn inside);

/// By extension (.json, .ndjson, .jsonl, .yaml, .yml, .toml), else by content. Syntax errors go to diagnostics (TH1xxx)
/// and give none.
[[nodiscard]] std::vector<Node> read_documents(std::string_view text, const std::string& path,
                                               Diagnostics& diagnostics);

}  // namespace trailhound::rule
