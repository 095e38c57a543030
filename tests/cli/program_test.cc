// The program as its user meets it: arguments, exit statuses, what goes where, and when nobody takes it.

#include "program.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

namespace trailhound {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

// Digests are no events, but the integration makes documents of them.
TEST_F(Program, EcsDocumentsOfDigestsArePrinted) {
  const std::string digest = R"({"digestEndTime":"2024-01-02T04:04:05Z","digestStartTime":"2024-01-02T03:04:05Z",)"
                             R"("awsAccountId":"1","digestS3Object":"o","logFiles":[{"s3Object":"x"}]})";
  write("a_digest.json", digest);
  write("b_digest.json.gz", gzip(digest));
  write("c.json", log_object(attack(1) + "," + digest + "," + attack(2)));
  const Outcome ecs = run("events logs");
  EXPECT_EQ(ecs.status, 0) << ecs.err;
  EXPECT_EQ(std::count(ecs.out.begin(), ecs.out.end(), '\n'), 5) << ecs.out;
  EXPECT_THAT(ecs.out, HasSubstr(R"("end_time":"2024-01-02T04:04:05.000Z")"));
  const Outcome raw = run("events logs --schema raw");
  EXPECT_EQ(std::count(raw.out.begin(), raw.out.end(), '\n'), 2) << raw.out;
  EXPECT_THAT(raw.err, HasSubstr("a CloudTrail digest"));
  EXPECT_EQ(scan().status, 0);
  EXPECT_EQ(counted("seen"), 2u);
}

TEST_F(Program, NoCommandAndUnknownCommandsAreUsageErrorsWithAHint) {
  EXPECT_EQ(run("").status, 2);
  const Outcome slip = run("scna logs");
  EXPECT_EQ(slip.status, 2);
  EXPECT_THAT(slip.err, HasSubstr("did you mean"));
  EXPECT_EQ(run("--help").status, 0);
  for (const char* command : {"scan", "events", "rules", "rules check"}) {
    const Outcome help = run(std::string(command) + " --help");
    EXPECT_EQ(help.status, 0) << command;
    EXPECT_THAT(help.out, HasSubstr("Example")) << command;
  }
}

TEST_F(Program, SignalsGoToStandardOutputAndTheSummaryToStandardError) {
  write("a.json", log_object(attack(1)));
  const Outcome done = scan();
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("aws-bedrock-discovery-denied"));
  EXPECT_THAT(done.err, HasSubstr("1 signal"));
  EXPECT_EQ(run("scan logs --quiet --format jsonl").err, "");
}

TEST_F(Program, NoSignalIsNotReportedAsClean) {
  write("a.json", log_object(attack(1, {{"error", ""}})));
  const Outcome done = run("scan logs");
  EXPECT_EQ(done.status, 0);
  EXPECT_THAT(done.out, HasSubstr("This is not a finding of \"clean\""));
  EXPECT_THAT(done.out, HasSubstr("CANNOT SAY"));
}

TEST_F(Program, ValuesThatCanOnlyBeSlipsAreUsageErrors) {
  write("a.json", log_object(attack(1)));
  EXPECT_EQ(scan("--account 12345").status, 2);
  EXPECT_EQ(scan("--ip 203.0.113.0/24").status, 2);
  EXPECT_EQ(scan("--ip 203.0.113.7 --ip 2001:db8::1 --ip cloudformation.amazonaws.com").status, 0);
  EXPECT_EQ(scan("--exclude ''").status, 2);
  EXPECT_EQ(run("rules list ''").status, 2);
}

TEST_F(Program, FailOnComparesSeverities) {
  write("a.json", log_object(attack(1)));
  EXPECT_EQ(scan("--fail-on high").status, 3);
  EXPECT_EQ(scan("--fail-on critical").status, 0);
  EXPECT_EQ(scan("--fail-on dreadful").status, 2);
}

TEST_F(Program, TimesWithoutAZoneAreRefused) {
  write("a.json", log_object(attack(1)));
  EXPECT_EQ(scan("--from 2026-03-02T00:00:00").status, 2);
  EXPECT_EQ(scan("--from 2026-03-02T00:00:00Z").status, 0);
}

