// JSON with a position for every value. Written out, as the parser for events keeps no positions: strict RFC 8259,
// small files, exact messages.

#include <set>
#include <utility>

#include "base/ascii.h"
#include "base/number_text.h"
#include "base/utf8.h"
#include "rule/document_readers.h"

namespace trailhound::rule {
namespace {

class JsonReader {
 public:
  explicit JsonReader(const ReadContext& context) : context_(context), text_(context.text) {}

  std::optional<Node> read() {
    skip_mark();
    std::optional<Node> root = read_value(0);
    if (!root) return std::nullopt;
    skip_blanks();
    if (!at_end()) return fail("nothing may follow the document's value");
    return root;
  }

  // Nothing if any of them is malformed.
  std::optional<std::vector<Node>> read_all() {
    std::vector<Node> roots;
    skip_mark();
    for (skip_blanks(); !at_end(); skip_blanks()) {
      std::optional<Node> root = read_value(0);
      if (!root) return std::nullopt;
      roots.push_back(*std::move(root));
    }
    return roots;
  }

 private:
  void skip_mark() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }

  std::optional<Node> read_value(int depth) {
    skip_blanks();
    if (at_end()) return fail("a value is expected, but the file ends");
    if (depth > kMaxDocumentDepth) return fail("nested more than 64 levels deep", "TH1005");
    if (++nodes_ > kMaxDocumentNodes) return fail("more than 100,000 values", "TH1005");
    Node node;
    node.at = position();
    bool good = false;
    switch (text_[at_]) {
      case '{':
        good = read_members(node, depth);
        break;
      case '[':
        good = read_items(node, depth);
        break;
      case '"':
        good = read_string_value(node);
        break;
      default:
        good = read_plain(node);
    }
    if (!good) return std::nullopt;
    return node;
  }

  bool read_members(Node& table, int depth) {
    table.kind = Node::Kind::table;
    ++at_;
    if (take('}')) return true;
    std::set<std::string, std::less<>> seen;
    do {
      skip_blanks();
      const LineColumn key_at = position();
      if (at_end() || text_[at_] != '"') return fail_in("a key in double quotes is expected");
      std::optional<std::string> key = read_string();
      if (!key) return false;
      if (!seen.insert(*key).second) {
        context_.error("TH1006", key_at, "the key \"" + *key + "\" is here twice", "keep one of them");
        return false;
      }
      if (!take(':')) return fail_in("':' is expected after the key");
      std::optional<Node> value = read_value(depth + 1);
      if (!value) return false;
      table.members.push_back({std::move(*key), std::move(*value)});
    } while (take(','));
    return take('}') || fail_in("',' or '}' is expected");
  }

  bool read_items(Node& list, int depth) {
    list.kind = Node::Kind::list;
    ++at_;
    if (take(']')) return true;
    do {
      std::optional<Node> item = read_value(depth + 1);
      if (!item) return false;
      list.items.push_back(std::move(*item));
    } while (take(','));
    return take(']') || fail_in("',' or ']' is expected");
  }

  bool read_string_value(Node& node) {
    node.kind = Node::Kind::string;
    const std::size_t content = at_ + 1;
    std::optional<std::string> text = read_string();
    if (!text) return false;
    node.text = std::move(*text);
    locate_content(node, context_, content, Quoting::doubled);
    return true;
  }

  bool read_plain(Node& node) {
    const std::size_t begin = at_;
    while (!at_end() && std::string_view(" \t\r\n,:[]{}\"").find(text_[at_]) == std::string_view::npos) ++at_;
    node.text = text_.substr(begin, at_ - begin);
    if (node.text == "true" || node.text == "false") {
      node.kind = Node::Kind::boolean;
    } else if (node.text == "null") {
      node.kind = Node::Kind::null;
    } else if (is_number(node.text)) {
      node.kind = node.text.find_first_of(".eE") == std::string::npos ? Node::Kind::integer : Node::Kind::real;
    } else {
      at_ = begin;
      return fail_in(node.text.empty() ? "a value is expected here" : "a text must stand in double quotes");
    }
    return true;
  }

