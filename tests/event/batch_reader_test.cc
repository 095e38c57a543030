#include "event/batch_reader.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/hash.h"
#include "records.h"

namespace trailhound::event {
namespace {

using testing::Test;

struct Row {
  std::string event_key, event_name, type, arn, raw;
  std::uint64_t offset = 0;
  Hash128 id;
  Instant time;
};

class BatchReaderTest : public Test {
 protected:
  void read(const std::string& array, std::uint64_t offset = 1) {
    rows.clear();
    batch_sizes.clear();
    file = read_window(reader, array, [&](Batch& batch) { take(batch); }, offset);
  }
  void take(const Batch& batch) {
    batch_sizes.push_back(batch.size());
    for (std::size_t row = 0; row < batch.size(); ++row) {
      const Record record(batch, row);
      rows.push_back({record.event_key(), show(record.hot(Hot::event_name)), show(record.hot(Hot::identity_type)),
                      show(record.hot(Hot::identity_arn)), std::string(batch.raw_text(row)), batch.location(row).offset,
                      batch.ids[row], batch.times[row]});
    }
  }

  BatchReader reader;
  FileEntry file;
  std::vector<Row> rows;
  std::vector<std::size_t> batch_sizes;
};

/// The same record at another time is another event.
Hash128 hash_of_event(std::string key, Instant time) {
  key.append(reinterpret_cast<const char*>(&time.micros), sizeof(time.micros));
  return hash128(key);
}

TEST_F(BatchReaderTest, AnIdAtAnotherTimeIsAnotherEvent) {
  const std::string at_noon = record_with(R"("recipientAccountId":"1","eventID":"e",)");
  std::string later = at_noon;
  later.replace(later.find("12:00:00"), 8, "12:01:00");
  read(array_of({at_noon, later, at_noon}));
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].id, rows[2].id);
  EXPECT_NE(rows[0].id, rows[1].id);
}

TEST_F(BatchReaderTest, TakesTheHotValues) {
  read(array_of({record_with(
      R"("userIdentity":{"type":"IAMUser","arn":"arn:u","accessKeyId":"AKIA1"},"recipientAccountId":"1","eventID":"e",)")}));
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].event_key, "1/e");
  EXPECT_EQ(rows[0].event_name, "ListUsers");
  EXPECT_EQ(rows[0].type, "IAMUser");
  EXPECT_EQ(rows[0].arn, "arn:u");
  EXPECT_EQ(rows[0].time, *parse_rfc3339("2024-03-01T12:00:00Z"));
  EXPECT_EQ(rows[0].id, hash_of_event("1/e", rows[0].time));
  EXPECT_EQ(file.records, 1u);
  EXPECT_EQ(file.malformed, 0u);
}

// Texts that are alike at both ends take turns at one place in front of the dictionary.
TEST_F(BatchReaderTest, TextsThatBeginAndEndAlikeAreToldApart) {
  std::vector<std::string> records, names;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 10; ++i) {
      names.push_back("DescribeAll" + std::to_string(i) + "Instances");
      names.push_back("Short" + std::to_string(i));
    }
  }
  for (const std::string& name : names) {
    records.push_back(R"({"eventVersion":"1.08","eventTime":"2024-03-01T12:00:00Z","eventName":")" + name + "\"}");
  }
  std::map<std::string, std::set<std::uint32_t>> codes;
  file = read_window(reader, array_of(records), [&](Batch& batch) {
    take(batch);
    for (std::size_t row = 0; row < batch.size(); ++row) {
      codes[names[row]].insert(Record(batch, row).hot_code(Hot::event_name));
    }
  });
  ASSERT_EQ(rows.size(), names.size());
  for (std::size_t i = 0; i < names.size(); ++i) EXPECT_EQ(rows[i].event_name, names[i]);
  ASSERT_EQ(codes.size(), 20u);
  for (const auto& [name, of_name] : codes) EXPECT_EQ(of_name.size(), 1u) << name;
}

