#pragma once
/// Findings of one query on their way into the Diagnostics of its rule file. The one way in which languages report.
///
///     Reporter reporter(query, origin, diagnostics);
///     reporter.error(codes::kSyntax, token.at, "...", "hint");
///
/// Columns in the query count characters; its positions are mapped into the file, where they count bytes; a finding is
/// reported once per code and position, and after kMaxFindings the rest is dropped with a note. Refers to its
/// arguments; not thread-safe.

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/diagnostics.h"

namespace trailhound::lang {

/// Where a query's text came from.
struct Origin {
  std::string file;
  std::string rule;
  std::string key = "query";
  std::string_view file_text;  ///< for snippets; empty: they are cut from the query
  /// Position in the query → position in the file, both in bytes; may be empty.
  std::function<LineColumn(LineColumn)> to_file;
};

class Reporter {
 public:
  static constexpr std::size_t kMaxFindings = 50;

  Reporter(std::string_view query, const Origin& origin, Diagnostics& diagnostics)
      : query_(query), origin_(origin), diagnostics_(diagnostics) {}

  void error(std::string_view code, LineColumn at, std::string message, std::string hint = {});
  void warning(std::string_view code, LineColumn at, std::string message, std::string hint = {});
  /// Nothing more will be shown: hints need not be worked out.
  [[nodiscard]] bool is_full() const { return seen_.size() > kMaxFindings; }
  /// Errors reported through this object.
  [[nodiscard]] std::size_t errors() const { return errors_; }

 private:
  [[nodiscard]] bool take(std::string_view code, LineColumn at);
  void place(Diagnostic& diagnostic, LineColumn at) const;
  [[nodiscard]] LineColumn in_bytes(LineColumn at) const;

  std::string_view query_;
  const Origin& origin_;
  Diagnostics& diagnostics_;
  std::set<std::pair<std::string, std::pair<int, int>>> seen_;
  std::size_t errors_ = 0;
};

}  // namespace trailhound::lang

namespace trailhound::esql {
using lang::Origin;
using lang::Reporter;
}  // namespace trailhound::esql
