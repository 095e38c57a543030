// Rules that look addresses up in databases by IP_LOCATION, over events and over other rules' signals.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "event/mmdb_writer.h"
#include "plan/plan.h"
#include "rule/loader.h"
#include "rule/rule_reading.h"
#include "run/record_shorthand.h"
#include "run/scan.h"
#include "signal/signal.h"
#include "temporary_folder.h"

namespace trailhound::run {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kLocated = "FROM SOURCE | IP_LOCATION g = source.ip | WHERE g.country_iso_code == \"NO\"";

std::string rule_text(const std::string& id, const std::string& type, const std::string& language,
                      const std::string& query) {
  return "[rule]\nname = \"" + id + "\"\nrule_id = \"" + id + "\"\ntype = \"" + type + "\"\nlanguage = \"" + language +
         "\"\nrisk_score = 21\nseverity = \"low\"\ndescription = \"d\"\nauthor = [\"a\"]\nfrom = \"now-6m\"\n"
         "interval = \"5m\"\nquery = '''\n" +
         query + "\n'''\n";
}

std::string located(const std::string& source, const std::string& rest = "") {
  std::string query = kLocated;
  return rule_text("located", "esql", "esql",
                   query.replace(query.find("SOURCE"), 6, source + " METADATA _id, _version, _index") + rest);
}

class Collected : public sink::Sink {
 public:
  Status add(const signal::Signal& signal) override {
    signals.push_back(signal);
    return {};
  }
  Status finish(const sink::ScanSummary& summary) override {
    for (const RuleEntry& entry : summary.ledger->rules) reasons.push_back(entry.id + ": " + entry.reason);
    return {};
  }
  std::vector<signal::Signal> signals;
  std::vector<std::string> reasons;
};

class AddressRules : public testing::Test {
 protected:
  [[nodiscard]] event::Catalog catalog() const {
    event::MmdbWriter writer;
    writer.add("198.51.100.0/24", {{"country", event::MmdbWriter::Map{{"iso_code", std::string("NO")}}}});
    writer.write(folder_ / "city.mmdb");
    return event::Catalog(*event::Geo::open(folder_ / "city.mmdb", ""));
  }

  static rule::LoadedRules load(const std::vector<std::string>& texts, const event::Catalog& catalog) {
    rule::LoadedRules loaded;
    for (const std::string& text : texts) rule::load_rule_text(text, "r.toml", catalog, loaded);
    for (const auto& outcome : loaded.outcomes) {
      for (const auto& finding : outcome.diagnostics.all()) {
        EXPECT_NE(finding.severity, Diagnostic::Severity::error) << to_text(finding);
      }
    }
    return loaded;
  }

  static Collected scan_calls(const std::vector<std::string>& texts, const event::Catalog& catalog) {
    const rule::LoadedRules rules = load(texts, catalog);
    std::string records;
    std::uint64_t number = 0;
    for (const char* address : {"198.51.100.7", "203.0.113.7", "cloudformation.amazonaws.com"}) {
      Shorthand values;
      values["ip"] = {address};
      append_record(records, "ListUsers", Instant::from_seconds(1'772'442'000), values, ++number);
      records += "\n";
    }
    ScanInput input;
    input.texts.push_back({"calls", std::move(records)});
    Collected collected;
    Progress progress;
    const auto result = scan(input, rules, catalog, {}, std::make_unique<Ledger>(), {&collected}, progress);
    EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().text());
    return collected;
  }

  TemporaryFolder folder_;
};

TEST_F(AddressRules, FireWhereTheDatabaseSaysSo) {
  const Collected found = scan_calls({located("logs-aws.cloudtrail-*")}, catalog());
  ASSERT_EQ(found.signals.size(), 1u);
  EXPECT_THAT(found.signals[0].source_ips, ElementsAre("198.51.100.7"));
}

TEST_F(AddressRules, LookUpAddressesOfSignals) {
  const std::string listing =
      rule_text("listing", "query", "kuery", "event.action: ListUsers") + "index = [\"logs-aws.cloudtrail-*\"]\n";
  const Collected found = scan_calls({listing, located(".alerts-security.*")}, catalog());
  const auto of_located = std::ranges::count_if(found.signals, [](const auto& s) { return s.rule->id == "located"; });
  EXPECT_EQ(found.signals.size(), 4u);
  EXPECT_EQ(of_located, 1);
}

TEST_F(AddressRules, SayThatTheyNeedADatabase) {
  const event::Catalog without;
  const rule::LoadedRules loaded = load({located("logs-aws.cloudtrail-*")}, without);
  EXPECT_TRUE(loaded.outcomes[0].runs);
  EXPECT_THAT(loaded.outcomes[0].needs, ElementsAre("GeoIP city database"));
  const Collected found = scan_calls({located("logs-aws.cloudtrail-*")}, without);
  EXPECT_THAT(found.signals, IsEmpty());
  EXPECT_THAT(found.reasons, ElementsAre(HasSubstr("needs a GeoIP city database")));
}

TEST_F(AddressRules, ReadOnlyWhatIsInEvents) {
  const rule::LoadedRules loaded = load({located("logs-aws.cloudtrail-*")}, catalog());
  EXPECT_THAT(rule::columns_read(*loaded.rules[0]), Not(testing::Contains(HasSubstr("geoip"))));
  EXPECT_THAT(rule::columns_read(*loaded.rules[0]), testing::Contains("source.ip"));
}

TEST_F(AddressRules, ArePrintedAndReadBack) {
  const event::Catalog all = catalog();
  const rule::LoadedRules loaded = load({located("logs-aws.cloudtrail-*")}, all);
  class Resolver : public plan::ColumnResolver {
   public:
    explicit Resolver(const event::Catalog& catalog) : catalog_(catalog) {}
    [[nodiscard]] Result<event::ColumnRef> find(event::View view, std::string_view name) const override {
      return catalog_.find(view, name);
    }

   private:
    const event::Catalog& catalog_;
  };
  const plan::Expr& filter = loaded.rules[0]->plan.queries[0].filter;
  EXPECT_THAT(plan::print(filter), HasSubstr("address:geoip.country_iso_code"));
  const auto again = plan::parse_expression(plan::print(filter), Resolver(all));
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(plan::equal(*again, filter));
}

}  // namespace
}  // namespace trailhound::run
