// The Datadog view: attributes as Datadog's CloudTrail pipeline names them, and the tags it adds. JSON null, empty
// lists and objects without any leaf are absent, so that "is there" has one answer for all kinds of values.

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "base/ip_address.h"
#include "event/batch.h"
#include "event/column_table.h"
#include "event/datadog_attributes.h"
#include "event/datadog_tags.h"
#include "event/hot_columns.h"
#include "event/json_path.h"

namespace trailhound::event {
namespace {

using SharedGeo = std::shared_ptr<const Geo>;

/// Raw values under another name (or under their own, to have it known for completion).
struct Moved {
  std::string_view name, raw_path;
};
constexpr std::array kMoved = std::to_array<Moved>({
    {"@evt.name", "eventName"},
    {"@eventName", "eventName"},
    {"@eventSource", "eventSource"},
    {"@eventTime", "eventTime"},
    {"@eventType", "eventType"},
    {"@eventVersion", "eventVersion"},
    {"@eventCategory", "eventCategory"},
    {"@eventID", "eventID"},
    {"@requestID", "requestID"},
    {"@http.request_id", "requestID"},
    {"@readOnly", "readOnly"},
    {"@managementEvent", "managementEvent"},
    {"@awsRegion", "awsRegion"},
    {"@recipientAccountId", "recipientAccountId"},
    {"@error.kind", "errorCode"},
    {"@errorCode", "errorCode"},
    {"@error.message", "errorMessage"},
    {"@errorMessage", "errorMessage"},
    {"@network.client.ip", "sourceIPAddress"},
    {"@sourceIPAddress", "sourceIPAddress"},
    {"@http.useragent", "userAgent"},
    {"@userAgent", "userAgent"},
    {"@userIdentity.type", "userIdentity.type"},
    {"@userIdentity.arn", "userIdentity.arn"},
    {"@userIdentity.principalId", "userIdentity.principalId"},
    {"@userIdentity.accountId", "userIdentity.accountId"},
    {"@userIdentity.accessKeyId", "userIdentity.accessKeyId"},
    {"@userIdentity.userName", "userIdentity.userName"},
    {"@userIdentity.invokedBy", "userIdentity.invokedBy"},
    {"@userIdentity.sessionContext.attributes.mfaAuthenticated",
     "userIdentity.sessionContext.attributes.mfaAuthenticated"},
    {"@userIdentity.sessionContext.sessionIssuer.arn", "userIdentity.sessionContext.sessionIssuer.arn"},
    {"@userIdentity.sessionContext.sessionIssuer.type", "userIdentity.sessionContext.sessionIssuer.type"},
    {"@userIdentity.sessionContext.sessionIssuer.userName", "userIdentity.sessionContext.sessionIssuer.userName"},
    {"@usr.account_id", "userIdentity.accountId"},
    {"@usr.access_key_id", "userIdentity.accessKeyId"},
    {"@resource.ARN", "resources.ARN"},
    {"@resource.accountId", "resources.accountId"},
    {"@resource.type", "resources.type"},
    {"@ocsf.actor.user.uid", "userIdentity.arn"},
    {"@ocsf.actor.user.credential_uid", "userIdentity.accessKeyId"},
    {"@ocsf.cloud.region", "awsRegion"},
    {"account", "recipientAccountId"},
    {"account_id", "recipientAccountId"},
    {"aws_account", "recipientAccountId"},
    {"region", "awsRegion"},
});

/// Texts that are computed from the record; an empty one is absent.
struct Derived {
  std::string_view name;
  std::string_view (*text)(const json::Value& record);
};
constexpr std::array kDerived = std::to_array<Derived>({
    {"source", [](const json::Value&) { return kDatadogSource; }},
    {"service", [](const json::Value&) { return kDatadogSource; }},
    {"host", datadog_host},
    {"status", [](const json::Value& r) { return std::string_view(datadog_failed(r) ? "error" : "info"); }},
    {"@level", [](const json::Value& r) { return std::string_view(datadog_failed(r) ? "Error" : ""); }},
    {"@evt.outcome", [](const json::Value& r) { return std::string_view(datadog_failed(r) ? "failure" : "success"); }},
    {"@userIdentity.session_name", datadog_session_name},
    {"@userIdentity.assumed_role", datadog_assumed_role},
    {"@usr.name", datadog_user_name},
    {"@usr.id", datadog_user_id},
});

/// Names that Datadog fills from its own knowledge (threat feeds, host tags): known, and absent here.
constexpr std::array kAbsent = std::to_array<std::string_view>({
    "@threat_intel.results.category",
    "@threat_intel.results.subcategory",
    "@threat_intel.results.intention",
    "@threat_intel.results.source.name",
    "@threat_intel.results.source.url",
    "@threat_intel.results.additional_data",
    "@network.client.geoip.as.domain",
    "@network.client.geoip.as.type",
    "application",
    "eks_nodegroup-name",
    "env",
    "instance-id",
    "team",
});
constexpr std::string_view kThreatIntel = "@threat_intel.";

/// The names that are not open like attributes of the record, with and without "@".
std::vector<std::string_view> closed_names() {
  std::vector<std::string_view> names = {"message", "tags"};
  for (const Moved& moved : kMoved) names.push_back(moved.name);
  for (const Derived& derived : kDerived) names.push_back(derived.name);
  names.insert(names.end(), kAbsent.begin(), kAbsent.end());
  return names;
}

/// Equal but for two letters in one place.
bool is_slip_of(std::string_view written, std::string_view meant) {
  const auto [a, b] = std::ranges::mismatch(written, meant);
  std::string_view rest(a, written.end());
  std::string_view wanted(b, meant.end());
  while (!rest.empty() && !wanted.empty() && rest.back() == wanted.back()) {
    rest.remove_suffix(1);
    wanted.remove_suffix(1);
  }
  return rest.size() <= 2 && wanted.size() <= 2;
}

Cell without_emptiness(const Cell& cell) {
  return cell.state() == Cell::State::null || cell.state() == Cell::State::empty ? Cell::absent() : cell;
}

Cell text_cell(std::string_view text) { return text.empty() ? Cell::absent() : Cell::one(text); }
Cell owned_text_cell(const std::string& text, Arena& arena) {
  return text.empty() ? Cell::absent() : Cell::one(arena.copy(text));
}
Cell number_cell(const std::optional<double>& number) { return number ? Cell::one(*number) : Cell::absent(); }

/// The text of a hot cell that is exactly one text, else "".
std::string_view single_text(const Cell& cell) {
  const auto* text = cell.is_single() ? std::get_if<std::string_view>(&cell.values()[0]) : nullptr;
  return text != nullptr ? *text : std::string_view();
}

Column moved_column(std::string_view name, std::string_view raw_path) {
  if (const auto hot = hot_at(raw_path)) {
    return hot_column(View::datadog, name, *hot, [](const Cell& cell, Arena&) { return without_emptiness(cell); });
  }
  Column column = named_column(View::datadog, name);
  column.read = [path = JsonPath(raw_path)](const Record& record, Arena& arena) {
    return without_emptiness(path.read(record.root(), arena, JsonPath::Objects::with_a_leaf));
  };
  return column;
}

Column derived_column(const Derived& derived) {
  Column column = named_column(View::datadog, derived.name);
  column.read = [text = derived.text](const Record& record, Arena&) { return text_cell(text(record.root())); };
  return column;
}

Column absent_column(std::string_view name) {
  Column column = named_column(View::datadog, name);
  column.read = [](const Record&, Arena&) { return Cell::absent(); };
  return column;
}

// ---- of the user agent ----

void add_client_columns(std::vector<Column>& columns) {
  const auto add = [&](std::string_view name, std::string DatadogClient::* family) {
    columns.push_back(hot_column(View::datadog, name, Hot::user_agent, [family](const Cell& hot, Arena& arena) {
      const std::string_view text = single_text(hot);
      return text.empty() ? Cell::absent() : owned_text_cell(datadog_client(text).*family, arena);
    }));
  };
  add("@http.useragent_details.os.family", &DatadogClient::os);
  add("@http.useragent_details.browser.family", &DatadogClient::browser);
  add("@http.useragent_details.device.family", &DatadogClient::device);
}

// ---- of the source address ----

Cell is_private_cell(const Cell& hot, Arena&) {
  const auto address = parse_ip(single_text(hot));
  return address ? Cell::one(address->is_private()) : Cell::absent();
}

Cell address_list_cell(const Record& record, Arena& arena) {
  std::vector<Scalar> scalars;
  for (const std::string_view address : datadog_addresses(record.root())) scalars.emplace_back(address);
  if (scalars.empty()) return Cell::absent();
  return Cell::several(scalars.size() == 1 ? std::span<const Scalar>(scalars)
                                           : arena.copy(std::span<const Scalar>(scalars)));
}

class GeoColumns {
 public:
  GeoColumns(std::vector<Column>& columns, SharedGeo geo) : columns_(columns), geo_(std::move(geo)) {}

