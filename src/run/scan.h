#pragma once
/// The one driver: files in, signals and a ledger out. `scan`, `rules test` (and later `serve`, `backtest`) only
/// configure it.
///
///     inputs → workers (source → batches → matcher → hits) → state by key → signals → sinks
///
/// A worker takes one file after the other from inflate to hits, without a hand-off; hits are the only thing that
/// meets. The result does not depend on the number of workers, the order of the files or of the records in them.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/ledger.h"
#include "base/result.h"
#include "engine/sieve_limits.h"
#include "event/catalog.h"
#include "rule/loader.h"
#include "run/portions.h"
#include "run/progress.h"
#include "run/scan_input.h"
#include "run/signal_filter.h"
#include "sink/sink.h"

namespace trailhound::run {

struct ScanOptions {
  std::string inputs_text;  ///< as the user named them, for the report
  std::optional<Instant> from;
  std::optional<Instant> to;
  SignalFilter filter;
  std::size_t memory = 256u << 20;         ///< the one byte budget of hits, ids and sorting
  unsigned workers = 0;                    ///< 0: one a processor
  std::size_t portions = Portions::kMost;  ///< into which the input is divided, at most
  std::string temporary_folder;            ///< for spilling; empty: the system's
  /// Makes only the hits that can matter, at the price of reading some inputs twice; no limits: makes all of them. The
  /// signals are the same.
  std::optional<engine::SieveLimits> sieve = engine::SieveLimits{};
};

struct ScanResult {
  sink::ScanSummary summary;  ///< `summary.ledger` points to `ledger`
  std::unique_ptr<Ledger> ledger;
  Status reports;  ///< the first report that could not be written; the others were
};

/// Threads that a scan with so many workers (0: one a processor) has at most: as many may add to a sink at a time.
[[nodiscard]] unsigned most_threads(unsigned workers);

/// Runs to the end or to `progress.stop`. `ledger` comes with what finding the inputs already booked, and where files
/// are to be listed, if they are. An Error means that no result could be made (temporary disk full); losses in the data
/// are no errors.
[[nodiscard]] Result<ScanResult> scan(const ScanInput& input, const rule::LoadedRules& rules,
                                      const event::Catalog& catalog, const ScanOptions& options,
                                      std::unique_ptr<Ledger> ledger, const std::vector<sink::Sink*>& sinks,
                                      Progress& progress);

}  // namespace trailhound::run
