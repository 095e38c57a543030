#pragma once
/// Locations and networks of IP addresses from MaxMind DB files that the user names. Thread-safe after `open`.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/ip_address.h"
#include "base/result.h"
#include "event/geo_entry.h"

namespace trailhound::event {

struct City {
  std::string continent_name, continent_code, country_name, country_iso_code, region_name, region_iso_code, city_name;
  std::optional<double> latitude, longitude;
};
struct AutonomousSystem {
  std::optional<std::int64_t> number;
  std::string organization;
};

class Geo {
 public:
  /// Either path may be empty. Accepts MaxMind's layout and the flat one of the free databases (`country_code`,
  /// `city`, `latitude`, ...). Fails with a hint if a file is no MaxMind DB or holds the wrong kind.
  [[nodiscard]] static Result<std::shared_ptr<const Geo>> open(const std::string& city_path,
                                                               const std::string& asn_path);
  ~Geo();

  [[nodiscard]] bool has_city() const;
  [[nodiscard]] bool has_asn() const;
  /// Everything that the files hold for an address; valid as long as this object.
  [[nodiscard]] std::optional<GeoEntry> city_entry(const IpAddress& address) const;
  [[nodiscard]] std::optional<GeoEntry> asn_entry(const IpAddress& address) const;
  [[nodiscard]] std::optional<City> city(const IpAddress& address) const;
  [[nodiscard]] std::optional<AutonomousSystem> asn(const IpAddress& address) const;

 private:
  Geo();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace trailhound::event
