// TOML through toml++; its exceptions end here.

#include <toml++/toml.h>
#include <algorithm>
#include <optional>
#include <sstream>
#include <tuple>
#include <utility>

#include "base/ascii.h"
#include "rule/document_readers.h"
#include "rule/toml_outline.h"

namespace trailhound::rule {
namespace {

class Converter {
 public:
  Converter(const ReadContext& context, const TomlOutline& outline) : context_(context), outline_(outline) {}

  std::optional<Node> convert(const toml::node& source, int depth) {
    Node node;
    node.at = position(source.source());
    if (depth > kMaxDocumentDepth) return fail(node.at, "nested more than 64 levels deep");
    if (++nodes_ > kMaxDocumentNodes) return fail(node.at, "more than 100,000 values");
    if (const toml::table* table = source.as_table()) return convert_table(*table, std::move(node), depth);
    if (const toml::array* array = source.as_array()) {
      node.kind = Node::Kind::list;
      for (const toml::node& item : *array) {
        std::optional<Node> converted = convert(item, depth + 1);
        if (!converted) return std::nullopt;
        node.items.push_back(std::move(*converted));
      }
      return node;
    }
    convert_scalar(source, node);
    return node;
  }

 private:
  // toml++ sorts a table's keys; the file's order is that of their positions.
  std::optional<Node> convert_table(const toml::table& table, Node node, int depth) {
    node.kind = Node::Kind::table;
    std::vector<std::pair<LineColumn, std::size_t>> order;
    std::vector<NodeMember> members;
    for (const auto& [key, value] : table) {
      std::optional<Node> converted = convert(value, depth + 1);
      if (!converted) return std::nullopt;
      order.emplace_back(position(key.source()), members.size());
      members.push_back({std::string(key.str()), std::move(*converted)});
    }
    std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
      return std::tie(a.first.line, a.first.column) < std::tie(b.first.line, b.first.column);
    });
    for (const auto& [at, index] : order) node.members.push_back(std::move(members[index]));
    return node;
  }

  void convert_scalar(const toml::node& source, Node& node) {
    if (const auto* text = source.as_string()) {
      node.kind = Node::Kind::string;
      if (!restore(node)) {
        node.text = text->get();
        locate(node);
      }
      return;
    }
    std::ostringstream out;
    source.visit([&](const auto& value) {
      if constexpr (toml::is_value<decltype(value)>) out << value.get();
    });
    node.text = out.str();
    switch (source.type()) {
      case toml::node_type::integer:
        node.kind = Node::Kind::integer;
        break;
      case toml::node_type::floating_point:
        node.kind = Node::Kind::real;
        break;
      case toml::node_type::boolean:
        node.kind = Node::Kind::boolean;
        node.text = source.as_boolean()->get() ? "true" : "false";
        break;
      default:
        node.kind = Node::Kind::string;  // dates and times, as TOML writes them
    }
    if (node.is(Node::Kind::integer)) node.text = std::to_string(source.as_integer()->get());
  }

  /// A text that was left out, if it is one.
  bool restore(Node& node) const {
    const std::string_view* text = outline_.find(context_.lines.offset(node.at));
    if (text == nullptr) return false;
    node.text = *text;
    node.content_at = context_.lines.position(static_cast<std::size_t>(text->data() - context_.text.data()));
    return true;
  }

  void locate(Node& node) const {
    const std::string_view text = context_.text;
    std::size_t at = context_.lines.offset(node.at);
    if (at >= text.size() || (text[at] != '"' && text[at] != '\'')) return;
    const Quoting quoting = text[at] == '"' ? Quoting::doubled : Quoting::none;
    const std::string_view rest = text.substr(at);
    if (!rest.starts_with("\"\"\"") && !rest.starts_with("'''")) return locate_content(node, context_, at + 1, quoting);
    at += 3;
    // A line's end right behind the opening quotes is no part of the text.
    if (text.substr(at).starts_with("\r\n")) ++at;
    if (text.substr(at).starts_with('\n')) ++at;
    locate_content(node, context_, at, quoting);
  }

  LineColumn position(const toml::source_region& region) const {
    return context_.lines.from_code_points(static_cast<int>(region.begin.line), static_cast<int>(region.begin.column));
  }
  std::nullopt_t fail(LineColumn at, std::string message) const {
    context_.error("TH1005", at, std::move(message));
    return std::nullopt;
  }

  const ReadContext& context_;
  const TomlOutline& outline_;
  std::size_t nodes_ = 0;
};

std::size_t longest_line(std::string_view text) {
  std::size_t longest = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    longest = std::max(longest, end - begin);
    begin = end + 1;
  }
  return longest;
}

/// Where a key or table header of too many parts begins: toml++ walks into a key part by part, without an end but that
/// of the stack. What only looks like one, in a text, is refused as well.
std::optional<std::size_t> find_endless_key(std::string_view text) {
  constexpr std::size_t kMostParts = 1000;
  if (longest_line(text) < kMostParts) return std::nullopt;  // of each part there is a dot at least
  std::size_t dots = 0, begin = 0;
  char before = ' ';   // the last character that is no blank
  bool apart = false;  // blanks stand behind it
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == ' ' || c == '\t') {
      apart = true;
      continue;
    }
    bool in_key = c == '.' || is_letter(c) || is_digit(c) || c == '_' || c == '-';
    if (c == '"' || c == '\'') {  // a quoted part may hold anything but the end of a line
      const std::size_t end = text.find_first_of(c == '"' ? "\"\n" : "'\n", at + 1);
      in_key = end != std::string_view::npos && text[end] == c;
      if (in_key) at = end;
    }
    if (!in_key || (apart && c != '.' && before != '.')) {
      dots = 0;
      begin = in_key ? at : at + 1;
    }
    if (c == '.' && ++dots >= kMostParts) return begin;
    before = c;
    apart = false;
  }
  return std::nullopt;
}

}  // namespace

std::vector<Node> read_toml(const ReadContext& context) {
  if (const auto endless = find_endless_key(context.text)) {
    context.error("TH1005", context.lines.position(*endless), "a key of more than 1000 parts");
    return {};
  }
  std::vector<Node> documents;
  try {
    const TomlOutline outline = outline_of(context.text);
    const toml::table table = toml::parse(outline.text, context.path);
    if (auto root = Converter(context, outline).convert(table, 0)) documents.push_back(std::move(*root));
  } catch (const toml::parse_error& error) {
    const toml::source_position& at = error.source().begin;
    // toml++ reports a repeated key as one of its syntax errors.
    const std::string_view what = error.description();
    const bool repeated = what.find("redefine") != std::string_view::npos;
    context.error(repeated ? "TH1006" : "TH1004",
                  context.lines.from_code_points(static_cast<int>(at.line), static_cast<int>(at.column)),
                  "the TOML cannot be read: " + std::string(what));
    return {};
  } catch (const std::exception& error) {
    context.error("TH1004", {}, std::string("the TOML cannot be read: ") + error.what());
    return {};
  }
  return documents;
}

}  // namespace trailhound::rule
