// `trailhound query` without data: commands over ROW, and what comes out.

#include "run/query.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "run/query_output.h"
#include "run/record_shorthand.h"

namespace trailhound::run {
namespace {

/// The answer as JSON, or the errors.
std::string ask(const std::string& text, const ScanInput& input = {}) {
  const event::Catalog catalog;
  Ledger ledger;
  Diagnostics diagnostics;
  QueryOptions options;
  options.now = parse_rfc3339("2024-06-10T12:00:00Z");
  const auto result = query(text, input, catalog, options, ledger, diagnostics);
  if (!result) return "error: " + result.error().text();
  if (!*result) {
    std::string errors;
    for (const auto& d : diagnostics.all()) {
      if (d.severity == Diagnostic::Severity::error) errors += d.code + " " + d.message + "\n";
    }
    return errors;
  }
  return to_json(**result);
}

std::string values_of(const std::string& text) {
  const std::string json = ask(text);
  const auto at = json.find(R"("values":)");
  return at == std::string::npos ? json : json.substr(at + 9, json.size() - at - 10);
}

TEST(Query, GivesColumnsWithTypesAndRows) {
  EXPECT_EQ(ask("ROW a = 1, b = [\"x\", \"y\"], c = null, d = 1.5, e = \"2024-01-01\"::date, f = 3000000000"),
            R"({"columns":[{"name":"a","type":"integer"},{"name":"b","type":"keyword"},{"name":"c","type":"null"},)"
            R"({"name":"d","type":"double"},{"name":"e","type":"date"},{"name":"f","type":"long"}],)"
            R"("values":[[1,["x","y"],null,1.5,"2024-01-01T00:00:00.000Z",3000000000]]})");
}

TEST(Query, ComputesFiltersKeepsSortsAndLimits) {
  EXPECT_EQ(values_of("ROW a = [3, 1, 2] | MV_EXPAND a | EVAL b = a * 2 | WHERE b > 2 | SORT a | KEEP b, a"),
            "[[4,2],[6,3]]");
  EXPECT_EQ(values_of("ROW a = [3, 1, 2] | MV_EXPAND a | SORT a DESC | LIMIT 2"), "[[3],[2]]");
  EXPECT_EQ(values_of("ROW x = 1, y = 2, z = 3 | EVAL x = x + 1"), "[[2,3,2]]");
  EXPECT_EQ(values_of("ROW a = 1 | WHERE a > 5"), "[]");
  EXPECT_EQ(values_of("ROW a = 1 | LIMIT 0"), "[]");
}

TEST(Query, SortsNullsLastInAscendingOrderUnlessTold) {
  const std::string rows = "ROW a = [1, 2, 3] | MV_EXPAND a | EVAL b = CASE(a == 2, null, a) ";
  EXPECT_EQ(values_of(rows + "| SORT b | KEEP b"), "[[1],[3],[null]]");
  EXPECT_EQ(values_of(rows + "| SORT b DESC | KEEP b"), "[[null],[3],[1]]");
  EXPECT_EQ(values_of(rows + "| SORT b NULLS FIRST | KEEP b"), "[[null],[1],[3]]");
  EXPECT_EQ(values_of(rows + "| SORT b DESC NULLS LAST | KEEP b"), "[[3],[1],[null]]");
}

TEST(Query, AggregatesRows) {
  EXPECT_EQ(values_of("ROW a = [1, 2, 3, 4], k = [\"x\", \"y\"] | MV_EXPAND a | STATS s = SUM(a), n = COUNT(*) BY k"),
            "[[10,4,\"x\"],[10,4,\"y\"]]");
  EXPECT_EQ(values_of("ROW a = 1 | WHERE a > 1 | STATS n = COUNT(*), m = MAX(a), d = COUNT_DISTINCT(a)"),
            "[[0,null,0]]");
  EXPECT_EQ(values_of("ROW a = 1 | WHERE a > 1 | STATS n = COUNT(*) BY a"), "[]");
}

/// Many events over several texts: the answer must not depend on workers, order or memory.
ScanInput random_events(unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::string> texts(3);
  for (std::uint64_t number = 1; number <= 400; ++number) {
    Shorthand values;
    values["user"] = {"u" + std::to_string(random() % 7)};
    values["region"] = {"r" + std::to_string(random() % 3)};
    if (random() % 4 == 0) values["error"] = {"AccessDenied"};
    std::string record;
    append_record(record, "Call" + std::to_string(random() % 5),
                  Instant::from_seconds(1'772'442'000 + static_cast<std::int64_t>(random() % 600)), values, number);
    texts[random() % 3] += record + "\n";
    if (random() % 9 == 0) texts[random() % 3] += record + "\n";  // delivered twice
  }
  std::ranges::shuffle(texts, random);
  ScanInput input;
  for (auto& text : texts) input.texts.push_back({"part", std::move(text)});
  return input;
}

std::string ask_with(const std::string& text, const ScanInput& input, unsigned workers, std::size_t memory) {
  const event::Catalog catalog;
  Ledger ledger;
  Diagnostics diagnostics;
  QueryOptions options;
  options.workers = workers;
  options.memory = memory;
  const auto result = query(text, input, catalog, options, ledger, diagnostics);
  if (!result) return "error: " + result.error().text();
  if (!*result) return "error: " + to_text(diagnostics.all().front());
  return to_json(**result);
}

TEST(Query, AnswersAreFunctionsOfTheEvents) {
  const char* const kQueries[] = {
      "FROM cloudtrail | KEEP @timestamp, user.name, event.action | LIMIT 17",
      "FROM cloudtrail | SORT user.name DESC, event.action | KEEP user.name, event.action | LIMIT 50",
      "FROM cloudtrail | EVAL k = CONCAT(user.name, event.action) | STATS n = COUNT(*), v = VALUES(cloud.region), f = "
      "MIN(@timestamp) BY k | LIMIT 20",
      "FROM cloudtrail | STATS n = COUNT(*) BY user.name, cloud.region | STATS m = MAX(n), s = SUM(n) BY cloud.region",
      "FROM cloudtrail | INLINE STATS n = COUNT(*) BY user.name | WHERE n > 40 | KEEP user.name, n, event.action",
      "FROM cloudtrail | STATS a = AVG(event.duration), d = COUNT_DISTINCT(user.name), t = TOP(event.action, 3, "
      "\"desc\"), l = LAST(event.action, @timestamp) BY cloud.region",
      "FROM cloudtrail | LIMIT 2 BY user.name | KEEP user.name, event.action, @timestamp",
      "FROM cloudtrail | KEEP user.name, event.action | DEDUP | SORT user.name, event.action",
  };
  for (const char* text : kQueries) {
    for (unsigned seed = 1; seed <= 3; ++seed) {
      const ScanInput input = random_events(seed);
      const std::string expected = ask_with(text, input, 1, 256u << 20);
      EXPECT_FALSE(expected.starts_with("error")) << text << expected;
      EXPECT_EQ(ask_with(text, input, 3, 256u << 20), expected) << text;
      ScanInput reversed = input;
      std::ranges::reverse(reversed.texts);
      EXPECT_EQ(ask_with(text, reversed, 2, 4u << 20), expected) << text;
    }
  }
}

TEST(Query, CountsEveryEventOnce) {
  EXPECT_EQ(ask_with("FROM cloudtrail | STATS n = COUNT(*)", random_events(4), 2, 256u << 20),
            R"({"columns":[{"name":"n","type":"long"}],"values":[[400]]})");
}

TEST(Query, AnIndexWithoutCloudTrailIsAnError) {
  EXPECT_NE(ask("FROM logs-okta.system-* | LIMIT 1").find("TH3116"), std::string::npos);
  EXPECT_EQ(ask("FROM logs-aws.cloudtrail-*, logs-okta* | STATS n = COUNT(*) | KEEP n"),
            R"({"columns":[{"name":"n","type":"long"}],"values":[[0]]})");
}

TEST(Query, AggregatesOfNumbers) {
  const std::string rows = "ROW x = [2.0, 4.0, 10.0, 20.0] | MV_EXPAND x | STATS ";
  EXPECT_EQ(values_of(rows + "m = MEDIAN(x), p = PERCENTILE(x, 0), q = PERCENTILE(x, 100)"), "[[7.0,2.0,20.0]]");
  EXPECT_EQ(values_of(rows + "d = MEDIAN_ABSOLUTE_DEVIATION(x), v = VARIANCE(x)"), "[[4.0,49.0]]");
  EXPECT_EQ(values_of(rows + "s = STD_DEV(x), w = WEIGHTED_AVG(x, x)"), "[[7.0,14.444444444444445]]");
  EXPECT_EQ(values_of(rows + "t = TOP(x, 2, \"desc\"), b = TOP(x, 1, \"asc\"), p = PRESENT(x), a = ABSENT(x)"),
            "[[[20.0,10.0],2.0,true,false]]");
  EXPECT_EQ(values_of("ROW x = [1, 2, 3] | STATS a = AVG(x), s = SUM(x), v = VARIANCE(x)"),
            "[[2.0,6,0.6666666666666666]]");
}

TEST(Query, FirstAndLastFollowTheOrderGiven) {
  const std::string rows = "ROW t = [3, 1, 2] | MV_EXPAND t | EVAL x = CASE(t == 1, \"a\", t == 2, \"b\", \"c\") ";
  EXPECT_EQ(values_of(rows + "| STATS f = FIRST(x, t), l = LAST(x, t)"), R"([["a","c"]])");
}

TEST(Query, AKeyOfSeveralValuesIsInSeveralGroups) {
  EXPECT_EQ(values_of("ROW k = [\"q\", \"p\"], n = [4, 5] | STATS v = VALUES(k), s = SUM(n) BY k | SORT k"),
            R"([[["p","q"],9,"p"],[["p","q"],9,"q"]])");
  EXPECT_EQ(values_of("ROW k = null, n = 1 | STATS s = SUM(n) BY k"), "[[1,null]]");
}

TEST(Query, InlineStatsKeepsRows) {
  EXPECT_EQ(ask("ROW t = [1, 2, 3] | MV_EXPAND t | EVAL u = t % 2 | INLINE STATS n = COUNT(*) BY u"),
            R"({"columns":[{"name":"t","type":"integer"},{"name":"n","type":"long"},{"name":"u","type":"integer"}],)"
            R"("values":[[1,2,1],[2,1,0],[3,2,1]]})");
}

TEST(Query, SettingsThatAreKnown) {
  EXPECT_EQ(values_of("SET unmapped_fields = \"nullify\"; FROM cloudtrail | STATS n = COUNT(no.such.field)"), "[[0]]");
  EXPECT_EQ(
      values_of("SET time_zone = \"Europe/Berlin\"; ROW h = DATE_EXTRACT(\"hour_of_day\", \"2024-01-01T12:00:00Z\")"),
      "[[13]]");
  EXPECT_NE(ask("SET approximation = true; ROW a = 1").find("TH3201"), std::string::npos);
}

}  // namespace
}  // namespace trailhound::run
