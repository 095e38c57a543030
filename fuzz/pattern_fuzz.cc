// Any text as a regular expression of Lucene's, a GROK or DISSECT pattern, a regular expression of Java's or a path
// into JSON: read or refused, never a crash, and applied to the rest of the input in bounded time. The first byte
// chooses.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/extraction.h"
#include "plan/json_path.h"
#include "plan/pattern.h"
#include "plan/replacement.h"

using namespace trailhound;

namespace {

void extract(const Result<plan::Extraction>& extraction, const std::string& text) {
  if (!extraction) return;
  const auto form = plan::parse_form(plan::to_text(plan::to_form(*extraction)));
  if (!form || plan::read_extraction(*form) != *extraction) std::abort();
  const auto extractor = engine::Extractor::compile(*extraction);
  if (!extractor) std::abort();
  (void)extractor->extract({text});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 2000) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t cut = input.find('\n');
  const std::string pattern(input.substr(0, cut));
  const std::string text(cut == std::string_view::npos ? std::string_view() : input.substr(cut + 1));
  switch (data[0] % 5) {
    case 0: {
      const auto fold = static_cast<plan::Pattern::Fold>(data[0] / 5 % 3);
      if (const auto regex = plan::Pattern::regular(pattern, fold)) (void)regex->matches(text);
      break;
    }
    case 1:
      extract(plan::grok_extraction({pattern}), text);
      break;
    case 2:
      extract(plan::dissect_extraction(pattern, "-"), text);
      break;
    case 3:
      if (const auto regex = plan::JavaRegex::compile(pattern)) (void)regex->replace(text, "<$0>", 1 << 20);
      break;
    default:
      if (const auto path = plan::JsonPath::parse(pattern)) (void)path->extract(text);
  }
  return 0;
}
