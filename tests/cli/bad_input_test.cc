// Bad input of every kind: what can be read is read, and what is lost is said.

#include "program.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace trailhound {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

TEST_F(Program, AFileOfBrokenRecordsAloneIsAccountedFor) {
  std::string record = attack(1);
  record.insert(record.find("\"eventName\""), "\"x\":\"\xff\",");
  write("a.json", log_object(record + "," + record));
  write("b.json", record + "\n" + record + "\n" + attack(2) + "\n");
  const Outcome done = scan("--strict");
  EXPECT_EQ(done.status, 1) << done.err;
  EXPECT_EQ(counted("malformed"), 4u);
  EXPECT_EQ(counted("evaluated"), 1u);
}

TEST_F(Program, TruncatedGzipGivesWhatIsWholeAndBooksTheRest) {
  std::string records;
  for (std::uint64_t i = 1; i <= 2000; ++i) records += (i > 1 ? "," : "") + attack(i);
  const std::string packed = gzip(log_object(records));
  write("a.json.gz", packed.substr(0, packed.size() / 2));
  const Outcome done = scan();
  EXPECT_EQ(done.status, 1) << done.err;
  EXPECT_GT(counted("evaluated"), 100u);
  EXPECT_LT(counted("evaluated"), 2000u);
  EXPECT_THAT(read_file(folder_ + "/ledger.json"), HasSubstr("\"offset\""));
  EXPECT_EQ(scan("--fail-on high").status, 1) << "1 comes before 3";
  EXPECT_EQ(run("events logs --schema raw").status, 1);
  EXPECT_EQ(run("query 'FROM cloudtrail' logs").status, 1);
  write("a.json.gz", gzip(log_object(records)));
  write("b.json", log_object(attack(1) + "," + attack(2)).substr(0, attack(1).size() + 100));
  EXPECT_EQ(scan().status, 1) << "JSON that ends too early";
  write("b.json", log_object(attack(1)));
  EXPECT_EQ(scan().status, 0);
}

TEST_F(Program, OneBadRecordDoesNotCostItsNeighbours) {
  std::string invalid_utf8 = attack(2);
  invalid_utf8.replace(invalid_utf8.find("Boto3"), 2, "\xff\xfe");
  write("a.json", log_object(attack(1) + "," + invalid_utf8 + "," + attack(3) + ",{\"eventVersion\":}," + attack(4)));
  const Outcome done = scan();
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_EQ(counted("evaluated"), 3u);
  EXPECT_EQ(counted("malformed"), 2u);
  EXPECT_EQ(counted("seen"), 5u);
  EXPECT_EQ(scan("--strict").status, 1);
}

TEST_F(Program, WrongTypesEverywhereAreNoCrash) {
  std::string text;
  const std::string record = attack(1);
  for (const char* value : {"5", "-1.5", "true", "null", "[]", "{}", "[1,\"a\",null]", "{\"a\":{\"b\":[1]}}", "\"\""}) {
    for (const char* key : {"eventName", "eventSource", "userIdentity", "awsRegion", "errorCode", "userAgent",
                            "sourceIPAddress", "requestParameters", "responseElements", "resources", "eventID",
                            "recipientAccountId", "tlsDetails", "additionalEventData", "readOnly"}) {
      text += "{\"" + std::string(key) + "\":" + value + "," + record.substr(1) + "\n";
      text += record.substr(0, record.size() - 1) + ",\"" + key + "\":" + value + "}\n";
    }
  }
  write("a.json", text);
  const Outcome done = scan();
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_EQ(counted("seen"), 270u);
  for (const char* schema : {"ecs", "datadog", "raw"}) {
    EXPECT_EQ(run("events logs --schema " + std::string(schema)).status, 0) << schema;
  }
}

