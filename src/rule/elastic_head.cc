#include "rule/elastic_head.h"

#include <algorithm>
#include <string>

#include "base/ascii.h"
#include "event/signal_fields.h"
#include "rule/elastic_threat.h"
#include "rule/rule_reading.h"

namespace trailhound::rule {
namespace {

/// Guides are Markdown without variables; braces in them stand for themselves.
std::string literal_template(const std::string& text) {
  if (text.find("{{") == std::string::npos) return text;
  return "{{{{raw}}}}" + text + "{{{{/raw}}}}";
}

/// The section of a guide under a heading "Setup" of the second level, which Elastic's build makes the setup text.
std::string setup_section(std::string_view note) {
  std::string section;
  bool inside = false;
  while (!note.empty()) {
    const std::size_t end = std::min(note.find('\n'), note.size());
    const std::string_view line = note.substr(0, end);
    note.remove_prefix(std::min(end + 1, note.size()));
    if (inside && (line.starts_with("## ") || line.starts_with("# "))) break;
    if (inside) section.append(line).append("\n");
    if (trimmed(line) == "## Setup") inside = true;
  }
  return std::string(trimmed(section));
}

void read_severity(const Payload& rule, Rule& out) {
  const auto severity = rule.text("severity");
  if (!severity) {
    if (rule.find("severity") == nullptr) rule.error("TH4101", "severity", "the rule has no severity");
    return;
  }
  // Values that are none are found with the schema.
  if (const auto level = plan::severity_named(*severity)) out.severity = *level;
}

void read_risk(const Payload& rule, Rule& out) {
  if (rule.find("risk_score") == nullptr) {
    rule.error("TH4101", "risk_score", "the rule has no risk_score", "a whole number from 0 to 100");
  } else if (const auto score = rule.integer("risk_score")) {
    if (*score < 0 || *score > 100) rule.error("TH4103", "risk_score", "a risk score lies between 0 and 100");
    out.risk_score = static_cast<int>(std::clamp<std::int64_t>(*score, 0, 100));
  }
}

void read_overrides(const Payload& rule, Rule& out) {
  for (const Payload& mapping : rule.tables("severity_mapping")) {
    const auto field = mapping.text("field"), value = mapping.text("value"), severity = mapping.text("severity");
    const auto level = severity ? plan::severity_named(*severity) : std::nullopt;
    if (!field || !value || !level) {
      mapping.error("TH4101", "", "a severity mapping needs a field, a value and a severity");
    } else if (!field->empty()) {
      out.severity_overrides.push_back({*field, *value, *level});
    }
  }
  // Of several risk score mappings Elastic reads the first.
  for (const Payload& mapping : rule.tables("risk_score_mapping")) {
    if (out.risk_score_field.empty()) out.risk_score_field = mapping.text("field").value_or("");
  }
  out.name_field = rule.text("rule_name_override").value_or("");
}

}  // namespace

void read_elastic_head(const Payload& rule, Rule& out) {
  out.version = static_cast<int>(std::clamp<std::int64_t>(rule.integer("version").value_or(1), 0, 1'000'000));
  read_severity(rule, out);
  read_risk(rule, out);
  read_overrides(rule, out);
  read_threat(rule, out);
  out.tags = rule.texts("tags");
  out.references = rule.texts("references");
  for (const std::string& text : rule.texts("false_positives")) out.false_positives.emplace_back(trimmed(text));
  out.description = trimmed(rule.text("description").value_or(""));
  const std::string note(trimmed(rule.text("note").value_or("")));
  out.message = literal_template(note.empty() ? out.description : note);
  out.triage = triage_part(note);
  out.setup = trimmed(rule.text("setup").value_or(""));
  if (out.setup.empty()) out.setup = setup_section(note);
  out.authors = rule.text_or_texts("author");
  out.license = rule.text("license").value_or("");
  out.building_block = rule.text("building_block_type").value_or("") == "default";
  out.highlights = rule.table("investigation_fields").texts("field_names");
}

void add_shown_columns(const event::Catalog& catalog, Rule& out) {
  const auto add = [&](const std::string& name) {
    if (name.empty()) return;
    const auto same = [&](const Attribute& attribute) { return attribute.name == name; };
    if (std::ranges::any_of(out.attributes, same)) return;
    const event::ColumnRef column = catalog.known(event::View::ecs, name);
    if (column == nullptr) return;
    const bool of_signals = out.reads_signals && event::is_only_in_signals(name);
    if (!column->always_absent || of_signals) out.attributes.push_back({name, plan::column(column)});
  };
  for (const std::string& name : out.highlights) add(name);
  for (const SeverityOverride& mapping : out.severity_overrides) add(mapping.field);
  add(out.risk_score_field);
  add(out.name_field);
}

}  // namespace trailhound::rule