  void add() {
    add_city("country.name", &City::country_name);
    add_city("country.iso_code", &City::country_iso_code);
    add_city("continent.name", &City::continent_name);
    add_city("continent.code", &City::continent_code);
    add_city("subdivision.name", &City::region_name);
    add_city("subdivision.iso_code", &City::region_iso_code);
    add_city("city.name", &City::city_name);
    add_coordinate("location.latitude", &City::latitude);
    add_coordinate("location.longitude", &City::longitude);
    add_network("as.name", [](const DatadogGeo& found) { return found.network ? found.network->organization : ""; });
    add_network("as.number", [](const DatadogGeo& found) { return found.network_number(); });
  }

 private:
  template <class CellOf>
  Column& add_column(std::string_view name, CellOf cell_of) {
    columns_.push_back(hot_column(View::datadog, "@network.client.geoip." + std::string(name), Hot::source_ip,
                                  [geo = geo_, cell_of](const Cell& hot, Arena& arena) {
                                    return cell_of(datadog_geo(geo.get(), single_text(hot)), arena);
                                  }));
    return columns_.back();
  }
  void add_city(std::string_view name, std::string City::* field) {
    add_column(name, [field](const DatadogGeo& found, Arena& arena) {
      return found.city ? owned_text_cell((*found.city).*field, arena) : Cell::absent();
    }).needs_geo = true;
  }
  void add_coordinate(std::string_view name, std::optional<double> City::* field) {
    add_column(name, [field](const DatadogGeo& found, Arena&) {
      return found.city ? number_cell((*found.city).*field) : Cell::absent();
    }).needs_geo = true;
  }
  void add_network(std::string_view name, std::string (*text)(const DatadogGeo&)) {
    add_column(name, [text](const DatadogGeo& found, Arena& arena) {
      return owned_text_cell(text(found), arena);
    }).needs_asn = true;
  }

