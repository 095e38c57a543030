#include "source/record_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <thread>

#include "sample.h"
#include "temporary_folder.h"

namespace trailhound::source {
namespace {

using namespace testing;  // NOLINT
using ::testing::HasSubstr;

struct Form {
  std::string name;
  std::function<std::string(const std::vector<std::string>&)> make;
  bool parses = true;  ///< every window parses at the first go
};

std::string wrap_each(const std::vector<std::string>& parts, const std::string& before, const std::string& behind,
                      const std::string& separator, bool quote) {
  std::vector<std::string> out;
  for (const std::string& part : parts) out.push_back(before + (quote ? quoted(part) : part) + behind);
  return join(out, separator);
}

std::string csv_field(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

std::string data_message(const std::vector<std::string>& r) {
  return R"({"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logStream":"s","subscriptionFilters":[],)"
         R"("logEvents":[)" +
         wrap_each(r, R"({"id":"1","timestamp":1,"message":)", "}", ",", true) + "]}";
}

/// Lists of at most `size` records.
std::vector<std::vector<std::string>> chunks(const std::vector<std::string>& r, std::size_t size) {
  std::vector<std::vector<std::string>> out;
  for (std::size_t i = 0; i < r.size(); ++i) {
    if (i % size == 0) out.emplace_back();
    out.back().push_back(r[i]);
  }
  return out;
}

std::vector<Form> forms() {
  using List = std::vector<std::string>;
  return {
      {"log object", [](const List& r) { return "{\"Records\":[" + join(r, ",") + "]}"; }},
      {"log object, line break", [](const List& r) { return "{\"Records\":[" + join(r, ",") + "]}\n"; }},
      {"log object, keys around",
       [](const List& r) {
         return R"({"a":[{"eventVersion":"1"}],"b":{"Records":[1]},"Records":[)" + join(r, ",") +
                R"(],"NextToken":"]}","c":[{},[]]})";
       }},
      {"two arrays in one object",
       [](const List& r) {
         const List first(r.begin(), r.begin() + static_cast<long>(r.size() / 2));
         const List rest(r.begin() + static_cast<long>(r.size() / 2), r.end());
         return R"({"Records":[)" + join(first, ",") + R"(],"x":1,"Events":[)" + join(rest, ",") + "]}";
       }},
      {"log objects in a row",
       [](const List& r) {
         List files;
         for (const auto& chunk : chunks(r, 3)) files.push_back("{\"Records\":[" + join(chunk, ",") + "]}");
         return join(files, "");
       }},
      {"log objects, one a line",
       [](const List& r) {
         List files;
         for (const auto& chunk : chunks(r, 5)) files.push_back("{\"Records\":[" + join(chunk, ", ") + "]}");
         return join(files, "\n") + "\n";
       }},
      {"pretty log object", [](const List& r) { return pretty("{\"Records\":[" + join(r, ",") + "]}"); }},
      {"pretty log object, CRLF", [](const List& r) { return pretty("{\"Records\":[" + join(r, ",") + "]}", "\r\n"); }},
      {"byte order mark", [](const List& r) { return "\xef\xbb\xbf{\"Records\":[" + join(r, ",") + "]}"; }},
      {"array", [](const List& r) { return "[" + join(r, ",") + "]"; }},
      {"array, blanks", [](const List& r) { return " [ " + join(r, " ,\n ") + " ]\n\n"; }},
      {"pretty array", [](const List& r) { return pretty("[" + join(r, ",") + "]"); }},
      {"lines", [](const List& r) { return join(r, "\n"); }},
      {"lines, end", [](const List& r) { return join(r, "\n") + "\n"; }},
      {"lines, CRLF", [](const List& r) { return join(r, "\r\n") + "\r\n"; }},
      {"lines, blank lines", [](const List& r) { return "\n\n" + join(r, "\n\n \n") + "\n\n"; }},
      {"lines, commas", [](const List& r) { return join(r, ",\n") + ",\n"; }},
      {"concatenated", [](const List& r) { return join(r, ""); }},
      {"concatenated, blanks", [](const List& r) { return join(r, "  "); }},
      {"concatenated, a line break now and then",
       [](const List& r) {
         std::string out;
         for (std::size_t i = 0; i < r.size(); ++i) out += r[i] + (i % 7 == 3 ? "\n" : "");
         return out;
       },
       false},
      {"pretty values",
       [](const List& r) {
         List out;
         for (const std::string& one : r) out.push_back(pretty(one));
         return join(out, "\n");
       }},
      {"pretty values, concatenated",
       [](const List& r) {
         List out;
         for (const std::string& one : r) out.push_back(pretty(one));
         return join(out, "");
       }},
      {"export task", [](const List& r) { return wrap_each(r, "2024-01-01T00:00:00.000Z ", "", "\n", false); }},
      {"EventBridge lines",
       [](const List& r) {
         return wrap_each(r, R"({"version":"0","id":"x","detail-type":"AWS API Call via CloudTrail","detail":)", "}",
                          "\n", false);
       }},
      {"EventBridge concatenated",
       [](const List& r) {
         return wrap_each(r, R"({"version":"0","detail-type":"AWS API Call via CloudTrail","detail":)",
                          R"(,"resources":[]})", "", false);
       }},
      {"lookup-events",
       [](const List& r) {
         return pretty("{\"Events\":[" +
                       wrap_each(r, R"({"EventId":"i","EventName":"n","CloudTrailEvent":)", "}", ",", true) +
                       R"(],"NextToken":"t"})");
       }},
      {"filter-log-events",
       [](const List& r) {
         return "{\"searchedLogStreams\":[],\"events\":[" +
                wrap_each(r, R"({"timestamp":1,"message":)", "}", ",", true) + "]}";
       }},
      {"subscription lines",
       [](const List& r) {
         List out = {R"({"messageType":"CONTROL_MESSAGE","logEvents":[{"message":"CWL CONTROL MESSAGE"}]})"};
         for (const auto& chunk : chunks(r, 4)) out.push_back(data_message(chunk));
         return join(out, "");
       }},
      {"awslogs", [](const List& r) { return R"({"awslogs":{"data":")" + base64(gzip(data_message(r))) + R"("}})"; }},
      {"Kinesis event",
       [](const List& r) {
         List out;
         for (const auto& chunk : chunks(r, 4)) {
           out.push_back(R"({"kinesis":{"data":")" + base64(gzip(data_message(chunk))) +
                         R"("},"eventVersion":"1.0","eventName":"aws:kinesis:record","eventSource":"aws:kinesis"})");
         }
         return "{\"Records\":[" + join(out, ",") + "]}";
       }},
      {"Lake rows",
       [](const List& r) {
         return R"({"QueryStatus":"FINISHED","QueryResultRows":[)" +
                wrap_each(r, R"([{"eventID":"x"},{"eventJson":)", "}]", ",", true) + "]}";
       }},
      {"Lake CSV",
       [](const List& r) {
         std::string out = "eventid,eventJson,n\n";
         for (const std::string& one : r) out += "\"a,\"\"b\"\"\"," + csv_field(one) + ",3\r\n";
         return out;
       }},
      {"Elastic hits",
       [](const List& r) {
         return R"({"took":1,"hits":{"total":{"value":3},"hits":[)" +
                wrap_each(r, R"({"_index":"i","_source":{"event":{"original":)", "}}}", ",", true) +
                R"(],"max_score":1},"x":{}})";
       }},
      {"Splunk lines",
       [](const List& r) { return wrap_each(r, R"({"preview":false,"result":{"_raw":)", "}}", "\n", true); }},
      {"Datadog archive",
       [](const List& r) {
         return wrap_each(r, R"({"_id":"i","date":"d","source":"cloudtrail","attributes":)", R"(,"tags":[]})", "\n",
                          false);
       }},
      {"SNS around a record",
       [](const List& r) { return wrap_each(r, R"({"Type":"Notification","Message":)", "}", "\n", true); }},
  };
}