TEST_F(Program, RecordsOutsideTheRangeAreCountedAsSuch) {
  write("a.json", log_object(attack(1) + "," + attack(5000)));
  const Outcome done = scan("--to 2026-03-02T09:30:00Z");
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_EQ(counted("seen"), 2u);
  EXPECT_EQ(counted("evaluated"), 1u);
  EXPECT_EQ(counted("out_of_range"), 1u);
}

TEST_F(Program, WhatLiesBeforeTheRangeStillCountsAsLearnedFrom) {
  write("a.json", log_object(attack(1) + "," + attack(2 * 86'400)));
  const Outcome late = run("scan logs --from 2026-03-04T00:00:00Z --why");
  EXPECT_EQ(late.status, 0) << late.err;
  EXPECT_THAT(late.out, HasSubstr("2026-03-02 09:00 > 2026-03-04 09:00"));
  EXPECT_THAT(late.out, Not(HasSubstr("the logs span")));
}

TEST_F(Program, AFullDiskIsAnErrorWithStatusOne) {
  write("a.json", log_object(attack(1)));
  const Outcome full = run("scan logs --format jsonl", " >/dev/full");
  EXPECT_EQ(full.status, 1);
  EXPECT_THAT(full.err, HasSubstr("No space left"));
  EXPECT_EQ(run("scan logs --out /dev/full").status, 1);
  const Outcome others = run("scan logs --format jsonl --out others.jsonl --ledger others.json", " >/dev/full");
  EXPECT_EQ(others.status, 1);
  EXPECT_EQ(read_file(folder_ + "/others.jsonl"), run("scan logs --format jsonl").out);
  EXPECT_THAT(read_file(folder_ + "/others.json"), HasSubstr("\"evaluated\":"));
  EXPECT_EQ(run("events logs", " >/dev/full").status, 1);
}

// A closed stream's number must not go to the next file that is opened.
TEST_F(Program, ClosedStandardStreamsDoNoHarm) {
  write("a.json", log_object(attack(1)));
  const Outcome no_output = run("scan logs --format table --out report.jsonl", " >&-");
  EXPECT_EQ(no_output.status, 1);
  EXPECT_THAT(no_output.err, HasSubstr("standard output: cannot write"));
  EXPECT_THAT(read_file(folder_ + "/report.jsonl"), Not(HasSubstr("trailhound")));
  EXPECT_EQ(run("scan logs --out report.jsonl --rules nowhere --rules shipped", " >/dev/null 2>&-").status, 2);
  EXPECT_THAT(read_file(folder_ + "/report.jsonl"), Not(HasSubstr("nowhere")));
  EXPECT_EQ(run("scan - <&-").status, 1);
}

// Ctrl-C while a pipe is silent: what was read is reported, and the program ends.
TEST_F(Program, AnInterruptEndsTheWaitForAPipe) {
  const std::string pipe = folder_ + "/logs/pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  for (const char* command : {"scan", "events", "query"}) {
    const std::string out = folder_ + "/out";
    const pid_t child = ::fork();
    if (child == 0) {
      for (const int stream : {STDOUT_FILENO, STDERR_FILENO})
        ::dup2(::open(out.c_str(), O_WRONLY | O_CREAT, 0600), stream);
      const char* query = std::string_view(command) == "query" ? "FROM cloudtrail" : pipe.c_str();
      ::execl(TRAILHOUND_BINARY, TRAILHOUND_BINARY, command, query, pipe.c_str(), static_cast<char*>(nullptr));
      ::_exit(127);
    }
    // Opening waits for the reader, so the program has begun to read.
    const int writer = ::open(pipe.c_str(), O_WRONLY | O_CLOEXEC);
    ASSERT_GE(writer, 0);
    const std::string half = log_object(attack(1)).substr(0, 200);
    EXPECT_EQ(::write(writer, half.data(), half.size()), static_cast<ssize_t>(half.size()));
    EXPECT_EQ(::kill(child, SIGINT), 0);
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    ::close(writer);
    EXPECT_TRUE(WIFEXITED(status)) << command;
    EXPECT_EQ(WEXITSTATUS(status), 1) << command << read_file(out);
    EXPECT_THAT(read_file(out), HasSubstr("interrupted")) << command;
  }
}

// A pipe gives its bytes once: a second look at nothing would be a wrong answer.
TEST_F(Program, AQueryThatReadsTwiceRefusesAPipe) {
  write("a.json", log_object(attack(1)));
  const std::string query =
      "query 'FROM cloudtrail | WHERE event.action IN (FROM cloudtrail | KEEP event.action) | STATS COUNT(*)' ";
  EXPECT_EQ(run(query + "logs").status, 0);
  const Outcome piped = run("cat logs/a.json | " TRAILHOUND_BINARY " " + query + "-", " >/dev/null");
  EXPECT_EQ(piped.status, 1);
  EXPECT_THAT(piped.err, HasSubstr("standard input: the query reads the events more than once"));
}

TEST_F(Program, AFolderInPlaceOfAFileIsAnError) {
  write("a.json", log_object(attack(1)));
  for (const char* arguments : {"scan logs --exclude logs", "query @logs", "events logs --signals logs",
                                "scan logs --indicators logs", "rules test logs/nothing.cases"}) {
    const Outcome done = run(arguments);
    EXPECT_EQ(done.status, 2) << arguments;
    EXPECT_THAT(done.err, HasSubstr("trailhound: ")) << arguments;
  }
}

TEST_F(Program, StandardInputIsReadLikeAFile) {
  write("a.json.gz", gzip(log_object(attack(1))));
  const Outcome done = run("scan - --format jsonl < logs/a.json.gz");
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("aws-bedrock-discovery-denied"));
}

TEST_F(Program, ABadRuleIsReportedWithItsPlaceAndTheOthersStillRun) {
  fs::create_directory(folder_ + "/rules");
  std::ofstream(folder_ + "/rules/bad.yaml")
      << "name: bad\ntype: log_detection\nisEnabled: true\nmessage: m\nqueries:\n  - query: \"@evt.name:(\"\n"
         "cases:\n  - status: high\n    condition: a > 0\noptions: {evaluationWindow: 300, keepAlive: 300, "
         "maxSignalDuration: 300}\n";
  write("a.json", log_object(attack(1)));
  const Outcome done = scan("--rules rules --rules shipped");
  EXPECT_EQ(done.status, 2);
  EXPECT_THAT(done.err, HasSubstr("rules/bad.yaml:6:"));
  EXPECT_THAT(done.out, HasSubstr("aws-bedrock-discovery-denied"));
}

TEST_F(Program, SignalsThatAreFilteredOutAreNotCalledNone) {
  write("a.json", log_object(attack(1)));
  EXPECT_THAT(run("scan logs --format table --account 999999999999").out,
              HasSubstr("1 signal, none of which the filters let through"));
}

TEST_F(Program, ARuleFileStandsForTheCasesBesideIt) {
  const std::string shipped = TRAILHOUND_SOURCE_DIR "/rules/aws-bedrock-discovery-denied";
  const Outcome cases = run("rules test " + shipped + ".cases");
  EXPECT_EQ(cases.status, 0) << cases.err;
  EXPECT_EQ(run("rules test " + shipped + ".yaml").out, cases.out);
}

TEST_F(Program, AQueryOfEventsNeedsFiles) {
  const Outcome done = run("query 'FROM cloudtrail | LIMIT 1'");
  EXPECT_EQ(done.status, 1);
  EXPECT_THAT(done.err, HasSubstr("no file is named"));
  EXPECT_EQ(run("query 'ROW a = 1'").status, 0);
  EXPECT_EQ(run("scan - < /dev/null").status, 1) << "nothing to read is no clean bill";
}

TEST_F(Program, AnEventOfMoreValuesThanARuleLooksAtIsNoted) {
  fs::create_directory(folder_ + "/rules");
  std::ofstream(folder_ + "/rules/names.yaml")
      << "id: names\nname: N\ntype: log_detection\nisEnabled: true\nmessage: m\n"
         "queries:\n  - {query: \"@evt.name:A\", aggregation: new_value, metrics: [\"@requestParameters.names\"], "
         "groupByFields: []}\n"
         "cases:\n  - {name: \"\", status: high}\n"
         "options: {detectionMethod: new_value, evaluationWindow: 0, keepAlive: 0, maxSignalDuration: 0, "
         "newValueOptions: {learningMethod: threshold, learningThreshold: 0, forgetAfter: 1}}\n";
  const auto record_of = [](std::size_t names) {
    std::string record =
        R"({"eventVersion":"1.08","eventTime":"2026-03-02T09:00:00Z","eventSource":"iam.amazonaws.com","eventName":"A",)"
        R"("awsRegion":"us-east-1","userIdentity":{"type":"Root"},"requestParameters":{"names":["n")";
    for (std::size_t i = 1; i < names; ++i) record += ",\"n" + std::to_string(i) + "\"";
    return record + "]}}";
  };
  const std::string note = "names: 1 events have too many values each";
  write("a.json", log_object(record_of(1000)));
  EXPECT_EQ(scan("--rules rules").status, 0);
  EXPECT_THAT(read_file(folder_ + "/ledger.json"), Not(HasSubstr(note)));
  write("a.json", log_object(record_of(1001)));
  EXPECT_EQ(scan("--rules rules").status, 0);
  EXPECT_THAT(read_file(folder_ + "/ledger.json"), HasSubstr(note));
}

TEST_F(Program, ARuleThatWasNotEvaluatedEverywhereSaysSo) {
  fs::create_directory(folder_ + "/rules");
  std::ofstream(folder_ + "/rules/parts.toml")
      << "[rule]\nname = \"P\"\nrule_id = \"11111111-1111-4111-8111-111111111111\"\ntype = \"esql\"\n"
         "language = \"esql\"\nrisk_score = 21\nseverity = \"low\"\ndescription = \"d\"\nauthor = [\"a\"]\n"
         "license = \"l\"\nfrom = \"now-4h\"\nquery = '''FROM logs-aws.cloudtrail-* | EVAL p = "
         "SPLIT(user_agent.original, \",\") "
         "| MV_EXPAND p | STATS n = COUNT(*) BY p | WHERE n > 5'''\n";
  std::string records;
  for (std::uint64_t i = 0; i < 12'000; ++i) {
    records += (i > 0 ? "," : "") + attack(i, {{"agent", std::string(1'000, 'a') + ",b"}});
  }
  write("a.json", log_object(records));
  EXPECT_EQ(scan("--rules rules").status, 0);
  const Outcome outcome = scan("--rules rules --memory 16MB");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("of its runs could not be evaluated"));
  EXPECT_THAT(read_file(folder_ + "/ledger.json"), HasSubstr("\"unfinished_rules\":true"));
}

TEST_F(Program, AnEventOfMoreCombinationsThanARuleCountsIsNoted) {
  fs::create_directory(folder_ + "/rules");
  std::ofstream(folder_ + "/rules/pairs.yaml")
      << "id: pairs\nname: P\ntype: log_detection\nisEnabled: true\nmessage: m\n"
         "queries:\n  - {query: \"@evt.name:A\", aggregation: cardinality, distinctFields: [\"@requestParameters.a\", "
         "\"@requestParameters.b\"], groupByFields: []}\n"
         "cases:\n  - {name: \"\", status: high, condition: \"a > 1\"}\n"
         "options: {detectionMethod: threshold, evaluationWindow: 300, keepAlive: 300, maxSignalDuration: 600}\n";
  const auto list = [](std::size_t count) {
    std::string text = "[0";
    for (std::size_t i = 1; i < count; ++i) text += "," + std::to_string(i);
    return text + "]";
  };
  const auto record_of = [&](std::size_t a, std::size_t b) {
    return R"({"eventVersion":"1.08","eventTime":"2026-03-02T09:00:00Z","eventSource":"iam.amazonaws.com",)"
           R"("eventName":"A","awsRegion":"us-east-1","userIdentity":{"type":"Root"},"requestParameters":{"a":)" +
           list(a) + ",\"b\":" + list(b) + "}}";
  };
  const std::string note = "pairs: 1 events have too many values each";
  write("a.json", log_object(record_of(25, 40)));
  EXPECT_EQ(scan("--rules rules").status, 0);
  EXPECT_THAT(read_file(folder_ + "/ledger.json"), Not(HasSubstr(note)));
  write("a.json", log_object(record_of(25, 41)));
  EXPECT_EQ(scan("--rules rules").status, 0);
  EXPECT_THAT(read_file(folder_ + "/ledger.json"), HasSubstr(note));
}

TEST_F(Program, ElasticDocumentsWithoutTheOriginalAreScannedAsTheyAre) {
  // The network is in no record: only the document says it.
  std::string documents;
  for (const char* network : {"Example Telecom", "Example Cloud"}) {
    documents += std::string(R"({"@timestamp":"2026-03-02T09:00:00.000Z","event":{"action":"CreateKeyPair",)") +
                 R"("provider":"ec2.amazonaws.com","outcome":"success","id":")" + network +
                 R"("},"user":{"name":"thief"},"source":{"as":{"organization":{"name":")" + network + "\"}}}}\n";
  }
  write("a.json", documents);
  std::ofstream(folder_ + "/network.toml")
      << "[rule]\nrule_id = \"2f8a1e52-0000-4000-8000-000000000001\"\nname = \"Network\"\ntype = \"query\"\n"
         "language = \"kuery\"\nindex = [\"logs-aws.cloudtrail-*\"]\nrisk_score = 47\nseverity = \"medium\"\n"
         "description = \"d\"\nquery = 'data_stream.dataset: aws.cloudtrail and "
         "source.as.organization.name: (* and not *Cloud)'\n";
  const Outcome outcome = run("scan logs --rules network.toml --format jsonl");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("\"event_ids\":[\"Example Telecom\"]"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("Example Cloud")));
  EXPECT_THAT(run("rules explain network.toml --event logs/a.json").out, HasSubstr("matches"));
  EXPECT_THAT(run("query 'FROM cloudtrail | STATS n = COUNT(*) BY source.as.organization.name' logs --format csv").out,
              HasSubstr("1,Example Telecom"));
  EXPECT_THAT(run("events logs --schema ecs").err, HasSubstr("preserve_original_event"));
}

TEST_F(Program, RulesThatAreRightButDoNotRunAreNoError) {
  write("a.json", log_object(attack(1)));
  std::ofstream(folder_ + "/off.json")
      << R"({"name":"Off","isEnabled":false,"queries":[{"query":"*"}],"cases":[{"status":"low","condition":"a > 0"}],)"
         R"("options":{"evaluationWindow":300},"message":"m"})";
  const Outcome outcome = run("scan logs --rules off.json");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, HasSubstr("switched off"));
  EXPECT_THAT(outcome.err, HasSubstr("1 of 1 rule could not fire"));
}

TEST_F(Program, ExclusionsHideEvents) {
  write("a.json", log_object(attack(1)));
  std::ofstream(folder_ + "/exclude") << "# ours\naws-bedrock-discovery-denied: @userIdentity.arn:*thief\n";
  EXPECT_EQ(scan("--exclude exclude").out, "");
  std::ofstream(folder_ + "/exclude") << "aws-bedrok-discovery-denied: *\n";
  EXPECT_EQ(scan("--exclude exclude").status, 2);
}

TEST_F(Program, EventsOfSignalsAreOnlyTheirEvidence) {
  write("a.json", log_object(attack(1) + "," + attack(2, {{"error", ""}})));
  ASSERT_EQ(scan("--out signals.jsonl").status, 0);
  const Outcome events = run("events logs --schema raw --signals signals.jsonl");
  EXPECT_EQ(events.status, 0) << events.err;
  EXPECT_EQ(std::count(events.out.begin(), events.out.end(), '\n'), 1);
}

TEST_F(Program, ArraysOfRecordsAmongOtherValuesAndQueueMessagesAreRead) {
  write("a.json", attack(1) + "\n[" + attack(2) + "," + attack(3) + "]\n" + attack(4) + "\n");
  std::string body = attack(5);
  for (std::size_t at = body.find('"'); at != std::string::npos; at = body.find('"', at + 2)) body.insert(at, 1, '\\');
  write("b.json", R"({"Messages":[{"MessageId":"m","Body":")" + body + "\"}]}");
  EXPECT_EQ(scan().status, 0);
  EXPECT_EQ(counted("evaluated"), 5u);
  EXPECT_EQ(counted("malformed"), 0u);
}

TEST_F(Program, AReportNeverReplacesALog) {
  const std::string log = log_object(attack(1));
  write("a.jsonl", log);
  const Outcome out = run("scan logs --out logs/a.jsonl");
  EXPECT_EQ(out.status, 2);
  EXPECT_THAT(out.err, HasSubstr("logs/a.jsonl: is one of the files to read"));
  EXPECT_EQ(run("scan logs/a.jsonl --ledger logs/../logs/a.jsonl").status, 2);
  EXPECT_EQ(read_file(folder_ + "/logs/a.jsonl"), log);
  EXPECT_EQ(run("scan logs --out logs/report.jsonl").status, 0);
  EXPECT_EQ(run("scan logs --out logs/report.jsonl").status, 0) << "a report of ours may be replaced";
}

TEST_F(Program, TwoReportsNeedTwoFiles) {
  write("a.json", log_object(attack(1)));
  const Outcome twice = run("scan logs --out report.jsonl --ledger logs/../report.jsonl");
  EXPECT_EQ(twice.status, 2);
  EXPECT_THAT(twice.err, HasSubstr("report.jsonl: is named twice"));
  EXPECT_FALSE(fs::exists(folder_ + "/report.jsonl"));
  EXPECT_EQ(run("scan logs --out /dev/null --ledger /dev/null").status, 0);
}

TEST_F(Program, AnUnwritableLedgerIsSaidBeforeTheScan) {
  write("a.json", log_object(attack(1)));
  EXPECT_EQ(run("scan logs --ledger nowhere/ledger.json").status, 2);
}

TEST_F(Program, ExplainsGroupsOfTimeAsTimes) {
  write("rule.toml",
        "[rule]\nname = \"Burst\"\nrule_id = \"4f1f2a34-0c5b-4c51-9d0e-000000000002\"\ntype = \"esql\"\n"
        "language = \"esql\"\nrisk_score = 21\nseverity = \"low\"\ndescription = \"d\"\nauthor = [\"a\"]\nquery = '''\n"
        "FROM logs-aws.cloudtrail-* | STATS n = COUNT(*) BY t = DATE_TRUNC(1 hour, @timestamp) | WHERE n > 1\n'''\n");
  write("event.json", R"({"Records":[{"eventVersion":"1.08","eventTime":"2026-03-02T09:10:00Z","eventID":"e1",)"
                      R"("eventSource":"iam.amazonaws.com","eventName":"ListUsers","awsRegion":"us-east-1"}]})");
  const Outcome explained = run("rules explain logs/rule.toml --event logs/event.json");
  EXPECT_EQ(explained.status, 0) << explained.err;
  EXPECT_THAT(explained.out, HasSubstr("group t: \"2026-03-02T09:00:00Z\""));
  EXPECT_EQ(run("rules explain logs/rule.toml --event logs/event.json --asn logs/event.json").status, 2);
}

TEST_F(Program, ExplainsOneEventWithPlacesInTheRule) {
  write("rule.toml",
        "[rule]\nname = \"Key made\"\nrule_id = \"4f1f2a34-0c5b-4c51-9d0e-000000000001\"\ntype = \"query\"\n"
        "language = \"kuery\"\nindex = [\"logs-aws.cloudtrail-*\"]\nrisk_score = 21\nseverity = \"low\"\n"
        "description = \"d\"\nauthor = [\"a\"]\nquery = '''\nevent.provider: iam.amazonaws.com\n"
        "  and event.action: CreateAccessKey\n'''\n");
  write("event.json", R"({"Records":[{"eventVersion":"1.08","eventTime":"2026-03-02T09:00:00Z","eventID":"e1",)"
                      R"("eventSource":"iam.amazonaws.com","eventName":"ListUsers","awsRegion":"us-east-1"}]})");
  const Outcome explained = run("rules explain logs/rule.toml --event logs/event.json");
  EXPECT_EQ(explained.status, 0) << explained.err;
  EXPECT_THAT(explained.out, HasSubstr("does not match"));
  EXPECT_THAT(explained.out, HasSubstr("yes  12:17"));
  EXPECT_THAT(explained.out, HasSubstr("no   13:21"));
  EXPECT_THAT(explained.out, HasSubstr("here event.action: \"ListUsers\""));
  const Outcome none = run("rules explain logs/rule.toml --event logs/rule.toml");
  EXPECT_EQ(none.status, 1);
  EXPECT_THAT(none.err, HasSubstr("no CloudTrail record was read"));
}

}  // namespace
}  // namespace trailhound
