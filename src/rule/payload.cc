#include "rule/payload.h"

#include <algorithm>
#include <utility>

namespace trailhound::rule {
namespace {

const Node kNothing{};

bool is_scalar(const Node& node) { return !node.is(Node::Kind::list) && !node.is(Node::Kind::table); }

}  // namespace

Payload::Payload(const Node& table, std::string path, const RuleText& rule)
    : table_(&table), path_(std::move(path)), rule_(&rule) {}

const Node* Payload::find(std::string_view key) const {
  const Node* node = table_->find(key);
  return node == nullptr || node->is(Node::Kind::null) ? nullptr : node;
}

std::string Payload::path_of(std::string_view key) const {
  if (key.empty()) return path_;
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

std::optional<std::string> Payload::text(std::string_view key) const {
  const Node* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (is_scalar(*node)) return node->text;
  wrong_type(key, "a text");
  return std::nullopt;
}

std::optional<bool> Payload::boolean(std::string_view key) const {
  const Node* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (const std::optional<bool> value = node->as_boolean()) return value;
  wrong_type(key, "true or false");
  return std::nullopt;
}

std::optional<std::int64_t> Payload::integer(std::string_view key) const {
  const Node* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (const std::optional<std::int64_t> value = node->as_integer()) return value;
  wrong_type(key, "a whole number");
  return std::nullopt;
}

std::optional<double> Payload::real(std::string_view key) const {
  const Node* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (const std::optional<double> value = node->as_real()) return value;
  wrong_type(key, "a number");
  return std::nullopt;
}

std::vector<std::string> Payload::texts(std::string_view key) const {
  std::vector<std::string> out;
  const Node* node = find(key);
  if (node == nullptr) return out;
  if (!node->is(Node::Kind::list) || !std::all_of(node->items.begin(), node->items.end(), is_scalar)) {
    wrong_type(key, "a list of texts");
    return out;
  }
  for (const Node& item : node->items) out.push_back(item.text);
  return out;
}

Payload Payload::table(std::string_view key) const {
  const Node* node = find(key);
  if (node != nullptr && !node->is(Node::Kind::table)) {
    wrong_type(key, "an object");
    node = nullptr;
  }
  return {node == nullptr ? kNothing : *node, path_of(key), *rule_};
}

std::vector<std::string> Payload::text_or_texts(std::string_view key) const {
  const Node* node = find(key);
  if (node != nullptr && is_scalar(*node)) return {node->text};
  return texts(key);
}

std::vector<Payload> Payload::tables(std::string_view key) const {
  std::vector<Payload> out;
  const Node* node = find(key);
  if (node == nullptr) return out;
  const auto is_table = [](const Node& item) { return item.is(Node::Kind::table); };
  if (!node->is(Node::Kind::list) || !std::all_of(node->items.begin(), node->items.end(), is_table)) {
    wrong_type(key, "a list of objects");
    return out;
  }
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    out.emplace_back(node->items[i], path_of(key) + "[" + std::to_string(i) + "]", *rule_);
  }
  return out;
}

Diagnostic& Payload::error(std::string_view code, std::string_view key, std::string message, std::string hint) const {
  return finish(rule_->diagnostics->error(code, place(key), std::move(message), std::move(hint)));
}

Diagnostic& Payload::warning(std::string_view code, std::string_view key, std::string message, std::string hint) const {
  return finish(rule_->diagnostics->warning(code, place(key), std::move(message), std::move(hint)));
}

void Payload::warn_of_slips(std::initializer_list<std::string_view> known) const {
  for (const auto& [key, value] : table_->members) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const std::string near = nearest_name(key, known);
    // The right key beside the odd one: then the odd one is something else.
    if (near.empty() || table_->find(near) != nullptr) continue;
    warning(rule_->unknown_key_code, key, "the unknown key \"" + key + "\" is ignored",
            "did you mean \"" + near + "\"?");
  }
}

Diagnostic& Payload::finish(Diagnostic& finding) const {
  if (finding.place.at.line > 0) finding.snippet = make_snippet(rule_->file_text, finding.place.at);
  return finding;
}

Place Payload::place(std::string_view key) const {
  const Node* node = key.empty() ? nullptr : table_->find(key);
  return {.file = rule_->path, .rule = rule_->rule, .key = path_of(key), .at = (node == nullptr ? table_ : node)->at};
}

void Payload::wrong_type(std::string_view key, std::string_view wanted) const {
  // A key that is read twice is wrong once.
  const std::string path = path_of(key);
  for (const Diagnostic& known : rule_->diagnostics->all()) {
    if (known.code == rule_->wrong_type_code && known.place.key == path) return;
  }
  error(rule_->wrong_type_code, key, "\"" + path + "\" must be " + std::string(wanted));
}

}  // namespace trailhound::rule
