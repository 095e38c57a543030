/// The view of addresses: one row a property that ES|QL's IP_LOCATION knows of a city or country database ("geoip.") or
/// of an ASN database ("asn.").

#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "base/number_text.h"
#include "event/column_table.h"
#include "event/ecs_cell.h"
#include "event/ecs_source.h"
#include "event/geo_paths.h"

namespace trailhound::event {
namespace {

using Paths = std::span<const GeoPath>;
using SharedGeo = std::shared_ptr<const Geo>;
using Find = std::optional<GeoEntry> (Geo::*)(const IpAddress&) const;

/// Databases write an empty text for what they do not know.
Cell text_cell(std::optional<std::string_view> text) { return text ? ecs_keyword(*text) : Cell::absent(); }

/// A country that is not in the union has no flag. Where nothing is said of the country, neither is of the union.
Cell union_cell(const GeoEntry& entry, Paths country, Paths flag) {
  return entry.text(country) ? Cell::one(entry.truth(flag).value_or(false)) : Cell::absent();
}

Cell region_code(const GeoEntry& entry, Arena& arena) {
  const auto country = entry.text(kCountryCode);
  const auto region = entry.text(kRegionCode);
  if (!country || !region) return Cell::absent();
  return text_cell(arena.copy(std::string_view(region_iso_code(*country, *region))));
}

Cell point(const GeoEntry& entry, Arena& arena) {
  const auto latitude = entry.number(kLatitude);
  const auto longitude = entry.number(kLongitude);
  if (!latitude || !longitude) return Cell::absent();
  const std::string text = "POINT (" + real_text_kept_real(*longitude) + " " + real_text_kept_real(*latitude) + ")";
  return Cell::one(arena.copy(std::string_view(text)));
}

Cell whole(const GeoEntry& entry, Paths paths) {
  const auto number = entry.number(paths);
  return number ? Cell::one(static_cast<std::int64_t>(*number)) : Cell::absent();
}

class AddressTable {
 public:
  explicit AddressTable(SharedGeo geo) : geo_(std::move(geo)) {}

  std::vector<Column> build() {
    add_place();
    add_network();
    return std::move(columns_);
  }

 private:
  void add_place() {
    begin("geoip.", &Geo::city_entry, true, geo_ && geo_->has_city());
    add_address();
    add("country_in_european_union", LogicalType::boolean, [](const GeoEntry& entry, const IpAddress&, Arena&) {
      return union_cell(entry, kNestedCountryCode, kCountryInUnion);
    });
    add_text("country_iso_code", kCountryCode);
    add_text("country_name", kCountryName);
    add_text("continent_code", kContinentCode);
    add_text("continent_name", kContinentName);
    add("region_iso_code", LogicalType::keyword,
        [](const GeoEntry& entry, const IpAddress&, Arena& arena) { return region_code(entry, arena); });
    add_text("region_name", kRegionName);
    add_text("city_name", kCityName);
    add_text("timezone", kTimeZone);
    add("location", LogicalType::geo_point,
        [](const GeoEntry& entry, const IpAddress&, Arena& arena) { return point(entry, arena); });
    add_text("postal_code", kPostalCode);
    add("accuracy_radius", LogicalType::integer,
        [](const GeoEntry& entry, const IpAddress&, Arena&) { return whole(entry, kAccuracyRadius); });
    add("registered_country_in_european_union", LogicalType::boolean,
        [](const GeoEntry& entry, const IpAddress&, Arena&) {
          return union_cell(entry, kRegisteredCountryCode, kRegisteredCountryInUnion);
        });
    add_text("registered_country_iso_code", kRegisteredCountryCode);
    add_text("registered_country_name", kRegisteredCountryName);
  }

  void add_network() {
    begin("asn.", &Geo::asn_entry, false, geo_ && geo_->has_asn());
    add_address();
    add("asn", LogicalType::long_integer,
        [](const GeoEntry& entry, const IpAddress&, Arena&) { return whole(entry, kNetworkNumber); });
    add_text("organization_name", kNetworkName);
    add("network", LogicalType::keyword, [](const GeoEntry& entry, const IpAddress&, Arena& arena) {
      return Cell::one(arena.copy(std::string_view(format_cidr(entry.network()))));
    });
  }

  /// What the next columns have in common.
  void begin(std::string prefix, Find find, bool of_city, bool configured) {
    prefix_ = std::move(prefix);
    find_ = find;
    of_city_ = of_city;
    configured_ = configured;
  }

  /// The address itself, as a text: that of what is in the database.
  void add_address() {
    add("ip", LogicalType::keyword, [](const GeoEntry&, const IpAddress& address, Arena& arena) {
      return Cell::one(arena.copy(std::string_view(format_ip(address))));
    });
  }

  void add_text(std::string_view name, Paths paths) {
    add(name, LogicalType::keyword,
        [paths](const GeoEntry& entry, const IpAddress&, Arena&) { return text_cell(entry.text(paths)); });
  }

  template <class Read>
  void add(std::string_view name, LogicalType type, Read read) {
    Column column;
    column.view = View::address;
    column.name = prefix_ + std::string(name);
    column.type = type;
    column.read = [](const Record&, Arena&) { return Cell::absent(); };
    column.of_address = [geo = geo_, find = find_, read](const IpAddress& address, Arena& arena) {
      const auto entry = geo ? (geo.get()->*find)(address) : std::nullopt;
      return entry ? read(*entry, address, arena) : Cell::absent();
    };
    column.needs_geo = of_city_;
    column.needs_asn = !of_city_;
    column.not_configured = !configured_;
    columns_.push_back(std::move(column));
  }

  SharedGeo geo_;
  std::string prefix_;
  Find find_ = nullptr;
  bool of_city_ = true;
  bool configured_ = false;
  std::vector<Column> columns_;
};

}  // namespace

std::vector<Column> address_columns(const SharedGeo& geo) { return AddressTable(geo).build(); }

}  // namespace trailhound::event