std::vector<std::string> sorted(std::vector<std::string> list) {
  std::sort(list.begin(), list.end());
  return list;
}

Limits windows_of(std::size_t size) {
  Limits limits;
  limits.window_size = size;
  return limits;
}

// Every form, with every window size and with contents made to mislead, delivers exactly its records, at their offsets.
TEST(RecordSource, DeliversEveryRecordOfEveryForm) {
  std::size_t wrong_guesses = 0;
  for (const bool tricks : {false, true}) {
    for (const std::size_t count : {1, 2, 3, 40}) {
      const std::vector<std::string> wanted = records(count, 7 * static_cast<unsigned>(count) + tricks, tricks);
      for (const Form& form : forms()) {
        const std::string content = form.make(wanted);
        for (const std::size_t window : {1, 16, 100, 331, 1000, 4096, 20000, 262144}) {
          SCOPED_TRACE(form.name + " tricks " + std::to_string(tricks) + " count " + std::to_string(count) +
                       " window " + std::to_string(window));
          RecordSource source(windows_of(window));
          Gatherer gatherer;
          gatherer.content = content;
          EXPECT_TRUE(source.read_memory(content, "x", gatherer));
          EXPECT_EQ(sorted(gatherer.records), sorted(wanted));
          EXPECT_EQ(gatherer.bad_windows, 0U);
          EXPECT_EQ(gatherer.wrong_offsets, 0U);
          EXPECT_EQ(gatherer.unknown, 0U);
          if (form.parses) {
            EXPECT_EQ(gatherer.failed_parses, 0U);
          }
          ASSERT_EQ(gatherer.files.size(), 1U);
          EXPECT_EQ(gatherer.files[0].outcome, FileOutcome::read) << gatherer.files[0].reason;
          EXPECT_FALSE(gatherer.files[0].form.empty());
          EXPECT_EQ(gatherer.files[0].bytes, content.size());
          EXPECT_EQ(gatherer.begun.size(), 1U);
          wrong_guesses += gatherer.wrong_guesses;
          if (::testing::Test::HasFailure()) return;
        }
      }
    }
  }
  EXPECT_GT(wrong_guesses, 0U) << "the tricks do not mislead any more";
}

