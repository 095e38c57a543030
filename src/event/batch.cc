#include "event/batch.h"

#include "event/json_path.h"

namespace trailhound::event {

const std::vector<Batch::Range>& Batch::ranges() const {
  if (ranges_.empty() && find_ranges_) find_ranges_(ranges_);
  return ranges_;
}

RecordLocation Batch::location(std::size_t row) const {
  if (row >= elements_.size()) return {path_, base_offset_};  // filled by hand, from no file
  const std::uint32_t element = elements_[row];
  if (!envelope_offsets_.empty()) return {path_, envelope_offsets_[element]};
  if (!literal_) return {path_, base_offset_};
  return {path_, base_offset_ + ranges()[element].begin - 1 - element * inserted_};
}

std::string_view Batch::raw_text(std::size_t row) const {
  const auto [begin, size] = ranges()[elements_[row]];
  return text_.substr(begin, size);
}

std::string Record::event_key() const {
  std::string key;
  const Cell& account = hot(Hot::recipient_account);
  if (account.has_values()) key = to_text(account.values()[0]);
  key += '/';
  const std::string_view id = batch_->event_ids[row_];
  if (!id.empty()) return key.append(id);
  std::string json;
  root().append_json(json);
  return key.append(to_hex(hash128(json)));
}

}  // namespace trailhound::event