TEST_F(Program, HugeStringsAndDeepNestingAreBounded) {
  const std::string record = attack(1);
  write("long.json", log_object(record.substr(0, record.size() - 1) + ",\"x\":\"" + std::string(50u << 20, 'a') +
                                "\"}," + attack(2)));
  write("deep.json", log_object(record.substr(0, record.size() - 1) + ",\"x\":" + std::string(100'000, '[') +
                                std::string(100'000, ']') + "}," + attack(3)));
  write("deeper.json", log_object(record.substr(0, record.size() - 1) + ",\"x\":" + std::string(1'000'000, '[') +
                                  std::string(1'000'000, ']') + "}," + attack(4)));
  const Outcome done = scan();
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_EQ(counted("evaluated"), 3u);
}

TEST_F(Program, DuplicateKeysTakeTheLastValue) {
  const std::string record = attack(1);
  write("a.json", log_object("{\"errorCode\":\"ThrottlingException\"," + record.substr(1)));
  EXPECT_THAT(scan().out, HasSubstr("aws-bedrock-discovery-denied"));
  write("a.json", log_object(record.substr(0, record.size() - 1) + ",\"errorCode\":\"ThrottlingException\"}"));
  EXPECT_THAT(scan().out, Not(HasSubstr("aws-bedrock-discovery-denied")));
}

TEST_F(Program, EmptyAndForeignFilesAreBookedNotFatal) {
  write("empty.json", "");
  write("note.txt", "this is no log\n");
  write("digest.json",
        "{\"awsAccountId\":\"111122223333\",\"digestStartTime\":\"2026-03-02T09:00:00Z\",\"logFiles\":[]}");
  write("a.json", log_object(attack(1)));
  EXPECT_EQ(scan().status, 0);
  EXPECT_EQ(run("events logs --schema raw").status, 0);
  EXPECT_EQ(run("query 'FROM cloudtrail' logs").status, 0);
  const std::string ledger = read_file(folder_ + "/ledger.json");
  for (const char* file : {"empty.json", "note.txt", "digest.json"}) EXPECT_THAT(ledger, HasSubstr(file));
}

TEST_F(Program, MissingAndUnreadableInputs) {
  EXPECT_EQ(run("scan nowhere").status, 2);
  EXPECT_THAT(run("scan s3://bucket/AWSLogs/").err, HasSubstr("aws s3 sync s3://bucket/AWSLogs/"));
  if (::geteuid() == 0) GTEST_SKIP() << "root reads everything";
  write("a.json", log_object(attack(1)));
  write("b.json", log_object(attack(2)));
  ::chmod((folder_ + "/logs/b.json").c_str(), 0);
  EXPECT_EQ(scan().status, 1);
  EXPECT_EQ(counted("evaluated"), 1u);
}

/// Whoever needs a temporary file in it fails.
class NoTemporaryFolder {
 public:
  NoTemporaryFolder() { ::setenv("TMPDIR", "/nonexistent", 1); }  // NOLINT(concurrency-mt-unsafe): one thread
  ~NoTemporaryFolder() { ::unsetenv("TMPDIR"); }                  // NOLINT(concurrency-mt-unsafe): likewise
  NoTemporaryFolder(const NoTemporaryFolder&) = delete;
  NoTemporaryFolder& operator=(const NoTemporaryFolder&) = delete;
};

TEST_F(Program, AListOfFilesThatCannotBeKeptDoesNotCostTheRest) {
  for (int i = 0; i < 50'000; ++i) write(std::to_string(100'000 + i), "");
  write("a.json", log_object(attack(1)));
  const NoTemporaryFolder none;
  const Outcome outcome = scan();
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.out, HasSubstr("bedrock"));
  EXPECT_THAT(outcome.err, HasSubstr("1 signal from 1 events"));
  EXPECT_THAT(outcome.err, HasSubstr("temporary"));
  EXPECT_EQ(counted("seen"), 1u);
  const std::string ledger = read_file(folder_ + "/ledger.json");
  EXPECT_LT(ledger.size(), 1'000'000u);
  EXPECT_TRUE(ledger.contains("\"set_aside\":50000"));
  EXPECT_TRUE(ledger.contains("only files of which there is something to tell"));
}

TEST_F(Program, FilesThatCannotBeListedAreNoSlipOfTheUser) {
  const std::string folder = std::string(200, 'f');
  fs::create_directory(folder_ + "/logs/" + folder);
  for (int i = 0; i < 20'000; ++i) write(folder + "/" + std::to_string(100'000 + i), "");
  const NoTemporaryFolder none;
  for (const std::string command : {"scan logs", "events logs", "query 'FROM cloudtrail' logs"}) {
    const Outcome outcome = run(command);
    EXPECT_EQ(outcome.status, 1) << command;
    EXPECT_THAT(outcome.err, HasSubstr("temporary")) << command;
  }
}

TEST_F(Program, OfManyFilesTheGreatestLossesAreToldAndAllAreCounted) {
  for (int i = 0; i < 1'200; ++i) {
    write("a" + std::to_string(i) + ".json", log_object(attack(1) + ",{}"));
    write("b" + std::to_string(i) + ".json", "");
  }
  write("z.json.gz", gzip(log_object(attack(2))).substr(0, 100));
  const Outcome outcome = run("events logs");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("z.json.gz"));
  EXPECT_THAT(outcome.err, HasSubstr("... and 201 files more that could not be read in full"));
  EXPECT_THAT(outcome.err, HasSubstr("trailhound: 1,200 files: set aside: empty"));
}

TEST_F(Program, WhatIsNoFileInAFolderIsBookedAndNotWaitedFor) {
  write("a.json", log_object(attack(1)));
  ASSERT_EQ(::mkfifo((folder_ + "/logs/pipe").c_str(), 0600), 0);
  fs::create_directory_symlink(folder_ + "/logs", folder_ + "/logs/loop");
  EXPECT_EQ(scan().status, 0);
  EXPECT_EQ(counted("evaluated"), 1u);
  const std::string ledger = read_file(folder_ + "/ledger.json");
  EXPECT_THAT(ledger, HasSubstr("a pipe, a socket or a device"));
  EXPECT_THAT(ledger, HasSubstr("a link to a folder is not followed"));
  fs::create_symlink("nowhere", folder_ + "/logs/gone.json");
  EXPECT_EQ(scan().status, 1);
}