// A boundary is guessed again and again only as long as that goes well.
TEST(RecordSource, GuessesUntilAGuessIsWrong) {
  const std::vector<std::string> wanted = records(200, 5, false);
  const std::string half = "{\"Records\":[" + join(wanted, ",") + "]}";
  for (const bool twice : {false, true}) {
    RecordSource source(windows_of(1000));
    Gatherer gatherer;
    EXPECT_TRUE(source.read_memory(twice ? half + half : half, "x", gatherer));
    EXPECT_GT(gatherer.windows, 20U);
    EXPECT_EQ(gatherer.wrong_guesses, twice ? 1U : 0U);
    EXPECT_EQ(gatherer.records.size(), twice ? 400U : 200U);
  }
}

// Windows stay near their size, and the order of the file is kept.
TEST(RecordSource, BoundsWindowsAndKeepsOrder) {
  const std::vector<std::string> wanted = records(500, 3, false);
  const std::string content = "{\"Records\":[" + join(wanted, ",") + "]}";
  RecordSource source(windows_of(4096));
  Gatherer gatherer;
  source.read_memory(content, "x", gatherer);
  EXPECT_EQ(gatherer.records, wanted);
  EXPECT_LE(gatherer.largest_window, 4096U + 2);
  EXPECT_GT(gatherer.windows, content.size() / 4096 - 1);
}

/// Of a small record or a giant one: a value and "}" follow.
const std::string kBeginning = R"({"eventVersion":"1","eventTime":"t","eventName":"n","eventSource":"s","x":)";

