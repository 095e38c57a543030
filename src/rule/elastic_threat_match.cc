#include "rule/elastic_threat_match.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "lang/kuery/kuery.h"
#include "lang/lucene/lucene.h"
#include "rule/elastic_filters.h"

namespace trailhound::rule {
namespace {

/// Fields of indicators, which CloudTrail events need not know. Their time is a text here, as queries count it from the
/// time of the run ("now-30d/d"), and what asks for it alone is left out.
class IndicatorFields final : public lang::Fields {
 public:
  explicit IndicatorFields(const event::Catalog& catalog)
      : known_(catalog, ElasticFields::Unknown::absent), time_(std::make_shared<event::Column>()) {
    time_->view = event::View::ecs;
    time_->name = "@timestamp";
    time_->type = event::LogicalType::keyword;
    time_->read = [](const event::Record&, Arena&) { return Cell::absent(); };
  }
  Result<event::ColumnRef> find(std::string_view name) const override {
    if (name == time_->name) return time_;
    TRY(const event::ColumnRef known, known_.find(name));
    event::Column column = *known;
    column.always_absent = false;  // from events, not from indicators
    return std::make_shared<const event::Column>(std::move(column));
  }
  std::vector<std::string_view> names() const override { return known_.names(); }

 private:
  ElasticFields known_;
  std::shared_ptr<event::Column> time_;
};

std::optional<ThreatMatch::Entry> read_entry(const Payload& table, const ElasticFields& fields) {
  const std::string field = table.text("field").value_or("");
  const std::string indicator = table.text("value").value_or("");
  if (field.empty() || indicator.empty()) {
    table.error("TH4101", field.empty() ? "field" : "value", "a mapping needs a field and a value",
                "the names of a field of the event and one of the indicator");
    return std::nullopt;
  }
  const auto column = fields.find(field);
  if (!column) {
    table.error("TH4110", "field", column.error().what, column.error().hint);
    return std::nullopt;
  }
  return ThreatMatch::Entry{{field, plan::column(*column)}, indicator, table.boolean("negate").value_or(false)};
}

/// The age of an indicator says in which documents of its index Elastic looks; a list that is given is meant as it is.
bool asks_for_age_alone(const plan::Expr& condition) {
  std::vector<event::ColumnRef> columns;
  plan::collect_columns(condition, columns);
  return !columns.empty() &&
         std::ranges::all_of(columns, [](const event::ColumnRef& column) { return column->name == "@timestamp"; });
}

void add_conditions(const plan::Expr& filter, std::vector<plan::Expr>& conditions) {
  for (plan::Expr& part : plan::conjuncts_of(filter)) {
    if (!asks_for_age_alone(part)) conditions.push_back(std::move(part));
  }
}

plan::Expr read_indicators(const Payload& rule, const event::Catalog& catalog) {
  const IndicatorFields fields(catalog);
  std::vector<plan::Expr> conditions;
  const std::string text = rule.text("threat_query").value_or("");
  if (text.find_first_not_of(" \t\r\n*:") != std::string::npos) {
    lang::Origin origin;
    origin.file = rule.rule().path;
    origin.rule = rule.rule().rule;
    origin.key = rule.path_of("threat_query");
    origin.file_text = rule.rule().file_text;
    const Node* node = rule.find("threat_query");
    origin.to_file = [node](LineColumn inside) {
      const LineColumn at = position_in(*node, inside);
      return at.line > 0 ? at : node->at;
    };
    // That CloudTrail events lack a field of indicators is nothing to be told.
    Diagnostics findings;
    lang::Reporter reporter(text, origin, findings);
    const bool is_lucene = rule.text("threat_language").value_or("kuery") == "lucene";
    const auto filter =
        is_lucene ? lucene::lower(text, fields, {}, reporter) : kuery::lower(text, fields, {}, reporter);
    if (filter) {
      add_conditions(*filter, conditions);
    } else {
      rule.rule().diagnostics->append(std::move(findings));
    }
  }
  for (plan::Expr& filter : read_filters(rule, "threat_filters", ElasticClauses(fields))) {
    add_conditions(filter, conditions);
  }
  return plan::make(plan::IsTrue{plan::all_of(std::move(conditions))});
}

}  // namespace

std::optional<ThreatMatch> read_threat_match(const Payload& rule, const event::Catalog& catalog,
                                             const ElasticFields& fields) {
  const std::size_t before = rule.rule().diagnostics->errors();
  if (rule.texts("threat_index").empty()) rule.error("TH4101", "threat_index", "the rule has no threat_index");
  const std::vector<Payload> mapping = rule.tables("threat_mapping");
  if (mapping.empty()) rule.error("TH4101", "threat_mapping", "the rule has no threat_mapping");
  ThreatMatch match;
  for (const Payload& table : mapping) {
    ThreatMatch::Group group;
    for (const Payload& entry : table.tables("entries")) {
      if (auto one = read_entry(entry, fields)) group.push_back(*std::move(one));
    }
    if (std::ranges::all_of(group, &ThreatMatch::Entry::negate)) {
      table.error("TH4103", "entries", "a mapping needs an entry that is not negated");
    }
    match.groups.push_back(std::move(group));
  }
  match.indicators = read_indicators(rule, catalog);
  if (rule.rule().diagnostics->errors() > before) return std::nullopt;
  return match;
}

}  // namespace trailhound::rule
