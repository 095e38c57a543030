#pragma once
/// Events as the rows that a pipeline begins with. Inside src/engine, and for query workers. One a worker.

#include <optional>

#include "base/arena.h"
#include "engine/table/table.h"
#include "event/batch.h"

namespace trailhound::engine {

class EventRows {
 public:
  EventRows(const plan::TableSource& source, const TableContext& context) : source_(&source), context_(&context) {}

  /// The cells of the source's columns, or nothing if the event does not pass its filter. Multi-values come sorted, and
  /// texts and addresses distinct, as an index would give them; open types are texts.
  [[nodiscard]] std::optional<Row> row_of(const event::Record& record);

 private:
  const plan::TableSource* source_;
  const TableContext* context_;
  Arena arena_;
};

/// Orders and thins out what a document's list would give when it is read from an index.
[[nodiscard]] Values as_indexed(Values values, plan::LogicalType type);

/// True if anything in the pipeline reads NOW().
[[nodiscard]] bool uses_run_time(const plan::Pipeline& pipeline);

}  // namespace trailhound::engine
