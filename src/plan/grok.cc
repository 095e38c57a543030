#include "plan/grok.h"

#include "plan/grok_library.h"
#include "plan/regex_dialect.h"

namespace trailhound::plan {

namespace {

using event::LogicalType;

/// "status:int" is a name and a type; a type that is not known is a string's.
GrokRegex::Capture capture_of(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) return {text, LogicalType::keyword};
  const std::string_view rest = std::string_view(text).substr(colon + 1);
  const std::string_view type = rest.substr(0, rest.find(':'));
  const auto capture = [&](LogicalType logical) { return GrokRegex::Capture{text.substr(0, colon), logical}; };
  if (type == "int") return capture(LogicalType::integer);
  if (type == "long") return capture(LogicalType::long_integer);
  if (type == "float" || type == "double") return capture(LogicalType::real);
  if (type == "boolean") return capture(LogicalType::boolean);
  return capture(LogicalType::keyword);
}

}  // namespace

Result<GrokRegex> translate_grok(std::string_view pattern) {
  TRY(auto translated, translate_regex(pattern, RegexDialect::ruby, grok_definition));
  GrokRegex regex;
  regex.text = std::move(translated.text);
  for (const std::string& name : translated.names) {
    regex.captures.push_back(capture_of(name));
    if (regex.captures.back().name.empty()) return fail("a capture has no name");
  }
  return regex;
}

}  // namespace trailhound::plan
