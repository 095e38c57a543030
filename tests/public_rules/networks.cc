#include "public_rules/networks.h"

#include <fstream>
#include <string_view>
#include <vector>

#include "base/ip_address.h"
#include "event/mmdb_writer.h"
#include "temporary_folder.h"

namespace trailhound {
namespace {

using event::MmdbWriter;

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> parts(1);
  for (const char c : line) {
    if (c == ';') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

MmdbWriter::Map named(const std::string& name) { return {{"names", MmdbWriter::Map{{"en", name}}}}; }

/// Lines are numbered from 1; false if one has another form.
bool add_line(const std::string& line, MmdbWriter& cities, MmdbWriter& systems) {
  const std::vector<std::string> parts = split(line);
  if (parts.size() != 6 || !parse_cidr(parts[0])) return false;
  const std::string &number = parts[1], &organization = parts[2], &code = parts[3], &country = parts[4],
                    &city = parts[5];
  if (number.find_first_not_of("0123456789") != std::string::npos || number.empty() != organization.empty()) {
    return false;
  }
  if (!number.empty()) {
    systems.add(parts[0], {{"autonomous_system_number", static_cast<std::uint32_t>(std::stoul(number))},
                           {"autonomous_system_organization", organization}});
  }
  MmdbWriter::Map location;
  if (!code.empty()) {
    MmdbWriter::Map known = named(country);
    known.push_back({"iso_code", code});
    location.push_back({"country", known});
  }
  if (!city.empty()) location.push_back({"city", named(city)});
  if (!location.empty()) cities.add(parts[0], location);
  return true;
}

}  // namespace

Result<std::shared_ptr<const event::Geo>> open_networks(const std::string& path) {
  std::ifstream file(path);
  if (!file) return fail("cannot be read", path);
  MmdbWriter cities, systems;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.empty() || line.front() == '#') continue;
    if (!add_line(line, cities, systems)) {
      return fail("line " + std::to_string(number) + " is not: block;as number;organization;country code;country;city",
                  path);
    }
  }
  const TemporaryFolder folder;  // open databases live on without it
  const std::string city_path = folder / "cities.mmdb";
  const std::string system_path = folder / "networks.mmdb";
  cities.write(city_path);
  systems.write(system_path);
  return event::Geo::open(city_path, system_path);
}

}  // namespace trailhound
