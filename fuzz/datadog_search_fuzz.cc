// Any text as a query and as a condition: it parses, or says why not; what parses prints.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "lang/datadog/condition.h"
#include "lang/datadog/search.h"
#include "plan/expression.h"

namespace {

using namespace trailhound;

// Knows every name, so that the parser comes past the first field.
class AnyColumn final : public plan::ColumnResolver {
 public:
  Result<event::ColumnRef> find(event::View view, std::string_view name) const override {
    if (name.size() > 200) return fail("too long a name");
    event::Column column;
    column.view = view;
    column.name = name;
    return std::make_shared<const event::Column>(std::move(column));
  }
};

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Diagnostics search_findings;
  const auto filter = lang::datadog::parse_search(text, AnyColumn(), {}, search_findings);
  require(filter.has_value() != search_findings.has_errors());
  if (filter) require(plan::never_null(*filter) && !plan::print(*filter).empty());

  Diagnostics condition_findings;
  const std::vector<std::string> names = {"a", "b", "lists"};
  const auto condition =
      lang::datadog::parse_condition(text, names, {.decimals = size % 2 == 0}, {}, condition_findings);
  require(condition.has_value() != condition_findings.has_errors());
  if (!condition) return 0;
  const std::string printed = plan::print(*condition, names);
  if (printed.find('e') == std::string::npos) {  // a number like 1e-05, which conditions cannot write
    // What is printed is a condition again, and the same one.
    Diagnostics again;
    const auto reread = lang::datadog::parse_condition(printed, names, {.decimals = true}, {}, again);
    require(reread.has_value() && plan::equal(*condition, *reread));
  }
  return 0;
}
