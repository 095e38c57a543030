// `trailhound query` without data: commands over ROW, and what comes out.

#include "run/query.h"

#include <gtest/gtest.h>

#include "run/query_output.h"

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

}  // namespace
}  // namespace trailhound::run
