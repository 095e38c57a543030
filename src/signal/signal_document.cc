#include "signal/signal_document.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "rule/fields_of_rule.h"

namespace trailhound::signal {
namespace {

using event::DocumentFields;

std::string joined(const Values& values) {
  std::string text;
  for (const Value& value : values) text += (text.empty() ? "" : ", ") + to_text(value);
  return text;
}

/// "iam event with source 203.0.113.9, by alice created high alert Some Rule."
std::string reason_of(const DocumentFields& fields, const Signal& signal) {
  const auto text = [&](std::string_view name) {
    const Values* values = fields.find(name);
    return values == nullptr ? std::string() : joined(*values);
  };
  const std::string category = text("event.category");
  std::string reason = category.empty() ? "event" : category + " event";
  std::string with;
  const auto add = [&](std::string_view words, const std::string& value) {
    if (!value.empty()) with += (with.empty() ? " with " : ", ") + std::string(words) + " " + value;
  };
  const auto endpoint = [&](const std::string& name) {
    const std::string port = text(name + ".port");
    return text(name + ".ip") + (port.empty() ? "" : ":" + port);
  };
  add("process", text("process.name"));
  add("parent process", text("process.parent.name"));
  add("file", text("file.name"));
  add("source", endpoint("source"));
  add("destination", endpoint("destination"));
  if (!with.empty()) reason += with + ",";
  if (const std::string user = text("user.name"); !user.empty()) reason += " by " + user;
  if (const std::string host = text("host.name"); !host.empty()) reason += " on " + host;
  return reason + " created " + std::string(plan::name_of(signal.severity)) + " alert " + signal.rule_name + ".";
}

class Documents {
 public:
  Documents(const rule::RuleRef& rule, const DocumentFields& of_rule, const std::vector<rule::Attribute>& carried,
            const engine::EpisodeRecord& episode, const Origin& origin, const Signal& signal,
            const std::set<std::string, std::less<>>* names)
      : rule_(rule),
        of_rule_(of_rule),
        carried_(carried),
        episode_(episode),
        origin_(origin),
        signal_(signal),
        names_(names) {}

  std::vector<SignalDocument> make() {
    std::vector<SignalDocument> made;
    const bool is_sequence = std::holds_alternative<plan::Sequence>(rule_->plan.op);
    // The events of a sequence are alerts of their own, and the signal one over these.
    const std::int64_t depth = origin_.depth + (is_sequence ? 2 : 1);
    made.push_back(document(signal_.id, depth, body()));
    if (!is_sequence) return made;
    made.front().fields.set("kibana.alert.group.id", signal_.id);
    for (std::size_t i = 0; i < episode_.carried.events.size(); ++i) {
      const auto& event = episode_.carried.events[i];
      DocumentFields block = cells_of(event.cells);
      SignalDocument one = document(signal_.id + "/" + std::to_string(i), depth - 1, std::move(block));
      one.fields.set("kibana.alert.original_time", event.time.micros);
      one.fields.set("kibana.alert.building_block_type", std::string("default"));
      one.fields.set("kibana.alert.group.id", signal_.id);
      one.fields.set("kibana.alert.group.index", static_cast<std::int64_t>(i));
      made.push_back(std::move(one));
    }
    return made;
  }

 private:
  [[nodiscard]] bool is_asked(std::string_view name) const { return names_ == nullptr || names_->contains(name); }
  template <class Content>
  void set(DocumentFields& fields, std::string_view name, Content content) const {
    if (is_asked(name)) fields.set(name, std::move(content));
  }

  /// The fields of events, group and row.
  DocumentFields body() const {
    using rule::Body;
    const Body kind = rule::body_of_signals(rule_->plan);
    const auto& carried = episode_.carried;
    DocumentFields fields;
    if (kind == Body::one_event && !carried.events.empty()) fields = cells_of(carried.events.front().cells);
    if (kind == Body::shared) fields = cells_of(carried.shared);
    if (kind == Body::row || (kind == Body::one_event && rule_->language == "esql")) {
      for (const auto& [name, values] : signal_.values) {
        // How many were suppressed is known only in the end.
        if (!values.empty() && name != "suppressed") fields.set(name, values);
      }
    }
    if (kind == Body::group || kind == Body::shared) set_group(fields);
    return fields;
  }

  DocumentFields cells_of(const std::vector<Values>& cells) const {
    DocumentFields fields;
    for (std::size_t i = 0; i < cells.size() && i < carried_.size(); ++i) {
      fields.set(carried_[i].name, cells[i]);
    }
    return fields;
  }

  void set_group(DocumentFields& fields) const {
    for (const auto& [name, value] : signal_.group) {
      if (fields.find(name) == nullptr) fields.set(name, value);
    }
    // An anomaly is one of a value: that is known even if the events carry others besides.
    if (!std::holds_alternative<plan::AnomalyJob>(rule_->plan.op)) return;
    for (const auto& [name, values] : signal_.values) {
      if (fields.find(name) == nullptr) fields.set(name, values);
    }
  }

