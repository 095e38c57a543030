// Documents of signals and the columns over them.

#include <gtest/gtest.h>

#include "event/batch.h"
#include "event/catalog.h"
#include "event/signal_fields.h"

namespace trailhound::event {
namespace {

TEST(DocumentFields, HoldsEachNameOnce) {
  DocumentFields fields;
  fields.set("b", std::int64_t{1});
  fields.set("a", std::string("x"));
  fields.set("b", Values{std::string("y"), std::monostate{}});
  ASSERT_EQ(fields.all().size(), 2u);
  EXPECT_EQ(fields.all()[0].first, "a");
  EXPECT_EQ(*fields.find("b"), Values{std::string("y")});
  fields.set("b", Values{});
  EXPECT_EQ(fields.find("b"), nullptr);
  EXPECT_EQ(fields.find("c"), nullptr);
}

TEST(SignalFields, OldNamesMeanTheNewOnes) {
  EXPECT_EQ(name_in_signals("signal.rule.name"), "kibana.alert.rule.name");
  EXPECT_EQ(name_in_signals("signal.rule.id"), "kibana.alert.rule.uuid");
  EXPECT_EQ(name_in_signals("signal.rule.risk_score"), "kibana.alert.risk_score");
  EXPECT_EQ(name_in_signals("source.ip"), "source.ip");
  EXPECT_EQ(name_in_events("signal.original_event.action"), "event.action");
  EXPECT_EQ(name_in_events("kibana.alert.original_data_stream.dataset"), "data_stream.dataset");
  EXPECT_EQ(name_in_events("source.ip"), "source.ip");
  EXPECT_EQ(name_in_events("kibana.alert.uuid"), "");
  EXPECT_EQ(name_in_events("event.kind"), "");
  EXPECT_TRUE(is_field_of_signal("@timestamp"));
  EXPECT_FALSE(is_field_of_signal("kibana.alert.original_event.kind"));
  EXPECT_TRUE(is_only_in_signals("kibana.alert.original_event.kind"));
  EXPECT_FALSE(is_only_in_signals("event.kind"));
}

class SignalColumn : public testing::Test {
 protected:
  SignalColumn() {
    batch_.times = {Instant{}};
    batch_.documents.emplace_back();
  }
  DocumentFields& fields() { return batch_.documents.front(); }
  Cell read(const std::string& name) {
    const auto column = catalog_.find(View::ecs, name);
    EXPECT_TRUE(column.has_value()) << name;
    return signal_column(**column)->read(Record(batch_, 0), batch_.arena);
  }

  Catalog catalog_;
  Batch batch_;
};

TEST_F(SignalColumn, ReadsWhatTheDocumentHasInTheFieldsType) {
  fields().set("kibana.alert.rule.name", std::string("R"));
  fields().set("@timestamp", std::string("2026-03-02T09:00:00Z"));
  fields().set("source.ip", std::string("203.0.113.7"));
  fields().set("kibana.alert.risk_score", std::int64_t{47});
  fields().set("kibana.alert.depth", 2.0);
  const Cell name = read("signal.rule.name");
  EXPECT_EQ(to_text(name.values()[0]), "R");
  const Cell time = read("@timestamp");
  EXPECT_EQ(std::get<std::int64_t>(time.values()[0]), 1'772'442'000'000'000);
  const Cell ip = read("source.ip");
  EXPECT_TRUE(std::holds_alternative<IpAddress>(ip.values()[0]));
  const Cell score = read("kibana.alert.risk_score");
  EXPECT_EQ(std::get<double>(score.values()[0]), 47.0);
  const Cell depth = read("kibana.alert.depth");
  EXPECT_EQ(std::get<std::int64_t>(depth.values()[0]), 2);
}

TEST_F(SignalColumn, LeavesOutWhatTheTypeCannotHold) {
  fields().set("source.ip", Values{std::string("not an address"), std::string("203.0.113.7")});
  fields().set("kibana.alert.depth", 2.5);
  EXPECT_EQ(read("source.ip").size(), 1u);
  EXPECT_EQ(read("kibana.alert.depth").state(), Cell::State::absent);
  EXPECT_EQ(read("user.name").state(), Cell::State::absent);
}

TEST_F(SignalColumn, ListsAreSets) {
  fields().set("kibana.alert.rule.tags", Values{std::string("b"), std::string("a"), std::string("b")});
  const Cell tags = read("kibana.alert.rule.tags");
  ASSERT_EQ(tags.size(), 2u);
  EXPECT_EQ(to_text(tags.values()[0]), "a");
}

TEST_F(SignalColumn, OtherViewsHaveNamesOfTheirOwn) {
  fields().set("_id", std::string("i"));
  fields().set("datadog:@evt.name", std::string("GetUser"));
  const auto id = catalog_.find(View::raw, "eventID");
  const Cell own = signal_column(**id)->read(Record(batch_, 0), batch_.arena);
  EXPECT_EQ(to_text(own.values()[0]), "i");
  const auto name = catalog_.find(View::datadog, "@evt.name");
  const Cell call = signal_column(**name)->read(Record(batch_, 0), batch_.arena);
  EXPECT_EQ(to_text(call.values()[0]), "GetUser");
  const auto region = catalog_.find(View::raw, "awsRegion");
  EXPECT_EQ(signal_column(**region)->read(Record(batch_, 0), batch_.arena).state(), Cell::State::absent);
}

TEST_F(SignalColumn, ARecordOfCloudTrailHasNone) {
  batch_.documents.clear();
  EXPECT_EQ(read("kibana.alert.rule.name").state(), Cell::State::absent);
}

}  // namespace
}  // namespace trailhound::event
