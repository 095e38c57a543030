#pragma once
/// The order of ES|QL's version type: 3 < 3.1 < 3.4.0 < 3.20.0 < 10.0.0-2 < 10.0.0-rc1 < 10.0.0 < 10.0.0+b1 < latest.
///
/// A version is numbers without leading zeros between dots, then "-" and identifiers of a pre-release, then "+" and
/// those of a build, at most 32 in each part (Semantic Versioning, but for any count of numbers; what Elasticsearch's
/// version field takes for one). Numbers go by value, fewer numbers first, a pre-release before its release, its
/// numeric identifiers before others; what is no version comes behind all versions, by bytes. Equal are equal texts
/// only.

#include <compare>
#include <string>
#include <string_view>

namespace trailhound::engine {

/// Bytes that are ordered as the versions are.
[[nodiscard]] std::string version_sort_key(std::string_view version);

[[nodiscard]] std::strong_ordering order_versions(std::string_view a, std::string_view b);

}  // namespace trailhound::engine
