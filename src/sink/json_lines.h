#pragma once
/// One signal a line, in the JSON form of docs/signals.md.

#include <memory>

#include "base/spill_sorter.h"
#include "sink/output_file.h"
#include "sink/sink.h"

namespace trailhound::sink {

/// The budget is that of each thread that adds signals.
[[nodiscard]] std::unique_ptr<Sink> make_json_lines(OutputFile file, const SpillSorter::Options& options);

}  // namespace trailhound::sink
