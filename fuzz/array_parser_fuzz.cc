// Any bytes as a window of records: what is taken apart on the quick way must read as simdjson reads it. Everything is
// read twice, as the second time callers are known.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/json_value.h"
#include "event/array_parser.h"

namespace {

using namespace trailhound;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string json_of(json::Value value) {
  std::string text;
  value.append_json(text);
  return text;
}

void compare(event::ArrayParser& parser, const event::ArrayParser::Element& element, std::string_view text) {
  json::Document document;
  const auto wanted = document.parse(text.substr(element.begin, element.size));
  require(wanted.has_value());
  const json::Value found = parser.value(element);
  require(json_of(found) == json_of(*wanted));
  if (!found.is(json::Kind::object)) return;
  const event::RecordFields fields = event::scan_record(found.tape(), found.index());
  require(fields == parser.head(element).fields);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  bytes.append(json::Document::kPadding, '"');
  const std::string_view text = std::string_view(bytes).substr(0, size);
  event::IdentityTapes identities;
  event::ArrayParser parser(identities);
  for (int round = 0; round < 2; ++round) {
    if (!parser.read(bytes.data(), size)) return 0;
    for (const auto& element : parser.elements()) compare(parser, element, text);
  }
  return 0;
}
