#pragma once
/// Evaluates plan expressions: the one place where the nodes of plan/expression.h get their meaning.
///
///     EvaluationContext context{.record = &record, .arena = arena};
///     if (truth(*filter, context) == Truth::yes) ...
///     Cell key = evaluate(*part, context);
///
/// One evaluator serves three kinds of rows:
///   - a record (`record`): columns are read from it;
///   - single hot values (`hot`, no record): columns that depend on them are known, the others must not be asked for
///     (truth_set.h answers what can still become true then);
///   - the result row of a stateful operator (`slots`): Slot i is slots[i]; none = null, several = a multi-value.
///
/// Texts and lists of the returned cell live in the batch, in the arena, in the expression's literals or in the slots.
/// REQUIRES: expressions as the lowerings build them, that is of bounded depth. Not thread-safe in the context; the
/// expression is shared.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/arena.h"
#include "base/instant.h"
#include "base/truth.h"
#include "base/value.h"
#include "engine/evaluation_warnings.h"
#include "event/batch.h"
#include "event/column.h"
#include "plan/expression.h"

namespace trailhound::engine {

/// Cells of hot raw values that are known; null where not.
using HotCells = std::array<const Cell*, event::kHotCount>;

/// Remembers the cells of columns for one record, so that a costly column is read once, however many rules ask.
class ColumnMemo {
 public:
  virtual ~ColumnMemo() = default;
  /// The place for this column's cell of the current record, or null if it is not remembered. `known` tells whether the
  /// cell is there already; if not, the caller fills it.
  virtual Cell* find(const event::Column& column, bool& known) = 0;
};

struct EvaluationContext {
  const event::Record* record = nullptr;
  const HotCells* hot = nullptr;         ///< takes precedence over the record's hot values where set
  std::span<const Values> slots = {};    ///< of a result row
  std::optional<Instant> run_time = {};  ///< RunTime; null in the stateless half, which has no runs
  Arena& arena;                          ///< for computed texts and lists
  ColumnMemo* memo = nullptr;
  std::uint64_t warnings = 0;              ///< counts what gave null for another reason than null: see Failure
  EvaluationWarnings* failures = nullptr;  ///< told which expression failed and why, if someone wants to know
};

/// Counts a failure of `expression`; the message is only read if there are `failures`.
void warn(EvaluationContext& context, const plan::Expression& expression, Failure failure,
          std::string_view message = {});

/// The cell of any expression. A predicate gives one boolean, or null when it is unknown.
[[nodiscard]] Cell evaluate(const plan::Expression& expression, EvaluationContext& context);
/// The truth of any expression: one boolean is yes or no, everything else is unknown.
[[nodiscard]] Truth truth(const plan::Expression& expression, EvaluationContext& context);

[[nodiscard]] inline Cell evaluate(const plan::Expr& expression, EvaluationContext& context) {
  return evaluate(*expression, context);
}
[[nodiscard]] inline Truth truth(const plan::Expr& expression, EvaluationContext& context) {
  return truth(*expression, context);
}

/// Owned copies of a cell's values: empty for absent, null, empty and object.
[[nodiscard]] Values to_values(const Cell& cell);

}  // namespace trailhound::engine
