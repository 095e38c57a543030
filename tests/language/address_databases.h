#pragma once
/// MaxMind DB files for cases that look addresses up, from lines such as
///
///     192.0.2.0/24 {"country": {"iso_code": "US"}}

#include <memory>
#include <string_view>
#include <vector>

#include "event/geo.h"
#include "temporary_folder.h"

namespace trailhound::language_test {

/// The files are gone with the object; throws on a malformed line, which is a bug.
class AddressDatabases {
 public:
  /// Without lines there is no such file.
  AddressDatabases(const std::vector<std::string_view>& city_lines, const std::vector<std::string_view>& asn_lines);
  [[nodiscard]] const std::shared_ptr<const event::Geo>& geo() const { return geo_; }

 private:
  TemporaryFolder folder_;
  std::shared_ptr<const event::Geo> geo_;
};

}  // namespace trailhound::language_test
