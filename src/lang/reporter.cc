#include "lang/reporter.h"

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

void Reporter::place(Diagnostic& diagnostic, LineColumn at) const {
  const LineColumn in_file = origin_.to_file ? origin_.to_file(at) : at;
  diagnostic.place = {origin_.file, origin_.rule, origin_.key, in_file};
  const bool from_file = !origin_.file_text.empty() && in_file.line > 0;
  diagnostic.snippet = from_file ? make_snippet(origin_.file_text, in_file) : make_snippet(query_, at);
}

void Reporter::error(std::string_view code, LineColumn at, std::string message, std::string hint) {
  ++errors_;
  if (take(code, at)) place(diagnostics_.error(code, {}, std::move(message), std::move(hint)), at);
}

void Reporter::warning(std::string_view code, LineColumn at, std::string message, std::string hint) {
  if (take(code, at)) place(diagnostics_.warning(code, {}, std::move(message), std::move(hint)), at);
}

}  // namespace trailhound::lang
