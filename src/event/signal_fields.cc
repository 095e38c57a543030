#include "event/signal_fields.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <optional>

#include "base/instant.h"
#include "base/ip_address.h"
#include "event/batch.h"

namespace trailhound::event {
namespace {

constexpr std::string_view kAlert = "kibana.alert.";
constexpr std::string_view kOriginalEvent = "kibana.alert.original_event.";
constexpr std::string_view kOriginalStream = "kibana.alert.original_data_stream.";

const auto by_name = [](const std::pair<std::string, Values>& field, std::string_view name) {
  return field.first < name;
};

bool is_date(LogicalType type) { return type == LogicalType::date || type == LogicalType::date_nanos; }
bool is_whole(LogicalType type) {
  return type == LogicalType::integer || type == LogicalType::long_integer || type == LogicalType::unsigned_long;
}

/// The value as the type holds it; nothing if it cannot.
std::optional<Scalar> as_type(const Value& value, LogicalType type, Arena& arena) {
  if (is_null(value)) return std::nullopt;
  const auto* text = std::get_if<std::string>(&value);
  if (type == LogicalType::any) return to_scalar(value);
  if (is_date(type)) {
    if (text == nullptr) return std::get_if<std::int64_t>(&value) ? std::optional(to_scalar(value)) : std::nullopt;
    const auto time = parse_rfc3339(*text);
    return time ? std::optional<Scalar>(time->micros) : std::nullopt;
  }
  if (type == LogicalType::ip) {
    if (text == nullptr) return std::get_if<IpAddress>(&value) ? std::optional(to_scalar(value)) : std::nullopt;
    const auto address = parse_ip(*text);
    return address ? std::optional<Scalar>(*address) : std::nullopt;
  }
  if (is_whole(type)) {
    if (const auto* real = std::get_if<double>(&value)) {
      const bool fits = std::trunc(*real) == *real && std::fabs(*real) < 9e15;
      return fits ? std::optional<Scalar>(static_cast<std::int64_t>(*real)) : std::nullopt;
    }
    return std::get_if<std::int64_t>(&value) ? std::optional(to_scalar(value)) : std::nullopt;
  }
  if (type == LogicalType::real) {
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
    return std::get_if<double>(&value) ? std::optional(to_scalar(value)) : std::nullopt;
  }
  if (type == LogicalType::boolean) {
    return std::get_if<bool>(&value) ? std::optional(to_scalar(value)) : std::nullopt;
  }
  if (text != nullptr) return to_scalar(value);
  return arena.copy(std::string_view(to_text(value)));
}

/// Indexed fields are sets: sorted, each value once.
Cell cell_of(const Values& values, LogicalType type, Arena& arena) {
  std::vector<Scalar> scalars;
  for (const Value& value : values) {
    if (const auto scalar = as_type(value, type, arena)) scalars.push_back(*scalar);
  }
  if (scalars.empty()) return Cell::absent();
  std::ranges::sort(scalars);
  scalars.erase(std::ranges::unique(scalars).begin(), scalars.end());
  if (scalars.size() == 1) return Cell::one(scalars.front());
  return Cell::several(arena.copy(std::span<const Scalar>(scalars)));
}

/// Old names whose new one is not just behind another prefix.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kRenamed = {{
    {"signal.status", "kibana.alert.workflow_status"},
    {"signal.rule.id", "kibana.alert.rule.uuid"},
    {"signal.rule.severity", "kibana.alert.severity"},
    {"signal.rule.risk_score", "kibana.alert.risk_score"},
    {"signal.rule.building_block_type", "kibana.alert.building_block_type"},
}};

}  // namespace

void DocumentFields::set(std::string_view name, Values values) {
  std::erase_if(values, [](const Value& value) { return is_null(value); });
  const auto at =
      std::ranges::lower_bound(fields_, name, {}, [](const auto& field) -> std::string_view { return field.first; });
  const bool known = at != fields_.end() && at->first == name;
  if (values.empty()) {
    if (known) fields_.erase(at);
  } else if (known) {
    at->second = std::move(values);
  } else {
    fields_.emplace(at, std::string(name), std::move(values));
  }
}

const Values* DocumentFields::find(std::string_view name) const {
  const auto at = std::lower_bound(fields_.begin(), fields_.end(), name, by_name);
  return at != fields_.end() && at->first == name ? &at->second : nullptr;
}

std::string name_in_signals(std::string_view name) {
  for (const auto& [old_name, new_name] : kRenamed) {
    if (name == old_name) return std::string(new_name);
  }
  constexpr std::string_view kOld = "signal.";
  if (name.starts_with(kOld)) return std::string(kAlert).append(name.substr(kOld.size()));
  return std::string(name);
}

std::string name_in_events(std::string_view name) {
  const std::string now = name_in_signals(name);
  if (now.starts_with(kOriginalEvent)) return "event." + now.substr(kOriginalEvent.size());
  if (now.starts_with(kOriginalStream)) return "data_stream." + now.substr(kOriginalStream.size());
  return is_field_of_signal(now) ? std::string() : now;
}

bool is_only_in_signals(std::string_view name) { return name_in_signals(name).starts_with(kAlert); }

bool is_field_of_signal(std::string_view name) {
  const std::string now = name_in_signals(name);
  if (now.starts_with(kOriginalEvent) || now.starts_with(kOriginalStream)) return false;
  return now.starts_with(kAlert) || now == "@timestamp" || now == "event.kind" || now == "_id" || now == "_index" ||
         now == "_version";
}

std::string name_in_document(const Column& column) {
  if (column.view == View::ecs) return name_in_signals(column.name);
  if (column.view == View::raw && column.name == "eventID") return "_id";
  return std::string(name_of(column.view)).append(":").append(column.name);
}

ColumnRef signal_column(const Column& column) {
  Column made{};
  made.view = column.view;
  made.name = column.name;
  made.type = column.type;
  made.read = [name = name_in_document(column), type = column.type](const Record& record, Arena& arena) {
    const DocumentFields* fields = record.document();
    const Values* values = fields == nullptr ? nullptr : fields->find(name);
    return values == nullptr ? Cell::absent() : cell_of(*values, type, arena);
  };
  return std::make_shared<const Column>(std::move(made));
}

}  // namespace trailhound::event
