// Any text must parse, bind and lower without a crash, and what lowers must survive printing and reading.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "event/catalog.h"
#include "lang/esql/binder.h"
#include "lang/esql/lowering.h"
#include "lang/esql/parser.h"
#include "lang/esql/schema.h"

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
  const auto plan = esql::lower(*bound, {}, reporter);
  if (!plan) return 0;
  const auto read = plan::parse_plan(plan::print(*plan), Columns(catalog));
  if (!read || !plan::equal(*plan, *read)) std::abort();
  return 0;
}
