#include "replay.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/instant.h"
#include "base/json_value.h"

namespace trailhound::synth {
namespace {

struct Record {
  std::string account;
  std::string region;
  Instant time;
  std::string text;
};

Result<std::vector<Record>> read_records(const std::string& folder) {
  std::vector<Record> records;
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, error)) {
    if (entry.path().extension() == ".json") paths.push_back(entry.path().string());
  }
  if (error) return fail("cannot be read: " + error.message(), folder);
  std::sort(paths.begin(), paths.end());
  json::Document document;
  for (const std::string& path : paths) {
    std::ifstream file(path, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    TRY(const json::Value root, document.parse(text));
    for (const json::Value record : root.find("Records").elements()) {
      const auto time = parse_rfc3339(record.find("eventTime").string().value_or(""));
      if (!time) continue;
      Record r;
      r.account = record.find("recipientAccountId").string().value_or("111122223333");
      r.region = record.find("awsRegion").string().value_or("us-east-1");
      r.time = *time;
      record.append_json(r.text);
      records.push_back(std::move(r));
    }
  }
  if (records.empty()) return fail("no records found", folder, "a folder of plain .json files with Records is wanted");
  return records;
}

/// Overwrites the text value of `key` if it has that length.
void overwrite(std::string& text, const std::string& key, const std::string& value) {
  const std::size_t at = text.find("\"" + key + "\":\"");
  if (at == std::string::npos) return;
  const std::size_t begin = at + key.size() + 4;
  if (text.find('"', begin) == begin + value.size()) text.replace(begin, value.size(), value);
}

}  // namespace

Status replay(const std::string& folder, std::uint64_t bytes, Random& random, LogFiles& files) {
  TRY(const auto records, read_records(folder));
  for (std::int64_t round = 0; files.bytes() < bytes; ++round) {
    for (const Record& record : records) {
      if (files.bytes() >= bytes) break;
      const Instant time = record.time + Duration::seconds(round * 86'400);
      std::string text = record.text;
      overwrite(text, "eventID", random.uuid());
      overwrite(text, "eventTime", format_rfc3339(time));
      TRY_VOID(files.add(record.account, record.region, time, std::move(text)));
    }
  }
  return {};
}

}  // namespace trailhound::synth
