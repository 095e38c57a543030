#include "base/file_listing.h"

#include <string>
#include <utility>

#include "base/json_writer.h"

namespace trailhound {

void FileListing::add(const FileEntry& file) {
  std::string text;
  json::Writer writer(text);
  write_json(writer, file);
  const std::lock_guard lock(mutex_);
  if (added_) added_ = by_path_.add(file.path, text);
}

Status FileListing::status() {
  const std::lock_guard lock(mutex_);
  return added_;
}

Status FileListing::give_out(const std::function<void(std::string_view json)>& give) {
  const std::lock_guard lock(mutex_);
  TRY_VOID(added_);
  TRY(auto files, by_path_.finish());
  while (true) {
    TRY(const auto file, files.next());
    if (!file) return {};
    give(file->payload);
  }
}

}  // namespace trailhound
