#include "base/file_entry.h"

#include <utility>

namespace trailhound {

std::string_view name_of(FileOutcome outcome) {
  switch (outcome) {
    case FileOutcome::read:
      return "read";
    case FileOutcome::partly:
      return "partly";
    case FileOutcome::set_aside:
      return "set_aside";
    case FileOutcome::not_read:
      return "not_read";
    case FileOutcome::unreadable:
      return "unreadable";
  }
  return "";
}

void FileEntry::damage(std::uint64_t offset, std::string why) {
  ++damage_count;
  if (damages.size() < kDamagesKept) damages.push_back({offset, std::move(why)});
}

void write_json(json::Writer& writer, const FileEntry& file) {
  writer.begin_object().key("path").string(file.path).key("form").string(file.form);
  writer.key("outcome").string(name_of(file.outcome)).key("reason").string(file.reason);
  writer.key("bytes").unsigned_integer(file.bytes).key("records").unsigned_integer(file.records);
  writer.key("malformed").unsigned_integer(file.malformed).key("left_unread").boolean(file.left_unread);
  writer.key("damage_count").unsigned_integer(file.damage_count).key("damages").begin_array();
  for (const Damage& damage : file.damages) {
    writer.begin_object().key("offset").unsigned_integer(damage.offset).key("reason").string(damage.reason);
    writer.end_object();
  }
  writer.end_array().end_object();
}

}  // namespace trailhound
