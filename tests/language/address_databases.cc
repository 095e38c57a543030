#include "address_databases.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "base/json_value.h"
#include "event/mmdb_writer.h"

namespace trailhound::language_test {
namespace {

using event::MmdbWriter;

MmdbWriter::Map map_of(const json::Value& object);

MmdbWriter::FieldValue field_of(const json::Value& value) {
  switch (value.kind()) {
    case json::Kind::string:
      return std::string(*value.string());
    case json::Kind::boolean:
      return *value.boolean();
    case json::Kind::integer:
      return static_cast<std::uint32_t>(*value.integer());
    case json::Kind::real:
      return *value.number();
    case json::Kind::object:
      return map_of(value);
    case json::Kind::array: {
      MmdbWriter::List list;
      for (const json::Value& element : value.elements()) list.push_back(map_of(element));
      return list;
    }
    default:
      throw std::runtime_error("no value of a MaxMind DB");
  }
}

MmdbWriter::Map map_of(const json::Value& object) {
  MmdbWriter::Map map;
  for (const json::Member& member : object.members()) map.push_back({std::string(member.key), field_of(member.value)});
  return map;
}

/// The path, or nothing without lines.
std::string write(const std::vector<std::string_view>& lines, const std::string& path) {
  if (lines.empty()) return {};
  MmdbWriter writer;
  json::Document document;
  for (const std::string_view line : lines) {
    const std::size_t end = std::min(line.find(' '), line.size());
    const auto entry = document.parse(line.substr(end));
    if (!entry) throw std::runtime_error("no entry of a MaxMind DB: " + std::string(line));
    writer.add(line.substr(0, end), map_of(*entry));
  }
  writer.write(path);
  return path;
}

}  // namespace

AddressDatabases::AddressDatabases(const std::vector<std::string_view>& city_lines,
                                   const std::vector<std::string_view>& asn_lines) {
  if (city_lines.empty() && asn_lines.empty()) return;
  auto geo = event::Geo::open(write(city_lines, folder_ / "city.mmdb"), write(asn_lines, folder_ / "asn.mmdb"));
  if (!geo) throw std::runtime_error(geo.error().text());
  geo_ = *std::move(geo);
}

}  // namespace trailhound::language_test
