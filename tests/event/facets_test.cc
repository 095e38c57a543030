// Codes of facets: records of one code are alike in what is said to be a function of it.

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "event/batch_reader.h"
#include "event/catalog.h"
#include "records.h"

namespace trailhound::event {
namespace {

struct Codes {
  std::uint32_t caller = 0, error = 0;
  std::string type, issuer, outcome, name;
};

class Reading {
 public:
  explicit Reading(bool facets = true) {
    if (facets) reader_.keep_facets();
  }

  std::vector<Codes> read(const std::vector<std::string>& records) {
    std::vector<Codes> rows;
    static_cast<void>(read_window(reader_, array_of(records), [&](Batch& batch) {
      for (std::size_t row = 0; row < batch.size(); ++row) {
        const Record record(batch, row);
        rows.push_back({record.facet_code(Facet::caller), record.facet_code(Facet::error),
                        show(record.hot(Hot::identity_type)),
                        cell("aws.cloudtrail.user_identity.session_context.session_issuer.arn", record),
                        cell("event.outcome", record), cell("user.name", record)});
      }
    }));
    return rows;
  }

 private:
  std::string cell(std::string_view name, const Record& record) {
    arena_.reset();
    return show(catalog_.known(View::ecs, name)->read(record, arena_));
  }

  BatchReader reader_;
  Catalog catalog_;
  Arena arena_;
};

class FacetsTest : public testing::Test, protected Reading {};

const std::string kRole =
    R"("userIdentity":{"type":"AssumedRole","arn":"arn:r/s","sessionContext":{"sessionIssuer":{"arn":"arn:r"}}},)";

TEST_F(FacetsTest, KnownCallersHaveWhatNewOnesHave) {
  const auto rows = read({record_with(kRole), record_with(R"("userIdentity":{"type":"Root"},)"), record_with(kRole)});
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_NE(rows[0].caller, 0u);
  EXPECT_EQ(rows[0].caller, rows[2].caller);
  EXPECT_NE(rows[0].caller, rows[1].caller);
  for (const std::size_t row : {0u, 2u}) {
    EXPECT_EQ(rows[row].type, "AssumedRole");
    EXPECT_EQ(rows[row].issuer, "arn:r") << "the place of the session is its own in each record";
  }
  EXPECT_EQ(rows[1].type, "Root");
  EXPECT_EQ(rows[1].issuer, "absent");
}

/// Long enough to be known by number the next time.
std::string role_named(const std::string& name) {
  return R"("userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE:)" + name + R"(","arn":"arn:r/)" + name +
         R"(","accountId":"111122223333","accessKeyId":"ASIA)" + name +
         R"(","sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:of/)" + name + R"("}}},)";
}

// Records in envelopes are parsed by another parser, and a large record makes the parser begin anew. A caller has a
// number from the second sight on.
TEST(NumbersOfCallers, MeanOneCallerWhoeverParses) {
  const auto wrapped = [](const std::string& record) { return R"({"detail-type":"x","detail":)" + record + "}"; };
  const std::string large = R"("requestParameters":{"text":")" + std::string(5u << 20, 'x') + "\"},";
  for (const bool facets : {false, true}) {
    Reading reading(facets);
    for (int round = 0; round < 6; ++round) {
      const auto rows = reading.read({record_with(role_named("alice")), wrapped(record_with(role_named("bobby"))),
                                      record_with(role_named("carol")), record_with(role_named("alice") + large)});
      ASSERT_EQ(rows.size(), 4u);
      std::vector<std::string> issuers;
      std::set<std::uint32_t> codes;
      for (const Codes& row : rows) {
        EXPECT_EQ(row.type, "AssumedRole");
        issuers.push_back(row.issuer);
        codes.insert(row.caller);
      }
      std::ranges::sort(issuers);
      EXPECT_EQ(issuers, (std::vector<std::string>{"arn:of/alice", "arn:of/alice", "arn:of/bobby", "arn:of/carol"}));
      EXPECT_EQ(codes.size(), facets ? 3u : 1u);
    }
  }
}

TEST_F(FacetsTest, WhatIdentityAloneDoesNotTellHasNoCode) {
  const auto rows = read({record_with(kRole + R"("userIdentity.arn":"other",)"), record_with(R"("userIdentity":"x",)"),
                          record_with(R"("userIdentity":[{"type":"A"}],)"), record_with("")});
  ASSERT_EQ(rows.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(rows[i].caller, 0u) << i;
}

TEST_F(FacetsTest, TheNameOfWhoSignsInMayStandElsewhere) {
  const std::string sign_in = R"({"eventVersion":"1","eventTime":"2024-03-01T12:00:00Z",)"
                              R"("eventName":"UserAuthentication","userIdentity":{"type":"IdentityCenterUser"},)"
                              R"("additionalEventData":{"UserName":")";
  const auto rows = read({sign_in + "alice\"}}", sign_in + "bob\"}}"});
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].caller, 0u);
  EXPECT_EQ(rows[0].name, "alice");
  EXPECT_EQ(rows[1].name, "bob");
}

