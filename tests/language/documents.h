#pragma once
/// Documents of a text case, and the fields over them: what the suites of KQL, Lucene and EQL filter.
///
///     --- no element may match
///     fields:
///       a keyword
///       n long
///       root flattened
///     documents:
///       {"a": "x", "n": 5}
///       {"a": ["x", "y"], "root": {"b": {"c": 1}}}
///       {"a": null, "n": []}
///     query: not a: x
///     expect: 3
///
/// With `fields:` only those columns exist; each reads its path of the document, through lists, as the type that it is
/// declared with: keyword (at most 1024 characters are indexed), text, long, integer, double, boolean, ip, date,
/// flattened (then every name below it exists, too), unsupported. Lists are sorted and free of duplicates, values that
/// the type cannot read are dropped. JSON null, [] and {} stay what they are.
///
/// Without `fields:` the fields are ECS over CloudTrail, and a document (or `events:`) is what is changed in a plain
/// record of IAM's ListUsers: members are merged in, objects deeply; null takes a member away.
///
/// expect:   numbers of the documents that match, from 1 ("1, 3"), `none`, `all`, or `error LINE:COLUMN words`
/// warning:  one a line, "LINE:COLUMN words"; a case without it must not warn

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/batch.h"
#include "lang/fields.h"
#include "lang/reporter.h"
#include "plan/expression.h"
#include "text_case.h"

namespace trailhound::language_test {

class Documents {
 public:
  /// Of the directives `fields:` and `documents:` or `events:`. Throws on a malformed case.
  explicit Documents(const TextCase& one);
  /// The same from lines.
  Documents(const std::vector<std::string_view>& fields, const std::vector<std::string_view>& documents);
  ~Documents();

  [[nodiscard]] const lang::Fields& fields() const;
  [[nodiscard]] std::size_t size() const;
  /// Calls `use` with each document in order, as a record whose columns can be read.
  void for_each(const std::function<void(std::size_t index, const event::Record&)>& use) const;
  /// Numbers (from 1) of the documents for which the filter is true. Throws if it is unknown for one: filters are
  /// two-valued.
  [[nodiscard]] std::vector<std::size_t> matching(const plan::Expr& filter) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

using LowerFilter =
    std::function<std::optional<plan::Expr>(std::string_view query, const lang::Fields&, lang::Reporter&)>;

/// Lowers `query:`, evaluates it over the documents and compares with `expect:` and `warning:`. "" if all is as
/// expected, else what is not.
[[nodiscard]] std::string check_filter_case(const TextCase& one, const LowerFilter& lower);

/// "3:17 the message (hint: ...)" for every error (or warning), one a line.
[[nodiscard]] std::string findings_text(const Diagnostics& diagnostics, Diagnostic::Severity severity);

}  // namespace trailhound::language_test
