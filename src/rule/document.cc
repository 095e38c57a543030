#include "rule/document.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/ascii.h"
#include "base/number_text.h"
#include "base/utf8.h"
#include "rule/document_readers.h"

namespace trailhound::rule {
namespace {

bool is_decimal(std::string_view text) {
  const std::size_t first = text.find_first_not_of("+-");
  return first != std::string_view::npos && text.find_first_not_of("0123456789+-.eE") == std::string_view::npos &&
         text.find_first_of("0123456789") != std::string_view::npos;
}

std::optional<Format> format_by_name(const std::string& path) {
  const std::string name = lower_ascii(path);
  if (name.ends_with(".json")) return Format::json;
  if (name.ends_with(".ndjson") || name.ends_with(".jsonl")) return Format::json_lines;
  if (name.ends_with(".yaml") || name.ends_with(".yml")) return Format::yaml;
  if (name.ends_with(".toml")) return Format::toml;
  return std::nullopt;
}

// TOML shows itself by its first line that is no comment: a table's header or `key = value`.
bool looks_like_toml(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#') continue;
    if (line.front() == '[') return line.back() == ']' && line.find_first_of("\"{,:") == std::string_view::npos;
    const std::size_t equals = line.find('='), colon = line.find(':');
    return equals != std::string_view::npos && (colon == std::string_view::npos || equals < colon);
  }
  return false;
}

Format format_by_content(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (looks_like_toml(text)) return Format::toml;
  const bool json = first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
  return json ? Format::json : Format::yaml;
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  for (const auto& [name, value] : members) {
    if (name == key) return &value;
  }
  return nullptr;
}

std::optional<bool> Node::as_boolean() const {
  if (kind != Kind::boolean && kind != Kind::string) return std::nullopt;
  const std::string word = lower_ascii(text);
  if (word == "true") return true;
  if (word == "false") return false;
  return std::nullopt;
}

std::optional<std::int64_t> Node::as_integer() const {
  if (kind != Kind::integer && kind != Kind::string && kind != Kind::real) return std::nullopt;
  if (const auto number = signed_number_in<std::int64_t>(text)) return number;
  const std::optional<double> real = as_real();
  // 300.0 and 3e2 are written by some exporters.
  if (!real || *real != static_cast<double>(static_cast<std::int64_t>(std::clamp(*real, -1e15, 1e15)))) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(*real);
}

std::optional<double> Node::as_real() const {
  if (kind != Kind::integer && kind != Kind::real && kind != Kind::string) return std::nullopt;
  if (!is_decimal(text)) return std::nullopt;
  return signed_number_in<double>(text);
}

LineColumn position_in(const Node& node, LineColumn inside) {
  if (node.content_at.line == 0 || inside.line < 1 || inside.column < 1) return {};
  // The offset in the text that `inside` means.
  std::size_t line_start = 0;
  for (int line = 1; line < inside.line; ++line) {
    const std::size_t newline = node.text.find('\n', line_start);
    if (newline == std::string::npos) return {};
    line_start = newline + 1;
  }
  const std::size_t offset = line_start + static_cast<std::size_t>(inside.column - 1);
  LineColumn from = node.content_at;
  std::size_t start = 0;
  for (const Node::Jump& jump : node.jumps) {
    if (jump.offset > offset) break;
    start = jump.offset;
    from = jump.at;
  }
  // From there the text runs on in the file byte by byte.
  for (std::size_t i = start; i < std::min(offset, node.text.size()); ++i) {
    from = node.text[i] == '\n' ? LineColumn{from.line + 1, 1} : LineColumn{from.line, from.column + 1};
  }
  return from;
}

Node::Kind kind_of_plain(std::string_view text) {
  const std::string word = lower_ascii(text);
  if (word.empty() || word == "null" || word == "~") return Node::Kind::null;
  if (word == "true" || word == "false") return Node::Kind::boolean;
  if (!is_decimal(text)) return Node::Kind::string;
  if (signed_number_in<std::int64_t>(text)) return Node::Kind::integer;
  if (signed_number_in<double>(text)) return Node::Kind::real;
  return Node::Kind::string;
}

LineIndex::LineIndex(std::string_view text) : text_(text), starts_{0} {
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', end + 1)) {
    starts_.push_back(end + 1);
  }
}

LineColumn LineIndex::position(std::size_t offset) const {
  const auto next = std::upper_bound(starts_.begin(), starts_.end(), offset);
  return {static_cast<int>(next - starts_.begin()), static_cast<int>(offset - *(next - 1)) + 1};
}

std::size_t LineIndex::offset(LineColumn position) const {
  if (position.line < 1 || static_cast<std::size_t>(position.line) > starts_.size()) return text_.size();
  const std::size_t start = starts_[static_cast<std::size_t>(position.line) - 1];
  return std::min(start + static_cast<std::size_t>(std::max(position.column, 1) - 1), text_.size());
}

