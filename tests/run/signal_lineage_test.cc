// The evidence of signals over signals.

#include "run/signal_lineage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace trailhound::run {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

engine::EvidenceItem event(std::int64_t second, const std::string& key) {
  return {Instant::from_seconds(second), "1/" + key, key, "f.json", 7};
}
engine::EvidenceItem of_signal(const std::string& id, std::int64_t depth,
                               const std::vector<engine::EvidenceItem>& events) {
  return {Instant::from_seconds(100), signal_event_key(id), id, pack_lineage(depth, events), 0};
}
std::vector<std::string> keys(const engine::EpisodeRecord& episode) {
  std::vector<std::string> all;
  for (const auto& item : episode.evidence) all.push_back(item.event_key);
  return all;
}

TEST(SignalLineage, EventsTakeThePlaceOfTheirSignals) {
  engine::EpisodeRecord episode;
  episode.evidence = {of_signal("a", 1, {event(1, "x"), event(2, "y")}), event(3, "z"),
                      of_signal("b/1", 2, {event(2, "y"), event(4, "w")}), of_signal("b", 3, {event(4, "w")})};
  const signal::Origin origin = unfold(episode);
  EXPECT_THAT(keys(episode), ElementsAre("1/x", "1/y", "1/z", "1/w"));
  EXPECT_EQ(episode.evidence[0].path, "f.json");
  EXPECT_EQ(episode.evidence[0].offset, 7u);
  EXPECT_EQ(episode.evidence[3].time, Instant::from_seconds(4));
  EXPECT_THAT(origin.signals, ElementsAre("a", "b"));  // a building block is its signal
  EXPECT_EQ(origin.depth, 3);
}

TEST(SignalLineage, EventsAloneStay) {
  engine::EpisodeRecord episode;
  episode.evidence = {event(1, "x"), event(2, "y")};
  // An account may be called anything.
  episode.evidence.push_back({Instant{}, "signal/0", "0", "\x01lineage but not one", 0});
  const signal::Origin origin = unfold(episode);
  EXPECT_THAT(keys(episode), ElementsAre("1/x", "1/y", "signal/0"));
  EXPECT_THAT(origin.signals, IsEmpty());
  EXPECT_EQ(origin.depth, 0);
}

TEST(SignalLineage, HandsOnAndKeepsNoMoreThanItMay) {
  std::vector<engine::EvidenceItem> many;
  for (int i = 0; i < 50; ++i) many.push_back(event(i, std::to_string(i)));
  engine::EpisodeRecord one;
  one.evidence = {of_signal("a", 1, many)};
  unfold(one);
  EXPECT_EQ(one.evidence.size(), kHandedOn);
  engine::EpisodeRecord all;
  for (int i = 0; i < 10; ++i) {
    for (auto& item : many) item.event_key += "+";
    all.evidence.push_back(of_signal(std::to_string(i), 1, many));
  }
  EXPECT_EQ(unfold(all).signals.size(), 10u);
  EXPECT_EQ(all.evidence.size(), engine::EpisodeRecord::kEvidenceCap);
}

}  // namespace
}  // namespace trailhound::run