TEST_F(BatchReaderTest, OfAKeyThatOccursTwiceTheLastWins) {
  read(array_of({record_with(
      R"("eventName":"First","userIdentity":{"type":"A","arn":"x","type":"B"},"eventID":"1","eventID":"2",)")}));
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].event_name, "ListUsers");
  EXPECT_EQ(rows[0].type, "B");
  EXPECT_EQ(rows[0].event_key, "/2");
  // A second userIdentity replaces the first one whole.
  read(array_of({record_with(R"("userIdentity":{"type":"A","arn":"x"},"userIdentity":{"type":"B"},)")}));
  EXPECT_EQ(rows[0].type, "B");
  EXPECT_EQ(rows[0].arn, "absent");
}

TEST_F(BatchReaderTest, ValuesOfAnotherTypeAreCellsOfThatType) {
  const auto name_of = [&](const std::string& value) {
    read(R"([{"eventVersion":"1","eventTime":"2024-03-01T12:00:00Z","eventName":)" + value + "}]");
    return rows.empty() ? "no row" : rows[0].event_name;
  };
  EXPECT_EQ(name_of("5"), "#5");
  EXPECT_EQ(name_of("true"), "#true");
  EXPECT_EQ(name_of("null"), "null");
  EXPECT_EQ(name_of("[]"), "[]");
  EXPECT_EQ(name_of(R"(["a",1,["b"],null])"), "a|#1|b");
  EXPECT_EQ(name_of("{}"), "{}");
  EXPECT_EQ(name_of("18446744073709551615"), "#18446744073709551616");
  read(array_of({record_with(R"("userIdentity":"root","recipientAccountId":12,"eventID":"e",)")}));
  EXPECT_EQ(rows[0].type, "absent");
  EXPECT_EQ(rows[0].event_key, "12/e");
  EXPECT_EQ(rows[0].id, hash_of_event("12/e", rows[0].time));
}

TEST_F(BatchReaderTest, AnIdentityInUnusualFormIsReadByItsPath) {
  read(array_of({record_with(R"("userIdentity":[{"type":"A"},{"type":"B"}],)"),
                 record_with(R"("userIdentity.type":"literal","userIdentity":{"type":"A","arn":"x"},)")}));
  EXPECT_EQ(rows[0].type, "A|B");
  EXPECT_EQ(rows[1].type, "literal");
  EXPECT_EQ(rows[1].arn, "x");
}

TEST_F(BatchReaderTest, ARecordWithoutAnIdIsNamedByItsContent) {
  const std::string a = record_with(R"("recipientAccountId":"1", "x": 1,)");
  const std::string b = record_with(R"("recipientAccountId":"1","x":1,)");
  const std::string c = record_with(R"("recipientAccountId":"1","x":2,)");
  read(array_of({a, b, c}));
  EXPECT_EQ(rows[0].event_key, "1/" + to_hex(hash128(b)));
  EXPECT_EQ(rows[0].id, rows[1].id);
  EXPECT_NE(rows[0].id, rows[2].id);
  EXPECT_EQ(rows[2].id, hash_of_event(rows[2].event_key, rows[2].time));
}

TEST_F(BatchReaderTest, AnUnreadableTimeIsBookedWithItsPlace) {
  const std::string good = record_with("");
  read(array_of({good, R"({"eventVersion":"1","eventTime":"yesterday","eventName":"A"})",
                 R"({"eventVersion":"1","eventTime":5,"eventName":"A"})", good}),
       101);
  EXPECT_EQ(rows.size(), 2u);
  EXPECT_EQ(file.records, 4u);
  EXPECT_EQ(file.malformed, 2u);
  ASSERT_EQ(file.damages.size(), 2u);
  EXPECT_EQ(file.damages[0].offset, 101 + good.size() + 1);
  EXPECT_EQ(file.damages[0].reason, "eventTime is no RFC 3339 time");
  EXPECT_EQ(file.damages[1].reason, "the record has no eventTime, or it is no text");
  EXPECT_EQ(rows[0].offset, 101u);
  EXPECT_EQ(rows[1].raw, good);
}

