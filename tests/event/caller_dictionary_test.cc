#include "event/caller_dictionary.h"

#include <gtest/gtest.h>

#include <string>

namespace trailhound::event {
namespace {

class CallerDictionaryTest : public testing::Test {
 protected:
  std::uint32_t code_of(const std::string& object, std::uint32_t number = 0) {
    return callers_.code_of({.text = object, .number = number}, [&] {
      ++read_;
      return CallerDictionary::Entry{.type = read_};
    });
  }

  CallerDictionary callers_{4, 1u << 20};
  std::uint32_t read_ = 0;
};

TEST_F(CallerDictionaryTest, EqualObjectsAreOneAndReadOnce) {
  const std::uint32_t alice = code_of(R"({"type":"IAMUser","userName":"alice"})");
  const std::uint32_t bob = code_of(R"({"type":"IAMUser","userName":"bob"})");
  EXPECT_NE(alice, CallerDictionary::kUnknown);
  EXPECT_NE(alice, bob);
  EXPECT_EQ(code_of(R"({"type":"IAMUser","userName":"alice"})"), alice);
  EXPECT_EQ(read_, 2u);
  EXPECT_EQ(callers_.entry(alice).type, 1u);
  EXPECT_EQ(callers_.entry(bob).type, 2u);
}

TEST_F(CallerDictionaryTest, ANumberStandsForItsText) {
  const std::string alice = R"({"userName":"alice"})", bob = R"({"userName":"bob"})";
  const std::uint32_t code = code_of(alice, 7);
  EXPECT_EQ(code_of(alice, 7), code);
  EXPECT_EQ(code_of(alice, 8), code) << "the same text may get another number";
  EXPECT_EQ(code_of(alice), code);
  EXPECT_NE(code_of(bob, 7 + 4096), code) << "numbers that share a place are told apart";
  EXPECT_EQ(code_of(alice, 7), code);
  EXPECT_EQ(read_, 2u);
}

TEST_F(CallerDictionaryTest, DoesNotKeepWhatIsUnknownOrLong) {
  EXPECT_EQ(code_of(""), CallerDictionary::kUnknown);
  EXPECT_EQ(code_of(R"({"type":")" + std::string(9000, 'x') + R"("})"), CallerDictionary::kUnknown);
  EXPECT_EQ(read_, 0u);
}

TEST_F(CallerDictionaryTest, IsFullAndBeginsAgain) {
  for (std::uint32_t i = 0; i < 4; ++i) {
    EXPECT_FALSE(callers_.full());
    EXPECT_NE(code_of(R"({"userName":")" + std::to_string(i) + R"("})", i + 1), CallerDictionary::kUnknown);
  }
  EXPECT_TRUE(callers_.full());
  const std::uint32_t epoch = callers_.epoch();
  callers_.reset();
  EXPECT_FALSE(callers_.full());
  EXPECT_NE(callers_.epoch(), epoch);
  read_ = 0;
  EXPECT_NE(code_of(R"({"userName":"3"})", 4), CallerDictionary::kUnknown) << "the last one is forgotten too";
  EXPECT_EQ(read_, 1u);
}

}  // namespace
}  // namespace trailhound::event
