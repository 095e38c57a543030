#include "event/geo.h"

#include <filesystem>

#include "event/catalog.h"
#include "mmdb_writer.h"
#include "records.h"
#include "temporary_folder.h"

namespace trailhound::event {
namespace {

using Map = MmdbWriter::Map;
using List = MmdbWriter::List;

class GeoTest : public testing::Test {
 protected:
  static std::string text(const char* t) { return t; }
  std::string write(const std::string& name, const std::vector<std::pair<std::string, Map>>& entries) const {
    MmdbWriter writer;
    for (const auto& [block, fields] : entries) writer.add(block, fields);
    const std::string path = folder / name;
    writer.write(path);
    return path;
  }
  std::string nested() const {
    const Map names = {{"en", text("Seattle")}, {"de", text("Sietl")}};
    return write("nested.mmdb",
                 {{"13.1.0.0/16",
                   {{"city", Map{{"names", names}}},
                    {"continent", Map{{"code", text("NA")}, {"names", Map{{"en", text("North America")}}}}},
                    {"country", Map{{"iso_code", text("US")}, {"names", Map{{"en", text("United States")}}}}},
                    {"location", Map{{"latitude", 47.6}, {"longitude", -122.3}}},
                    {"subdivisions", List{{{"iso_code", text("NW")}, {"names", Map{{"en", text("Northwest")}}}},
                                          {{"iso_code", text("WA")}, {"names", Map{{"en", text("Washington")}}}}}}}}});
  }
  std::string flat() const {
    return write("flat.mmdb", {{"13.1.0.0/16",
                                {{"country_code", text("US")},
                                 {"state1", text("Washington")},
                                 {"city", text("Seattle")},
                                 {"latitude", text("47.6")},
                                 {"longitude", -122.3}}},
                               {"2001:db8::/32", {{"country_code", text("DE")}}}});
  }
  std::string networks() const {
    return write("asn.mmdb", {{"13.1.0.0/16",
                               {{"autonomous_system_number", std::uint32_t{16509}},
                                {"autonomous_system_organization", text("Example Cloud")}}}});
  }

  TemporaryFolder folder;
};

TEST_F(GeoTest, ReadsTheNestedLayout) {
  const auto geo = Geo::open(nested(), "");
  ASSERT_TRUE(geo.has_value()) << geo.error().text();
  EXPECT_TRUE((*geo)->has_city());
  EXPECT_FALSE((*geo)->has_asn());
  const auto city = (*geo)->city(*parse_ip("13.1.2.3"));
  ASSERT_TRUE(city.has_value());
  EXPECT_EQ(city->city_name, "Seattle");
  EXPECT_EQ(city->continent_code, "NA");
  EXPECT_EQ(city->continent_name, "North America");
  EXPECT_EQ(city->country_iso_code, "US");
  EXPECT_EQ(city->country_name, "United States");
  EXPECT_EQ(city->region_iso_code, "WA");
  EXPECT_EQ(city->region_name, "Washington");
  EXPECT_EQ(city->latitude, 47.6);
  EXPECT_EQ(city->longitude, -122.3);
  EXPECT_FALSE((*geo)->city(*parse_ip("13.2.0.0")).has_value());
  EXPECT_FALSE((*geo)->city(*parse_ip("2001:db8::1")).has_value());
  EXPECT_FALSE((*geo)->asn(*parse_ip("13.1.2.3")).has_value());
}

TEST_F(GeoTest, ReadsTheFlatLayout) {
  const auto geo = Geo::open(flat(), networks());
  ASSERT_TRUE(geo.has_value()) << geo.error().text();
  const auto city = (*geo)->city(*parse_ip("13.1.2.3"));
  ASSERT_TRUE(city.has_value());
  EXPECT_EQ(city->city_name, "Seattle");
  EXPECT_EQ(city->country_iso_code, "US");
  EXPECT_EQ(city->country_name, "");
  EXPECT_EQ(city->region_name, "Washington");
  EXPECT_EQ(city->latitude, 47.6);
  EXPECT_EQ((*geo)->city(*parse_ip("2001:db8::1"))->country_iso_code, "DE");
  const auto network = (*geo)->asn(*parse_ip("13.1.2.3"));
  ASSERT_TRUE(network.has_value());
  EXPECT_EQ(network->number, 16509);
  EXPECT_EQ(network->organization, "Example Cloud");
}

TEST_F(GeoTest, RefusesWhatItCannotUse) {
  EXPECT_FALSE(Geo::open(folder / "none.mmdb", "").has_value());
  std::ofstream(folder / "text.mmdb") << "no database";
  const auto no_database = Geo::open(folder / "text.mmdb", "");
  ASSERT_FALSE(no_database.has_value());
  EXPECT_EQ(no_database.error().where, folder / "text.mmdb");
  EXPECT_FALSE(no_database.error().hint.empty());
  const auto swapped = Geo::open(networks(), "");
  ASSERT_FALSE(swapped.has_value());
  EXPECT_EQ(swapped.error().what, "the MaxMind DB holds no places");
  EXPECT_FALSE(Geo::open("", nested()).has_value());
  EXPECT_TRUE(Geo::open("", "").has_value());
}

TEST_F(GeoTest, ColumnsShowIt) {
  const auto geo = Geo::open(nested(), networks());
  ASSERT_TRUE(geo.has_value());
  const Catalog catalog(*geo), without;
  BatchReader reader;
  const auto show_column = [&](const Catalog& from, View view, const char* name, const std::string& address) {
    std::string shown = "no row";
    read_window(reader, array_of({record_with("\"sourceIPAddress\":\"" + address + "\",")}),
                [&](Batch& batch) { shown = show((*from.find(view, name))->read(Record(batch, 0), batch.arena)); });
    return shown;
  };
  const std::vector<std::pair<const char*, const char*>> expected = {
      {"@network.client.geoip.country.name", "United States"}, {"@network.client.geoip.country.iso_code", "US"},
      {"@network.client.geoip.continent.code", "NA"},          {"@network.client.geoip.subdivision.name", "Washington"},
      {"@network.client.geoip.city.name", "Seattle"},          {"@network.client.geoip.location.latitude", "#47.6"},
      {"@network.client.geoip.as.name", "Example Cloud"},      {"@network.client.geoip.as.number", "AS16509"}};
  for (const auto& [name, value] : expected) {
    EXPECT_EQ(show_column(catalog, View::datadog, name, "13.1.2.3"), value) << name;
    EXPECT_EQ(show_column(catalog, View::datadog, name, "cloudformation.amazonaws.com"), "absent") << name;
    EXPECT_EQ(show_column(without, View::datadog, name, "13.1.2.3"), "absent") << name;
    const ColumnRef column = *without.find(View::datadog, name);
    EXPECT_TRUE(column->needs_geo || column->needs_asn) << name;
  }
  EXPECT_EQ(show_column(catalog, View::ecs, "source.geo.city_name", "13.1.2.3"), "Seattle");
  EXPECT_EQ(show_column(catalog, View::ecs, "source.as.number", "13.1.2.3"), "#16509");
}

}  // namespace
}  // namespace trailhound::event
