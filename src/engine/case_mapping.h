#pragma once
/// Lower and upper case of texts by Unicode's full, locale-neutral mappings: "ß" has the upper case "SS", a sigma at
/// the end of a word the lower case "ς". Bytes that are not UTF-8 are kept as they are.

#include <string>
#include <string_view>

namespace trailhound::engine {

void append_lower(std::string& out, std::string_view text);
void append_upper(std::string& out, std::string_view text);

}  // namespace trailhound::engine