TEST_F(Program, FileNamesThatAreNoUtf8GiveValidReports) {
  write("\xff\xfe.json", log_object(attack(1)));
  const Outcome done = scan();
  EXPECT_EQ(done.status, 0) << done.err;
  json::Document document;
  EXPECT_TRUE(document.parse(read_file(folder_ + "/ledger.json")).has_value());
  EXPECT_TRUE(document.parse(done.out).has_value()) << done.out;
  EXPECT_EQ(run("query 'FROM cloudtrail' logs --format json").status, 0);
}

// Names of files and texts of rules and records may come from an intruder: an escape sequence rewrites what was
// printed.
TEST_F(Program, NothingPrintedSteersTheTerminal) {
  const std::string escape = "\x1b[2J\r\x07";
  write("no log" + escape + ".json", "no log");
  write("torn" + escape + ".json", "{\"Records\":[" + attack(1, {{"user", "u\\u001b[2J"}}) + ",{broken]}");
  fs::create_directory(folder_ + "/rules");
  const std::string fields =
      "type: log_detection\nisEnabled: true\nmessage: m\n"
      "cases:\n  - status: high\n    condition: a > 0\noptions: {evaluationWindow: 300, keepAlive: 300, "
      "maxSignalDuration: 300}\nqueries:\n  - name: a\n    query: ";
  std::ofstream(folder_ + "/rules/good" + escape + ".yaml") << "id: \"rule\\e[2J\"\nname: \"rule\\e[2J\"\n"
                                                            << fields << "\"@evt.name:List* -@a.b:\\\"\\e[2J\\\"\"\n";
  std::ofstream(folder_ + "/rules/bad" + escape + ".yaml") << "name: bad\n" << fields << "\"@evt.name:(\\e[2J\"\n";
  for (const char* arguments :
       {"scan logs --rules rules", "scan logs --rules rules --format table --why", "events logs",
        "events nowhere$'\\e'", "query 'FROM cloudtrail | KEEP user.name, aws.cloudtrail.user_identity.arn' logs",
        "rules list rules", "rules check rules", "rules check --verbose rules",
        "rules explain \"$(printf 'rule\\033[2J')\" --rules rules", "rules explain rules/good*.yaml",
        "rules explain rules/good*.yaml --event logs/torn*.json"}) {
    const Outcome done = run(arguments);
    EXPECT_THAT(done.out + done.err, Not(HasSubstr("\x1b"))) << arguments;
    EXPECT_THAT(done.out + done.err, Not(HasSubstr("\x07"))) << arguments;
    EXPECT_NE(done.out + done.err, "") << arguments;
  }
}

TEST_F(Program, RecordsBehindSomethingElseAreNotPassedOver) {
  write("a.json", log_object(attack(1)));
  write("torn.json", "tail of a record\"}\n" + attack(2) + "\n");
  EXPECT_EQ(scan().status, 1);
  EXPECT_THAT(read_file(folder_ + "/ledger.json"), HasSubstr("does not begin with a record"));
}

TEST_F(Program, HalfASurrogatePairHidesNoEvent) {
  std::string record = attack(1, {{"agent", "HALF"}});
  record.replace(record.find("HALF"), 4, "\\ud800");
  write("a.json", log_object(record + "," + attack(2)));
  const Outcome done = scan();
  EXPECT_EQ(counted("evaluated"), 2u);
  EXPECT_THAT(done.out, HasSubstr("\"event_count\":2"));
}

TEST_F(Program, EveryBrokenPartOfAnEnvelopeIsCounted) {
  write("a.json",
        R"({"messageType":"DATA_MESSAGE","logEvents":[{"message":"{"},{"message":"[]{"},{"message":"x"},)"
        R"({"message":"{\"eventVersion\":\"1.08\",\"eventTime\":\"2026-03-02T09:00:00Z\",\"eventName\":\"N\"}"}]})");
  EXPECT_EQ(scan().status, 0);
  EXPECT_EQ(counted("seen"), 4u);
  EXPECT_EQ(counted("malformed"), 3u);
}

TEST_F(Program, WhatCannotBeReadAtAllIsStatusOneAndNamed) {
  write("athena.csv", "eventversion,eventtime,eventsource,eventname\n\"1.08\",\"t\",\"s\",\"n\"\n");
  const Outcome table = run("scan logs");
  EXPECT_EQ(table.status, 1);
  EXPECT_THAT(table.err, HasSubstr("logs/athena.csv: not read: "));
  write("a.json", log_object(attack(1)));
  EXPECT_EQ(run("scan logs").status, 1) << "a table of events was still left unread";
}

TEST_F(Program, TerminalEscapesInLogsDoNotReachTheTerminal) {
  write("a.json", log_object(attack(1, {{"user", "thief"}, {"ip", "1.2.3.4\x1b[2J"}})));
  const Outcome done = run("scan logs");
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(done.out, Not(HasSubstr("\x1b[2J")));
}

}  // namespace
}  // namespace trailhound