// To find the end of a giant record, more than the record is read; what was read behind it does not all get into the
// giant's window: a parser holds many times the size of tiny values.
TEST(RecordSource, KeepsWhatFollowsAGiantOutOfItsWindow) {
  std::vector<std::string> wanted;
  for (int i = 0; i < 4000; ++i) wanted.push_back(kBeginning + std::to_string(i) + "}");
  const std::string giant = kBeginning + '"' + std::string(70'000, 'x') + "\"}";
  wanted[3] = wanted[4] = wanted[2000] = giant;
  for (const Form& form : forms()) {
    if (!(form.name == "log object" || form.name == "array, blanks" || form.name == "lines, CRLF" ||
          form.name == "concatenated" || form.name == "export task")) {
      continue;
    }
    SCOPED_TRACE(form.name);
    RecordSource source(windows_of(1000));
    Gatherer gatherer;
    EXPECT_TRUE(source.read_memory(form.make(wanted), "x", gatherer));
    EXPECT_EQ(gatherer.records, wanted);
    EXPECT_LE(gatherer.largest_window, giant.size() + 1100);
    ASSERT_EQ(gatherer.files.size(), 1U);
    EXPECT_EQ(gatherer.files[0].outcome, FileOutcome::read) << gatherer.files[0].reason;
  }
}

// What stands first and is no record does not speak for what was read to find its end.
TEST(RecordSource, LooksBehindAGiantThatIsNoRecord) {
  const std::string record = kBeginning + "1}";
  for (const std::string beginning : {R"({"Event":"s3:TestEvent","x":")", R"({"x":")", R"({"x")"}) {
    const std::string giant = beginning + std::string(70'000, 'x') + "\"}";
    for (const std::string separator : {",", "\n"}) {
      SCOPED_TRACE(beginning + separator);
      const std::string list = join({giant, record, record}, separator);
      RecordSource source(windows_of(1000));
      Gatherer gatherer;
      EXPECT_TRUE(source.read_memory(separator == "," ? "[" + list + "]" : list, "x", gatherer));
      EXPECT_EQ(gatherer.records, std::vector({record, record}));
    }
  }
}

/// Counts how many of its kind are in a giant's window at a time.
struct GiantGatherer : Gatherer {
  explicit GiantGatherer(std::atomic<int>& here, std::atomic<int>& most) : inside(here), most_inside(most) {}
  WindowAnswer window(const RecordWindow& window) override {
    if (window.size <= kGiantSize) return Gatherer::window(window);
    most_inside = std::max(most_inside.load(), ++inside);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    --inside;
    ++giants;
    return WindowAnswer::next;
  }
  std::atomic<int>& inside;
  std::atomic<int>& most_inside;
  int giants = 0;
};

// A parser needs many times the size of a giant: of those who read together, one at a time reads one.
TEST(RecordSource, TakesTurnsAtGiants) {
  const std::string small = kBeginning + "1}";
  const std::string giant = kBeginning + '"' + std::string(kGiantSize + 1, 'x') + "\"}";
  const std::string content = "[" + join({small, giant, small, giant, giant, small}, ",") + "]";
  std::mutex turn;
  std::atomic<int> inside = 0;
  std::atomic<int> most_inside = 0;
  const auto read = [&] {
    RecordSource source({.giants = &turn});
    GiantGatherer gatherer(inside, most_inside);
    for (int file = 0; file < 3; ++file) EXPECT_TRUE(source.read_memory(content, "x", gatherer));
    EXPECT_EQ(gatherer.giants, 9);
    EXPECT_EQ(gatherer.records.size(), 9U);
  };
  {
    const std::jthread other(read);
    read();
  }
  EXPECT_EQ(most_inside, 1);
  EXPECT_TRUE(turn.try_lock()) << "the turn was not given back";
  turn.unlock();
}

// A turn that is kept while bytes are waited for would block whoever sends them to two readers.
TEST(RecordSource, NoTurnIsKeptWhileBytesAreWaitedFor) {
  const TemporaryFolder folder;
  const std::string pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const std::string giant = kBeginning + '"' + std::string(2 * kGiantSize, 'x') + "\"}";
  std::mutex turn;
  std::jthread reader([&] {
    RecordSource source({.giants = &turn});
    Gatherer gatherer;
    EXPECT_TRUE(source.read({pipe, 0}, gatherer));
    EXPECT_EQ(gatherer.records, std::vector{giant});
  });
  const int writer = ::open(pipe.c_str(), O_WRONLY | O_CLOEXEC);
  const std::string content = "[" + giant + "]";
  const std::size_t most = content.size() - 100;
  for (std::size_t at = 0; at < most;) {
    const ssize_t written = ::write(writer, content.data() + at, most - at);
    ASSERT_GT(written, 0);
    at += static_cast<std::size_t>(written);
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_TRUE(turn.try_lock());
  turn.unlock();
  EXPECT_EQ(::write(writer, content.data() + most, 100), 100);
  ::close(writer);
}

// What was put in front of records or between them costs none of them.
TEST(RecordSource, FindsRecordsBehindWhatIsNone) {
  const std::string one = kBeginning + "1}";
  const std::string two = kBeginning + "2}";
  const std::string other = R"({"eventName":"n","eventTime":"t","eventSource":"s.amazonaws.com","eventVersion":"1"})";
  const auto read = [](const std::string& content) {
    RecordSource source;
    Gatherer gatherer;
    EXPECT_TRUE(source.read_memory(content, "x", gatherer));
    return gatherer.records;
  };
  const std::string notification = R"({"Event":"s3:TestEvent"})";
  EXPECT_EQ(read("[" + notification + "]" + one + two), (std::vector{one, two}));
  EXPECT_EQ(read("{\"Records\":[" + notification + "]}\n{\"Records\":[" + one + "," + two + "]}"),
            (std::vector{one, two}));
  EXPECT_EQ(read(R"({"digestStartTime":"t","digestS3Bucket":"b","logFiles":[]})" + one), std::vector{one});
  EXPECT_EQ(read("{\"Records\":[" + one + "]," + one + "," + two + "]}"), (std::vector{one, one, two}));
  EXPECT_EQ(read("{\"Records\":[" + other + "]} junk [" + other + "," + other + "]"),
            (std::vector{other, other, other}));
}

TEST(RecordSource, StopsWhenTheConsumerSaysSo) {
  const std::string content = "{\"Records\":[" + join(records(100, 3, false), ",") + "]}";
  RecordSource source(windows_of(2048));
  Gatherer gatherer;
  gatherer.stop_after = 2;
  EXPECT_FALSE(source.read_memory(content, "x", gatherer));
  EXPECT_EQ(gatherer.windows, 2U);
  ASSERT_EQ(gatherer.files.size(), 1U);
  EXPECT_EQ(gatherer.files[0].outcome, FileOutcome::partly);
  EXPECT_EQ(gatherer.files[0].reason, "interrupted");
}

struct ImpatientGatherer : Gatherer {
  [[nodiscard]] bool stopped() const override { return stop; }
  std::atomic<bool> stop{false};
};

// A pipe is read like a file, however slowly its bytes come; and no longer than they are wanted.
TEST(RecordSource, WaitsForAPipeUntilItEndsOrNobodyWantsMore) {
  const TemporaryFolder folder;
  const std::string pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const std::vector<std::string> wanted = records(20, 3, false);
  const std::string content = gzip("{\"Records\":[" + join(wanted, ",") + "]}");
  const auto write_in_parts = [&](std::size_t size) {
    const int writer = ::open(pipe.c_str(), O_WRONLY | O_CLOEXEC);
    for (std::size_t at = 0; at < size; at += 50) {
      const std::string_view part = std::string_view(content).substr(at, std::min<std::size_t>(50, size - at));
      EXPECT_EQ(::write(writer, part.data(), part.size()), static_cast<ssize_t>(part.size()));
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return writer;
  };
  RecordSource source;
  Gatherer whole;
  std::jthread sender([&] { ::close(write_in_parts(content.size())); });
  EXPECT_TRUE(source.read({pipe, 0}, whole));
  sender.join();
  EXPECT_EQ(whole.records, wanted);
  ASSERT_EQ(whole.files.size(), 1U);
  EXPECT_FALSE(whole.files[0].left_unread);

  ImpatientGatherer impatient;
  int writer = -1;
  sender = std::jthread([&] {
    writer = write_in_parts(content.size() / 2);
    impatient.stop = true;
  });
  EXPECT_TRUE(source.read({pipe, 0}, impatient));
  sender.join();
  ::close(writer);
  ASSERT_EQ(impatient.files.size(), 1U);
  EXPECT_TRUE(impatient.files[0].left_unread);
  EXPECT_THAT(impatient.files[0].reason, HasSubstr("interrupted"));
}

TEST(RecordSource, SaysWhetherEventsMayHaveBeenLeftUnread) {
  const std::string log = "{\"Records\":[" + join(records(100, 3, false), ",") + "]}";
  const auto left = [](const std::string& content) {
    RecordSource source;
    Gatherer gatherer;
    source.read_memory(content, "x", gatherer);
    return gatherer.files.at(0).left_unread;
  };
  EXPECT_FALSE(left(log));
  EXPECT_FALSE(left("a README"));
  EXPECT_FALSE(left(R"({"name":"package.json"})"));
  EXPECT_FALSE(left("{\"Records\":[" + join(records(2, 3, false), ",{\"eventVersion\":},") + "]}")) << "one bad record";
  EXPECT_TRUE(left(log.substr(0, log.size() / 2)));
  EXPECT_TRUE(left(log.substr(0, log.size() - 1)));
  EXPECT_TRUE(left(gzip(log).substr(0, 700)));
  EXPECT_TRUE(left(gzip(log).substr(0, 12)));
  EXPECT_TRUE(left("Rar!")) << "it needs unpacking";
  std::string bad_checksum = gzip(log);
  bad_checksum[bad_checksum.size() - 6] ^= 1;
  EXPECT_TRUE(left(bad_checksum));
}

TEST(RecordSource, CountsBytesAsOnDisk) {
  const std::string packed = gzip("{\"Records\":[" + join(records(100, 3, false), ",") + "]}");
  RecordSource source;
  Gatherer gatherer;
  source.read_memory(packed, "x", gatherer);
  EXPECT_EQ(source.bytes_consumed(), packed.size());
}

// ---------------------------------------------------------------------------------------------------- damaged files

/// The last character that is not blank.
char skip_end(const std::string& text) {
  const std::size_t last = text.find_last_not_of(" \r\n");
  return last == std::string::npos ? '\0' : text[last];
}

Gatherer read(const std::string& content, const Limits& limits = {}) {
  RecordSource source(limits);
  Gatherer gatherer;
  source.read_memory(content, "x", gatherer);
  return gatherer;
}

// A file cut off at any byte delivers all records that are whole; the rest is booked.
TEST(RecordSource, KeepsWholeRecordsOfATruncatedFile) {
  const std::vector<std::string> wanted = records(6, 11, true);
  for (const std::string& content : {"{\"Records\":[" + join(wanted, ",") + "]}", join(wanted, "\n"), join(wanted, ""),
                                     "[" + pretty(join(wanted, ",")) + "]"}) {
    for (std::size_t cut = 1; cut < content.size(); cut += 13) {
      for (const std::size_t window : {200, 100000}) {
        std::size_t whole = 0;
        std::size_t at = 0;
        const std::string text = content.substr(0, cut);
        for (const std::string& one : wanted) {
          const std::string tail = one.substr(one.rfind("\"id-"));
          const std::size_t found = text.find(tail.substr(0, tail.size() - 1), at);
          const std::size_t end = found == std::string::npos ? found : text.find('}', found);
          if (end == std::string::npos) break;
          at = end;
          ++whole;
        }
        const Gatherer gatherer = read(text, windows_of(window));
        SCOPED_TRACE(std::to_string(cut) + " of " + content.substr(0, 20) + " window " + std::to_string(window));
        ASSERT_EQ(gatherer.records.size(), whole);
        ASSERT_EQ(gatherer.files.size(), 1U);
        const bool ends_between =
            whole > 0 && skip_end(text) == '}' && content.front() == '{' && !content.starts_with("{\"Records");
        if (!ends_between) {
          EXPECT_NE(gatherer.files[0].outcome, FileOutcome::read);
        }
      }
    }
  }
}

TEST(RecordSource, BooksATruncatedGzip) {
  const std::vector<std::string> wanted = records(300, 5, false);
  const std::string content = "{\"Records\":[" + join(wanted, ",") + "]}";
  std::string packed = gzip(content);
  packed.resize(packed.size() * 2 / 3);
  const Gatherer gatherer = read(packed);
  EXPECT_GT(gatherer.records.size(), 100U);
  EXPECT_LT(gatherer.records.size(), 300U);
  EXPECT_TRUE(std::equal(gatherer.records.begin(), gatherer.records.end(), wanted.begin()));
  ASSERT_EQ(gatherer.files[0].damages.size(), 1U);
  EXPECT_EQ(gatherer.files[0].outcome, FileOutcome::partly);
  EXPECT_THAT(gatherer.files[0].damages[0].reason, HasSubstr("gzip data is cut off"));
  // The offset is that of the record that was lost.
  EXPECT_EQ(content.substr(gatherer.files[0].damages[0].offset, 16), "{\"eventVersion\":");
}

TEST(RecordSource, BooksAWrongChecksumAndTrailingBytes) {
  const std::vector<std::string> wanted = records(20, 5, false);
  const std::string packed = gzip(join(wanted, "\n"));
  std::string wrong = packed;
  wrong[wrong.size() - 6] ^= 0x55;
  Gatherer gatherer = read(wrong);
  EXPECT_EQ(gatherer.records, wanted);
  EXPECT_EQ(gatherer.files[0].outcome, FileOutcome::partly);
  EXPECT_THAT(gatherer.files[0].reason, HasSubstr("checksum"));

  gatherer = read(packed + "garbage");
  EXPECT_EQ(gatherer.records, wanted);
  EXPECT_EQ(gatherer.files[0].outcome, FileOutcome::partly);
  EXPECT_THAT(gatherer.files[0].reason, HasSubstr("follow the gzip data"));

  gatherer = read(packed + std::string(700, '\0'));  // tapes and block devices pad with zeros
  EXPECT_EQ(gatherer.files[0].outcome, FileOutcome::read);
}

TEST(RecordSource, ReadsConcatenatedGzipMembers) {
  const std::vector<std::string> wanted = records(40, 5, false);
  std::string packed;
  for (const std::string& one : wanted) packed += gzip(one + "\n");
  EXPECT_EQ(read(packed).records, wanted);
}

TEST(RecordSource, SkipsARecordThatIsTooLarge) {
  std::vector<std::string> list = records(40, 5, false);
  std::string giant = list[20];
  giant.insert(giant.find("\"bucketName\":\"") + 14, std::string(50000, 'x'));
  std::vector<std::string> wanted = list;
  wanted.erase(wanted.begin() + 20);
  list[20] = giant;
  Limits limits = windows_of(2000);
  limits.max_record = 20000;
  for (const std::string& content : {"{\"Records\":[" + join(list, ",") + "]}", join(list, "\n"), join(list, "")}) {
    const Gatherer gatherer = read(content, limits);
    EXPECT_EQ(sorted(gatherer.records), sorted(wanted)) << content.substr(0, 30);
    EXPECT_EQ(gatherer.files[0].outcome, FileOutcome::partly);
    ASSERT_EQ(gatherer.files[0].damages.size(), 1U);
    EXPECT_EQ(gatherer.files[0].malformed, 1U);
    EXPECT_THAT(gatherer.files[0].damages[0].reason, HasSubstr("a record larger than"));
    EXPECT_EQ(content.compare(gatherer.files[0].damages[0].offset, 30, giant.substr(0, 30)), 0);
  }
  limits.max_record = 200000;
  const Gatherer gatherer = read(join(list, "\n"), limits);
  EXPECT_EQ(sorted(gatherer.records), sorted(list));
}

TEST(RecordSource, BoundsBombs) {
  Limits limits;
  limits.ratio_floor = 100000;
  limits.max_ratio = 50;
  const std::string bomb = gzip("{\"Records\":[" + std::string(10'000'000, ' ') + "]}");
  Gatherer gatherer = read(bomb, limits);
  EXPECT_LT(gatherer.files[0].bytes, 1'000'000U);
  EXPECT_NE(gatherer.files[0].outcome, FileOutcome::read);
  EXPECT_THAT(gatherer.files[0].reason, HasSubstr("50 times"));

  limits = {};
  limits.max_inflated = 100000;
  gatherer = read(gzip(join(records(1000, 1, false), "\n")), limits);
  EXPECT_EQ(gatherer.files[0].outcome, FileOutcome::partly);
  EXPECT_THAT(gatherer.files[0].reason, HasSubstr("inflates to more than"));
  EXPECT_GT(gatherer.records.size(), 10U);

  std::string nested = join(records(2, 1, false), "\n");
  for (int i = 0; i < 8; ++i) nested = gzip(nested);
  gatherer = read(nested);
  EXPECT_EQ(gatherer.files[0].outcome, FileOutcome::unreadable);
  EXPECT_THAT(gatherer.files[0].reason, HasSubstr("nested more than 6"));
}

// ------------------------------------------------------------------------------------- files that are no CloudTrail

struct Refused {
  std::string content;
  FileOutcome outcome;
  std::string reason;
};

TEST(RecordSource, SaysWhatAFileIsInsteadAndWhatToDo) {
  const std::vector<Refused> table = {
      {"", FileOutcome::set_aside, "empty"},
      {" \n\n", FileOutcome::set_aside, "empty"},
      {gzip(""), FileOutcome::set_aside, "empty"},
      {R"({"awsAccountId":"1","digestStartTime":"t","logFiles":[{"s3Object":"x"}]})", FileOutcome::set_aside, "digest"},
      {R"({"fileVersion":"1.0","configSnapshotId":"x","configurationItems":[{"eventVersion":"1"}]})",
       FileOutcome::set_aside, "Config"},
      {R"({"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventTime":"t","eventName":"ObjectCreated:Put"}]})",
       FileOutcome::set_aside, "S3 notification"},
      {R"({"messageType":"CONTROL_MESSAGE","logEvents":[{"message":"CWL"}]})", FileOutcome::set_aside,
       "control message"},
      {R"({"version":"1.0","files":[],"hashSignature":"x"})", FileOutcome::set_aside, "signature"},
      {"version account-id interface-id srcaddr\n2 1 eni-1 10.0.0.1\n", FileOutcome::set_aside, "VPC flow log"},
      {"PAR1xxxxxxxxPAR1", FileOutcome::not_read, "SELECT eventjson"},
      {R"({"class_uid":6003,"metadata":{},"time":1})", FileOutcome::not_read, "OCSF"},
      {R"({"QueryResultRows":[[{"eventName":"a"},{"eventID":"b"}]]})", FileOutcome::not_read, "SELECT eventJson"},
      {"\"eventversion\",\"useridentity\",\"eventtime\"\n\"1.08\",\"{type=IAMUser}\",\"t\"\n", FileOutcome::not_read,
       "LOCATION"},
      {R"({"_source":{"aws":{"cloudtrail":{"event_type":"x"}},"event":{"action":"x"}}})", FileOutcome::not_read,
       "event.original, @timestamp"},
      {R"({"eventVersion":"1.0","eventCategory":"Aggregated","summary":{}})", FileOutcome::not_read, "aggregates"},
      {"\xff\xfe{\0", FileOutcome::unreadable, "UTF-16"},
      {"<?xml version=\"1.0\"?><Error/>", FileOutcome::unreadable, "XML"},
      {"hello\nworld\n", FileOutcome::unreadable, "without CloudTrail records"},
      {std::string("\x7f"
                   "ELF\0\1\2",
                   7),
       FileOutcome::unreadable, "binary"},
      {R"({"foo":1})", FileOutcome::unreadable, "JSON without CloudTrail records"},
      {R"([1,2,3])", FileOutcome::unreadable, "JSON without CloudTrail records"},
      {R"({"Records":[{"eventVersion":"1.08")", FileOutcome::unreadable, ""},
      {"7z\xbc\xaf\x27\x1c", FileOutcome::unreadable, "7z"},
  };
  for (const Refused& row : table) {
    const Gatherer gatherer = read(row.content);
    SCOPED_TRACE(row.content.substr(0, 60));
    ASSERT_EQ(gatherer.files.size(), 1U);
    EXPECT_EQ(name_of(gatherer.files[0].outcome), name_of(row.outcome)) << gatherer.files[0].reason;
    EXPECT_THAT(gatherer.files[0].reason, HasSubstr(row.reason));
    EXPECT_FALSE(gatherer.files[0].reason.empty());
    EXPECT_TRUE(gatherer.begun.empty());
    EXPECT_EQ(gatherer.windows, 0U);
  }
}

// An empty log object is a file that was read, not one that was set aside.
TEST(RecordSource, ReadsAnEmptyLogObject) {
  const Gatherer gatherer = read("{\"Records\":[]}");
  EXPECT_EQ(gatherer.files[0].outcome, FileOutcome::read);
  EXPECT_EQ(gatherer.begun.size(), 1U);
  EXPECT_EQ(gatherer.windows, 0U);
}

// What follows an empty array is told to a file that has begun, whatever it is.
TEST(RecordSource, ReadsBehindAnEmptyArray) {
  for (const std::string text : {"{\"Records\":[],\"x\":[1]}", "[] [1]", "[]]"}) {
    for (const std::size_t window : {1u, 8u, 1024u}) {
      const Gatherer gatherer = read(text, windows_of(window));
      EXPECT_EQ(gatherer.begun.size(), 1U) << text;
      EXPECT_EQ(gatherer.bad_windows, 0U) << text;
    }
  }
  const std::string record = records(1, 1, true)[0];
  EXPECT_EQ(read("{\"Records\":[],\"Events\":[" + record + "]}").records.size(), 1U);
}

}  // namespace
}  // namespace trailhound::source
