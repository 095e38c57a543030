// What GROK and DISSECT find, and the buckets of numbers.

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "engine/extraction.h"
#include "engine/function_kernels.h"

namespace trailhound::engine::kernels {
namespace {

struct Program {
  std::optional<Extractor> extractor;
  std::size_t outputs = 0;
};

Program compile(const FunctionCall& call) {
  const auto language = call.text(2);
  const auto separator = call.text(3);
  std::vector<std::string> patterns;
  for (std::size_t i = 4; i < call.size(); ++i) {
    const auto pattern = call.text(i);
    if (!pattern) return {};
    patterns.emplace_back(*pattern);
  }
  if (!language || !separator) return {};
  const auto extraction = *language == "grok"
                              ? plan::grok_extraction(std::move(patterns))
                              : plan::dissect_extraction(patterns.front(), std::string(*separator));
  if (!extraction) return {};
  auto extractor = Extractor::compile(*extraction);
  if (!extractor) return {};
  return {*std::move(extractor), extraction->outputs.size()};
}

}  // namespace

Cell extract(const FunctionCall& call) {
  const auto index = call.whole(1);
  const auto program = call.prepared<Program>({2, 3, 4}, [&] { return compile(call); });
  if (!index || !program->extractor || *index < 0 || static_cast<std::size_t>(*index) >= program->outputs) {
    return call.fail(Failure::argument, "the pattern cannot be compiled");
  }
  std::vector<Cell> outputs(program->outputs);
  program->extractor->extract(call.cell(0), call.arena(), outputs);
  return outputs[static_cast<std::size_t>(*index)];
}

Cell bucket_start(const FunctionCall& call) {
  const auto value = call.real(0);
  const auto size = call.real(1);
  if (!value || !size) return Cell::null();
  return call.real_result(std::floor(*value / *size) * *size);
}

}  // namespace trailhound::engine::kernels
