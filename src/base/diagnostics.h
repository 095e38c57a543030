#pragma once
/// Findings about rules, queries and configuration: many a file, each with a place, a reason and a way out.
///
///     diagnostics.error("TH2003", {file, rule_id, "queries[0].query", {3, 17}}, "unknown field @evt.nmae",
///                       "did you mean @evt.name?")
///         .snippet = make_snippet(text, {3, 17});
///
/// The same object is printed as text for a terminal and as JSON for CI. Codes are stable and listed in
/// docs/diagnostics.md. TH1xxx files and documents, TH2xxx Datadog, TH3xxx ES|QL, KQL, Lucene and EQL, TH4xxx Elastic
/// rule files, TH5xxx command line and configuration. Not thread-safe.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace trailhound {

/// 1-based; 0 means unknown. Columns count bytes; of places in a query (LineIndex) characters.
struct LineColumn {
  int line = 0;
  int column = 0;
};

/// Where a finding is: from the file inwards. Parts may be empty.
struct Place {
  std::string file;
  std::string rule;  ///< rule id or name
  std::string key;   ///< "options.evaluationWindow", "queries[1].query"
  LineColumn at;     ///< position in the file

  [[nodiscard]] std::string text() const;  ///< "rules/a.yaml:3:17 (queries[0].query)"
};

struct Diagnostic {
  enum class Severity { warning, error };

  std::string code;
  Severity severity = Severity::error;
  Place place;
  std::string message;
  std::string hint;
  std::string snippet;  ///< the line concerned and a caret line, or empty
};

class Diagnostics {
 public:
  Diagnostic& error(std::string_view code, Place place, std::string message, std::string hint = {});
  Diagnostic& warning(std::string_view code, Place place, std::string message, std::string hint = {});

  [[nodiscard]] const std::vector<Diagnostic>& all() const { return all_; }
  [[nodiscard]] std::size_t errors() const;
  [[nodiscard]] bool has_errors() const { return errors() > 0; }
  void append(Diagnostics other);

 private:
  std::vector<Diagnostic> all_;
};

/// Several lines: "error[TH2003] file:3:17 (key): message", the snippet, "  hint: ...".
[[nodiscard]] std::string to_text(const Diagnostic& diagnostic);
/// One JSON object: code, severity, file, rule, key, line, column, message, hint.
[[nodiscard]] std::string to_json(const Diagnostic& diagnostic);

/// The line of `text` at `at` with a caret line below it, cut to 100 columns around the caret.
[[nodiscard]] std::string make_snippet(std::string_view text, LineColumn at);
/// Line and column of byte `offset` in `text`.
[[nodiscard]] LineColumn line_column_of(std::string_view text, std::size_t offset);
/// The candidate with the smallest edit distance to `name` if it is close enough to be a slip, else "".
[[nodiscard]] std::string nearest_name(std::string_view name, const std::vector<std::string_view>& candidates);

}  // namespace trailhound