TEST_F(BatchReaderTest, ABrokenRecordDoesNotTakeOthersWithIt) {
  const std::string good = record_with(R"("eventID":"good",)");
  const std::string broken = R"({"eventVersion":"1.08","eventTime":"2024-03-01T12:00:00Z","eventName":nonsense})";
  read(array_of({good, broken, good}), 11);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(file.records, 3u);
  EXPECT_EQ(file.malformed, 1u);
  ASSERT_EQ(file.damages.size(), 1u);
  EXPECT_EQ(file.damages[0].offset, 11 + good.size() + 1);
  EXPECT_EQ(rows[1].offset, 11 + good.size() + 1 + broken.size() + 1);
  EXPECT_EQ(rows[1].raw, good);
}

TEST_F(BatchReaderTest, InvalidUtf8CostsOneRecord) {
  const std::string good = record_with("");
  read(array_of({good, record_with("\"x\":\"\xff\","), good}));
  EXPECT_EQ(rows.size(), 2u);
  EXPECT_EQ(file.malformed, 1u);
}

TEST_F(BatchReaderTest, NumbersTooWideForAnyTypeAreRead) {
  const std::string wide = record_with(R"("eventID":"w","x":123456789012345678901234567890,"y":-9223372036854775809,)");
  const std::string good = record_with(R"("eventID":"g",)");
  std::vector<std::string> cells;
  file = read_window(reader, array_of({good, wide, good}), [&](Batch& batch) {
    take(batch);
    cells.push_back(std::to_string(*Record(batch, 1).root().find("x").number()));
  });
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(file.malformed, 0u);
  EXPECT_EQ(cells[0], std::to_string(1.2345678901234568e29));
  EXPECT_EQ(rows[1].event_key, "/w");
  EXPECT_EQ(rows[1].raw, wide);  // as it was written
}

TEST_F(BatchReaderTest, EnvelopesAreTakenApart) {
  const std::string bare = record_with(R"("eventID":"bare",)");
  const std::string inner = record_with(R"("eventID":"inner",)");
  const std::string envelope = R"({"detail-type":"AWS API Call via CloudTrail","detail":)" + inner + "}";
  read(array_of({bare, envelope, bare}), 11);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[2].event_key, "/inner");
  EXPECT_EQ(rows[2].offset, 11 + bare.size() + 1) << "the envelope's own place";
  EXPECT_EQ(rows[2].raw, inner);
  EXPECT_EQ(rows[1].offset, 11 + bare.size() + 1 + envelope.size() + 1);
  EXPECT_EQ(file.records, 3u);
  EXPECT_EQ(file.malformed, 0u);
}

TEST_F(BatchReaderTest, ManyEnvelopesBetweenRecordsAreReadInParts) {
  const std::string padding(1500, 'p');
  std::vector<std::string> elements;
  std::map<std::string, std::pair<std::uint64_t, std::string>> expected;
  std::uint64_t offset = 1;
  for (int i = 0; i < 3000; ++i) {
    const std::string id = std::to_string(i);
    const std::string record = record_with("\"eventID\":\"" + id + "\",\"padding\":\"" + padding + "\",");
    elements.push_back(i % 2 == 0 ? record
                                  : R"({"detail-type":"AWS API Call via CloudTrail","detail":)" + record + "}");
    expected["/" + id] = {offset, record};
    offset += elements.back().size() + 1;
  }
  read(array_of(elements));
  EXPECT_GT(batch_sizes.size(), 4u);
  ASSERT_EQ(rows.size(), expected.size());
  for (const Row& row : rows) {
    ASSERT_TRUE(expected.contains(row.event_key)) << row.event_key;
    ASSERT_EQ(row.offset, expected[row.event_key].first) << row.event_key;
    ASSERT_EQ(row.raw, expected[row.event_key].second);
    expected.erase(row.event_key);
  }
  EXPECT_EQ(file.records, 3000u);
}

