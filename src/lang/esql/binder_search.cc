// Search functions whose argument is a query of another language.

#include <utility>

#include "lang/esql/binder_state.h"
#include "lang/esql/codes.h"
#include "lang/esql/constant_arguments.h"
#include "lang/kuery/kuery.h"

namespace trailhound::esql {

bool Binder::bind_search(Bound& call) {
  const std::string* text = constant_text(call, 0);
  if (text == nullptr) {
    reporter_.error(codes::kConstantNeeded, call.at, "KQL needs a query as a constant text");
    return false;
  }
  // Places inside the text mean nothing in the query's: what is wrong is told at the argument.
  Diagnostics inner;
  const Origin origin;
  Reporter reporter(*text, origin, inner);
  auto filter = kuery::lower(*text, schema_, {}, reporter);
  if (filter) {
    call.search = *std::move(filter);
    return true;
  }
  std::string why = "it cannot be read";
  for (const Diagnostic& finding : inner.all()) {
    if (finding.severity != Diagnostic::Severity::error) continue;
    why = finding.message;
    break;
  }
  reporter_.error(codes::kPattern, call.operands[0]->at, "Invalid KQL query [" + *text + "]: " + why);
  return false;
}

}  // namespace trailhound::esql
