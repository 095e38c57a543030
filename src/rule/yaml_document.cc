// YAML through yaml-cpp's events, which come with positions; its exceptions end here.

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <utility>

#include "rule/document_readers.h"

namespace trailhound::rule {
namespace {

/// Ends the parse from inside an event; everything to say was said.
struct Stop {};

/// Builds the tree of one document on an explicit stack.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const ReadContext& context, std::size_t& nodes) : context_(context), nodes_(nodes) {}

  [[nodiscard]] std::optional<Node> take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node node;
    node.at = position(mark);
    add(std::move(node), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node;
    node.at = position(mark);
    node.text = value;
    // yaml-cpp tags a plain scalar "?" and a quoted or block one "!".
    const bool plain = tag == "?" || tag.empty();
    node.kind = plain ? kind_of_plain(value) : Node::Kind::string;
    if (tag.ends_with(":str")) node.kind = Node::Kind::string;
    if (node.kind == Node::Kind::string) locate(node);
    add(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchored_.find(anchor);
    if (found == anchored_.end()) stop("TH1011", position(mark), "an alias cannot lie inside what it repeats");
    count(found->second.nodes, position(mark));
    if (stack_.size() + static_cast<std::size_t>(found->second.depth) > kMaxDocumentDepth) too_deep(position(mark));
    deepen(found->second.depth);
    place(Node(found->second.node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Node::Kind::list, mark, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(Node::Kind::table, mark, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    Node node;
    YAML::anchor_t anchor = 0;
    std::optional<std::string> key;  // of a table: read, its value still to come
    std::set<std::string, std::less<>> keys;
    std::size_t nodes_before = 0;
    int depth = 1;  // levels below, itself included
  };
  struct Anchored {
    Node node;
    std::size_t nodes = 1;
    int depth = 1;
  };

  LineColumn position(const YAML::Mark& mark) const {
    return mark.is_null() ? LineColumn{} : LineColumn{mark.line + 1, mark.column + 1};
  }

  [[noreturn]] void stop(std::string_view code, LineColumn at, std::string message, std::string hint = {}) {
    context_.error(code, at, std::move(message), std::move(hint));
    throw Stop{};
  }
  [[noreturn]] void too_deep(LineColumn at) { stop("TH1005", at, "nested more than 64 levels deep"); }

  void count(std::size_t more, LineColumn at) {
    nodes_ += more;
    if (nodes_ > kMaxDocumentNodes) stop("TH1005", at, "more than 100,000 values", "aliases count as what they repeat");
  }

  void open(Node::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    const LineColumn at = position(mark);
    if (stack_.size() >= static_cast<std::size_t>(kMaxDocumentDepth)) too_deep(at);
    if (is_key_next()) stop("TH1011", at, "a key must be a plain text");
    Open level;
    level.node.kind = kind;
    level.node.at = at;
    level.anchor = anchor;
    level.nodes_before = nodes_;
    count(1, at);
    stack_.push_back(std::move(level));
  }

  void close() {
    Open level = std::move(stack_.back());
    stack_.pop_back();
    if (level.anchor != 0) anchored_[level.anchor] = {level.node, nodes_ - level.nodes_before, level.depth};
    deepen(level.depth);
    place(std::move(level.node));
  }

  // A closed child of that depth hangs below the innermost open node.
  void deepen(int depth) {
    if (!stack_.empty()) stack_.back().depth = std::max(stack_.back().depth, depth + 1);
  }

  void add(Node node, YAML::anchor_t anchor) {
    count(1, node.at);
    if (anchor != 0) anchored_[anchor] = {node, 1, 1};
    deepen(1);
    place(std::move(node));
  }

  bool is_key_next() const { return !stack_.empty() && stack_.back().node.is(Node::Kind::table) && !stack_.back().key; }

  void place(Node node) {
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = stack_.back();
    if (parent.node.is(Node::Kind::list)) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.key) {
      take_key(parent, std::move(node));
    } else {
      parent.node.members.push_back({std::move(*parent.key), std::move(node)});
      parent.key.reset();
    }
  }

  void take_key(Open& parent, Node key) {
    if (key.is(Node::Kind::list) || key.is(Node::Kind::table)) stop("TH1011", key.at, "a key must be a plain text");
    if (key.text == "<<") {
      stop("TH1011", key.at, "merge keys (<<) are not supported", "write the keys out");
    }
    if (!parent.keys.insert(key.text).second) {
      stop("TH1006", key.at, "the key \"" + key.text + "\" is here twice", "keep one of them");
    }
    parent.key = std::move(key.text);
  }

  // The event's position is that of the first character: a quote, a block's header, or the text itself.
  void locate(Node& node) {
    std::size_t at = context_.lines.offset(node.at);
    if (at >= context_.text.size()) return;
    switch (context_.text[at]) {
      case '"':
        return locate_content(node, context_, at + 1, Quoting::doubled);
      case '\'':
        return locate_content(node, context_, at + 1, Quoting::single);
      case '|':
      case '>': {
        const std::size_t newline = context_.text.find('\n', at);
        if (newline != std::string_view::npos) locate_content(node, context_, newline + 1, Quoting::none);
        return;
      }
      default:
        locate_content(node, context_, at, Quoting::none);
    }
  }

  const ReadContext& context_;
  std::size_t& nodes_;
  std::vector<Open> stack_;
  std::map<YAML::anchor_t, Anchored> anchored_;
  std::optional<Node> root_;
};

}  // namespace

std::vector<Node> read_yaml(const ReadContext& context) {
  std::vector<Node> documents;
  std::size_t nodes = 0;
  try {
    std::istringstream stream{std::string(context.text)};
    YAML::Parser parser(stream);
    while (true) {
      TreeBuilder builder(context, nodes);
      if (!parser.HandleNextDocument(builder)) break;
      if (std::optional<Node> root = builder.take_root()) documents.push_back(std::move(*root));
    }
  } catch (const Stop&) {
    return {};
  } catch (const YAML::Exception& error) {
    const LineColumn at = error.mark.is_null() ? LineColumn{} : LineColumn{error.mark.line + 1, error.mark.column + 1};
    context.error("TH1004", at, "the YAML cannot be read: " + error.msg);
    return {};
  } catch (const std::exception& error) {
    context.error("TH1004", {}, std::string("the YAML cannot be read: ") + error.what());
    return {};
  }
  return documents;
}

}  // namespace trailhound::rule
