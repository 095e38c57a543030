#include "log_files.h"

#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace trailhound::synth {

LogFiles::LogFiles(std::string folder, std::size_t file_bytes, Random random)
    : folder_(std::move(folder)), file_bytes_(file_bytes), random_(random) {}

Status LogFiles::add(const std::string& account, const std::string& region, Instant time, std::string record) {
  Pending& pending = pending_[{account, region}];
  pending.bytes += record.size() + 1;
  pending.last = std::max(pending.last, time);
  bytes_ += record.size() + 1;
  ++records_;
  pending.records.push_back(std::move(record));
  return pending.bytes >= file_bytes_ ? write(account, region, pending) : Status{};
}

Status LogFiles::finish() {
  for (auto& [where, pending] : pending_) {
    if (!pending.records.empty()) TRY_VOID(write(where.first, where.second, pending));
  }
  return {};
}

Status LogFiles::write(const std::string& account, const std::string& region, Pending& pending) {
  // Delivery keeps no order: neighbours change places.
  for (std::size_t i = 0; i + 1 < pending.records.size(); ++i) {
    const std::size_t j = std::min(i + random_.below(8), pending.records.size() - 1);
    std::swap(pending.records[i], pending.records[j]);
  }
  std::string text = "{\"Records\":[";
  for (std::size_t i = 0; i < pending.records.size(); ++i) {
    if (i > 0) text += ',';
    text += pending.records[i];
  }
  text += "]}";

  const std::string stamp = format_rfc3339(ceil_to(pending.last, Duration::seconds(300)));
  const std::string day = stamp.substr(0, 4) + "/" + stamp.substr(5, 2) + "/" + stamp.substr(8, 2);
  const std::string minute = stamp.substr(0, 4) + stamp.substr(5, 2) + stamp.substr(8, 5) + stamp.substr(14, 2) + "Z";
  const std::string folder = folder_ + "/AWSLogs/" + account + "/CloudTrail/" + region + "/" + day;
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail("cannot create the folder: " + error.message(), folder);
  const std::string path = folder + "/" + account + "_CloudTrail_" + region + "_" + minute + "_" +
                           random_.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 16) +
                           ".json.gz";
  gzFile file = gzopen(path.c_str(), "wb6");
  if (file == nullptr) return fail("cannot create the file", path);
  const bool written = gzwrite(file, text.data(), static_cast<unsigned>(text.size())) == static_cast<int>(text.size());
  if (gzclose(file) != Z_OK || !written) return fail("cannot write the file", path);
  ++files_;
  pending = Pending{};
  return {};
}

}  // namespace trailhound::synth
