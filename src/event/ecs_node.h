#pragma once
/// The tree that an ECS document is built in: objects, lists and leaves; a leaf may be a piece of the record's JSON.
///
///     Node document;
///     document.set("user.name", "alice");
///     document.append_unique("related.user", "alice");
///     document.prune();                       // drops "", empty lists and objects: the pipeline's last cleanup
///     document.append_json(out);              // members sorted by name
///
/// JSON leaves are views: they live as long as the parsed record. Not thread-safe.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/json_value.h"

namespace trailhound::event {

class Node {
 public:
  using List = std::vector<Node>;
  using Members = std::vector<std::pair<std::string, Node>>;

  Node() = default;
  Node(bool value) : value_(value) {}                           // NOLINT: leaves convert
  Node(std::int64_t value) : value_(value) {}                   // NOLINT
  Node(double value) : value_(value) {}                         // NOLINT
  Node(std::string value) : value_(std::move(value)) {}         // NOLINT
  Node(std::string_view value) : value_(std::string(value)) {}  // NOLINT
  Node(const char* value) : value_(std::string(value)) {}       // NOLINT
  /// A value of the record; what the first cleanup removes inside it is left out when written.
  Node(json::Value value) : value_(value) {}         // NOLINT
  Node(List value) : value_(std::move(value)) {}     // NOLINT
  Node(Members value) : value_(std::move(value)) {}  // NOLINT

  /// The node at a dotted path, made if missing. A leaf on the way becomes an object.
  Node& at(std::string_view path);
  /// The member of that exact name (dots have no meaning), made if missing.
  Node& member(std::string_view name);
  /// The node at a dotted path of the tree (not inside JSON leaves), or null.
  [[nodiscard]] const Node* find(std::string_view path) const;

  void set(std::string_view path, Node value) { at(path) = std::move(value); }
  /// Does nothing if the value is missing.
  void set_if(std::string_view path, json::Value value) {
    if (value) at(path) = Node(value);
  }
  void set_if(std::string_view path, std::string_view text) {
    if (!text.empty()) at(path) = Node(text);
  }
  /// Adds a text to the list at the path unless it is there or empty.
  void append_unique(std::string_view path, std::string_view text);

  /// Removes empty texts, lists and objects; false if nothing is left of the node itself.
  bool prune();
  void append_json(std::string& out) const;

  // What the node is; each null unless it is that.
  [[nodiscard]] const bool* boolean() const { return std::get_if<bool>(&value_); }
  [[nodiscard]] const std::int64_t* integer() const { return std::get_if<std::int64_t>(&value_); }
  [[nodiscard]] const double* real() const { return std::get_if<double>(&value_); }
  [[nodiscard]] const std::string* text() const { return std::get_if<std::string>(&value_); }
  [[nodiscard]] const json::Value* json() const { return std::get_if<json::Value>(&value_); }
  [[nodiscard]] const List* list() const { return std::get_if<List>(&value_); }
  [[nodiscard]] const Members* members() const { return std::get_if<Members>(&value_); }

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, json::Value, List, Members> value_;
};

}  // namespace trailhound::event
