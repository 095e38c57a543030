// Any text as a Lucene query string: it lowers to a two-valued filter that survives printing and reading, or says why
// not.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "event/catalog.h"
#include "lang/fields.h"
#include "lang/lucene/lucene.h"
#include "plan/expression.h"

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

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const event::Catalog catalog;
  static const lang::EcsFields fields(catalog);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Diagnostics diagnostics;
  const lang::Origin origin;
  lang::Reporter reporter(text, origin, diagnostics);
  const auto filter = lucene::lower(text, fields, {.default_field = {}, .all_terms = size % 2 == 0}, reporter);
  require(filter.has_value() != diagnostics.has_errors());
  if (!filter) return 0;
  require(plan::never_null(*filter));
  const auto read = plan::parse_expression(plan::print(*filter), Columns(catalog));
  require(read.has_value() && plan::equal(*filter, *read));
  return 0;
}
