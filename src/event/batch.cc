#include "event/batch.h"

namespace trailhound::event {

RecordLocation Batch::location(std::size_t row) const {
  if (row >= elements_.size()) return {path_, base_offset_};  // filled by hand, from no file
  return {path_, offset_of(elements_[row])};
}

std::uint64_t Batch::offset_of(std::uint32_t element) const {
  if (!offsets_.empty()) return offsets_[element];
  if (!literal_) return base_offset_;
  return base_offset_ + ranges_[element].begin - 1 - element * inserted_;
}

std::string_view Batch::raw_text(std::size_t row) const {
  if (row >= elements_.size()) return {};
  const auto [begin, size] = ranges_[elements_[row]];
  return text_.substr(begin, size);
}

json::Value Record::find_member(Member member) const {
  return member == Member::session_context ? identity().find(name_of(member)) : root().find(name_of(member));
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
