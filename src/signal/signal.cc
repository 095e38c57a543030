#include "signal/signal.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "base/hash.h"
#include "base/number_text.h"
#include "engine/display_values.h"
#include "signal/template.h"

namespace trailhound::signal {

namespace {

/// Hash over rule, signal key and opening position in canonical bytes: the same on every machine, whatever the order in
/// which the events were read.
std::string identity(const rule::Rule& rule, const engine::EpisodeRecord& episode) {
  std::string bytes;
  append_canonical(bytes, std::string("trailhound signal 1"));
  append_canonical(bytes, rule.id);
  append_canonical(bytes, static_cast<std::int64_t>(episode.signal_key.size()));
  for (const Value& part : episode.signal_key) append_canonical(bytes, part);
  append_canonical(bytes, episode.trigger_time.micros);
  append_canonical(bytes, episode.trigger_key);
  for (const Value& part : episode.expansion) append_canonical(bytes, part);
  return to_hex(hash128(bytes));
}

/// "Thu Jan 01 00:00:00 UTC 1970".
std::string calendar_text(Instant time) {
  constexpr std::array<std::string_view, 7> kDays = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr Duration kDay = Duration::seconds(86'400);
  std::string text = format_rfc3339(floor_to(time, Duration::seconds(1)));  // 1970-01-01T00:00:00Z
  const std::int64_t day = floor_to(time, kDay).micros / kDay.micros;
  const auto month = static_cast<std::size_t>(text[5] - '0') * 10 + static_cast<std::size_t>(text[6] - '0');
  if (text.size() != 20 || month < 1 || month > 12) return text;
  std::string out(kDays[static_cast<std::size_t>((day % 7 + 7) % 7)]);
  out += ' ';
  out += kMonths[month - 1];
  return out + ' ' + text.substr(8, 2) + ' ' + text.substr(11, 8) + " UTC " + text.substr(0, 4);
}

std::vector<std::string> texts_of(const Values& values) {
  std::vector<std::string> texts;
  for (const Value& value : values) {
    if (!is_null(value)) texts.push_back(to_text(value));
  }
  return texts;
}

/// The logical type of a key part, by its name: dates in a group are shown as dates.
plan::LogicalType type_of_key(const plan::Plan& plan, const std::string& name) {
  for (const plan::Query& query : plan.queries) {
    for (const plan::NamedExpr& part : query.key) {
      if (part.name == name && part.expression) return part.expression->type;
    }
  }
  return plan::LogicalType::any;
}

bool is_date(plan::LogicalType type) {
  return type == plan::LogicalType::date || type == plan::LogicalType::date_nanos;
}

Value shown(const Value& value, plan::LogicalType type) {
  const auto* count = std::get_if<std::int64_t>(&value);
  return is_date(type) && count != nullptr ? Value(engine::display_date(*count, type)) : value;
}

void add_time(TemplateVariables& variables, const std::string& name, Instant time) {
  variables.times[name] = time;
  variables.times[name + "_epoch"] = time;
  variables.texts[name] = {calendar_text(time)};
  variables.texts[name + "_epoch"] = {std::to_string(floor_to(time, Duration::millis(1)).micros / 1000)};
}

TemplateVariables variables_of(const Signal& signal, const engine::EpisodeRecord& episode) {
  const rule::Rule& rule = *signal.rule;
  TemplateVariables variables;
  for (const std::string& tag : rule.tags) {
    const std::size_t colon = tag.find(':');
    if (colon != std::string::npos) variables.texts[tag.substr(0, colon)].push_back(tag.substr(colon + 1));
  }
  // Later entries win: an event's attribute cannot pass for a name of the engine.
  for (const auto& [name, values] : signal.values) variables.texts[name] = texts_of(values);
  for (const auto& [name, value] : signal.group) variables.texts[name] = texts_of({value});
  for (std::size_t i = 0; i < rule.attributes.size() && i < episode.attributes.size(); ++i) {
    if (!episode.attributes[i].texts.empty()) variables.texts[rule.attributes[i].name] = episode.attributes[i].texts;
  }
  variables.texts["rule_name"] = {rule.name};
  variables.texts["case_name"] = {episode.case_name};
  variables.texts["severity"] = {std::to_string(static_cast<int>(signal.severity))};
  variables.texts["events_matched"] = {std::to_string(signal.event_count)};
  for (std::size_t i = 0; i < rule.plan.queries.size() && i < episode.events_per_query.size(); ++i) {
    variables.texts["events_matched_per_query." + rule.plan.queries[i].name] = {
        std::to_string(episode.events_per_query[i])};
  }
  add_time(variables, "timestamp", episode.trigger_time);
  add_time(variables, "first_seen", signal.first_seen);
  add_time(variables, "last_seen", signal.last_seen);
  return variables;
}

/// A rule's score goes with the rule's severity; a signal of another severity gets that severity's usual score.
int risk_score_of(const rule::Rule& rule, plan::Severity severity) {
  if (severity == rule.severity) return rule.risk_score;
  constexpr std::array<int, 5> kUsual = {5, 21, 47, 73, 99};
  return kUsual[static_cast<std::size_t>(severity)];
}

/// Dates are gathered as their counts since the epoch.
std::string date_text(const std::string& count, plan::LogicalType type) {
  const auto value = number_in<std::int64_t>(count);
  return value ? engine::display_date(*value, type) : count;
}

/// Texts of a field that the rule names: a column of the row, a part of the group, or an attribute of the events.
std::vector<std::string> texts_of_field(const Signal& signal, const engine::EpisodeRecord& episode,
                                        const std::string& name) {
  for (const auto& [column, values] : signal.values) {
    if (column == name) return texts_of(values);
  }
  for (const auto& [part, value] : signal.group) {
    if (part == name) return texts_of({value});
  }
  const auto& attributes = signal.rule->attributes;
  for (std::size_t i = 0; i < attributes.size() && i < episode.attributes.size(); ++i) {
    if (attributes[i].name != name) continue;
    std::vector<std::string> texts = episode.attributes[i].texts;
    const plan::LogicalType type = attributes[i].expression->type;
    if (is_date(type)) {
      for (std::string& text : texts) text = date_text(text, type);
    }
    return texts;
  }
  return {};
}

/// A number from 0 to 100, or nothing.
std::optional<int> score_of(const std::string& text) {
  const auto score = number_in<double>(text);
  return score && *score >= 0 && *score <= 100 ? std::optional(static_cast<int>(*score)) : std::nullopt;
}

/// What values of the events change about severity, score and name.
void apply_overrides(const engine::EpisodeRecord& episode, Signal& signal) {
  const rule::Rule& rule = *signal.rule;
  std::optional<plan::Severity> severity;
  for (const rule::SeverityOverride& mapping : rule.severity_overrides) {
    const std::vector<std::string> texts = texts_of_field(signal, episode, mapping.field);
    if (std::ranges::find(texts, mapping.value) == texts.end()) continue;
    severity = std::max(severity.value_or(mapping.severity), mapping.severity);
  }
  if (severity) signal.severity = *severity;  // the score stays the rule's: a mapping of its own changes it
  if (!rule.risk_score_field.empty()) {
    std::optional<int> score;
    for (const std::string& text : texts_of_field(signal, episode, rule.risk_score_field)) {
      if (const auto here = score_of(text)) score = std::max(score.value_or(0), *here);
    }
    if (score) signal.risk_score = *score;
  }
  if (!rule.name_field.empty()) {
    const std::vector<std::string> names = texts_of_field(signal, episode, rule.name_field);
    if (!names.empty()) signal.rule_name = names.front();
  }
}

}  // namespace

Signal make_signal(const rule::RuleRef& rule, const engine::EpisodeRecord& episode) {
  Signal signal;
  signal.id = identity(*rule, episode);
  signal.rule = rule;
  signal.severity = episode.severity;
  signal.risk_score = risk_score_of(*rule, episode.severity);
  signal.first_seen = episode.first_seen;
  signal.last_seen = episode.last_seen;
  for (std::size_t i = 0; i < episode.signal_key.size(); ++i) {
    const std::string name = i < episode.key_names.size() ? episode.key_names[i] : std::string();
    signal.group.emplace_back(name, shown(episode.signal_key[i], type_of_key(rule->plan, name)));
  }
  signal.values = episode.values;
  signal.event_count = episode.event_count;
  for (const engine::EvidenceItem& item : episode.evidence) {
    signal.evidence.push_back({item.event_id.empty() ? item.event_key : item.event_id, item.path, item.offset});
  }
  if (!episode.principals.texts.empty()) signal.principal = episode.principals.texts.front();
  if (!episode.accounts.texts.empty()) signal.account = episode.accounts.texts.front();
  signal.regions = episode.regions.texts;
  signal.source_ips = episode.source_ips.texts;
  signal.user_agents = episode.user_agents.texts;
  using engine::Profile;
  signal.ok = episode.outcomes[static_cast<std::size_t>(Profile::Outcome::ok)];
  signal.denied = episode.outcomes[static_cast<std::size_t>(Profile::Outcome::denied)];
  signal.failed = episode.outcomes[static_cast<std::size_t>(Profile::Outcome::failed)];

  signal.rule_name = rule->name;
  apply_overrides(episode, signal);
  for (const std::string& name : rule->highlights) {
    std::vector<std::string> texts = texts_of_field(signal, episode, name);
    if (!texts.empty()) signal.highlights.emplace_back(name, std::move(texts));
  }
  // Gathering what templates may name costs more than all the rest; most texts have no tag.
  const std::string names = rule->name + (episode.case_name.empty() ? "" : " - " + episode.case_name);
  const std::string& title = rule->renders_names && is_template(names) ? names : rule->title;
  const bool is_fixed = !is_template(rule->message) && rule->message.size() <= kMaxRendered;
  const bool has_tags = is_template(title) || !is_fixed;
  const TemplateVariables variables = has_tags ? variables_of(signal, episode) : TemplateVariables();
  signal.title = render(title, variables);
  if (title.empty()) {
    signal.title = signal.rule_name;
    if (!episode.case_name.empty()) signal.title += " - " + episode.case_name;
  }
  if (!is_fixed) signal.own_message = render(rule->message, variables);
  return signal;
}

}  // namespace trailhound::signal
