#include "lang/reporter.h"

#include "base/utf8.h"

namespace trailhound::lang {

namespace {

constexpr std::string_view kTooManyFindings = "TH3003";

}  // namespace

bool Reporter::take(std::string_view code, LineColumn at) {
  if (seen_.size() > kMaxFindings) return false;
  if (!seen_.insert({std::string(code), {at.line, at.column}}).second) return false;
  if (seen_.size() <= kMaxFindings) return true;
  ++errors_;
  place(diagnostics_.error(kTooManyFindings, {}, "too many findings in this query; the rest is not shown"), at);
  return false;
}

LineColumn Reporter::in_bytes(LineColumn at) const {
  if (at.line < 1) return at;
  std::size_t begin = 0;
  for (int line = 1; line < at.line; ++line) {
    const std::size_t end = query_.find('\n', begin);
    if (end == std::string_view::npos) return at;
    begin = end + 1;
  }
  std::size_t end = begin;
  for (int column = 1; column < at.column && end < query_.size() && query_[end] != '\n'; ++column) {
    do ++end;
    while (end < query_.size() && continues_character(query_[end]));
  }
  return {at.line, static_cast<int>(end - begin) + 1};
}

void Reporter::place(Diagnostic& diagnostic, LineColumn at) const {
  const LineColumn bytes = in_bytes(at);
  const LineColumn in_file = origin_.to_file ? origin_.to_file(bytes) : at;
  diagnostic.place = {origin_.file, origin_.rule, origin_.key, in_file};
  const bool from_file = !origin_.file_text.empty() && in_file.line > 0;
  diagnostic.snippet = from_file ? make_snippet(origin_.file_text, in_file) : make_snippet(query_, bytes);
}

void Reporter::error(std::string_view code, LineColumn at, std::string message, std::string hint) {
  ++errors_;
  if (take(code, at)) place(diagnostics_.error(code, {}, std::move(message), std::move(hint)), at);
}

void Reporter::warning(std::string_view code, LineColumn at, std::string message, std::string hint) {
  if (take(code, at)) place(diagnostics_.warning(code, {}, std::move(message), std::move(hint)), at);
}

}  // namespace trailhound::lang