  static bool is_number(std::string_view text) {
    std::size_t at = 0;
    const auto digits = [&] {
      const std::size_t begin = at;
      while (at < text.size() && is_digit(text[at])) ++at;
      return at > begin;
    };
    if (at < text.size() && text[at] == '-') ++at;
    const std::size_t first = at;
    if (!digits() || (text[first] == '0' && at > first + 1)) return false;
    if (at < text.size() && text[at] == '.') {
      ++at;
      if (!digits()) return false;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
      ++at;
      if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
      if (!digits()) return false;
    }
    return at == text.size();
  }

  std::optional<std::string> read_string() {
    const std::size_t open = at_++;
    std::string out;
    while (true) {
      if (at_end() || text_[at_] == '\n') {
        at_ = open;
        fail_in("the quote is never closed");
        return std::nullopt;
      }
      const char c = text_[at_];
      if (c == '"') break;
      if (static_cast<unsigned char>(c) < 0x20) {
        fail_in("a control character must be escaped in a text");
        return std::nullopt;
      }
      if (c != '\\') {
        out += c;
        ++at_;
      } else if (!read_escape(out)) {
        return std::nullopt;
      }
    }
    ++at_;
    return out;
  }

  bool read_escape(std::string& out) {
    const char c = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (c == 'u') return read_unicode_escape(out);
    const std::size_t known = std::string_view("\"\\/bfnrt").find(c);
    if (c == '\0' || known == std::string_view::npos) {
      return fail_in("JSON knows no such escape", "for a backslash itself write two");
    }
    out += "\"\\/\b\f\n\r\t"[known];
    at_ += 2;
    return true;
  }

  // The four hex digits of \uXXXX at `at`.
  std::optional<std::uint32_t> hex_at(std::size_t at) const {
    if (!text_.substr(at).starts_with("\\u")) return std::nullopt;
    const std::string_view digits = text_.substr(at + 2, 4);
    return digits.size() == 4 ? number_in<std::uint32_t>(digits, 16) : std::nullopt;
  }

  bool read_unicode_escape(std::string& out) {
    std::optional<std::uint32_t> point = hex_at(at_);
    if (!point) return fail_in("\\u needs four hexadecimal digits");
    std::size_t length = 6;
    if (*point >= 0xD800 && *point < 0xE000) {
      const std::optional<std::uint32_t> low = hex_at(at_ + 6);
      if (*point >= 0xDC00 || !low || *low < 0xDC00 || *low >= 0xE000) return fail_in("half of a surrogate pair");
      point = 0x10000 + ((*point - 0xD800) << 10) + (*low - 0xDC00);
      length = 12;
    }
    append_utf8(out, *point);
    at_ += length;
    return true;
  }

  bool at_end() const { return at_ >= text_.size(); }
  void skip_blanks() {
    while (!at_end() && is_blank(text_[at_])) ++at_;
  }
  bool take(char c) {
    skip_blanks();
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  LineColumn position() const { return context_.lines.position(at_); }
  bool fail_in(std::string message, std::string hint = {}) {
    context_.error("TH1004", position(), std::move(message), std::move(hint));
    return false;
  }
  std::nullopt_t fail(std::string message, std::string_view code = "TH1004") {
    context_.error(code, position(), std::move(message));
    return std::nullopt;
  }

  const ReadContext& context_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t nodes_ = 0;
};

}  // namespace

std::vector<Node> read_json(const ReadContext& context) {
  std::vector<Node> documents;
  if (std::optional<Node> root = JsonReader(context).read()) documents.push_back(std::move(*root));
  return documents;
}

std::vector<Node> read_json_lines(const ReadContext& context) {
  return JsonReader(context).read_all().value_or(std::vector<Node>{});
}

}  // namespace trailhound::rule
