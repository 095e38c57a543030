#include "source/magic.h"

namespace trailhound::source {
namespace {

using namespace std::string_view_literals;

struct Row {
  std::string_view bytes;
  Magic magic;
  FileOutcome outcome = FileOutcome::read;
  std::string_view form = {}, reason = {};
};

constexpr Row kRows[] = {
    {"\x1f\x8b"sv, Magic::gzip},
    {"\x28\xb5\x2f\xfd"sv, Magic::zstd},
    {"BZh"sv, Magic::filtered},
    {"\xfd"
     "7zXZ\0"sv,
     Magic::filtered},
    {"PK\x03\x04"sv, Magic::archive},
    {"PK\x05\x06"sv, Magic::archive},
    {"PAR1"sv, Magic::refused, FileOutcome::not_read, "parquet",
     "Parquet is not read: export the events as JSON. From a CloudTrail Lake table: SELECT eventjson FROM <table>, "
     "saved "
     "as CSV; from Security Lake or another table: UNLOAD (SELECT ...) TO 's3://...' WITH (format = 'JSON'), or "
     "read the trail's own objects under AWSLogs/"},
    {"Obj\x01"sv, Magic::refused, FileOutcome::not_read, "avro", "Avro is not read: export the events as JSON"},
    {"ORC"sv, Magic::refused, FileOutcome::not_read, "orc", "ORC is not read: export the events as JSON"},
    {"7z\xbc\xaf\x27\x1c"sv, Magic::refused, FileOutcome::unreadable, "7z",
     "7z archives are not read: unpack it first"},
    {"Rar!"sv, Magic::refused, FileOutcome::unreadable, "rar", "RAR archives are not read: unpack it first"},
    {"\xff\x06\0\0sNaPpY"sv, Magic::refused, FileOutcome::unreadable, "snappy",
     "snappy is not read: decompress it first"},
    {"\x04\x22\x4d\x18"sv, Magic::refused, FileOutcome::unreadable, "lz4", "lz4 is not read: decompress it first"},
    {"\xff\xfe"sv, Magic::refused, FileOutcome::unreadable, "utf-16",
     "UTF-16 text is not read: convert it with iconv -f UTF-16 -t UTF-8"},
    {"\xfe\xff"sv, Magic::refused, FileOutcome::unreadable, "utf-16",
     "UTF-16 text is not read: convert it with iconv -f UTF-16 -t UTF-8"},
    {"\x00\x05\x16\x07"sv, Magic::refused, FileOutcome::set_aside, "macos metadata", "macOS file metadata"},
    {"\x00\x00\x00\x01\x42ud1"sv, Magic::refused, FileOutcome::set_aside, "macos metadata", "macOS folder metadata"},
};

}  // namespace

Sniffed sniff(std::string_view head) {
  for (const Row& row : kRows) {
    if (head.starts_with(row.bytes)) return {row.magic, row.outcome, std::string(row.form), std::string(row.reason)};
  }
  // A zstd file may begin with a frame to skip, as those of pzstd do: 50 to 5f, 2a 4d 18.
  if (head.size() >= 4 && (head[0] & 0xF0) == 0x50 && head.substr(1, 3) == "\x2a\x4d\x18") {
    return {Magic::zstd, FileOutcome::read, {}, {}};
  }
  if (head.size() >= 262 && head.substr(257, 5) == "ustar") return {Magic::archive, FileOutcome::read, {}, {}};
  return {};
}

}  // namespace trailhound::source
