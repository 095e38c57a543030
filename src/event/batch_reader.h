#pragma once
/// Turns record windows into batches: the hot path of a scan. Parses a window with simdjson, takes the hot values of
/// every record, and lets everything else rest in the parsed JSON.
///
///     BatchReader reader(dictionaries);
///     reader.read(window, file, [&](Batch& batch) { matcher.match(batch); });
///
/// A proven window that does not parse is split exactly; bad records are booked as malformed with their offset in
/// `file`, the others go on. Elements that are no bare records are unwrapped or booked. A record without a readable
/// eventTime is malformed. Not thread-safe; one a worker.
///
/// What is booked in the file's entry: `records` counts what was met as a record, `malformed` those among them that
/// could not be delivered, each with a damage (offset and reason). Elements that are known to hold no events are no
/// records; they leave a form and a reason.

#include <array>
#include <functional>
#include <memory>

#include "base/json_value.h"
#include "base/ledger.h"
#include "event/batch.h"
#include "event/cell_dictionary.h"
#include "source/record_source.h"

namespace trailhound::event {

class BatchReader {
 public:
  BatchReader();
  ~BatchReader();

  /// Calls `consume` once or more with the records of the window. Counts records and malformed ones in `file`. The
  /// answer is `prove` if the window is not proven and does not parse: then nothing was done.
  [[nodiscard]] source::WindowAnswer read(const source::RecordWindow& window, FileEntry& file,
                                          const std::function<void(Batch&)>& consume);

  /// Codes of the batches belong to these. When one of them is full, or all are together, all are
  /// reset before the next batch.
  [[nodiscard]] std::array<CellDictionary, kHotCount>& dictionaries();
  /// Gives rows the codes of their facets. Worth its cost if much is asked that facets answer.
  void keep_facets();
  /// Called before a full dictionary is reset, so that the owner can harvest the distinct values.
  void set_before_reset(std::function<void()> before_reset);

  /// Called with each CloudTrail digest, in the order of the file; without it they are set aside. The value is valid
  /// during the call.
  void set_on_digest(std::function<void(json::Value)> on_digest);

  /// Takes Elastic documents without the original, as records put together from them with the document beside
  /// (Batch::elastic_documents); without it they are booked as not read.
  void take_documents();

  static constexpr std::size_t kMaxBatch = 4096;  ///< rows

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace trailhound::event
