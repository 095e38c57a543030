#include "rule/strata.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "rule/elastic_inputs.h"
#include "rule/fields_of_rule.h"

namespace trailhound::rule {
namespace {

/// A rule with what is known of its signals before there are any.
class Source {
 public:
  /// `asked` are the fields that rules over signals ask for.
  Source(const Rule& rule, const FieldNames& asked)
      : rule_(&rule), fields_(fields_of_rule(rule, &asked)), body_(body_of_signals(rule.plan)) {
    for (std::string& name : shown_names(rule.plan)) shown_.insert(std::move(name));
  }

  [[nodiscard]] bool passes(const plan::Expr& filter) const {
    return can_be_met(filter, [this](const event::Column& column) { return known(column); });
  }

 private:
  using Known = std::optional<std::vector<std::string>>;

  [[nodiscard]] Known known(const event::Column& column) const {
    const std::string name = event::name_in_signals(column.name);
    if (name == "kibana.alert.rule.name" && !rule_->name_field.empty()) return std::nullopt;
    if (const Values* values = fields_.find(name)) {
      std::vector<std::string> texts;
      for (const Value& value : *values) texts.push_back(to_text(value));
      return texts;
    }
    if (event::is_field_of_signal(name)) return known_of_signal(name);
    return known_of_body(column);
  }

  [[nodiscard]] Known known_of_signal(const std::string& name) const {
    const bool fixed = rule_->language != "datadog" && rule_->severity_overrides.empty();
    if (name == "kibana.alert.severity" && fixed) return std::vector{std::string(plan::name_of(rule_->severity))};
    if (name == "kibana.alert.risk_score" && fixed && rule_->risk_score_field.empty()) {
      return std::vector{std::to_string(rule_->risk_score)};
    }
    if (name.starts_with("kibana.alert.rule.")) return std::vector<std::string>{};
    return std::nullopt;
  }

  [[nodiscard]] Known known_of_body(const event::Column& column) const {
    if (shown_.contains(column.name)) return std::nullopt;
    if (body_ == Body::row || body_ == Body::group) return std::vector<std::string>{};
    if (event::is_only_in_signals(column.name)) return std::nullopt;  // a copy of a field of the event
    return known_of_events(column);
  }

  const Rule* rule_;
  event::DocumentFields fields_;
  Body body_;
  std::set<std::string, std::less<>> shown_;
};

void collect_asked(const Rule& rule, FieldNames& asked) {
  std::vector<event::ColumnRef> columns;
  for (const plan::Query& query : rule.plan.queries) {
    if (query.filter) plan::collect_columns(query.filter, columns);
  }
  for (const event::ColumnRef& column : columns) asked.insert(event::name_in_signals(column->name));
}

/// Fields that tell which rule a signal is of.
bool names_a_rule(const event::Column& column) {
  const std::string name = event::name_in_signals(column.name);
  return name == "kibana.alert.rule.rule_id" || name == "kibana.alert.rule.uuid" || name == "kibana.alert.rule.name";
}

/// Whether the rule takes signals of certain rules alone: those of a rule that nobody has named do not pass.
bool takes_named_rules_alone(const Rule& rule) {
  const FieldKnowledge nobody = [](const event::Column& column) -> std::optional<std::vector<std::string>> {
    if (names_a_rule(column)) return std::vector<std::string>{"\x01"};
    return std::nullopt;
  };
  return std::ranges::none_of(rule.plan.queries,
                              [&](const plan::Query& query) { return can_be_met(query.filter, nobody); });
}

bool passes_any(const Source& source, const Rule& rule) {
  return std::ranges::any_of(rule.plan.queries, [&](const plan::Query& query) { return source.passes(query.filter); });
}

/// The rules over signals as a graph: an edge to every other such rule whose signals may pass.
struct Graph {
  std::vector<std::vector<std::size_t>> edges;

  /// Components in which each node reaches every other, what a node reaches before the node itself (Tarjan's method,
  /// with a stack of its own).
  [[nodiscard]] std::vector<std::vector<std::size_t>> components() const {
    constexpr std::size_t kNone = ~std::size_t{0};
    std::vector<std::vector<std::size_t>> found;
    std::vector<std::size_t> number(edges.size(), kNone), low(edges.size()), open;
    std::vector<bool> is_open(edges.size());
    std::size_t next = 0;
    for (std::size_t root = 0; root < edges.size(); ++root) {
      if (number[root] != kNone) continue;
      std::vector<std::pair<std::size_t, std::size_t>> path = {{root, 0}};  // node and its next edge
      while (!path.empty()) {
        const auto [node, edge] = path.back();
        if (edge == 0) {
          number[node] = low[node] = next++;
          open.push_back(node);
          is_open[node] = true;
        }
        if (edge < edges[node].size()) {
          ++path.back().second;
          const std::size_t to = edges[node][edge];
          if (number[to] == kNone) {
            path.emplace_back(to, 0);
          } else if (is_open[to]) {
            low[node] = std::min(low[node], number[to]);
          }
          continue;
        }
        path.pop_back();
        if (!path.empty()) low[path.back().first] = std::min(low[path.back().first], low[node]);
        if (low[node] != number[node]) continue;
        std::vector<std::size_t> component;
        do {
          component.push_back(open.back());
          is_open[open.back()] = false;
          open.pop_back();
        } while (component.back() != node);
        std::ranges::sort(component);
        found.push_back(std::move(component));
      }
    }
    return found;
  }
};

class Settlement {
 public:
  explicit Settlement(LoadedRules& loaded) : loaded_(loaded) {
    for (const RuleRef& rule : loaded.rules) {
      if (!rule->reads_signals) continue;
      over_signals_.push_back(rule);
      collect_asked(*rule, asked_);
    }
  }