TEST_F(BatchReaderTest, OneBrokenRecordInAnEnvelopeCostsOnlyItself) {
  // A number that no type holds: inside of an envelope only the exact reading can save it.
  const std::string wide = record_with(R"("eventID":"w","n":123456789012345678901,)");
  const std::string good = record_with(R"("eventID":"g",)");
  const auto envelope = [](const std::string& record) {
    return R"({"detail-type":"AWS API Call via CloudTrail","detail":)" + record + "}";
  };
  read(array_of({envelope(wide), envelope(good), good}));
  EXPECT_EQ(rows.size(), 3u);
  EXPECT_EQ(file.malformed, 0u);
}

TEST_F(BatchReaderTest, OfABrokenEnvelopeTheRecordsAreKept) {
  const std::string first = record_with(R"("eventID":"first",)");
  const std::string broken = R"({"eventVersion":"1.08","eventTime":"2024-03-01T12:00:00Z","eventName":nonsense})";
  const std::string inner = record_with(R"("eventID":"inner",)");
  const std::string before = R"({"Records":[)";
  const std::string envelope = before + inner + "," + broken + ", " + inner + "]}";
  for (const std::string& padding :
       {std::string(), record_with("\"x\":\"" + std::string(source::kWindowSize, 'x') + "\",")}) {
    const std::string last = padding.empty() ? first : padding;
    read(array_of({first, envelope, last}), 11);
    ASSERT_EQ(rows.size(), 4u);
    std::ranges::sort(rows, {}, &Row::offset);
    const std::uint64_t of_envelope = 11 + first.size() + 1;
    EXPECT_EQ(rows[0].raw, first);
    EXPECT_EQ(rows[1].offset, of_envelope + before.size());
    EXPECT_EQ(rows[1].raw, inner);
    EXPECT_EQ(rows[2].offset, of_envelope + before.size() + inner.size() + 1 + broken.size() + 2);
    EXPECT_EQ(rows[2].raw, inner);
    EXPECT_EQ(rows[3].raw, last);
    EXPECT_EQ(file.records, 5u);
    EXPECT_EQ(file.malformed, 1u);
    ASSERT_EQ(file.damages.size(), 2u);
    EXPECT_EQ(file.damages[0].offset, of_envelope + before.size() + inner.size() + 1);
    EXPECT_EQ(file.damages[1].offset, of_envelope) << "what else it may have held";
  }
}

TEST_F(BatchReaderTest, AnEnvelopeThatIsBrokenAroundItsRecordsIsDamage) {
  const std::string inner = R"({"eventVersion":"1.08","eventTime":"2024-03-01T12:00:00Z","eventName":"A"})";
  read(array_of({inner, R"({"detail-type":nonsense,"detail":)" + inner + "}", R"({"Records":nonsense})"}), 1);
  EXPECT_EQ(rows.size(), 2u);
  EXPECT_EQ(file.records, 3u);
  EXPECT_EQ(file.malformed, 1u) << "the one that holds nothing";
  ASSERT_EQ(file.damages.size(), 2u);
  EXPECT_EQ(file.damages[0].offset, 1 + inner.size() + 1);
  EXPECT_TRUE(file.damages[0].reason.starts_with("only what looks like a record was read")) << file.damages[0].reason;
}

TEST_F(BatchReaderTest, OfBrokenEnvelopesInOneAnotherOnlyTheOuterOneIsTakenApart) {
  const std::string inner = record_with(R"("eventID":"inner",)");
  const auto broken = [](const std::string& inside) { return R"({"Records":[)" + inside + R"(],"x":nonsense})"; };
  read(array_of({broken(broken(inner)), broken(inner)}));
  EXPECT_EQ(rows.size(), 1u);
  EXPECT_EQ(file.malformed, 1u);
  EXPECT_EQ(file.damages.size(), 3u) << "both outer ones and the inner one that is not looked into";
}

