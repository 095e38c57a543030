// Any text must parse, bind and lower without a crash, what lowers must survive printing and reading, and what needs no
// data must run: every row and warning is made, with a small budget of memory and a fixed clock.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "event/catalog.h"
#include "lang/esql/binder.h"
#include "lang/esql/lowering.h"
#include "lang/esql/parser.h"
#include "lang/esql/schema.h"
#include "run/query.h"
#include "run/query_output.h"

using namespace trailhound;

namespace {

class Columns final : public plan::ColumnResolver {
 public:
  explicit Columns(const event::Catalog& catalog) : catalog_(catalog) {}
  Result<event::ColumnRef> find(event::View view, std::string_view name) const override {
    return catalog_.find(view, name);
  }

 private:
  const event::Catalog& catalog_;
};

/// Runs the query over no events at all; ROW makes its own row.
void run_without_data(std::string_view text, const event::Catalog& catalog) {
  run::QueryOptions options;
  options.workers = 1;
  options.memory = 16u << 20;
  options.now = Instant::from_seconds(1'772'442'000);
  Ledger ledger;
  Diagnostics diagnostics;
  const auto result = run::query(text, {}, catalog, options, ledger, diagnostics);
  // What neither ran nor says why is a bug.
  if (result && !*result && !diagnostics.has_errors()) std::abort();
  if (result && *result) (void)run::to_json(**result);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const event::Catalog catalog;
  static const esql::CatalogSchema schema(catalog);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Diagnostics diagnostics;
  const esql::Origin origin;
  esql::Reporter reporter(text, origin, diagnostics);
  const esql::Query query = esql::parse(text, reporter);
  (void)esql::print(query.pipeline);
  if (reporter.errors() > 0) return 0;
  const auto bound = esql::bind(text, query, schema, reporter);
  if (!bound) return 0;
  run_without_data(text, catalog);
  const auto plan = esql::lower(*bound, {}, reporter);
  if (!plan) return 0;
  const auto read = plan::parse_plan(plan::print(*plan), Columns(catalog));
  if (!read || !plan::equal(*plan, *read)) std::abort();
  return 0;
}
