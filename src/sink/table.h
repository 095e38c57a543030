#pragma once
/// The report for a terminal of 80 columns: who, when, what happened, calls and done told apart, what could not be
/// said, and the ledger. Keys and ids are never cut; dates are shown once the data span more than a day.

#include <cstddef>
#include <memory>

#include "sink/output_file.h"
#include "sink/sink.h"

namespace trailhound::sink {

struct TableOptions {
  bool colour = false;
  /// Rows shown; the rest is counted. The most severe and earliest are kept.
  std::size_t max_rows = 40;
  bool list_all_reasons = false;  ///< --why: every rule that could not fire, not only the first few
};

[[nodiscard]] std::unique_ptr<Sink> make_table(OutputFile file, TableOptions options);

}  // namespace trailhound::sink
