#include "event/geo_entry.h"

#include <maxminddb.h>

#include <string>

#include "base/number_text.h"

namespace trailhound::event {
namespace {

using Data = MMDB_entry_data_s;

std::optional<Data> find(const void* database, std::uint32_t offset, const GeoPath& path) {
  MMDB_entry_s entry{static_cast<const MMDB_s*>(database), offset};
  Data data;
  const int status = MMDB_aget_value(&entry, &data, path.data());
  if (status != MMDB_SUCCESS || !data.has_data) return std::nullopt;
  return data;
}

std::optional<double> number_of(const Data& data) {
  switch (data.type) {
    case MMDB_DATA_TYPE_DOUBLE:
      return data.double_value;
    case MMDB_DATA_TYPE_FLOAT:
      return static_cast<double>(data.float_value);
    case MMDB_DATA_TYPE_UINT16:
      return data.uint16;
    case MMDB_DATA_TYPE_UINT32:
      return data.uint32;
    case MMDB_DATA_TYPE_INT32:
      return data.int32;
    case MMDB_DATA_TYPE_UINT64:
      return static_cast<double>(data.uint64);
    case MMDB_DATA_TYPE_UTF8_STRING:
      return number_in<double>({data.utf8_string, data.data_size});
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<std::string_view> GeoEntry::text(std::span<const GeoPath> paths) const {
  for (const GeoPath& path : paths) {
    const auto data = find(database_, offset_, path);
    if (data && data->type == MMDB_DATA_TYPE_UTF8_STRING) return std::string_view(data->utf8_string, data->data_size);
  }
  return std::nullopt;
}

std::optional<double> GeoEntry::number(std::span<const GeoPath> paths) const {
  for (const GeoPath& path : paths) {
    if (const auto data = find(database_, offset_, path)) {
      if (const auto number = number_of(*data)) return number;
    }
  }
  return std::nullopt;
}

std::optional<bool> GeoEntry::truth(std::span<const GeoPath> paths) const {
  for (const GeoPath& path : paths) {
    const auto data = find(database_, offset_, path);
    if (data && data->type == MMDB_DATA_TYPE_BOOLEAN) return data->boolean;
  }
  return std::nullopt;
}

Cidr GeoEntry::network() const {
  const int bits = address_.is_v4() ? prefix_ - 96 : prefix_;
  return parse_cidr(format_ip(address_) + "/" + std::to_string(bits)).value_or(Cidr{address_, 128});
}

}  // namespace trailhound::event
