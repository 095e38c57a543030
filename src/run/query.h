#pragma once
/// `trailhound query`: an ES|QL query over files, or without any data (ROW).
///
///     auto result = run::query("FROM cloudtrail | STATS n = COUNT(*) BY event.action | SORT n DESC", input, catalog,
///     options,
///                              diagnostics);
///
/// The answer is a table: typed columns in order, rows of cells. Warnings are what Elasticsearch would attach:
/// conversions that failed, multi-values that met a function for single ones, the appended limit.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/ledger.h"
#include "base/result.h"
#include "base/value.h"
#include "event/catalog.h"
#include "lang/esql/parameters.h"
#include "plan/pipeline.h"
#include "run/progress.h"
#include "run/scan.h"

namespace trailhound::run {

struct QueryOptions {
  unsigned workers = 0;  ///< 0: one a processor
  std::size_t memory = 256u << 20;
  bool has_paths = true;  ///< false: nothing was named to be read, so FROM is an error
  std::string temporary_folder;
  std::string lookup_folder;     ///< where LOOKUP JOIN and ENRICH find NAME.csv and NAME.jsonl
  esql::Parameters parameters;   ///< what ?name and ??name mean
  Progress* progress = nullptr;  ///< its `stop` ends the reading early: the answer is then that of what was read
  std::optional<Instant> now;    ///< what NOW() gives; none: the newest event's time, or the clock without data
};

struct QueryResult {
  std::vector<plan::TableColumn> columns;
  std::vector<std::vector<Values>> rows;  ///< cells: none = null, several = a multi-value
  std::vector<std::string> warnings;
};

/// An Error for what went wrong while running (a full disk); nothing if the query itself is wrong, which `diagnostics`
/// tells. `ledger` accounts for the files.
[[nodiscard]] Result<std::optional<QueryResult>> query(std::string_view text, const ScanInput& input,
                                                       const event::Catalog& catalog, const QueryOptions& options,
                                                       Ledger& ledger, Diagnostics& diagnostics);

}  // namespace trailhound::run
