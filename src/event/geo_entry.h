#pragma once
/// What a MaxMind DB file holds for one address, value by value.
///
///     const auto entry = geo->city_entry(address);
///     if (entry) entry->text(kCityName)            // in one of the layouts of event/geo_paths.h

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/ip_address.h"

namespace trailhound::event {

/// A path through an entry: "city", "names", "en". Unused parts are null; "-1" is the last element of a list.
using GeoPath = std::array<const char*, 5>;

/// Valid as long as the Geo it comes from. The first path that leads to a value of the wanted kind counts.
class GeoEntry {
 public:
  /// The prefix counts the bits of a mapped address, as in Cidr.
  GeoEntry(const void* database, std::uint32_t offset, const IpAddress& address, int prefix)
      : database_(database), offset_(offset), address_(address), prefix_(prefix) {}

  /// Lives in the database.
  [[nodiscard]] std::optional<std::string_view> text(std::span<const GeoPath> paths) const;
  /// Numbers come in several types; the free databases also write them as texts.
  [[nodiscard]] std::optional<double> number(std::span<const GeoPath> paths) const;
  [[nodiscard]] std::optional<bool> truth(std::span<const GeoPath> paths) const;
  /// The block around the address that the entry is for.
  [[nodiscard]] Cidr network() const;

 private:
  const void* database_;
  std::uint32_t offset_;
  IpAddress address_;
  int prefix_;
};

}  // namespace trailhound::event
