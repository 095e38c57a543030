// Any text must parse and lower without a crash, and what lowers must survive printing and reading.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "event/catalog.h"
#include "lang/eql/eql.h"

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
  static const lang::EcsFields fields(catalog);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Diagnostics diagnostics;
  const lang::Origin origin;
  lang::Reporter reporter(text, origin, diagnostics);
  const auto lowered = eql::lower(text, fields, {}, reporter);
  if (lowered.has_value() == (reporter.errors() > 0)) std::abort();
  if (!lowered) return 0;
  const plan::Plan plan{.queries = lowered->queries, .op = lowered->op, .episode = {}};
  const auto read = plan::parse_plan(plan::print(plan), Columns(catalog));
  if (!read || !plan::equal(plan, *read)) std::abort();
  return 0;
}