LineColumn LineIndex::from_code_points(int line, int column) const {
  std::size_t at = offset({line, 1});
  for (int seen = 1; seen < column && at < text_.size() && text_[at] != '\n'; ++seen) {
    do {
      ++at;
    } while (at < text_.size() && continues_character(text_[at]));
  }
  return position(at);
}

void ReadContext::error(std::string_view code, LineColumn at, std::string message, std::string hint) const {
  Diagnostic& finding = diagnostics.error(code, Place{.file = path, .rule = {}, .key = {}, .at = at},
                                          std::move(message), std::move(hint));
  if (at.line > 0) finding.snippet = make_snippet(text, at);
}

namespace {

// Bytes that an escape at `file` takes in the file, when it stands for a character of `bytes` bytes; 0 if unknown.
std::size_t escape_length(std::string_view file, std::size_t bytes) {
  if (file.size() < 2) return 0;
  switch (file[1]) {
    case 'x':
      return 4;
    case 'u':
      return bytes == 4 ? 12 : 6;  // beyond the basic plane: a pair
    case 'U':
      return 10;
    case '\n':
    case '\r':
      return 0;
    default:
      return 2;
  }
}

std::size_t utf8_length(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

bool is_layout(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

// Offset of the first byte that is not valid UTF-8; the size if there is none.
std::size_t first_invalid_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    for (std::uint64_t bytes = 0; text.size() - at >= sizeof(bytes); at += sizeof(bytes)) {  // ASCII, as nearly all is
      std::memcpy(&bytes, text.data() + at, sizeof(bytes));
      if ((bytes & 0x8080808080808080) != 0) break;
    }
    if (at == text.size()) break;
    const auto byte = static_cast<unsigned char>(text[at]);
    const std::size_t length = utf8_length(text[at]);
    if ((byte >= 0x80 && byte < 0xC2) || byte > 0xF4 || at + length > text.size()) return at;
    for (std::size_t i = 1; i < length; ++i) {
      if ((static_cast<unsigned char>(text[at + i]) & 0xC0) != 0x80) return at;
    }
    const auto second = length > 2 ? static_cast<unsigned char>(text[at + 1]) : 0x80;
    if ((byte == 0xE0 && second < 0xA0) || (byte == 0xED && second > 0x9F) || (byte == 0xF0 && second < 0x90) ||
        (byte == 0xF4 && second > 0x8F)) {
      return at;
    }
    at += length;
  }
  return at;
}

}  // namespace

void locate_content(Node& node, const ReadContext& context, std::size_t offset, Quoting quoting) {
  const std::string_view file = context.text;
  const std::string_view wanted = node.text;
  std::vector<Node::Jump> jumps;
  std::size_t at = offset;
  std::size_t first = offset;
  bool contiguous = true;  // does byte i of the text lie right behind byte i - 1 in the file?
  for (std::size_t i = 0; i < wanted.size();) {
    if (at >= file.size()) return;
    const bool escape = quoting == Quoting::doubled && file[at] == '\\';
    if (!escape && file[at] != wanted[i]) {
      // Indentation and folding: blanks that the text does not have, or a line's end that it has as a blank.
      if (!is_layout(file[at])) return;
      if (file[at] == '\n' && wanted[i] == ' ') ++i;
      ++at;
      contiguous = false;
      continue;
    }
    if (i == 0) {
      first = at;
    } else if (!contiguous) {
      jumps.push_back({i, context.lines.position(at)});
    }
    const std::size_t bytes = escape ? utf8_length(wanted[i]) : 1;
    const bool doubled_quote = quoting == Quoting::single && wanted[i] == '\'';
    const std::size_t length = escape ? escape_length(file.substr(at), bytes) : doubled_quote ? 2 : 1;
    if (length == 0) return;
    at += length;
    i += bytes;
    contiguous = length == bytes && !escape;
  }
  node.content_at = context.lines.position(first);
  node.jumps = std::move(jumps);
}

std::vector<Node> read_documents(std::string_view text, const std::string& path, Diagnostics& diagnostics) {
  const LineIndex lines(text.size() <= kMaxDocumentBytes ? text : std::string_view{});
  const ReadContext context{text, path, lines, diagnostics};
  if (text.size() > kMaxDocumentBytes) {
    context.error("TH1002", {}, "the file is larger than 10 MB", "rule files are small; is this a log file?");
    return {};
  }
  if (const std::size_t bad = first_invalid_utf8(text); bad < text.size()) {
    context.error("TH1003", lines.position(bad), "the file is not valid UTF-8 here", "save it as UTF-8");
    return {};
  }
  switch (format_by_name(path).value_or(format_by_content(text))) {
    case Format::json:
      return read_json(context);
    case Format::json_lines:
      return read_json_lines(context);
    case Format::yaml:
      return read_yaml(context);
    case Format::toml:
      return read_toml(context);
  }
  return {};
}

}  // namespace trailhound::rule
