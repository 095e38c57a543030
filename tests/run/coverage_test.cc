#include "run/coverage.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace trailhound::run {
namespace {

using Dictionaries = std::array<event::CellDictionary, event::kHotCount>;

event::CellDictionary& names_of(Dictionaries& dictionaries) {
  return dictionaries[static_cast<std::size_t>(event::Hot::event_name)];
}

TEST(Coverage, CountsDistinctTextsOverDictionariesAndWorkers) {
  const auto dictionaries = std::make_unique<Dictionaries>();
  const std::vector<Scalar> several = {std::string_view("a"), std::string_view("b")};
  names_of(*dictionaries).code_of("a");
  names_of(*dictionaries).code_of(Cell::several(several));
  names_of(*dictionaries).code_of(Cell::null());
  Coverage one;
  one.harvest(*dictionaries);
  one.harvest(*dictionaries);
  EXPECT_EQ(one.distinct(event::Hot::event_name), 2u);
  EXPECT_EQ(one.distinct(event::Hot::region), 0u);

  names_of(*dictionaries).reset();
  names_of(*dictionaries).code_of("b");
  names_of(*dictionaries).code_of("c");
  Coverage other;
  other.harvest(*dictionaries);
  one.merge(other);
  EXPECT_EQ(one.distinct(event::Hot::event_name), 3u);
  EXPECT_FALSE(one.capped(event::Hot::event_name));
}

TEST(Coverage, IsCappedOnlyByWhatItDoesNotKnow) {
  const auto dictionaries = std::make_unique<Dictionaries>();
  const auto add = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) names_of(*dictionaries).code_of(std::to_string(i));
  };
  add(0, Coverage::kCap);
  Coverage all;
  all.harvest(*dictionaries);
  EXPECT_EQ(all.distinct(event::Hot::event_name), Coverage::kCap);
  EXPECT_FALSE(all.capped(event::Hot::event_name));
  Coverage same;
  same.harvest(*dictionaries);
  all.merge(same);
  EXPECT_FALSE(all.capped(event::Hot::event_name));
  add(Coverage::kCap, Coverage::kCap + 1);
  all.harvest(*dictionaries);
  EXPECT_EQ(all.distinct(event::Hot::event_name), Coverage::kCap);
  EXPECT_TRUE(all.capped(event::Hot::event_name));
  same.merge(all);
  EXPECT_TRUE(same.capped(event::Hot::event_name));
}

}  // namespace
}  // namespace trailhound::run
