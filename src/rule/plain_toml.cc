#include "rule/plain_toml.h"

#include <algorithm>
#include <string>
#include <utility>

namespace trailhound::rule {
namespace {

constexpr int kMaxDepth = 16;  // deeper documents are not plain

bool is_bare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}
bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; }

/// Every step gives false once the text turns out not to be plain.
class PlainToml {
 public:
  explicit PlainToml(const ReadContext& context) : context_(context), text_(context.text) {}

  std::optional<Node> read() {
    Node root;
    root.kind = Node::Kind::table;
    root.at = {1, 1};
    Node* table = &root;
    for (skip_blank_lines(); at_ < text_.size(); skip_blank_lines()) {
      const bool read = text_[at_] == '[' ? read_header(root, table) : read_member(*table);
      if (!read || !end_line()) return std::nullopt;
    }
    if (is_broken_) return std::nullopt;
    return root;
  }

 private:
  [[nodiscard]] char here() const { return at_ < text_.size() ? text_[at_] : '\n'; }
  bool take(std::string_view what) {
    if (!text_.substr(at_).starts_with(what)) return false;
    at_ += what.size();
    return true;
  }
  [[nodiscard]] LineColumn position() const { return context_.lines.position(at_); }

  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }
  void skip_comment() {
    if (here() != '#') return;
    for (; at_ < text_.size() && text_[at_] != '\n'; ++at_) is_broken_ = is_broken_ || is_control(text_[at_]);
  }
  void skip_blank_lines() {
    for (;;) {
      skip_blanks();
      skip_comment();
      if (at_ == text_.size() || text_[at_] != '\n') return;
      ++at_;
    }
  }
  /// What may stand behind a value or a header.
  bool end_line() {
    skip_blanks();
    skip_comment();
    return !is_broken_ && here() == '\n';
  }

  bool read_name(std::string_view& name) {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_bare(text_[at_])) ++at_;
    name = text_.substr(begin, at_ - begin);
    return !name.empty();
  }

  // --- Tables --------------------------------------------------------------------------------------------------------

  static Node* find(Node& table, std::string_view name) {
    const auto found = std::ranges::find(table.members, name, &NodeMember::key);
    return found == table.members.end() ? nullptr : &found->value;
  }

  Node* add(Node& table, std::string_view name, Node::Kind kind, LineColumn at) {
    if (++nodes_ > kMaxDocumentNodes) return nullptr;
    NodeMember& member = table.members.emplace_back(std::string(name), Node());
    member.value.kind = kind;
    member.value.at = at;
    return &member.value;
  }

  /// "[a.b]" or "[[a.b]]": `table` becomes that table.
  bool read_header(Node& root, Node*& table) {
    const LineColumn at = position();
    const bool is_list = take("[[");
    if (!is_list) ++at_;
    Node* parent = &root;
    std::string_view name;
    if (!read_name(name)) return false;
    for (int depth = 1; take("."); ++depth) {
      if (depth > kMaxDepth) return false;
      parent = step_into(*parent, name, at);
      if (parent == nullptr || !read_name(name)) return false;
    }
    if (!take(is_list ? "]]" : "]")) return false;
    Node* known = find(*parent, name);
    if (!is_list) {
      table = known == nullptr ? add(*parent, name, Node::Kind::table, at) : nullptr;
      return table != nullptr;
    }
    if (known == nullptr) {
      known = add(*parent, name, Node::Kind::list, at);
      if (known == nullptr) return false;
      lists_of_tables_.push_back(at);
    } else if (!is_list_of_tables(*known)) {
      return false;
    }
    if (++nodes_ > kMaxDocumentNodes) return false;
    table = &known->items.emplace_back();
    table->kind = Node::Kind::table;
    table->at = at;
    return true;
  }

  /// The table of that name in a table, or the last of a list of tables; made if there is none.
  Node* step_into(Node& table, std::string_view name, LineColumn header) {
    Node* known = find(table, name);
    if (known == nullptr) return add(table, name, Node::Kind::table, header);
    if (known->is(Node::Kind::table)) return known;
    return is_list_of_tables(*known) ? &known->items.back() : nullptr;
  }

  [[nodiscard]] bool is_list_of_tables(const Node& node) const {
    return node.is(Node::Kind::list) && std::ranges::any_of(lists_of_tables_, [&](LineColumn at) {
             return at.line == node.at.line && at.column == node.at.column;
           });
  }

  // --- Values --------------------------------------------------------------------------------------------------------

  bool read_member(Node& table) {
    std::string_view name;
    if (!read_name(name) || find(table, name) != nullptr) return false;
    skip_blanks();
    if (!take("=")) return false;
    skip_blanks();
    Node value;
    if (!read_value(value, 0)) return false;
    table.members.emplace_back(std::string(name), std::move(value));
    return true;
  }

  bool read_value(Node& node, int depth) {
    if (depth > kMaxDepth || ++nodes_ > kMaxDocumentNodes) return false;
    node.at = position();
    const char first = here();
    if (first == '"' || first == '\'') return read_string(node, first);
    if (first == '[') return read_array(node, depth);
    if (first == 't' || first == 'f') {
      node.kind = Node::Kind::boolean;
      node.text = first == 't' ? "true" : "false";
      return take(node.text);
    }
    return read_integer(node);
  }

  bool read_integer(Node& node) {
    constexpr std::size_t kMostDigits = 18;
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    node.kind = Node::Kind::integer;
    node.text = text_.substr(begin, at_ - begin);
    const bool is_decimal = !node.text.empty() && (node.text[0] != '0' || node.text.size() == 1);
    return is_decimal && node.text.size() <= kMostDigits;
  }

  bool read_array(Node& node, int depth) {
    node.kind = Node::Kind::list;
    ++at_;
    for (;;) {
      skip_blank_lines();
      if (is_broken_) return false;
      if (take("]")) return true;
      if (!read_value(node.items.emplace_back(), depth + 1)) return false;
      skip_blank_lines();
      if (take("]")) return true;
      if (!take(",")) return false;
    }
  }

  bool read_string(Node& node, char quote) {
    const bool is_long = text_.substr(at_).starts_with(quote == '"' ? "\"\"\"" : "'''");
    at_ += is_long ? 3 : 1;
    if (is_long) (void)take("\n");  // a line's end right behind the opening quotes is no part of the text
    node.kind = Node::Kind::string;
    const std::size_t begin = at_;
    bool has_escapes = false;
    for (;;) {
      const std::size_t plain = at_;
      while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\\' &&
             (!is_control(text_[at_]) || (is_long && text_[at_] == '\n'))) {
        ++at_;
      }
      node.text += text_.substr(plain, at_ - plain);
      if (at_ == text_.size()) return false;
      if (text_[at_] == quote) {
        if (ends_string(quote, is_long)) break;
        node.text += text_[at_++];
      } else if (text_[at_] == '\\') {
        has_escapes = has_escapes || quote == '"';
        if (!read_backslash(node.text, quote)) return false;
      } else {
        return false;
      }
    }
    if (has_escapes) {
      locate_content(node, context_, begin, Quoting::doubled);
    } else {
      node.content_at = context_.lines.position(begin);
    }
    // A quote that ends the text stands right before the closing ones.
    at_ += is_long ? 3 : 1;
    return here() != quote;
  }

  [[nodiscard]] bool ends_string(char quote, bool is_long) const {
    if (!is_long) return true;
    const std::string_view rest = text_.substr(at_);
    return rest.size() >= 3 && rest[1] == quote && rest[2] == quote;
  }

  bool read_backslash(std::string& into, char quote) {
    constexpr std::string_view kEscapes = "btnfr\"\\";
    constexpr std::string_view kMeanings = "\b\t\n\f\r\"\\";
    ++at_;
    if (quote == '\'') {
      into += '\\';
      return true;
    }
    const std::size_t which = kEscapes.find(here());
    if (which == std::string_view::npos) return false;
    into += kMeanings[which];
    ++at_;
    return true;
  }

  const ReadContext& context_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t nodes_ = 1;
  bool is_broken_ = false;  // a comment has what no comment may have
  std::vector<LineColumn> lists_of_tables_;
};

}  // namespace

std::optional<Node> read_plain_toml(const ReadContext& context) {
  const bool has_mark = context.text.starts_with("\xEF\xBB\xBF");
  if (has_mark || context.text.find('\r') != std::string_view::npos) return std::nullopt;
  return PlainToml(context).read();
}

}  // namespace trailhound::rule
