#pragma once
/// What Elasticsearch makes of one clause of a query string on one field: the part that KQL and Lucene share.
///
///     FieldClauses clauses(fields, reporter, {});
///     Clause clause = clauses.value(field_name, value);                 // user.name: "alice"
///     Expr filter = any_of_clauses({std::move(clause), ...});           // clauses on one field become one test
///
/// All results are two-valued: an absent field satisfies no clause; of several values one must satisfy it. What a value
/// means is said by the field's type: whole texts for keywords, tokens for texts, addresses and blocks for ip. A field
/// that no one knows is a warning and never matches; a value that the type cannot read is an error, as it is in
/// Elasticsearch, except where a clause stands for many fields (wildcards in names, free text): there that field is
/// left out.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lang/clause.h"
#include "lang/fields.h"
#include "lang/query_value.h"
#include "lang/reporter.h"
#include "plan/expression.h"

namespace trailhound::lang {

struct ClauseOptions {
  bool case_insensitive = false;  ///< keywords, ASCII letters only
};

class FieldClauses {
 public:
  FieldClauses(const Fields& fields, Reporter& reporter, const ClauseOptions& options)
      : fields_(fields), reporter_(reporter), options_(options) {}

  /// field: value, with or without wildcards; `field: *` asks for any value. A name may hold wildcards.
  [[nodiscard]] Clause value(const QueryValue& name, const QueryValue& value);
  [[nodiscard]] Clause compare(const QueryValue& name, plan::ComparisonOp op, const QueryValue& bound);
  /// Both bounds hold for one and the same element. None: unbounded; neither: any value.
  struct Bounds {
    std::optional<QueryValue> low, high;
    bool includes_low = true, includes_high = true;
    LineColumn at;
  };
  [[nodiscard]] Clause range(const QueryValue& name, const Bounds& bounds);
  /// A regular expression of Lucene's.
  [[nodiscard]] Clause regular(const QueryValue& name, const std::string& expression, LineColumn at);
  /// A word with at most `edits` letters inserted, left out, replaced or swapped with their neighbours.
  [[nodiscard]] Clause fuzzy(const QueryValue& name, const QueryValue& word, int edits);
  /// A phrase whose words may be moved by `slop` places in all. Of a keyword the whole text.
  [[nodiscard]] Clause near(const QueryValue& name, const QueryValue& phrase, int slop);
  [[nodiscard]] Clause exists(const QueryValue& name);
  /// The value in any field.
  [[nodiscard]] Clause anywhere(const QueryValue& value);
  [[nodiscard]] Clause fuzzy_anywhere(const QueryValue& word, int edits);
  [[nodiscard]] Clause near_anywhere(const QueryValue& phrase, int slop);
  [[nodiscard]] Clause regular_anywhere(const std::string& expression, LineColumn at);
  /// Whether a known field lies at or below a path.
  [[nodiscard]] bool has_field_below(std::string_view path) const;

 private:
  enum class Kind : std::uint8_t { keyword, text, number, boolean, ip, date, flattened, leaf, other };
  struct Target {
    event::ColumnRef column;
    Kind kind = Kind::keyword;
    bool lenient = false;
    LineColumn at;
  };

  template <class Make>
  Clause for_each_target(const QueryValue& name, const Make& make);
  template <class Make>
  Clause for_all_fields(const Make& make);
  std::vector<Target> resolve(const QueryValue& name);
  std::vector<Target> look_up(const QueryValue& name);
  [[nodiscard]] Target target_of(event::ColumnRef column, LineColumn at) const;
  void warn_unknown(const std::string& name, LineColumn at, const std::string& hint);

  Clause value_of(const Target& target, const QueryValue& value);
  Clause wildcard_of(const Target& target, const QueryValue& value);
  Clause words_of(const Target& target, const QueryValue& value);
  Clause wildcard_words_of(const Target& target, const QueryValue& value);
  Clause fuzzy_of(const Target& target, const QueryValue& word, int edits);
  Clause near_of(const Target& target, const QueryValue& phrase, int slop);
  Clause date_of(const Target& target, const QueryValue& value);
  Clause range_of(const Target& target, const Bounds& bounds);
  Clause date_range_of(const Target& target, const Bounds& bounds);
  Clause regular_of(const Target& target, const std::string& expression, LineColumn at);
  Clause present(const Target& target) const;
  /// The value as the field's type has it; reports if it cannot be read.
  std::optional<Value> read(const Target& target, const QueryValue& value);
  Clause refuse(const Target& target, LineColumn at, std::string_view code, std::string message, std::string hint);
  [[nodiscard]] Clause on(const Target& target, LineColumn at) const;
  [[nodiscard]] bool folds(const Target& target) const;

  const Fields& fields_;
  Reporter& reporter_;
  ClauseOptions options_;
  std::set<std::string, std::less<>> warned_;
  std::map<std::pair<std::string, bool>, std::vector<Target>> resolved_;  ///< by name and whether it has wildcards
};

}  // namespace trailhound::lang