  void settle() {
    if (over_signals_.empty()) return;
    for (const RuleRef& rule : loaded_.rules) sources_.emplace(rule.get(), Source(*rule, asked_));
    connect();
    open_circles();
    place();
    for (unsigned stratum = 1; !over_signals_.empty(); ++stratum) judge(stratum);
  }

 private:
  void connect() {
    const std::size_t count = over_signals_.size();
    graph_.edges.resize(count);
    for (std::size_t a = 0; a < count; ++a) {
      named_.push_back(takes_named_rules_alone(*over_signals_[a]));
      for (std::size_t b = 0; b < count; ++b) {
        const Source& source = sources_.at(over_signals_[b].get());
        if (a != b && passes_any(source, *over_signals_[a])) graph_.edges[a].push_back(b);
      }
    }
  }

  /// Rules of a circle that let most of its signals through come above the others: these go without their signals,
  /// unless they ask for them by name.
  void open_circles() {
    for (bool changed = true; changed;) {
      changed = false;
      for (const auto& circle : graph_.components()) changed = open_circle(circle) || changed;
    }
  }
  bool open_circle(const std::vector<std::size_t>& circle) {
    if (circle.size() == 1) return false;
    const auto in_circle = [&](std::size_t node) { return std::ranges::binary_search(circle, node); };
    const auto taken = [&](std::size_t node) { return std::ranges::count_if(graph_.edges[node], in_circle); };
    const auto most = std::ranges::max(circle, {}, taken);
    const auto forget = [&](const auto& is_forgotten) {
      std::size_t count = 0;
      for (const std::size_t node : circle) {
        if (!named_[node]) count += std::erase_if(graph_.edges[node], is_forgotten);
      }
      return count > 0;
    };
    std::vector<std::size_t> above;
    std::ranges::copy_if(circle, std::back_inserter(above),
                         [&](std::size_t node) { return taken(node) == taken(most); });
    if (forget([&](std::size_t to) { return std::ranges::binary_search(above, to); })) return true;
    return forget(in_circle);
  }

  /// What still is a circle is one of names.
  void place() {
    std::vector<unsigned> strata(over_signals_.size(), 1);
    std::vector<bool> refused(over_signals_.size());
    for (const auto& component : graph_.components()) {
      if (component.size() > 1) {
        for (const std::size_t node : component) refused[node] = true;
        refuse(component);
        continue;
      }
      const std::size_t node = component.front();
      for (const std::size_t to : graph_.edges[node]) {
        if (!refused[to]) strata[node] = std::max(strata[node], strata[to] + 1);
      }
    }
    std::vector<RuleRef> left;
    for (std::size_t i = 0; i < over_signals_.size(); ++i) {
      if (refused[i]) continue;
      Rule placed = *over_signals_[i];
      placed.stratum = strata[i];
      left.push_back(replace(over_signals_[i], std::move(placed)));
    }
    over_signals_ = std::move(left);
  }

  RuleRef replace(const RuleRef& old, Rule&& with) {
    const auto at = std::ranges::find(loaded_.rules, old);
    sources_.erase(old.get());
    *at = std::make_shared<const Rule>(std::move(with));
    sources_.emplace(at->get(), Source(**at, asked_));
    return *at;
  }

  void refuse(const std::vector<std::size_t>& circle) {
    std::string names;
    for (const std::size_t node : circle) names += (names.empty() ? "" : ", ") + over_signals_[node]->id;
    for (const std::size_t node : circle) {
      const RuleRef& rule = over_signals_[node];
      if (Outcome* outcome = outcome_of(*rule)) {
        outcome->loads = outcome->runs = false;
        outcome->diagnostics.error("TH4115", {.file = rule->file, .rule = rule->id, .key = "query", .at = {}},
                                   "rules read each other's signals in a circle: " + names,
                                   "let one of them read events, or signals of other rules");
      }
      std::erase(loaded_.rules, rule);
      sources_.erase(rule.get());
    }
  }

  Outcome* outcome_of(const Rule& rule) {
    const auto at = std::ranges::find_if(loaded_.outcomes, [&](const Outcome& outcome) {
      return outcome.needs_signals && outcome.runs && outcome.id == rule.id && outcome.path == rule.file;
    });
    return at == loaded_.outcomes.end() ? nullptr : &*at;
  }