  std::vector<Column>& columns_;
  SharedGeo geo_;
};

// ---- of the whole record ----

Cell tags_cell(const Record& record, Arena& arena) {
  const std::vector<std::string> tags = datadog_tags(record.root());
  std::vector<Scalar> scalars;
  for (const std::string& tag : tags) scalars.emplace_back(arena.copy(tag));
  return Cell::several(scalars.size() == 1 ? std::span<const Scalar>(scalars)
                                           : arena.copy(std::span<const Scalar>(scalars)));
}

/// The log's message is the record itself.
Cell message_cell(const Record& record, Arena& arena) {
  std::string json;
  record.root().append_json(json);
  return Cell::one(arena.copy(json));
}

Column computed_column(std::string_view name, Cell (*read)(const Record&, Arena&)) {
  Column column = named_column(View::datadog, name);
  column.read = read;
  return column;
}

}  // namespace

std::vector<Column> datadog_columns(const SharedGeo& geo) {
  std::vector<Column> columns;
  for (const Moved& moved : kMoved) columns.push_back(moved_column(moved.name, moved.raw_path));
  for (const Derived& derived : kDerived) columns.push_back(derived_column(derived));
  for (const std::string_view name : kAbsent) columns.push_back(absent_column(name));
  add_client_columns(columns);
  columns.push_back(
      hot_column(View::datadog, "@network.client.is_private_network_ip", Hot::source_ip, is_private_cell));
  columns.push_back(computed_column("@network.ip.list", address_list_cell));
  columns.push_back(computed_column("message", message_cell));
  columns.push_back(computed_column("tags", tags_cell));
  GeoColumns(columns, geo).add();
  return columns;
}

bool is_foreign_datadog_tag(std::string_view name) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
  constexpr std::string_view kOfKeys = "abcdefghijklmnopqrstuvwxyz0123456789_-/";
  if (name.empty() || !kLetters.contains(name.front()) || name.find_first_not_of(kOfKeys) != name.npos) return false;
  return std::ranges::none_of(closed_names(), [name](std::string_view known) {
    if (known.starts_with('@')) return known.substr(1) == name;
    return known == name || is_slip_of(name, known);
  });
}

std::optional<Column> datadog_open_column(std::string_view name) {
  if (is_foreign_datadog_tag(name)) return absent_column(name);
  if (!name.starts_with('@') || !JsonPath::is_valid(name.substr(1))) return std::nullopt;
  if (name.starts_with(kThreatIntel)) return absent_column(name);
  return moved_column(name, name.substr(1));
}

}  // namespace trailhound::event
