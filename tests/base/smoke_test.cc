// The first thing to look at when everything fails: one fact a part.
#include <gtest/gtest.h>

#include "base/diagnostics.h"
#include "base/hash.h"
#include "base/instant.h"
#include "base/ip_address.h"
#include "base/json_value.h"
#include "base/json_writer.h"
#include "base/ledger.h"
#include "base/spill_sorter.h"
#include "base/value.h"

namespace trailhound {
namespace {

TEST(Smoke, EveryPartDoesItsMainThing) {
  EXPECT_EQ(to_hex(hash128("")), "99aa06d3014798d86001c324468d497f");  // XXH3's published value for no input
  EXPECT_EQ(format_rfc3339(*parse_rfc3339("2023-07-10T11:52:40Z")), "2023-07-10T11:52:40Z");
  EXPECT_TRUE(parse_cidr("10.0.0.0/8")->contains(*parse_ip("10.200.3.4")));
  json::Document document;
  const auto root = document.parse(R"({"a":{"b":[1,2.5,"x"]}})");
  ASSERT_TRUE(root);
  std::string out;
  root->find("a").append_json(out);
  EXPECT_EQ(out, R"({"b":[1,2.5,"x"]})");
  std::string bytes;
  append_canonical(bytes, Value(std::int64_t{5}));
  std::string_view rest = bytes;
  Value back;
  EXPECT_TRUE(read_canonical(rest, back));
  EXPECT_EQ(back, Value(std::int64_t{5}));
  std::string written;
  json::Writer(written).begin_object().key("n").real(0.5).key("l").begin_array().null().end_array().end_object();
  EXPECT_EQ(written, R"({"n":0.5,"l":[null]})");
}

TEST(Smoke, SorterSortsWithAndWithoutTheDisk) {
  for (const std::size_t budget : {std::size_t{1}, std::size_t{1} << 20}) {
    SpillSorter sorter({.budget = budget, .folder = ""});
    for (const char* key : {"b", "c", "a", "b"}) ASSERT_TRUE(sorter.add(key, "x"));
    EXPECT_EQ(sorter.size(), 4u);
    EXPECT_EQ(sorter.bytes_spilled() > 0, budget == 1);
    auto merged = sorter.finish();
    ASSERT_TRUE(merged);
    std::string keys;
    while (true) {
      const auto item = merged->next();
      ASSERT_TRUE(item);
      if (!*item) break;
      keys += (*item)->key;
    }
    EXPECT_EQ(keys, "abbc");
  }
}

TEST(Smoke, FindingsAndAccountsPrint) {
  EXPECT_EQ(nearest_name("evt.nmae", {"evt.id", "evt.name"}), "evt.name");
  EXPECT_EQ(make_snippet("a: 1\nb: x", {2, 4}), "b: x\n   ^");
  Ledger ledger;
  ledger.book({});
  EXPECT_FALSE(ledger.has_losses());
  std::string text;
  EXPECT_TRUE(write_json(ledger, [&](std::string_view piece) { text += piece; }));
  EXPECT_NE(text.find(R"("files":{"seen":1,"read":1,)"), std::string::npos);
}

}  // namespace
}  // namespace trailhound
