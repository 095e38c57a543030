#include "base/file_listing.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace trailhound {
namespace {

TEST(FileListing, GivesOutByPathWhateverSeveralThreadsAdded) {
  FileListing listing;
  {
    std::vector<std::jthread> threads;
    for (int part = 0; part < 3; ++part) {
      threads.emplace_back([&listing, part] {
        for (int i = part; i < 3'000; i += 3) {
          FileEntry file;
          file.path = "a/" + std::to_string(10'000 + i);
          file.records = static_cast<std::uint64_t>(i);
          listing.add(file);
        }
      });
    }
  }
  int given = 0;
  ASSERT_TRUE(listing.give_out([&](std::string_view json) {
    const std::string begin = R"({"path":"a/)" + std::to_string(10'000 + given) + R"(","form":"","outcome":"read",)";
    const std::string records = R"("records":)" + std::to_string(given) + ",";
    EXPECT_TRUE(json.starts_with(begin)) << json;
    EXPECT_NE(json.find(records), std::string_view::npos) << json;
    ++given;
  }));
  EXPECT_EQ(given, 3'000);
}

TEST(FileListing, HasTheDamages) {
  FileEntry file;
  file.path = "b.json";
  file.form = "json lines";
  file.outcome = FileOutcome::partly;
  file.reason = "damaged";
  file.bytes = 10;
  file.records = 2;
  file.damage(7, "not JSON");
  FileListing listing;
  listing.add(file);
  std::string given;
  ASSERT_TRUE(listing.give_out([&](std::string_view json) { given += json; }));
  EXPECT_EQ(given,
            R"({"path":"b.json","form":"json lines","outcome":"partly","reason":"damaged","bytes":10,"records":2,)"
            R"("malformed":0,"left_unread":false,"damage_count":1,"damages":[{"offset":7,"reason":"not JSON"}]})");
}

}  // namespace
}  // namespace trailhound
