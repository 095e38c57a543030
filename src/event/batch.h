#pragma once
/// A window of records as columns, and one record of it.
///
/// The hot values are dictionary codes, one array a column; everything else is read on demand from the parsed JSON,
/// which lives as long as the batch. A batch is reused: `BatchReader` refills it. Not thread-safe; one a worker.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/hash.h"
#include "base/instant.h"
#include "base/json_value.h"
#include "base/value.h"
#include "event/cell_dictionary.h"
#include "event/column.h"
#include "event/signal_fields.h"

namespace trailhound::event {

/// Where a record lies. `path` lives as long as the file is being read.
struct RecordLocation {
  std::string_view path;
  std::uint64_t offset = 0;  ///< of the record's first byte in the inflated content
};

class Batch {
 public:
  [[nodiscard]] std::size_t size() const { return times.size(); }

  // Columns; all of one length. Rows are in the order of the file.
  std::vector<Instant> times;                             ///< eventTime
  std::vector<Hash128> ids;                               ///< hash of event key and time, for duplicates
  std::array<std::vector<std::uint32_t>, kHotCount> hot;  ///< codes of `dictionaries`
  std::vector<json::Value> roots;                         ///< the record objects
  std::vector<json::Value> identities;                    ///< userIdentity, or missing
  std::vector<std::string_view> event_ids;                ///< eventID, "" if absent
  /// Where each row's members lie in its parsed JSON, 0 if they are not there. Empty in a batch that was filled by
  /// hand.
  std::vector<std::array<std::uint32_t, kMemberCount>> members;
  /// Codes of facets; see Facet. Empty if nobody asked for them.
  std::array<std::vector<std::uint32_t>, kFacetCount> facets;
  std::uint32_t caller_epoch = 0;  ///< codes of callers mean the same as long as this is equal
  /// Of a batch of signals, one a row: they have no root. Empty for records.
  std::vector<DocumentFields> documents;
  /// Of a batch with records that were put together from Elastic documents, one a row: these, missing for other rows.
  /// Empty if there are none.
  std::vector<json::Value> elastic_documents;

  /// The worker's dictionaries of hot values; codes of this batch belong to them.
  std::array<CellDictionary, kHotCount>* dictionaries = nullptr;
  Arena arena;  ///< for cells computed from this batch; reset when refilled

  [[nodiscard]] const Cell& hot_cell(Hot column, std::size_t row) const {
    const auto c = static_cast<std::size_t>(column);
    return (*dictionaries)[c].cell(hot[c][row]);
  }
  /// Where the record lies: for one taken out of an envelope, where the envelope begins.
  [[nodiscard]] RecordLocation location(std::size_t row) const;
  /// The record's own bytes (or, taken out of an envelope, its text).
  [[nodiscard]] std::string_view raw_text(std::size_t row) const;

 private:
  friend class BatchReader;

  /// The bytes of one element of the window in `text_`.
  struct Range {
    std::size_t begin, size;
  };
  [[nodiscard]] std::uint64_t offset_of(std::uint32_t element) const;

  std::string_view path_;
  std::uint64_t base_offset_ = 0;  ///< of text_[1] in the file
  std::size_t inserted_ = 0;       ///< bytes in front of every element but the first that the file does not have
  bool literal_ = true;
  std::string_view text_;
  std::vector<std::uint32_t> elements_;  ///< which element of the window each row is
  /// Where each element (or the envelope it was taken from) begins in the file; empty when the ranges say it.
  std::vector<std::uint64_t> offsets_;
  std::vector<Range> ranges_;
};

/// One row of a batch.
class Record {
 public:
  Record(const Batch& batch, std::size_t row) : batch_(&batch), row_(row) {}

  [[nodiscard]] json::Value root() const { return batch_->roots[row_]; }
  [[nodiscard]] json::Value identity() const { return batch_->identities[row_]; }
  [[nodiscard]] json::Value member(Member member) const {
    if (batch_->members.empty()) return find_member(member);
    const std::uint32_t place = batch_->members[row_][static_cast<std::size_t>(member)];
    return place == 0 ? json::Value() : json::Value::at(root().parts(), place);
  }
  [[nodiscard]] bool has(Member member) const {
    if (batch_->members.empty()) return static_cast<bool>(find_member(member));
    return batch_->members[row_][static_cast<std::size_t>(member)] != 0;
  }
  [[nodiscard]] Instant time() const { return batch_->times[row_]; }
  /// What a signal holds; null for a CloudTrail record.
  [[nodiscard]] const DocumentFields* document() const {
    return row_ < batch_->documents.size() ? &batch_->documents[row_] : nullptr;
  }
  /// The Elastic document that the record was put together from; missing for others.
  [[nodiscard]] json::Value elastic_document() const {
    return row_ < batch_->elastic_documents.size() ? batch_->elastic_documents[row_] : json::Value();
  }
  [[nodiscard]] const Cell& hot(Hot column) const { return batch_->hot_cell(column, row_); }
  [[nodiscard]] std::uint32_t hot_code(Hot column) const { return batch_->hot[static_cast<std::size_t>(column)][row_]; }
  [[nodiscard]] std::uint32_t facet_code(Facet facet) const {
    const auto& codes = batch_->facets[static_cast<std::size_t>(facet)];
    return codes.empty() ? 0 : codes[row_];
  }
  [[nodiscard]] const Batch& batch() const { return *batch_; }
  [[nodiscard]] std::size_t row() const { return row_; }
  /// The event key as text, "account/eventID": the second part of the total order. A record without eventID has the
  /// hash of its minified JSON there.
  [[nodiscard]] std::string event_key() const;

 private:
  [[nodiscard]] json::Value find_member(Member member) const;

  const Batch* batch_;
  std::size_t row_;
};

}  // namespace trailhound::event
