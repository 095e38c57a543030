#include "rule/elastic_exceptions.h"

#include <optional>
#include <utility>

#include "rule/value_list.h"

namespace trailhound::rule {
namespace {

using Condition = std::optional<plan::Expr>;

class ItemReader {
 public:
  explicit ItemReader(const ElasticClauses& clauses) : clauses_(clauses) {}

  // All entries together; after `expire_time` the item excludes nothing.
  Condition read(const Payload& item) const {
    std::vector<plan::Expr> parts;
    for (const Payload& entry : item.tables("entries")) {
      Condition part = read_entry(entry, "");
      if (!part) return std::nullopt;
      parts.push_back(*std::move(part));
    }
    if (parts.empty()) return plan::constant(false);
    if (const std::optional<std::string> until = item.text("expire_time"); until && !until->empty()) {
      Condition in_force = clauses_.compares(item, "expire_time", "@timestamp", "<=", *until);
      if (!in_force) return std::nullopt;
      parts.push_back(*std::move(in_force));
    }
    return plan::all_of(std::move(parts));
  }

 private:
  Condition read_entry(const Payload& entry, const std::string& parent) const {
    const std::string field = parent + entry.text("field").value_or("");
    const std::string type = entry.text("type").value_or("");
    Condition condition = read_typed(entry, field, type);
    if (condition && entry.text("operator").value_or("included") == "excluded") condition = plan::negate(*condition);
    return condition;
  }

  Condition read_typed(const Payload& entry, const std::string& field, const std::string& type) const {
    if (type == "match") return clauses_.equals(entry, "value", field, entry.text("value").value_or(""));
    if (type == "wildcard") return clauses_.wildcard(entry, "value", field, entry.text("value").value_or(""), false);
    if (type == "exists") return clauses_.exists(entry, "field", field);
    if (type == "match_any") return clauses_.equals_any(entry, "value", field, entry.text_or_texts("value"));
    // Documents of CloudTrail have no nested fields, so a test below one holds for none.
    if (type == "nested") return plan::constant(false);
    if (type == "list") return read_list(entry, field);
    entry.error("TH4112", "type", "\"" + type + "\" is no type of exception entry",
                "match, match_any, exists, wildcard or nested");
    return std::nullopt;
  }

  /// The values of a list; of type ip_range also "10.0.0.1-10.0.0.9".
  Condition read_list(const Payload& entry, const std::string& field) const {
    const Payload list = entry.table("list");
    auto values = read_value_list(entry.rule().path, list.text("id").value_or(""));
    if (!values) {
      list.error("TH4112", "id", values.error().what, values.error().hint);
      return std::nullopt;
    }
    std::vector<plan::Expr> parts;
    if (list.text("type").value_or("") == "ip_range") {
      const auto is_range = [](const std::string& value) { return value.contains('-'); };
      for (const std::string& value : *values) {
        if (!is_range(value)) continue;
        const std::size_t dash = value.find('-');
        Condition from = clauses_.compares(list, "id", field, ">=", value.substr(0, dash));
        Condition to = clauses_.compares(list, "id", field, "<=", value.substr(dash + 1));
        if (!from || !to) return std::nullopt;
        parts.push_back(plan::all_of({*std::move(from), *std::move(to)}));
      }
      std::erase_if(*values, is_range);
    }
    Condition equal = clauses_.equals_any(list, "id", field, *values);
    if (!equal) return std::nullopt;
    parts.push_back(*std::move(equal));
    return plan::any_of(std::move(parts));
  }

  const ElasticClauses& clauses_;
};

}  // namespace

bool is_exception_item(const Node& document) {
  return document.find("list_id") != nullptr && document.find("item_id") != nullptr &&
         document.find("entries") != nullptr;
}

bool is_exception_list(const Node& document) {
  return document.find("list_id") != nullptr && document.find("rule_id") == nullptr &&
         document.find("entries") == nullptr;
}

void add_exception_item(const Node& document, ExceptionItems& items) {
  items[document.find("list_id")->text].push_back(&document);
}

std::vector<plan::Expr> read_exceptions(const Payload& rule, const ExceptionItems& items,
                                        const ElasticClauses& clauses) {
  std::vector<plan::Expr> conditions;
  const ItemReader reader(clauses);
  for (const Payload& reference : rule.tables("exceptions_list")) {
    const std::string list = reference.text("list_id").value_or("");
    const auto found = items.find(list);
    if (found == items.end()) {
      reference.warning("TH4208", "list_id", "the exceptions of the list \"" + list + "\" are not applied",
                        "export the rule together with its exceptions, or use --exclude");
      continue;
    }
    for (const Node* item : found->second) {
      const Payload payload(*item, "exception " + item->find("item_id")->text, rule.rule());
      if (Condition condition = reader.read(payload)) conditions.push_back(*std::move(condition));
    }
  }
  return conditions;
}

}  // namespace trailhound::rule
