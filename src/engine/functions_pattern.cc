// Patterns: what GROK, DISSECT, REPLACE and SPLIT do with a text.

#include <optional>
#include <string>

#include "engine/extraction.h"
#include "engine/function_kernels.h"
#include "plan/replacement.h"

namespace trailhound::engine::kernels {
namespace {

constexpr std::size_t kMaxText = 1 << 20;

/// One column of an extraction.
struct ColumnExtractor {
  std::optional<Extractor> extractor;  ///< none if the pattern is wrong: lowerings check it before
  std::size_t columns = 0;
  std::size_t column = 0;
};

ColumnExtractor column_extractor(const Result<plan::Extraction>& extraction, std::string_view column) {
  ColumnExtractor made;
  if (!extraction) return made;
  auto extractor = Extractor::compile(*extraction);
  if (!extractor) return made;
  made.columns = extraction->outputs.size();
  while (made.column < made.columns && extraction->outputs[made.column].name != column) ++made.column;
  if (made.column < made.columns) made.extractor = *std::move(extractor);
  return made;
}

Cell extract(const FunctionCall& call, const ColumnExtractor& column, std::size_t text) {
  if (!column.extractor) return call.fail(Failure::argument, "the pattern is wrong");
  std::vector<Cell> outputs(column.columns);
  column.extractor->extract(call.cell(text), call.arena(), outputs);
  return outputs[column.column];
}

}  // namespace

Cell grok(const FunctionCall& call) {
  const auto name = call.text(1);
  if (!name) return Cell::null();
  const auto column = call.prepared<ColumnExtractor>({0, 1}, [&] {
    std::vector<std::string> patterns;
    for (const Scalar& value : call.values(0)) {
      if (const auto* pattern = std::get_if<std::string_view>(&value)) patterns.emplace_back(*pattern);
    }
    return column_extractor(plan::grok_extraction(std::move(patterns)), *name);
  });
  return extract(call, *column, 2);
}

Cell dissect(const FunctionCall& call) {
  const auto pattern = call.text(0);
  const auto separator = call.text(1);
  const auto name = call.text(2);
  if (!pattern || !separator || !name) return Cell::null();
  const auto column = call.prepared<ColumnExtractor>({0, 1, 2}, [&] {
    return column_extractor(plan::dissect_extraction(std::string(*pattern), std::string(*separator)), *name);
  });
  return extract(call, *column, 3);
}

Cell replace(const FunctionCall& call) {
  const auto text = call.text(0);
  const auto pattern = call.text(1);
  const auto replacement = call.text(2);
  if (!text || !pattern || !replacement) return Cell::null();
  const auto regex = call.prepared<Result<plan::JavaRegex>>({1}, [&] { return plan::JavaRegex::compile(*pattern); });
  if (!*regex) return call.fail(Failure::argument, (*regex).error().what);
  const auto replaced = (*regex)->replace(*text, *replacement, kMaxText);
  if (!replaced) return call.fail(Failure::argument, replaced.error().what);
  return call.text_result(*replaced);
}

Cell split(const FunctionCall& call) {
  const auto text = call.text(0);
  const auto delimiter = call.text(1);
  if (!text || !delimiter) return Cell::null();
  if (delimiter->size() != 1) return call.fail(Failure::argument, "delimiter must be single byte for now");
  std::vector<Scalar> parts;
  for (std::size_t from = 0;;) {
    const std::size_t end = text->find(*delimiter, from);
    if (end == std::string_view::npos) {
      parts.emplace_back(text->substr(from));
      break;
    }
    parts.emplace_back(text->substr(from, end - from));
    from = end + 1;
  }
  return call.several_result(parts);
}

}  // namespace trailhound::engine::kernels