  /// Sets the rules of a stratum aside that nothing can feed, so that those above do not count on them.
  void judge(unsigned stratum) {
    for (const RuleRef& rule : over_signals_) {
      if (rule->stratum != stratum) continue;
      const plan::Query* unmet = unmet_query(*rule);
      if (unmet == nullptr) continue;
      if (Outcome* outcome = outcome_of(*rule)) {
        outcome->runs = false;
        outcome->own_needs = outcome->needs.size();
        outcome->needs.emplace_back("signals of other rules");
        for (std::string& need : details(unmet->filter)) outcome->needs.push_back(std::move(need));
      }
      loaded_.waiting.push_back(rule);
      sources_.erase(rule.get());
      std::erase(loaded_.rules, rule);
    }
    std::erase_if(over_signals_, [&](const RuleRef& rule) { return rule->stratum == stratum; });
  }

  /// A query that must have a hit before the rule can fire, and can have none.
  const plan::Query* unmet_query(const Rule& rule) const {
    const auto* sequence = std::get_if<plan::Sequence>(&rule.plan.op);
    for (std::size_t i = 0; i < rule.plan.queries.size(); ++i) {
      const auto asks_for_it = [i](const plan::Sequence::Stage& stage) { return stage.query == i && !stage.missing; };
      if (sequence != nullptr && std::ranges::none_of(sequence->stages, asks_for_it)) continue;
      if (!is_met(rule, rule.plan.queries[i])) return &rule.plan.queries[i];
    }
    return nullptr;
  }
  bool is_met(const Rule& rule, const plan::Query& query) const {
    if (rule.reads_events && can_be_met(query.filter)) return true;
    return std::ranges::any_of(sources_, [&](const auto& one) {
      return one.first->stratum < rule.stratum && one.second.passes(query.filter);
    });
  }

  static std::vector<std::string> details(const plan::Expr& filter) {
    std::vector<std::string> needs;
    std::string rules;
    for (const std::string& name : texts_asked_for(filter, names_a_rule)) {
      rules += (rules.empty() ? "rule \"" : " or \"") + name + "\"";
    }
    if (!rules.empty()) needs.push_back(std::move(rules));
    const FieldKnowledge any_rule = [](const event::Column& column) -> std::optional<std::vector<std::string>> {
      if (event::is_field_of_signal(column.name) || event::is_only_in_signals(column.name)) return std::nullopt;
      return known_of_events(column);
    };
    if (can_be_met(filter, any_rule)) return needs;
    for (std::string& need : unmet_needs(filter)) needs.push_back(std::move(need));
    return needs;
  }

  LoadedRules& loaded_;
  std::vector<RuleRef> over_signals_;
  FieldNames asked_;
  std::vector<bool> named_;
  std::map<const Rule*, Source> sources_;  // of the rules that run
  Graph graph_;
};

/// In the order of the outcomes, as loading gives them.
void restore_order(LoadedRules& loaded) {
  std::map<std::string, std::size_t> place;
  for (std::size_t i = 0; i < loaded.outcomes.size(); ++i) {
    if (loaded.outcomes[i].runs) place.emplace(loaded.outcomes[i].id, i);
  }
  std::ranges::stable_sort(loaded.rules, {}, [&](const RuleRef& rule) {
    const auto at = place.find(rule->id);
    return at == place.end() ? loaded.outcomes.size() : at->second;
  });
}

}  // namespace

bool can_feed(const Rule& source, const Rule& rule) {
  FieldNames asked;
  collect_asked(rule, asked);
  return passes_any(Source(source, asked), rule);
}

std::vector<std::vector<RuleRef>> fed_by_each(const std::vector<RuleRef>& rules) {
  FieldNames asked;
  std::vector<RuleRef> over_signals;
  for (const RuleRef& rule : rules) {
    if (!rule->reads_signals) continue;
    over_signals.push_back(rule);
    collect_asked(*rule, asked);
  }
  std::vector<std::vector<RuleRef>> fed(rules.size());
  for (std::size_t i = 0; i < rules.size() && !over_signals.empty(); ++i) {
    const Source source(*rules[i], asked);
    std::ranges::copy_if(over_signals, std::back_inserter(fed[i]), [&](const RuleRef& above) {
      return above->stratum > rules[i]->stratum && passes_any(source, *above);
    });
  }
  return fed;
}

void restore_waiting(LoadedRules& loaded) {
  if (loaded.waiting.empty()) return;
  for (RuleRef& rule : loaded.waiting) {
    for (Outcome& outcome : loaded.outcomes) {
      if (!outcome.own_needs || outcome.id != rule->id || outcome.path != rule->file) continue;
      outcome.needs.resize(*outcome.own_needs);
      outcome.own_needs.reset();
      outcome.runs = true;
    }
    loaded.rules.push_back(std::move(rule));
  }
  loaded.waiting.clear();
  restore_order(loaded);
}

void settle_strata(LoadedRules& loaded) {
  restore_waiting(loaded);
  Settlement(loaded).settle();
}

}  // namespace trailhound::rule