TEST_F(BatchReaderTest, WhatIsNoRecordIsBookedOrSetAside) {
  const std::string good = record_with("");
  read(array_of({good, R"({"a":1})", "5", R"({"messageType":"CONTROL_MESSAGE","logEvents":[]})"}));
  EXPECT_EQ(rows.size(), 1u);
  EXPECT_EQ(file.records, 3u) << "the control message holds no event";
  EXPECT_EQ(file.malformed, 2u);
  EXPECT_EQ(file.outcome, FileOutcome::read);
  EXPECT_FALSE(file.reason.empty());
}

TEST_F(BatchReaderTest, AggregatedActivityIsSetAside) {
  const std::string aggregated =
      R"({"eventVersion":"1.0","eventCategory":"Aggregated","eventId":"a","eventSource":"s3.amazonaws.com"})";
  read(array_of({aggregated}));
  EXPECT_TRUE(rows.empty());
  EXPECT_EQ(file.records, 0u);
  EXPECT_EQ(file.outcome, FileOutcome::set_aside);
  EXPECT_FALSE(file.reason.empty());
  read(array_of({aggregated, record_with("")}));
  EXPECT_EQ(file.outcome, FileOutcome::read) << "a file with records is read";
}

TEST_F(BatchReaderTest, InsightRecordsAreRecords) {
  read(R"([{"eventVersion":"1.07","eventTime":"2024-03-01T12:00:00Z","eventCategory":"Insight","insightDetails":{}}])");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].event_name, "absent");
}

TEST_F(BatchReaderTest, AgreesWithTheSourceOnWhatARecordIs) {
  const std::vector<std::string> versions = {R"("eventVersion":"1")", R"("eventVersion":1)", R"("a":0)"};
  const std::vector<std::string> times = {R"("eventTime":"2024-03-01T12:00:00Z")", R"("eventTime":null)", R"("b":0)"};
  const std::vector<std::string> names = {R"("eventName":"A")", R"("eventName":5)", R"("insightDetails":{})",
                                          R"("insightDetails":1)", R"("c":0)"};
  json::Document document;
  for (const auto& version : versions) {
    for (const auto& time : times) {
      for (const auto& name : names) {
        for (const std::string source : {"", R"(,"eventSource":"s3.amazonaws.com")", R"(,"eventSource":"aws:s3")"}) {
          const std::string text = "{" + version + "," + time + "," + name + source + "}";
          const bool odd_name = name == R"("eventName":5)" && version == versions[0] && time == times[0];
          read("[" + text + "]");
          EXPECT_EQ(rows.size() == 1,
                    source::is_record(*document.parse(text)) || (odd_name && source.find("aws:") == std::string::npos))
              << text;
        }
      }
    }
  }
}

TEST_F(BatchReaderTest, ARecordOfAnAmazonServiceNeedsNoVersion) {
  read(R"([{"eventTime":"2024-03-01T12:00:00Z","eventName":"A","eventSource":"s3.amazonaws.com"},)"
       R"({"eventTime":"2024-03-01T12:00:00Z","eventName":"A","eventSource":"other"}])");
  EXPECT_EQ(rows.size(), 1u);
}

