#pragma once
/// Where the entries of MaxMind DB files hold what: every value in MaxMind's nested layout, then in the flat one of the
/// free databases. Inside src/event only.

#include "event/geo_entry.h"

namespace trailhound::event {

inline constexpr GeoPath kContinentName[] = {{"continent", "names", "en"}};
inline constexpr GeoPath kContinentCode[] = {{"continent", "code"}, {"continent_code"}};
inline constexpr GeoPath kCountryName[] = {{"country", "names", "en"}, {"country_name"}};
inline constexpr GeoPath kCountryCode[] = {{"country", "iso_code"}, {"country_code"}};
// Subdivisions go from large to small; Elasticsearch takes the smallest.
inline constexpr GeoPath kRegionName[] = {{"subdivisions", "-1", "names", "en"}, {"state1"}};
inline constexpr GeoPath kRegionCode[] = {{"subdivisions", "-1", "iso_code"}};
inline constexpr GeoPath kCityName[] = {{"city", "names", "en"}, {"city"}};
inline constexpr GeoPath kLatitude[] = {{"location", "latitude"}, {"latitude"}};
inline constexpr GeoPath kLongitude[] = {{"location", "longitude"}, {"longitude"}};
inline constexpr GeoPath kNetworkNumber[] = {{"autonomous_system_number"}};
inline constexpr GeoPath kNetworkName[] = {{"autonomous_system_organization"}};

inline constexpr GeoPath kTimeZone[] = {{"location", "time_zone"}, {"timezone"}};
inline constexpr GeoPath kAccuracyRadius[] = {{"location", "accuracy_radius"}};
inline constexpr GeoPath kPostalCode[] = {{"postal", "code"}, {"postcode"}};
inline constexpr GeoPath kNestedCountryCode[] = {{"country", "iso_code"}};
inline constexpr GeoPath kCountryInUnion[] = {{"country", "is_in_european_union"}};
inline constexpr GeoPath kRegisteredCountryName[] = {{"registered_country", "names", "en"}};
inline constexpr GeoPath kRegisteredCountryCode[] = {{"registered_country", "iso_code"}};
inline constexpr GeoPath kRegisteredCountryInUnion[] = {{"registered_country", "is_in_european_union"}};

}  // namespace trailhound::event
