// The byte form of hits: what is written is read back, keys order as operators need it, damage is noticed.

#include "engine/hit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <tuple>

#include "engine/hit_texts.h"
#include "engine/stored_hit.h"

namespace trailhound::engine {
namespace {

Hit sample() {
  Hit hit;
  hit.rule = 70000;
  hit.queries = 0x8000000000000001u;
  hit.time = Instant{1'700'000'000'000'000};
  hit.event_key = "111122223333/0f1e2d3c-aaaa-bbbb-cccc-000000000001";
  hit.event_id = "0f1e2d3c-aaaa-bbbb-cccc-000000000001";
  hit.group = {std::string("arn:aws:iam::111122223333:user/a"), Value{}, std::int64_t{5}, true};
  hit.arguments = {{std::string("x"), std::string("y")}, {}, {2.5}, {*parse_ip("10.0.0.1")}};
  hit.attributes = {{}, {std::string("")}};
  hit.profile = {"arn:a",       "111122223333",          "eu-west-1", "10.0.0.1", "aws-cli/2",
                 "ListSecrets", Profile::Outcome::denied};
  hit.path = "logs/a.json.gz";
  hit.offset = 1u << 20;
  return hit;
}

struct Bytes {
  std::string key, payload;
};
Bytes encoded(const Hit& hit, const std::vector<Value>& signal_key = {}) {
  Bytes bytes;
  encode(hit, signal_key, bytes.key, bytes.payload);
  return bytes;
}

TEST(HitCodec, ReadsBackWhatWasWritten) {
  const Hit hit = sample();
  const Bytes bytes = encoded(hit, {std::string("a"), Value{}});
  const auto read = decode(bytes.key, bytes.payload);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read, hit);
}

TEST(HitCodec, AViewIsWrittenAsTheHitItself) {
  const Hit hit = sample();
  const Scalar several[] = {std::string_view("x"), std::string_view("y")};
  const Cell arguments[] = {Cell::several(several), Cell::absent(), Cell::one(2.5), Cell::one(*parse_ip("10.0.0.1"))};
  const Cell attributes[] = {Cell::object(), Cell::one(std::string_view(""))};
  const HitView view{.rule = hit.rule,
                     .queries = hit.queries,
                     .time = hit.time,
                     .covers = hit.covers,
                     .event_key = hit.event_key,
                     .group = hit.group,
                     .arguments = arguments,
                     .attributes = attributes,
                     .profile = view_of(hit.profile),
                     .path = hit.path,
                     .offset = hit.offset,
                     .event_id = hit.event_id};
  EXPECT_EQ(to_hit(view), hit);
  HitTexts of_hits(1u << 20), of_views(1u << 20);
  for (int round = 0; round < 3; ++round) {  // texts get numbers when they come again
    Bytes of_hit, of_view;
    encode(hit, hit.group, of_hit.key, of_hit.payload, &of_hits);
    encode(view, hit.group, of_view.key, of_view.payload, &of_views);
    EXPECT_EQ(of_view.key, of_hit.key);
    EXPECT_EQ(of_view.payload, of_hit.payload);
  }
  Bytes whole;
  encode(view, {}, whole.key, whole.payload);
  EXPECT_EQ(whole.payload, encoded(hit).payload);
}

TEST(HitCodec, KeepsExtremesAndOddTexts) {
  Hit hit = sample();
  hit.time = Instant::min();
  hit.event_key = std::string("\0a\0\0\xFF\x01/", 8);
  hit.event_id = "";
  hit.offset = std::numeric_limits<std::uint64_t>::max();
  hit.queries = std::numeric_limits<std::uint64_t>::max();
  hit.profile = {};
  hit.group = {std::string("\0", 1)};
  hit.path = std::string(100'000, 'p');
  for (int step = 0; step < 3; ++step) {
    const Bytes bytes = encoded(hit);
    const auto read = decode(bytes.key, bytes.payload);
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(*read, hit);
    hit.event_id = step == 0 ? "another" : hit.event_key;  // in the key, not in the key, the whole key
    hit.time = Instant::max();
  }
}

TEST(HitCodec, EventIdThatTheKeyHoldsIsNotWrittenTwice) {
  const Hit hit = sample();
  const Bytes bytes = encoded(hit);
  EXPECT_NE(bytes.key.find(hit.event_id), std::string::npos);
  EXPECT_EQ(bytes.payload.find(hit.event_id), std::string::npos);
}

/// Operator order, spelled out.
bool comes_before(const Hit& a, const std::vector<Value>& a_key, const Hit& b, const std::vector<Value>& b_key) {
  const auto canonical = [](const std::vector<Value>& values) {
    std::string out;
    for (const Value& value : values) append_canonical(out, value);
    return out;
  };
  return std::tuple(a.rule, canonical(a_key), a.time, a.event_key, canonical(a.group)) <
         std::tuple(b.rule, canonical(b_key), b.time, b.event_key, canonical(b.group));
}

TEST(HitCodec, KeysSortByRuleSignalKeyTimeEventKeyAndGroup) {
  std::mt19937 random(7);
  const std::vector<std::string> texts = {
      "", "a", "a/b", "ab", "b", std::string("a\0", 2), std::string("a\0\xFF", 3), "\xC3\xA4"};
  const std::vector<std::int64_t> times = {
      std::numeric_limits<std::int64_t>::min(), -1, 0, 1, 255, 256, 1'700'000'000'000'000};
  const auto pick = [&](const auto& from) { return from[random() % from.size()]; };
  std::vector<std::pair<Hit, std::vector<Value>>> hits;
  for (int i = 0; i < 300; ++i) {
    Hit hit;
    hit.rule = static_cast<std::uint32_t>(random() % 3) * 255 + static_cast<std::uint32_t>(random() % 2);
    hit.time = Instant{pick(times)};
    hit.event_key = pick(texts);
    hit.group = {random() % 4 == 0 ? Value{} : Value{pick(texts)}, std::int64_t{pick(times)}};
    std::vector<Value> signal_key = {pick(texts)};
    hits.emplace_back(std::move(hit), std::move(signal_key));
  }
  for (const auto& [a, a_key] : hits) {
    for (const auto& [b, b_key] : hits) {
      EXPECT_EQ(encoded(a, a_key).key < encoded(b, b_key).key, comes_before(a, a_key, b, b_key))
          << a.event_key << " " << b.event_key;
    }
  }
}

TEST(HitCodec, PartitionIsRuleAndSignalKey) {
  Hit a = sample();
  Hit b = sample();
  b.time = Instant{0};
  b.event_key = "other";
  b.group = {};
  const auto partition = [](const Hit& hit, const std::vector<Value>& key) {
    return std::string(partition_of(encoded(hit, key).key));
  };
  EXPECT_FALSE(partition(a, {}).empty());
  EXPECT_EQ(partition(a, {std::string("k")}), partition(b, {std::string("k")}));
  EXPECT_NE(partition(a, {std::string("k")}), partition(b, {std::string("l")}));
  EXPECT_NE(partition(a, {Value{}}), partition(b, {std::string("")}));
  b.rule = a.rule + 1;
  EXPECT_NE(partition(a, {}), partition(b, {}));
  EXPECT_TRUE(partition_of("ab").empty());
}

TEST(HitCodec, DamageIsAnErrorAndNeverMore) {
  const Bytes bytes = encoded(sample(), {std::string("k")});
  for (std::size_t size = 0; size < bytes.key.size(); ++size) {
    EXPECT_FALSE(decode(bytes.key.substr(0, size), bytes.payload)) << size;
  }
  for (std::size_t size = 0; size < bytes.payload.size(); ++size) {
    EXPECT_FALSE(decode(bytes.key, bytes.payload.substr(0, size))) << size;
  }
  EXPECT_FALSE(decode(bytes.key + "x", bytes.payload));
  EXPECT_FALSE(decode(bytes.key, bytes.payload + "x"));
  Hit with_zero;
  with_zero.event_key = std::string("\0", 1);
  Bytes other_mark = encoded(with_zero);
  other_mark.key[other_mark.key.find('\xFF')] = '\2';
  EXPECT_FALSE(decode(other_mark.key, other_mark.payload)) << "a zero byte must be followed by FF or 01";
  Bytes other_version = bytes;
  ++other_version.payload[0];
  EXPECT_FALSE(decode(other_version.key, other_version.payload));
  std::mt19937 random(11);
  for (int i = 0; i < 20'000; ++i) {  // may be read as another hit, but must not crash or ask for endless memory
    Bytes damaged = bytes;
    std::string& text = random() % 2 == 0 ? damaged.key : damaged.payload;
    text[random() % text.size()] = static_cast<char>(random());
    const bool is_whole = decode(damaged.key, damaged.payload).has_value();
    StoredHit stored;
    EXPECT_EQ(decode(damaged.key, damaged.payload, stored).has_value(), is_whole) << "both forms judge alike";
  }
}

TEST(HitCodec, StoredFormTellsTheSame) {
  const Hit hit = sample();
  const Bytes bytes = encoded(hit);
  StoredHit stored;
  stored.arguments.resize(9);  // of an earlier hit
  ASSERT_TRUE(decode(bytes.key, bytes.payload, stored));
  EXPECT_EQ(std::tie(stored.rule, stored.queries, stored.time, stored.event_key, stored.group, stored.arguments),
            std::tie(hit.rule, hit.queries, hit.time, hit.event_key, hit.group, hit.arguments));
  const auto expect_description = [&] {
    EXPECT_EQ(stored.outcome, hit.profile.outcome);
    Description told = read_description(stored.event_key, stored.description());
    told.profile.outcome = stored.outcome;
    EXPECT_EQ(std::tie(told.profile, told.attributes, told.path, told.offset, told.event_id),
              std::tie(hit.profile, hit.attributes, hit.path, hit.offset, hit.event_id));
  };
  expect_description();
  write_payload(stored, read_description(stored.event_key, stored.description()));
  EXPECT_EQ(stored.payload, bytes.payload);
  expect_description();
}

TEST(HitCodec, AGroupThatIsTheSignalKeyIsWrittenOnce) {
  const Hit hit = sample();
  const Bytes bytes = encoded(hit, hit.group);
  EXPECT_LT(bytes.key.size(), encoded(hit, {hit.group[0]}).key.size());
  const auto read = decode(bytes.key, bytes.payload);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read, hit);
  for (std::size_t size = 0; size < bytes.key.size(); ++size) {
    EXPECT_FALSE(decode(bytes.key.substr(0, size), bytes.payload)) << size;
  }
}

Bytes shortened(const Hit& hit, HitTexts& texts) {
  Bytes bytes;
  encode(hit, {}, bytes.key, bytes.payload, &texts);
  return bytes;
}

constexpr std::size_t kAmple = 1u << 20;

TEST(HitCodec, AShortenedHitReadsBackAsTheWholeOne) {
  HitTexts texts(kAmple);
  Hit hit = sample();
  hit.path = "logs/AWSLogs/111122223333/CloudTrail/eu-west-1/2024/03/01/a.json.gz";
  hit.attributes = {{std::string("a text that is long"), std::int64_t{7}}, {}, {std::string("a\0b\0long", 9), Value{}}};
  Hit without_id_in_key = hit;
  without_id_in_key.event_id = "another";
  std::size_t first = 0;
  for (int i = 0; i < 4; ++i) {
    for (const Hit& one : {hit, without_id_in_key}) {
      const Bytes whole = encoded(one);
      const Bytes bytes = shortened(one, texts);
      EXPECT_EQ(bytes.key, whole.key);
      StoredHit expected, stored;
      ASSERT_TRUE(decode(whole.key, whole.payload, expected));
      ASSERT_TRUE(decode(bytes.key, bytes.payload, stored, &texts)) << i;
      write_payload(stored, read_description(stored.event_key, stored.description()));
      EXPECT_EQ(stored.texts, nullptr);
      EXPECT_EQ(stored.payload, expected.payload) << i;
      EXPECT_EQ(stored.description_at, expected.description_at);
      EXPECT_EQ(std::tie(stored.queries, stored.outcome, stored.arguments, stored.group),
                std::tie(expected.queries, expected.outcome, expected.arguments, expected.group));
      if (i == 0 && first == 0) first = bytes.payload.size();
      if (i < 2) continue;
      EXPECT_LT(bytes.payload.size(), first / 2) << "texts that came twice are named by number";
    }
  }
}

TEST(HitCodec, DamageOfAShortenedHitIsAnErrorAndNeverMore) {
  HitTexts texts(kAmple);
  const Hit hit = sample();
  Bytes bytes;
  for (int i = 0; i < 3; ++i) bytes = shortened(hit, texts);
  StoredHit stored;
  for (std::size_t size = 0; size < bytes.payload.size(); ++size) {
    EXPECT_FALSE(decode(bytes.key, bytes.payload.substr(0, size), stored, &texts)) << size;
  }
  EXPECT_FALSE(decode(bytes.key, bytes.payload + "x", stored, &texts));
  EXPECT_FALSE(decode(bytes.key, bytes.payload, stored)) << "its texts are not there";
  const HitTexts none(kAmple);
  EXPECT_FALSE(decode(bytes.key, bytes.payload, stored, &none)) << "its texts are not there";
  EXPECT_FALSE(decode(bytes.key, bytes.payload)) << "only a stored hit has texts beside it";
  std::mt19937 random(12);
  for (int i = 0; i < 20'000; ++i) {  // what is read is sound: its description can be read
    std::string damaged = bytes.payload;
    damaged[random() % damaged.size()] = static_cast<char>(random());
    if (!decode(bytes.key, damaged, stored, &texts)) continue;
    const Description told = read_description(stored.event_key, stored.description());
    EXPECT_FALSE(told.event_id.empty()) << "the last of what is read";
    write_payload(stored, told);
    StoredHit again;
    EXPECT_TRUE(decode(bytes.key, stored.payload, again)) << "and so is the whole form made of it";
  }
}

TEST(HitTexts, GivesANumberToWhatComesAgain) {
  HitTexts texts(kAmple);
  EXPECT_EQ(texts.number_of("eu-west-1"), std::nullopt);
  EXPECT_EQ(texts.number_of("eu-west-1"), 0u);
  EXPECT_EQ(texts.number_of("eu-west-2"), std::nullopt);
  EXPECT_EQ(texts.number_of("eu-west-2"), 1u);
  EXPECT_EQ(texts.number_of("eu-west-1"), 0u);
  EXPECT_EQ(texts.text(0), "eu-west-1");
  EXPECT_EQ(texts.text(1), "eu-west-2");
  EXPECT_EQ(texts.text(2), std::nullopt);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(texts.number_of("short"), std::nullopt);
    EXPECT_EQ(texts.number_of(std::string(HitTexts::kLongest + 1, 'l')), std::nullopt);
  }
}

TEST(HitTexts, TellsTextsApartThatLookAlike) {  // equal ends and lengths: they share a place
  HitTexts texts(kAmple);
  std::vector<std::string> alike;
  std::size_t numbered = 0;
  for (int i = 100; i < 600; ++i) alike.push_back("the same " + std::to_string(i) + " the same");
  for (int round = 0; round < 3; ++round) {
    for (const std::string& text : alike) {
      const auto number = texts.number_of(text);
      if (round == 2 && number) ++numbered;
      EXPECT_EQ(number ? texts.text(*number) : text, text);
    }
  }
  EXPECT_GT(numbered, 400u);  // not all: what is remembered of texts that came once is little
}

TEST(HitTexts, TakesNoMoreThanItsBudget) {
  HitTexts texts(256u << 10);
  std::size_t kept = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = "a text of some thirty bytes " + std::to_string(i);
    static_cast<void>(texts.number_of(text));
    if (texts.number_of(text)) ++kept;
  }
  EXPECT_GT(kept, 1'000u);
  EXPECT_LT(kept, 5'000u);
  HitTexts tiny(1024);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(tiny.number_of("a text that is long"), std::nullopt);
}

}  // namespace
}  // namespace trailhound::engine
