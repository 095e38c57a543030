#include "rule/elastic_suppression.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

namespace trailhound::rule {
namespace {

constexpr std::size_t kMaxFields = 5;

/// Index of a part by name.
std::optional<std::uint32_t> index_of(const std::vector<plan::NamedExpr>& parts, const std::string& name) {
  const auto at = std::ranges::find(parts, name, &plan::NamedExpr::name);
  if (at == parts.end()) return std::nullopt;
  return static_cast<std::uint32_t>(at - parts.begin());
}

class SuppressionReader {
 public:
  SuppressionReader(const Payload& rule, const Payload& table, const lang::Fields& fields, plan::Plan& plan)
      : rule_(rule), table_(table), fields_(fields), plan_(plan) {}

  void read(const std::string& type, const Schedule& schedule) {
    plan::Suppression suppression;
    suppression.interval = schedule.interval;
    suppression.duration = read_duration();
    suppression.missing_alone = table_.text("missing_fields_strategy").value_or("suppress") == "doNotSuppress";
    const std::vector<std::string> names = table_.texts("group_by");
    if (names.size() > kMaxFields) table_.error("TH4103", "group_by", "suppression groups by at most 5 fields");
    if (type == "threshold") {
      by_threshold_key(suppression, names);
    } else if (names.empty()) {
      table_.error("TH4101", "group_by", "suppression needs fields to group by");
      return;
    } else if (type == "query" || type == "saved_query") {
      by_own_key(suppression, names);
    } else if (auto* run = std::get_if<plan::RunAggregate>(&plan_.op)) {
      by_outputs(suppression, names, *run);
    } else {
      by_arguments(suppression, names);
    }
    plan_.episode.suppression = std::move(suppression);
  }

 private:
  std::optional<Duration> read_duration() const {
    if (table_.find("duration") == nullptr) return std::nullopt;
    const Payload duration = table_.table("duration");
    const std::int64_t value = duration.integer("value").value_or(0);
    const std::string unit = duration.text("unit").value_or("");
    const std::int64_t factor = unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 0;
    constexpr std::int64_t kMost = 10'000'000;
    if (value < 1 || value > kMost || factor == 0) {
      duration.error("TH4103", "value", "a duration needs a value from 1 on and a unit", "s, m or h");
      return std::nullopt;
    }
    return Duration::seconds(value * factor);
  }

  /// Threshold rules are suppressed by their own group; a duration is all that can be said.
  void by_threshold_key(plan::Suppression& suppression, const std::vector<std::string>& names) {
    if (!names.empty()) {
      table_.error("TH4103", "group_by", "a threshold rule is suppressed by the fields of its threshold",
                   "leave group_by out");
    }
    if (!suppression.duration) table_.error("TH4101", "duration", "suppression of a threshold rule needs a duration");
    for (std::uint32_t i = 0; i < plan_.queries.front().key.size(); ++i) suppression.parts.push_back(i);
  }

  /// Each value of a field is a group of its own; what has none is a group too.
  void by_own_key(plan::Suppression& suppression, const std::vector<std::string>& names) {
    plan::Query& query = plan_.queries.front();
    query.missing = plan::MissingKey::null_group;
    const std::size_t first = query.key.size();
    for (const std::string& name : names) {
      if (auto part = column_of(name)) {
        suppression.parts.push_back(static_cast<std::uint32_t>(query.key.size()));
        query.key.push_back(*std::move(part));
      }
    }
    if (suppression.missing_alone) keep_whole_keys(std::span(query.key).subspan(first));
  }

  /// An event that stands alone fires once, however many values its other fields have: if one part of its key is
  /// missing, all are.
  static void keep_whole_keys(std::span<plan::NamedExpr> parts) {
    if (parts.size() < 2) return;
    std::vector<plan::Expr> all_present;
    for (const plan::NamedExpr& part : parts) all_present.push_back(plan::make(plan::Present{part.expression}));
    const plan::Expr complete = plan::all_of(std::move(all_present));
    for (plan::NamedExpr& part : parts) {
      const event::LogicalType type = part.expression->type;
      part.expression = plan::make(plan::Call{plan::Function::case_when, {complete, part.expression}}, type);
    }
  }

  void by_outputs(plan::Suppression& suppression, const std::vector<std::string>& names,
                  const plan::RunAggregate& run) {
    suppression.by = plan::Suppression::By::cells;
    const std::vector<plan::NamedExpr>& outputs = run.outputs;
    std::vector<std::uint32_t> key_parts;
    for (const std::string& name : names) {
      if (const auto index = index_of(outputs, name)) {
        suppression.parts.push_back(*index);
        if (const auto part = key_part_of(outputs[*index].expression, run)) key_parts.push_back(*part);
      } else {
        std::vector<std::string_view> known;
        for (const plan::NamedExpr& output : outputs) known.push_back(output.name);
        const std::string near = nearest_name(name, known);
        table_.error("TH4110", "group_by", "the query has no column " + name,
                     near.empty() ? "" : "did you mean " + near + "?");
      }
    }
    // Rows of different groups may share what suppresses them.
    plan_.episode.project = true;
    if (key_parts.size() < names.size()) return;
    // What the rows are grouped by is what the signal is about.
    suppression.by = plan::Suppression::By::key;
    suppression.parts = key_parts;
    plan_.episode.key_parts = std::move(key_parts);
  }

  /// The part of the group key that a column is, if it is one unchanged.
  std::optional<std::uint32_t> key_part_of(const plan::Expr& column, const plan::RunAggregate& run) const {
    const auto* slot = column ? std::get_if<plan::Slot>(&column->node) : nullptr;
    if (slot == nullptr || slot->index < run.measures.size()) return std::nullopt;
    const std::size_t part = slot->index - run.measures.size();
    if (part >= plan_.queries.front().key.size()) return std::nullopt;
    return static_cast<std::uint32_t>(part);
  }

  /// Whole cells of the event: arguments, the same number in each query.
  void by_arguments(plan::Suppression& suppression, const std::vector<std::string>& names) {
    suppression.by = plan::Suppression::By::cells;
    for (const std::string& name : names) {
      std::optional<std::uint32_t> index;
      for (plan::Query& query : plan_.queries) {
        std::optional<std::uint32_t> here = index_of(query.arguments, name);
        if (!here) {
          auto part = column_of(name);
          if (!part) return;
          here = static_cast<std::uint32_t>(query.arguments.size());
          query.arguments.push_back(*std::move(part));
        }
        if (!index) index = here;
      }
      if (index) suppression.parts.push_back(*index);
    }
    plan_.episode.project = true;
  }

  std::optional<plan::NamedExpr> column_of(const std::string& name) const {
    const Result<event::ColumnRef> column = fields_.find(name);
    if (!column) {
      table_.error("TH4110", "group_by", column.error().what, column.error().hint);
      return std::nullopt;
    }
    return plan::NamedExpr{name, plan::column(*column)};
  }

  const Payload& rule_;
  const Payload& table_;
  const lang::Fields& fields_;
  plan::Plan& plan_;
};

}  // namespace

void read_suppression(const Payload& rule, const std::string& type, const Schedule& schedule,
                      const lang::Fields& fields, plan::Plan& plan) {
  if (rule.find("alert_suppression") == nullptr) return;
  const Payload table = rule.table("alert_suppression");
  SuppressionReader(rule, table, fields, plan).read(type, schedule);
}

}  // namespace trailhound::rule