TEST_F(FacetsTest, ErrorsHaveACodeWhereNothingElseDecides) {
  const auto rows = read({record_with(""), record_with(R"("errorCode":"AccessDenied","errorMessage":"no",)"),
                          record_with(R"("errorCode":"AccessDenied",)"), record_with(R"("errorMessage":"no",)"),
                          record_with(R"("errorCode":"","errorMessage":"no",)"), record_with(R"("errorCode":"",)")});
  ASSERT_EQ(rows.size(), 6u);
  EXPECT_NE(rows[0].error, 0u);
  EXPECT_NE(rows[1].error, 0u);
  EXPECT_EQ(rows[1].error, rows[2].error);
  EXPECT_NE(rows[0].error, rows[1].error);
  EXPECT_EQ(rows[3].error, 0u);
  EXPECT_EQ(rows[4].error, 0u);
  const std::vector<std::string> outcomes = {"success", "failure", "failure", "failure", "failure", "success"};
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rows[i].outcome, outcomes[i]) << i;
}

TEST_F(FacetsTest, LoginsAreJudgedByTheirResponse) {
  const std::string login = R"({"eventVersion":"1","eventTime":"2024-03-01T12:00:00Z","eventName":"ConsoleLogin",)"
                            R"("responseElements":{"ConsoleLogin":")";
  const auto rows = read({login + "Failure\"}}", login + "Success\"}}"});
  ASSERT_EQ(rows.size(), 2u);
  for (const Codes& row : rows) EXPECT_EQ(row.error, 0u);
  EXPECT_EQ(rows[0].outcome, "failure");
  EXPECT_EQ(rows[1].outcome, "success");
}

TEST(Facets, TheAccountIsThatOfTheCallerAndTheRecipientTogether) {
  BatchReader reader;
  reader.keep_facets();
  const Catalog catalog;
  const ColumnRef account = catalog.known(View::ecs, "cloud.account.id");
  ASSERT_TRUE(account->caller_and);
  std::vector<std::string> records;
  for (const char* identity :
       {R"("userIdentity":{"type":"Root","accountId":"1"},)", R"("userIdentity":{"type":"Root"},)",
        R"("userIdentity":{"type":"Root","accountId":"-"},)"}) {
    for (const char* recipient : {"", R"("recipientAccountId":"2",)", R"("recipientAccountId":"-",)",
                                  R"("recipientAccountId":"",)", R"("recipientAccountId":3,)"}) {
      for (const char* other : {"", R"("awsAccountId":"4",)"}) {
        records.push_back(R"({"eventVersion":"1","eventTime":"2024-03-01T12:00:00Z","eventName":"A",)" +
                          std::string(identity) + recipient + other + R"("eventID":"e"})");
      }
    }
  }
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::set<std::string>> cells;
  std::size_t decided = 0;
  static_cast<void>(read_window(reader, array_of(records), [&](Batch& batch) {
    for (std::size_t row = 0; row < batch.size(); ++row) {
      const Record record(batch, row);
      if (!account->caller_and->decides(record.hot(account->caller_and->hot))) continue;
      ++decided;
      Arena arena;
      cells[{record.facet_code(Facet::caller), record.hot_code(account->caller_and->hot)}].insert(
          show(account->read(record, arena)));
    }
  }));
  EXPECT_EQ(decided, 6u) << "those with a text that says something";
  EXPECT_EQ(cells.size(), 3u);
  for (const auto& [codes, of_codes] : cells) EXPECT_EQ(of_codes.size(), 1u);
}

TEST(Facets, AreNotThereUnlessAskedFor) {
  BatchReader reader;
  std::size_t rows = 0;
  static_cast<void>(read_window(reader, array_of({record_with(kRole)}), [&](Batch& batch) {
    ++rows;
    EXPECT_EQ(Record(batch, 0).facet_code(Facet::caller), 0u);
    EXPECT_EQ(show(Record(batch, 0).hot(Hot::identity_arn)), "arn:r/s");
  }));
  EXPECT_EQ(rows, 1u);
}

}  // namespace
}  // namespace trailhound::event
