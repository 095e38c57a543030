#include "plan/extraction.h"

#include <algorithm>
#include <map>

#include "base/backtracking_regex.h"
#include "plan/dissect.h"
#include "plan/grok.h"

namespace trailhound::plan {

namespace {

constexpr std::size_t kMaxPatterns = 50;

}  // namespace

Result<Extraction> grok_extraction(std::vector<std::string> patterns) {
  if (patterns.empty() || patterns.size() > kMaxPatterns) return fail("one to fifty patterns are expected");
  std::map<std::string, event::LogicalType> types;
  for (const std::string& pattern : patterns) {
    TRY(const GrokRegex regex, translate_grok(pattern));
    const auto compiled = BacktrackingRegex::compile(regex.text, kGrokOptions);
    if (!compiled) return fail(compiled.error().what);
    for (const auto& capture : regex.captures) {
      const auto [place, added] = types.try_emplace(capture.name, capture.type);
      if (added || place->second == capture.type) continue;
      return fail("[" + capture.name + "] is captured as [" + std::string(event::name_of(place->second)) +
                  "] and as [" + std::string(event::name_of(capture.type)) + "]");
    }
  }
  Extraction extraction;
  extraction.language = Extraction::Language::grok;
  extraction.patterns = std::move(patterns);
  for (const auto& [name, type] : types) extraction.outputs.push_back({name, type});
  return extraction;
}

Result<Extraction> dissect_extraction(std::string pattern, std::string append_separator) {
  TRY(const auto parsed, DissectPattern::parse(pattern, append_separator));
  Extraction extraction;
  extraction.language = Extraction::Language::dissect;
  extraction.patterns.push_back(std::move(pattern));
  extraction.append_separator = std::move(append_separator);
  for (const std::string& name : parsed.names()) extraction.outputs.push_back({name, event::LogicalType::keyword});
  return extraction;
}

Form to_form(const Extraction& extraction) {
  if (extraction.language == Extraction::Language::dissect) {
    return list("dissect", {string_form(extraction.patterns.front()), string_form(extraction.append_separator)});
  }
  std::vector<Form> patterns;
  for (const std::string& pattern : extraction.patterns) patterns.push_back(string_form(pattern));
  return list("grok", {vector_form(std::move(patterns))});
}

Result<Extraction> read_extraction(const Form& form) {
  const auto is_text = [](const Form& item) { return item.kind == Form::Kind::string; };
  const std::size_t size = form.items.size();
  if (form.head() == "dissect" && size == 3 && is_text(form.items[1]) && is_text(form.items[2])) {
    return dissect_extraction(form.items[1].text, form.items[2].text);
  }
  const bool is_grok = form.head() == "grok" && size == 2 && form.items[1].kind == Form::Kind::vector &&
                       std::ranges::all_of(form.items[1].items, is_text);
  if (!is_grok) return fail("(grok [\"PATTERN\" ...]) or (dissect \"PATTERN\" \"SEPARATOR\") is expected");
  std::vector<std::string> patterns;
  for (const Form& item : form.items[1].items) patterns.push_back(item.text);
  return grok_extraction(std::move(patterns));
}

}  // namespace trailhound::plan