TEST_F(BatchReaderTest, BatchesAreBounded) {
  std::vector<std::string> records;
  for (int i = 0; i < 10'000; ++i) records.push_back(record_with("\"eventID\":\"" + std::to_string(i) + "\","));
  read(array_of(records));
  EXPECT_EQ(batch_sizes, (std::vector<std::size_t>{4096, 4096, 1808}));
  ASSERT_EQ(rows.size(), records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    ASSERT_EQ(rows[i].raw, records[i]);
    ASSERT_EQ(rows[i].event_key, "/" + std::to_string(i));
  }
}

TEST_F(BatchReaderTest, FullDictionariesStartANewEpoch) {
  std::set<std::string> harvested;
  int resets = 0;
  reader.set_before_reset([&] {
    ++resets;
    const auto& names = reader.dictionaries()[static_cast<std::size_t>(Hot::user_agent)];
    for (std::uint32_t code = 4; code < names.size(); ++code) harvested.insert(show(names.cell(code)));
  });
  const std::string padding(2000, 'x');
  for (int round = 0; round < 3; ++round) {
    std::vector<std::string> records;
    for (int i = 0; i < 5000; ++i) {
      records.push_back(record_with("\"userAgent\":\"" + padding + std::to_string(round * 5000 + i) + "\","));
    }
    read(array_of(records));
    for (const Row& row : rows) ASSERT_EQ(row.event_name, "ListUsers");
  }
  EXPECT_GE(resets, 2);
  EXPECT_EQ(reader.dictionaries()[0].epoch(), static_cast<std::uint32_t>(resets)) << "all are reset together";
  EXPECT_GE(harvested.size(), 8192u);
}

TEST_F(BatchReaderTest, DictionariesThatAreLargeTogetherStartANewEpoch) {
  // None of them is full alone.
  std::size_t most = 0;
  for (int round = 0; round < 10; ++round) {
    std::vector<std::string> records;
    for (int i = 0; i < 5000; ++i) {
      const std::string text = "\"v" + std::to_string(round * 5000 + i) + "\"";
      std::string members;
      for (const char* name : {"awsRegion", "userAgent", "errorCode", "recipientAccountId", "sourceIPAddress"}) {
        members += "\"" + std::string(name) + "\":" + text + ",";
      }
      records.push_back(record_with(members));
    }
    read(array_of(records));
    ASSERT_EQ(rows.size(), records.size());
    std::size_t cells = 0;
    for (const CellDictionary& dictionary : reader.dictionaries()) cells += dictionary.size();
    most = std::max(most, cells);
  }
  EXPECT_GT(reader.dictionaries()[0].epoch(), 0u);
  EXPECT_LT(most, 200'000u);
}

TEST_F(BatchReaderTest, AnEmptyArrayHasNoBatch) {
  read("[]");
  EXPECT_TRUE(batch_sizes.empty());
  EXPECT_EQ(file.records, 0u);
}

TEST_F(BatchReaderTest, OffsetsLeaveOutInsertedSeparators) {
  const std::string a = record_with(R"("eventID":"a",)"), b = record_with(R"("eventID":"bb",)");
  std::string text = array_of({a, b, a});
  const std::size_t size = text.size();
  text.append(json::Document::kPadding, ' ');
  FileEntry entry;
  source::RecordWindow window;
  window.text = text.data();
  window.size = size;
  window.offset = 0;
  window.inserted = 1;
  EXPECT_EQ(reader.read(window, entry, [&](Batch& batch) { take(batch); }), source::WindowAnswer::next);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[1].offset, a.size());
  EXPECT_EQ(rows[2].offset, a.size() + b.size());
}

TEST_F(BatchReaderTest, AGuessThatDoesNotParseIsNotTaken) {
  for (const bool proven : {false, true}) {
    const std::string array = array_of({record_with(""), R"({"eventVersion":"1.08","resources":[{"a":1})"});
    std::string text = array + std::string(json::Document::kPadding, ' ');
    FileEntry entry;
    source::RecordWindow window;
    window.text = text.data();
    window.size = array.size();
    window.proven = proven;
    rows.clear();
    const auto answer = reader.read(window, entry, [&](Batch& batch) { take(batch); });
    EXPECT_EQ(answer, proven ? source::WindowAnswer::next : source::WindowAnswer::prove);
    EXPECT_EQ(rows.size(), proven ? 1u : 0u);
    EXPECT_EQ(entry.records, proven ? 2u : 0u);
    EXPECT_EQ(entry.malformed, proven ? 1u : 0u);
    EXPECT_EQ(entry.damages.size(), proven ? 1u : 0u);
  }
}

}  // namespace
}  // namespace trailhound::event
