#include "event/caller_dictionary.h"

#include <gtest/gtest.h>

#include <string>

#include "base/json_value.h"

namespace trailhound::event {
namespace {

class CallerDictionaryTest : public testing::Test {
 protected:
  std::uint32_t code_of(const std::string& object) {
    const auto parsed = document_.parse(object);
    EXPECT_TRUE(parsed) << object;
    return callers_.code_of(Tape::of(*parsed), parsed->index(), [&] {
      ++read_;
      return CallerDictionary::Entry{.type = read_};
    });
  }

  json::Document document_;
  CallerDictionary callers_{4, 1u << 20};
  std::uint32_t read_ = 0;
};

TEST_F(CallerDictionaryTest, EqualObjectsAreOneAndReadOnce) {
  const std::uint32_t alice = code_of(R"({"type":"IAMUser","userName":"alice"})");
  const std::uint32_t bob = code_of(R"({"type":"IAMUser","userName":"bob"})");
  EXPECT_NE(alice, CallerDictionary::kUnknown);
  EXPECT_NE(alice, bob);
  EXPECT_EQ(code_of(R"({ "type": "IAMUser", "userName": "alice" })"), alice) << "spaces do not count";
  EXPECT_EQ(code_of(R"({"type":"IAMUser","userName":"alic\u0065"})"), alice) << "nor does the way of writing a letter";
  EXPECT_EQ(read_, 2u);
  EXPECT_EQ(callers_.entry(alice).type, 1u);
  EXPECT_EQ(callers_.entry(bob).type, 2u);
}

// Each of these has the texts of its neighbour in the same order.
TEST_F(CallerDictionaryTest, TellsWhatDiffersOutsideOfTexts) {
  CallerDictionary many;
  const char* const objects[] = {"{}",
                                 R"({"a":"b","c":null})",
                                 R"({"a":"b","c":true})",
                                 R"({"a":"b","c":false})",
                                 R"({"a":"b","c":{}})",
                                 R"({"a":"b","c":[]})",
                                 R"({"a":"b","c":[[]]})",
                                 R"({"a":["b","c"]})",
                                 R"({"a":{"b":"c"}})",
                                 R"({"a":[{"b":"c"}]})",
                                 R"({"a":{"b":["c"]}})",
                                 R"({"ab":"","c":""})",
                                 R"({"a":"b","c":""})",
                                 R"({"a":"","bc":""})"};
  std::uint32_t expected = 1;
  for (const char* object : objects) {
    const auto parsed = document_.parse(object);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(many.code_of(Tape::of(*parsed), parsed->index(), [] { return CallerDictionary::Entry{}; }), expected)
        << object;
    ++expected;
  }
}

// A member behind the object, or none, or what is in front of it, changes nothing.
TEST_F(CallerDictionaryTest, WhatIsAroundTheObjectIsNotItsContent) {
  const auto code = [&](const std::string& record) {
    const auto parsed = document_.parse(record);
    EXPECT_TRUE(parsed) << record;
    const json::Value identity = parsed->find("u");
    return callers_.code_of(Tape::of(identity), identity.index(), [] { return CallerDictionary::Entry{}; });
  };
  const std::uint32_t alice = code(R"({"u":{"a":"alice"},"b":"x"})");
  const std::uint32_t bobby = code(R"({"u":{"a":"bobby"},"b":"x"})");
  EXPECT_NE(bobby, alice);
  for (const char* before : {"", R"("v":"longer",)", R"("v":1,)", R"("v":[{},2],)"}) {
    for (const char* behind : {"", R"(,"b":"yy","c":1)", R"(,"b":{})"}) {
      const auto record = [&](const char* name) {
        return std::string("{") + before + R"("u":{"a":")" + name + "\"}" + behind + "}";
      };
      EXPECT_EQ(code(record("alice")), alice) << before << behind;
      EXPECT_EQ(code(record("bobby")), bobby) << before << behind;
    }
  }
}

TEST_F(CallerDictionaryTest, DoesNotKeepNumbers) {
  EXPECT_EQ(code_of(R"({"type":"IAMUser","n":1})"), CallerDictionary::kUnknown);
  EXPECT_EQ(code_of(R"({"type":"IAMUser","n":[-1.5]})"), CallerDictionary::kUnknown);
  EXPECT_EQ(code_of(R"({"n":2450000000000000000,"type":"IAMUser"})"), CallerDictionary::kUnknown);
  EXPECT_EQ(read_, 0u);
}

TEST_F(CallerDictionaryTest, DoesNotKeepWhatIsLong) {
  EXPECT_EQ(code_of(R"({"type":")" + std::string(9000, 'x') + R"("})"), CallerDictionary::kUnknown);
  std::string list = "[";
  for (int i = 0; i < 3000; ++i) list += i == 0 ? "null" : ",null";
  EXPECT_EQ(code_of(R"({"type":)" + list + "]}"), CallerDictionary::kUnknown);
  EXPECT_EQ(read_, 0u);
}

TEST_F(CallerDictionaryTest, IsFullAndBeginsAgain) {
  for (int i = 0; i < 4; ++i) {
    EXPECT_FALSE(callers_.full());
    EXPECT_NE(code_of(R"({"userName":")" + std::to_string(i) + R"("})"), CallerDictionary::kUnknown);
  }
  EXPECT_TRUE(callers_.full());
  const std::uint32_t epoch = callers_.epoch();
  callers_.reset();
  EXPECT_FALSE(callers_.full());
  EXPECT_NE(callers_.epoch(), epoch);
  read_ = 0;
  EXPECT_NE(code_of(R"({"userName":"3"})"), CallerDictionary::kUnknown) << "the last one is forgotten too";
  EXPECT_EQ(read_, 1u);
}

}  // namespace
}  // namespace trailhound::event
