#include "event/geo.h"

#include <maxminddb.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "event/geo_paths.h"

namespace trailhound::event {
namespace {

std::string text_at(const GeoEntry& entry, std::span<const GeoPath> paths) {
  return std::string(entry.text(paths).value_or(std::string_view()));
}

City city_of(const GeoEntry& entry) {
  return {.continent_name = text_at(entry, kContinentName),
          .continent_code = text_at(entry, kContinentCode),
          .country_name = text_at(entry, kCountryName),
          .country_iso_code = text_at(entry, kCountryCode),
          .region_name = text_at(entry, kRegionName),
          .region_iso_code = text_at(entry, kRegionCode),
          .city_name = text_at(entry, kCityName),
          .latitude = entry.number(kLatitude),
          .longitude = entry.number(kLongitude)};
}

AutonomousSystem network_of(const GeoEntry& entry) {
  AutonomousSystem network;
  if (const auto number = entry.number(kNetworkNumber)) network.number = static_cast<std::int64_t>(*number);
  network.organization = text_at(entry, kNetworkName);
  return network;
}

bool is_empty(const City& city) {
  return city.continent_code.empty() && city.country_iso_code.empty() && city.country_name.empty() &&
         city.city_name.empty() && city.region_name.empty() && !city.latitude;
}
bool is_empty(const AutonomousSystem& network) { return !network.number && network.organization.empty(); }

/// An open database file.
class Database {
 public:
  Database() = default;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database() {
    if (open_) MMDB_close(&file_);
  }

  [[nodiscard]] Status open(const std::string& path) {
    const int status = MMDB_open(path.c_str(), MMDB_MODE_MMAP, &file_);
    if (status != MMDB_SUCCESS) {
      return fail(std::string("cannot read the MaxMind DB: ") + MMDB_strerror(status), path,
                  "give the path of a .mmdb file such as GeoLite2-City.mmdb");
    }
    open_ = true;
    return {};
  }
  [[nodiscard]] bool is_open() const { return open_; }

  [[nodiscard]] std::optional<GeoEntry> find(const IpAddress& address) const {
    if (!open_) return std::nullopt;
    sockaddr_in v4{};
    sockaddr_in6 v6{};
    const bool is_v4 = address.is_v4();
    if (is_v4) {
      v4.sin_family = AF_INET;
      std::memcpy(&v4.sin_addr, address.bytes.data() + 12, 4);
    } else {
      v6.sin6_family = AF_INET6;
      std::memcpy(&v6.sin6_addr, address.bytes.data(), 16);
    }
    const auto* socket_address =
        is_v4 ? reinterpret_cast<const sockaddr*>(&v4) : reinterpret_cast<const sockaddr*>(&v6);
    int error = MMDB_SUCCESS;
    const MMDB_lookup_result_s found = MMDB_lookup_sockaddr(&file_, socket_address, &error);
    if (error != MMDB_SUCCESS || !found.found_entry) return std::nullopt;
    // A tree for both families holds IPv4 at ::/96; one for IPv4 alone counts from there.
    const int prefix = found.netmask + (file_.metadata.ip_version == 4 ? 96 : 0);
    return GeoEntry(&file_, found.entry.offset, address, is_v4 ? std::max(prefix, 96) : prefix);
  }

  /// True if one of the first entries of the file passes the test: how its kind is told, whatever its metadata say.
  template <class Test>
  [[nodiscard]] bool any_of_first_entries(Test test) const {
    constexpr int kNodesTried = 10'000;
    constexpr int kEntriesTried = 20;
    std::vector<std::uint64_t> nodes = {0};
    int entries = 0;
    for (int tried = 0; tried < kNodesTried && !nodes.empty(); ++tried) {
      const auto number = static_cast<std::uint32_t>(nodes.back());
      nodes.pop_back();
      MMDB_search_node_s node;
      if (MMDB_read_node(&file_, number, &node) != MMDB_SUCCESS) continue;
      if (node.right_record_type == MMDB_RECORD_TYPE_SEARCH_NODE) nodes.push_back(node.right_record);
      if (node.left_record_type == MMDB_RECORD_TYPE_SEARCH_NODE) nodes.push_back(node.left_record);
      if (node.left_record_type == MMDB_RECORD_TYPE_DATA && test(entry_of(node.left_record_entry))) return true;
      if (node.right_record_type == MMDB_RECORD_TYPE_DATA && test(entry_of(node.right_record_entry))) return true;
      entries += node.left_record_type == MMDB_RECORD_TYPE_DATA || node.right_record_type == MMDB_RECORD_TYPE_DATA;
      if (entries >= kEntriesTried) break;
    }
    return false;
  }

 private:
  /// An entry that was found without an address.
  [[nodiscard]] GeoEntry entry_of(const MMDB_entry_s& entry) const { return {&file_, entry.offset, IpAddress{}, 128}; }

  MMDB_s file_{};
  bool open_ = false;
};

}  // namespace

struct Geo::Impl {
  Database city, network;
};

Geo::Geo() : impl_(std::make_unique<Impl>()) {}
Geo::~Geo() = default;

Result<std::shared_ptr<const Geo>> Geo::open(const std::string& city_path, const std::string& asn_path) {
  std::shared_ptr<Geo> geo(new Geo);
  if (!city_path.empty()) {
    TRY_VOID(geo->impl_->city.open(city_path));
    if (!geo->impl_->city.any_of_first_entries([](const GeoEntry& e) { return !is_empty(city_of(e)); })) {
      return fail("the MaxMind DB holds no places", city_path, "a city or country database is needed here");
    }
  }
  if (!asn_path.empty()) {
    TRY_VOID(geo->impl_->network.open(asn_path));
    if (!geo->impl_->network.any_of_first_entries([](const GeoEntry& e) { return !is_empty(network_of(e)); })) {
      return fail("the MaxMind DB holds no networks", asn_path, "an ASN database is needed here");
    }
  }
  return geo;
}

bool Geo::has_city() const { return impl_->city.is_open(); }
bool Geo::has_asn() const { return impl_->network.is_open(); }

std::optional<GeoEntry> Geo::city_entry(const IpAddress& address) const { return impl_->city.find(address); }
std::optional<GeoEntry> Geo::asn_entry(const IpAddress& address) const { return impl_->network.find(address); }

std::optional<City> Geo::city(const IpAddress& address) const {
  const auto entry = impl_->city.find(address);
  if (!entry) return std::nullopt;
  City city = city_of(*entry);
  return is_empty(city) ? std::nullopt : std::optional(std::move(city));
}

std::optional<AutonomousSystem> Geo::asn(const IpAddress& address) const {
  const auto entry = impl_->network.find(address);
  if (!entry) return std::nullopt;
  AutonomousSystem network = network_of(*entry);
  return is_empty(network) ? std::nullopt : std::optional(std::move(network));
}

}  // namespace trailhound::event
