// Any text as a rule file of each form: it is read within bounds, or says why not, and positions stay inside the text.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "event/catalog.h"
#include "rule/document.h"
#include "rule/loader.h"

namespace {

using namespace trailhound;

void require(bool holds) {
  if (!holds) std::abort();
}

// Depth is bounded by the readers.
void check(const rule::Node& node, int lines) {
  require(node.at.line <= lines && node.content_at.line <= lines);
  if (node.content_at.line > 0) {
    const LineColumn last = line_column_of(node.text, node.text.size());
    require(rule::position_in(node, last).line <= lines);
  }
  for (const rule::Node& item : node.items) check(item, lines);
  for (const auto& [key, value] : node.members) check(value, lines);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const event::Catalog kCatalog;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const int lines = line_column_of(text, text.size()).line;
  for (const char* path : std::array{"a.json", "a.yaml", "a.toml", "a"}) {
    Diagnostics findings;
    const auto documents = rule::read_documents(text, path, findings);
    require(documents.empty() || !findings.has_errors());
    for (const rule::Node& document : documents) check(document, lines);
    rule::LoadedRules loaded;
    rule::load_rule_text(text, path, kCatalog, loaded);
    require(!loaded.outcomes.empty());
  }
  return 0;
}
