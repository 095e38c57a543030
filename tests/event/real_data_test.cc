// Real records: what the fast path reads must be what a plain walk over the parsed JSON reads. Runs when the variable
// TRAILHOUND_REAL_DATA names a folder with CloudTrail files.

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "base/hash.h"
#include "event/catalog.h"
#include "event/json_path.h"
#include "inputs.h"
#include "records.h"

namespace trailhound::event {
namespace {

std::string content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class RealDataTest : public testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("TRAILHOUND_REAL_DATA");
    if (folder == nullptr) GTEST_SKIP() << "TRAILHOUND_REAL_DATA is not set";
    Ledger ledger;
    const auto found = source::find_inputs({folder}, ledger);
    ASSERT_TRUE(found.has_value()) << found.error().text();
    inputs = source::inputs_of(*found);
  }
  /// Reads all files; the number of records.
  std::uint64_t read_all(const std::function<void(Batch&)>& consume) {
    BatchSource reading(consume);
    source::RecordSource source;
    for (const auto& input : inputs) source.read(input, reading);
    std::uint64_t records = 0;
    for (const FileEntry& file : reading.files) records += file.records;
    return records;
  }

  std::vector<source::Input> inputs;
};

TEST_F(RealDataTest, HotCellsEqualThePathsTheyStandFor) {
  const std::map<Hot, JsonPath> paths = {{Hot::event_source, JsonPath("eventSource")},
                                         {Hot::event_name, JsonPath("eventName")},
                                         {Hot::region, JsonPath("awsRegion")},
                                         {Hot::recipient_account, JsonPath("recipientAccountId")},
                                         {Hot::user_agent, JsonPath("userAgent")},
                                         {Hot::source_ip, JsonPath("sourceIPAddress")},
                                         {Hot::error_code, JsonPath("errorCode")},
                                         {Hot::identity_type, JsonPath("userIdentity.type")},
                                         {Hot::identity_arn, JsonPath("userIdentity.arn")},
                                         {Hot::access_key_id, JsonPath("userIdentity.accessKeyId")},
                                         {Hot::event_category, JsonPath("eventCategory")}};
  std::uint64_t compared = 0;
  const std::uint64_t records = read_all([&](Batch& batch) {
    for (std::size_t row = 0; row < batch.size(); ++row) {
      const Record record(batch, row);
      for (const auto& [hot, path] : paths) {
        ASSERT_EQ(show(record.hot(hot)), show(path.read(record.root(), batch.arena))) << path.text();
      }
      ASSERT_EQ(record.time(), *parse_rfc3339(*record.root().find("eventTime").string()));
      const std::string account(record.root().find("recipientAccountId").string().value_or(""));
      ASSERT_EQ(record.event_key(), account + "/" + std::string(*record.root().find("eventID").string()));
      std::string event(record.event_key());
      const std::int64_t time = record.time().micros;
      event.append(reinterpret_cast<const char*>(&time), sizeof(time));
      ASSERT_EQ(batch.ids[row], hash128(event));
      ++compared;
    }
  });
  EXPECT_EQ(compared, records);
  EXPECT_GT(records, 0u);
}

TEST_F(RealDataTest, RawTextIsTheRecordAndLiesAtItsOffset) {
  json::Document document;
  std::string path, content;
  std::size_t in_place = 0;
  read_all([&](Batch& batch) {
    for (std::size_t row = 0; row < batch.size(); ++row) {
      const std::string raw(batch.raw_text(row));
      const auto parsed = document.parse(raw);
      ASSERT_TRUE(parsed.has_value());
      std::string expected, actual;
      parsed->append_json(expected);
      batch.roots[row].append_json(actual);
      ASSERT_EQ(actual, expected);
      const RecordLocation location = batch.location(row);
      if (location.path != path) {
        path = location.path;
        content = content_of(path);
      }
      if (content.empty() || (content[0] != '{' && content[0] != '[')) continue;  // compressed
      ASSERT_EQ(content.substr(location.offset, raw.size()), raw);
      ++in_place;
    }
  });
  EXPECT_GT(in_place, 0u);
}

TEST_F(RealDataTest, HotColumnsEqualTheirReadFunction) {
  const Catalog catalog;
  std::vector<ColumnRef> columns;
  for (const View view : {View::ecs, View::datadog}) {
    for (const std::string_view name : catalog.names(view)) {
      const ColumnRef column = *catalog.find(view, name);
      ASSERT_EQ(column->depends_on.has_value(), static_cast<bool>(column->from_hot)) << name;
      if (column->depends_on) columns.push_back(column);
    }
  }
  read_all([&](Batch& batch) {
    for (std::size_t row = 0; row < batch.size(); ++row) {
      const Record record(batch, row);
      for (const ColumnRef& column : columns) {
        const Cell from_hot = column->from_hot(record.hot(*column->depends_on), batch.arena);
        ASSERT_EQ(show(from_hot), show(column->read(record, batch.arena))) << column->name;
      }
    }
  });
}

/// The time that reading columns takes on top of parsing the JSON. Build a release for it and give the filter
/// --gtest_also_run_disabled_tests.
TEST_F(RealDataTest, DISABLED_TimeOfABatch) {
  std::vector<std::string> arrays;
  for (const auto& input : inputs) {
    std::string records;
    BatchSource reading([&](Batch& batch) {
      for (std::size_t row = 0; row < batch.size(); ++row) {
        records += records.empty() ? "[" : ",";
        records += batch.raw_text(row);
        if (records.size() > source::kWindowSize) arrays.push_back(std::exchange(records, "") + "]");
      }
    });
    source::RecordSource source;
    source.read(input, reading);
    if (!records.empty()) arrays.push_back(records + "]");
  }
  std::size_t bytes = 0;
  for (std::string& array : arrays) {
    bytes += array.size();
    array.append(json::Document::kPadding, ' ');
  }

  using Clock = std::chrono::steady_clock;
  const auto nanoseconds = [](Clock::duration d) { return std::chrono::duration<double, std::nano>(d).count(); };
  BatchReader reader;
  json::Document document;
  double parse = 1e300, read = 1e300;
  std::uint64_t records = 0;
  for (int round = 0; round < 40; ++round) {
    const auto start = Clock::now();
    for (const std::string& array : arrays) {
      ASSERT_TRUE(document.parse_padded(array.data(), array.size() - json::Document::kPadding).has_value());
    }
    const auto parsed = Clock::now();
    FileEntry file;
    for (std::string& array : arrays) {
      source::RecordWindow window;
      window.text = array.data();
      window.size = array.size() - json::Document::kPadding;
      static_cast<void>(reader.read(window, file, [](Batch&) {}));
    }
    const auto end = Clock::now();
    parse = std::min(parse, nanoseconds(parsed - start));
    read = std::min(read, nanoseconds(end - parsed));
    records = file.records;
  }
  const auto n = static_cast<double>(records);
  std::printf("%.0f records of %.0f bytes: parse %.0f ns, batch %.0f ns, on top %.0f ns a record\n", n,
              static_cast<double>(bytes) / n, parse / n, read / n, (read - parse) / n);
}

}  // namespace
}  // namespace trailhound::event