  static constexpr std::string_view kReason = "kibana.alert.reason";

  SignalDocument document(std::string id, std::int64_t depth, DocumentFields fields) const {
    keep_originals(fields);
    const std::string reason = is_asked(kReason) ? reason_of(fields, signal_) : std::string();
    for (const auto& [name, values] : of_rule_.all()) fields.set(name, values);
    set(fields, "_id", id);
    set(fields, "kibana.alert.uuid", id);
    set(fields, "kibana.alert.rule.name", signal_.rule_name);
    set(fields, "kibana.alert.severity", std::string(plan::name_of(signal_.severity)));
    set(fields, "kibana.alert.risk_score", static_cast<double>(signal_.risk_score));
    set(fields, kReason, reason);
    set(fields, "kibana.alert.depth", depth);
    for (const char* name :
         {"@timestamp", "kibana.alert.start", "kibana.alert.last_detected", "kibana.alert.intended_timestamp"}) {
      set(fields, name, episode_.trigger_time.micros);
    }
    const bool counts = std::holds_alternative<plan::RunThreshold>(rule_->plan.op);
    set(fields, "kibana.alert.original_time", (counts ? signal_.last_seen : signal_.first_seen).micros);
    set_ancestors(fields, depth);
    set_result(fields);
    return {std::move(id), episode_.trigger_time, std::move(fields)};
  }

  /// What alerts keep of the event under other names, as its own `event.kind` gives way.
  void keep_originals(DocumentFields& fields) const {
    const std::vector<std::pair<std::string, Values>> all = fields.all();
    for (const auto& [name, values] : all) {
      constexpr std::string_view kEvent = "event.", kStream = "data_stream.";
      if (name.starts_with(kEvent)) {
        set(fields, "kibana.alert.original_event." + name.substr(kEvent.size()), values);
      } else if (name.starts_with(kStream)) {
        set(fields, "kibana.alert.original_data_stream." + name.substr(kStream.size()), values);
      }
    }
  }

  void set_ancestors(DocumentFields& fields, std::int64_t depth) const {
    Values ids, depths;
    if (origin_.signals.empty()) {
      for (const auto& evidence : signal_.evidence) ids.emplace_back(evidence.event_id);
    } else {
      for (const std::string& id : origin_.signals) ids.emplace_back(id);
    }
    for (std::int64_t level = 0; level < depth; ++level) depths.emplace_back(level);
    set(fields, "kibana.alert.ancestors.id", std::move(ids));
    set(fields, "kibana.alert.ancestors.type", std::string(origin_.signals.empty() ? "event" : "signal"));
    set(fields, "kibana.alert.ancestors.depth", std::move(depths));
  }

  void set_result(DocumentFields& fields) const {
    Values names, values;
    for (const auto& [name, value] : signal_.group) {
      names.emplace_back(name);
      values.emplace_back(to_text(value));
    }
    if (std::holds_alternative<plan::NewTerms>(rule_->plan.op)) {
      set(fields, "kibana.alert.new_terms", std::move(values));
    } else if (std::holds_alternative<plan::RunThreshold>(rule_->plan.op)) {
      set(fields, "kibana.alert.threshold_result.terms.field", std::move(names));
      set(fields, "kibana.alert.threshold_result.terms.value", std::move(values));
      set(fields, "kibana.alert.threshold_result.from", signal_.first_seen.micros);
      for (const auto& [name, count] : signal_.values) {
        if (name == "count") set(fields, "kibana.alert.threshold_result.count", count);
      }
    }
  }

  const rule::RuleRef& rule_;
  const DocumentFields& of_rule_;
  const std::vector<rule::Attribute>& carried_;
  const engine::EpisodeRecord& episode_;
  const Origin& origin_;
  const Signal& signal_;
  const std::set<std::string, std::less<>>* names_;
};

}  // namespace

std::vector<SignalDocument> documents_of(const rule::RuleRef& rule, const event::DocumentFields& of_rule,
                                         const std::vector<rule::Attribute>& carried,
                                         const engine::EpisodeRecord& episode, const Origin& origin, const Signal* made,
                                         const std::set<std::string, std::less<>>* names) {
  if (!episode.opening) {
    if (made != nullptr) return Documents(rule, of_rule, carried, episode, origin, *made, names).make();
    const Signal own = make_signal(rule, episode);
    return Documents(rule, of_rule, carried, episode, origin, own, names).make();
  }
  engine::EpisodeRecord opened = episode;
  opened.severity = episode.opening->severity;
  opened.case_name = episode.opening->case_name;
  opened.values = episode.opening->values;
  const Signal at_first = make_signal(rule, opened);
  return Documents(rule, of_rule, carried, opened, origin, at_first, names).make();
}

}  // namespace trailhound::signal
