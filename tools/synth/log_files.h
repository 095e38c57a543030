#pragma once
/// CloudTrail's way of lying in a bucket: AWSLogs/ACCOUNT/CloudTrail/REGION/YYYY/MM/DD/..., one line of JSON, gzip.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "random.h"

namespace trailhound::synth {

class LogFiles {
 public:
  /// A file is written when `file_bytes` of records are together for its account and region.
  LogFiles(std::string folder, std::size_t file_bytes, Random random);

  [[nodiscard]] Status add(const std::string& account, const std::string& region, Instant time, std::string record);
  [[nodiscard]] Status finish();
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] std::uint64_t records() const { return records_; }
  [[nodiscard]] std::uint64_t files() const { return files_; }

 private:
  struct Pending {
    std::vector<std::string> records;
    std::size_t bytes = 0;
    Instant last;
  };
  [[nodiscard]] Status write(const std::string& account, const std::string& region, Pending& pending);

  std::string folder_;
  std::size_t file_bytes_;
  Random random_;
  std::map<std::pair<std::string, std::string>, Pending> pending_;
  std::uint64_t bytes_ = 0, records_ = 0, files_ = 0;
};

}  // namespace trailhound::synth
