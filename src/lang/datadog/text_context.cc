#include "lang/datadog/text_context.h"

namespace trailhound::lang::datadog {

LineColumn file_position(const TextContext& context, std::string_view text, std::size_t offset) {
  if (!context.in_file) return {};
  return context.in_file(line_column_of(text, offset));
}

Diagnostic& report(Diagnostics& diagnostics, Diagnostic::Severity severity, std::string_view code,
                   const TextContext& context, std::string_view text, std::size_t offset, std::string message,
                   std::string hint) {
  const LineColumn inside = line_column_of(text, offset);
  const LineColumn at = file_position(context, text, offset);
  Place place = context.place;
  if (at.line > 0) place.at = at;
  Diagnostic& finding = severity == Diagnostic::Severity::error
                            ? diagnostics.error(code, std::move(place), std::move(message), std::move(hint))
                            : diagnostics.warning(code, std::move(place), std::move(message), std::move(hint));
  finding.snippet =
      at.line > 0 && !context.file_text.empty() ? make_snippet(context.file_text, at) : make_snippet(text, inside);
  return finding;
}

}  // namespace trailhound::lang::datadog
