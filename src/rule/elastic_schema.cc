#include "rule/elastic_schema.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

namespace trailhound::rule {
namespace {

enum class Kind { text, texts, text_or_texts, integer, boolean, table, tables, anything };

struct Key {
  std::string_view path;  ///< "threshold.cardinality.field"; of tables in a list without the index
  Kind kind;
  std::string_view values = {};  ///< allowed texts, separated by blanks; empty: any
  std::string_view types = {};   ///< types of rules that use it, separated by blanks; empty: all
};

constexpr std::string_view kOperators = "equals";
constexpr std::string_view kQueryTypes = "query saved_query eql esql threshold new_terms threat_match";
constexpr std::string_view kIndexTypes = "query saved_query eql threshold new_terms threat_match";

constexpr auto kRuleKeys = std::to_array<Key>({
    {"rule_id", Kind::text},
    {"name", Kind::text},
    {"type", Kind::text, "query saved_query eql esql threshold new_terms machine_learning threat_match"},
    {"language", Kind::text, "kuery lucene eql esql"},
    {"query", Kind::text, {}, kQueryTypes},
    {"index", Kind::texts, {}, kIndexTypes},
    {"data_view_id", Kind::text, {}, kIndexTypes},
    {"filters", Kind::tables, {}, kIndexTypes},
    {"from", Kind::text},
    {"to", Kind::text},
    {"interval", Kind::text},
    {"max_signals", Kind::integer},
    {"timestamp_override", Kind::text},
    {"timestamp_override_fallback_disabled", Kind::boolean},
    {"risk_score", Kind::integer},
    {"severity", Kind::text, "low medium high critical"},
    {"severity_mapping", Kind::tables},
    {"severity_mapping.field", Kind::text},
    {"severity_mapping.operator", Kind::text, kOperators},
    {"severity_mapping.value", Kind::text},
    {"severity_mapping.severity", Kind::text, "low medium high critical"},
    {"risk_score_mapping", Kind::tables},
    {"risk_score_mapping.field", Kind::text},
    {"risk_score_mapping.operator", Kind::text, kOperators},
    {"risk_score_mapping.value", Kind::text},
    {"risk_score_mapping.risk_score", Kind::integer},
    {"rule_name_override", Kind::text},
    {"building_block_type", Kind::text, "default"},
    {"exceptions_list", Kind::tables},
    {"exceptions_list.id", Kind::text},
    {"exceptions_list.list_id", Kind::text},
    {"exceptions_list.namespace_type", Kind::text, "single agnostic"},
    {"exceptions_list.type", Kind::text},
    {"alert_suppression", Kind::table},
    {"alert_suppression.group_by", Kind::texts},
    {"alert_suppression.missing_fields_strategy", Kind::text, "suppress doNotSuppress"},
    {"alert_suppression.duration", Kind::table},
    {"alert_suppression.duration.value", Kind::integer},
    {"alert_suppression.duration.unit", Kind::text, "s m h"},
    {"enabled", Kind::boolean},
    {"investigation_fields", Kind::table},
    {"investigation_fields.field_names", Kind::texts},
    {"note", Kind::text},
    {"setup", Kind::text},
    {"description", Kind::text},
    {"author", Kind::text_or_texts},
    {"license", Kind::text},
    {"tags", Kind::texts},
    {"references", Kind::texts},
    {"false_positives", Kind::texts},
    {"timeline_id", Kind::text},
    {"timeline_title", Kind::text},
    {"threat", Kind::tables},
    {"threat.framework", Kind::text},
    {"threat.tactic", Kind::table},
    {"threat.tactic.id", Kind::text},
    {"threat.tactic.name", Kind::text},
    {"threat.tactic.reference", Kind::text},
    {"threat.technique", Kind::tables},
    {"threat.technique.id", Kind::text},
    {"threat.technique.name", Kind::text},
    {"threat.technique.reference", Kind::text},
    {"threat.technique.subtechnique", Kind::tables},
    {"threat.technique.subtechnique.id", Kind::text},
    {"threat.technique.subtechnique.name", Kind::text},
    {"threat.technique.subtechnique.reference", Kind::text},
    {"threat_mappings", Kind::tables},
    {"actions", Kind::anything},
    {"response_actions", Kind::anything},
    {"throttle", Kind::anything},
    {"meta", Kind::anything},
    {"version", Kind::integer},
    {"revision", Kind::integer},
    {"required_fields", Kind::tables},
    {"related_integrations", Kind::tables},
    {"related_integrations.package", Kind::text},
    {"related_integrations.version", Kind::text},
    {"related_integrations.integration", Kind::text},
    {"timestamp_field", Kind::text, {}, "eql"},
    {"event_category_override", Kind::text, {}, "eql"},
    {"tiebreaker_field", Kind::text, {}, "eql"},
    {"threshold", Kind::table, {}, "threshold"},
    {"threshold.field", Kind::text_or_texts},
    {"threshold.value", Kind::integer},
    {"threshold.cardinality", Kind::tables},
    {"threshold.cardinality.field", Kind::text},
    {"threshold.cardinality.value", Kind::integer},
    {"new_terms", Kind::table, {}, "new_terms"},
    {"new_terms.field", Kind::text, "new_terms_fields"},
    {"new_terms.value", Kind::texts},
    {"new_terms.history_window_start", Kind::tables},
    {"new_terms.history_window_start.field", Kind::text, "history_window_start"},
    {"new_terms.history_window_start.value", Kind::text},
    {"new_terms_fields", Kind::texts, {}, "new_terms"},
    {"history_window_start", Kind::text, {}, "new_terms"},
    {"anomaly_threshold", Kind::integer, {}, "machine_learning"},
    {"machine_learning_job_id", Kind::text_or_texts, {}, "machine_learning"},
    {"threat_index", Kind::texts, {}, "threat_match"},
    {"threat_query", Kind::text, {}, "threat_match"},
    {"threat_language", Kind::text, "kuery lucene", "threat_match"},
    {"threat_filters", Kind::tables, {}, "threat_match"},
    {"threat_indicator_path", Kind::text, {}, "threat_match"},
    {"threat_mapping", Kind::tables, {}, "threat_match"},
    {"threat_mapping.entries", Kind::tables},
    {"threat_mapping.entries.field", Kind::text},
    {"threat_mapping.entries.type", Kind::text, "mapping"},
    {"threat_mapping.entries.value", Kind::text},
    {"threat_mapping.entries.negate", Kind::boolean},
    {"saved_id", Kind::text, {}, "saved_query query"},
    {"concurrent_searches", Kind::integer, {}, "threat_match"},
    {"items_per_search", Kind::integer, {}, "threat_match"},
    // What Kibana adds when it exports a rule.
    {"id", Kind::text},
    {"immutable", Kind::boolean},
    {"rule_source", Kind::anything},
    {"created_at", Kind::text},
    {"created_by", Kind::text},
    {"updated_at", Kind::text},
    {"updated_by", Kind::text},
    {"output_index", Kind::text},
    {"outcome", Kind::text},
    {"alias_target_id", Kind::text},
    {"alias_purpose", Kind::text},
    {"namespace", Kind::text},
    {"execution_summary", Kind::anything},
    {"execution_gaps", Kind::anything},
});

constexpr auto kMetadataKeys = std::to_array<Key>({
    {"creation_date", Kind::text},
    {"updated_date", Kind::text},
    {"deprecation_date", Kind::text},
    {"deprecated_reason", Kind::text},
    {"maturity", Kind::text, "development experimental beta production deprecated"},
    {"integration", Kind::text_or_texts},
    {"min_stack_version", Kind::text},
    {"min_stack_comments", Kind::text},
    {"query_schema_validation", Kind::boolean},
    {"bypass_bbr_timing", Kind::boolean},
    {"promotion", Kind::boolean},
    {"os_type_list", Kind::texts},
    {"related_endpoint_rules", Kind::anything},
    {"comments", Kind::anything},
    {"extended", Kind::anything},
    {"maintainer", Kind::text},
});

constexpr auto kTransformKeys = std::to_array<Key>({
    {"osquery", Kind::tables},
    {"osquery.label", Kind::text},
    {"osquery.query", Kind::text},
    {"osquery.ecs_mapping", Kind::anything},
    {"investigate", Kind::tables},
    {"investigate.label", Kind::text},
    {"investigate.description", Kind::text},
    {"investigate.providers", Kind::anything},
    {"investigate.relativeFrom", Kind::text},
    {"investigate.relativeTo", Kind::text},
});

bool has_word(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (words.substr(0, end) == word) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

std::string listed(std::string_view words) {
  std::string out;
  for (const char c : words) out += c == ' ' ? std::string(", ") : std::string(1, c);
  return out;
}

class Checker {
 public:
  Checker(std::span<const Key> keys, std::string_view rule_type) : keys_(keys), rule_type_(rule_type) {}

  /// The members of a table whose keys in the schema begin with `prefix`. As deep as the schema.
  void check(const Payload& table, const std::string& prefix) const {
    for (const NodeMember& member : table.node().members) {
      const Key* key = find(prefix + member.key);
      if (key == nullptr) {
        unknown(table, prefix, member.key);
      } else if (!member.value.is(Node::Kind::null)) {
        check_value(table, member, *key);
      }
    }
  }

 private:
  const Key* find(std::string_view path) const {
    const auto at = std::ranges::find(keys_, path, &Key::path);
    return at == keys_.end() ? nullptr : &*at;
  }

  void unknown(const Payload& table, const std::string& prefix, const std::string& name) const {
    std::vector<std::string_view> known;
    for (const Key& key : keys_) {
      if (!key.path.starts_with(prefix)) continue;
      const std::string_view rest = key.path.substr(prefix.size());
      if (rest.find('.') == std::string_view::npos) known.push_back(rest);
    }
    const std::string near = nearest_name(name, known);
    table.warning("TH4206", name, "the unknown key \"" + table.path_of(name) + "\" is ignored",
                  near.empty() ? "" : "did you mean \"" + near + "\"?");
  }

  void check_value(const Payload& table, const NodeMember& member, const Key& key) const {
    if (!key.types.empty() && !rule_type_.empty() && !has_word(key.types, rule_type_) && !is_empty(member.value)) {
      table.warning("TH4207", member.key,
                    "\"" + member.key + "\" is ignored: rules of type " + std::string(rule_type_) + " do not use it",
                    "it belongs to " + listed(key.types));
    }
    switch (key.kind) {
      case Kind::text:
        check_text(table, member, key);
        break;
      case Kind::texts:
        (void)table.texts(member.key);
        break;
      case Kind::text_or_texts:
        (void)table.text_or_texts(member.key);
        break;
      case Kind::integer:
        (void)table.integer(member.key);
        break;
      case Kind::boolean:
        (void)table.boolean(member.key);
        break;
      case Kind::table:
        check(table.table(member.key), std::string(key.path) + ".");
        break;
      case Kind::tables:
        if (has_children(key)) {
          for (const Payload& item : table.tables(member.key)) check(item, std::string(key.path) + ".");
        } else {
          (void)table.tables(member.key);
        }
        break;
      case Kind::anything:
        break;
    }
  }

  void check_text(const Payload& table, const NodeMember& member, const Key& key) const {
    if (member.value.is(Node::Kind::list) || member.value.is(Node::Kind::table)) {
      table.wrong_type(member.key, "a text");
    } else if (!key.values.empty() && !has_word(key.values, member.value.text)) {
      std::vector<std::string_view> allowed;
      for (std::string_view rest = key.values; !rest.empty();) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        allowed.push_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
      const std::string near = nearest_name(member.value.text, allowed);
      table.error("TH4103", member.key,
                  "\"" + member.value.text + "\" is no value of \"" + table.path_of(member.key) + "\"",
                  (near.empty() ? "" : "did you mean \"" + near + "\"? ") + ("one of " + listed(key.values)));
    }
  }

  static bool is_empty(const Node& node) {
    return (node.is(Node::Kind::list) && node.items.empty()) || (node.is(Node::Kind::table) && node.members.empty()) ||
           (node.is(Node::Kind::string) && node.text.empty());
  }
  bool has_children(const Key& key) const {
    const std::string prefix = std::string(key.path) + ".";
    return std::ranges::any_of(keys_, [&](const Key& other) { return other.path.starts_with(prefix); });
  }

  std::span<const Key> keys_;
  std::string_view rule_type_;
};

}  // namespace

void check_elastic_rule_keys(const Payload& rule, std::string_view rule_type) {
  Checker(kRuleKeys, rule_type).check(rule, "");
}
void check_elastic_metadata_keys(const Payload& metadata) { Checker(kMetadataKeys, {}).check(metadata, ""); }
void check_elastic_transform_keys(const Payload& transform) { Checker(kTransformKeys, {}).check(transform, ""); }

}  // namespace trailhound::rule
