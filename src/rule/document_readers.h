#pragma once
/// The three readers behind `read_documents` and what they share. Inside src/rule only.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rule/document.h"

namespace trailhound::rule {

inline constexpr std::size_t kMaxDocumentBytes = 10'000'000;
inline constexpr int kMaxDocumentDepth = 64;
inline constexpr std::size_t kMaxDocumentNodes = 100'000;

/// Line starts of a text, to turn byte offsets into positions and back.
class LineIndex {
 public:
  explicit LineIndex(std::string_view text);
  [[nodiscard]] LineColumn position(std::size_t offset) const;
  /// Offset of a position; the text's size if it lies outside.
  [[nodiscard]] std::size_t offset(LineColumn position) const;
  /// The same for a column that counts code points.
  [[nodiscard]] LineColumn from_code_points(int line, int column) const;

 private:
  std::string_view text_;
  std::vector<std::size_t> starts_;
};

/// What a reader works on.
struct ReadContext {
  std::string_view text;
  const std::string& path;
  const LineIndex& lines;
  Diagnostics& diagnostics;

  void error(std::string_view code, LineColumn at, std::string message, std::string hint = {}) const;
};

enum class Quoting : std::uint8_t {
  none,     ///< every character is itself
  single,   ///< a doubled quote is one
  doubled,  ///< backslash escapes
};
/// Finds the text of a string node in the file from byte `offset` on (just behind an opening quote, at a plain text,
/// behind a block's header) and sets content_at and jumps; leaves both empty if it is not to be found.
void locate_content(Node& node, const ReadContext& context, std::size_t offset, Quoting quoting);

// Each reports syntax errors and then gives none.
[[nodiscard]] std::vector<Node> read_json(const ReadContext& context);
/// One value after the other: NDJSON as Kibana exports it.
[[nodiscard]] std::vector<Node> read_json_lines(const ReadContext& context);
[[nodiscard]] std::vector<Node> read_yaml(const ReadContext& context);
[[nodiscard]] std::vector<Node> read_toml(const ReadContext& context);

/// The kind of a plain YAML or JSON scalar: null, boolean, integer, real or string.
[[nodiscard]] Node::Kind kind_of_plain(std::string_view text);

}  // namespace trailhound::rule
