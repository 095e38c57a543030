// JSON inside of texts.

#include "engine/function_kernels.h"
#include "plan/json_path.h"

namespace trailhound::engine::kernels {

Cell json_extract(const FunctionCall& call) {
  const auto text = call.text(0);
  const auto path_text = call.text(1);
  if (!text || !path_text) return Cell::null();
  const auto path = call.prepared<Result<plan::JsonPath>>({1}, [&] { return plan::JsonPath::parse(*path_text); });
  if (!*path) return call.fail(Failure::argument, (*path).error().what);
  const auto found = (*path)->extract(*text);
  if (!found) return call.fail(Failure::argument, found.error().what);
  return *found ? call.text_result(**found) : Cell::null();
}

}  // namespace trailhound::engine::kernels
