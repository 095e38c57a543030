#include "event/cell_dictionary.h"

#include "event/event_clock.h"
#include "event/window_repair.h"
#include "records.h"

namespace trailhound::event {
namespace {

TEST(CellDictionary, SpecialCellsHaveFixedCodes) {
  CellDictionary dictionary;
  EXPECT_EQ(dictionary.code_of(Cell::absent()), CellDictionary::kAbsent);
  EXPECT_EQ(dictionary.code_of(Cell::null()), CellDictionary::kNull);
  EXPECT_EQ(dictionary.code_of(Cell::empty()), CellDictionary::kEmpty);
  EXPECT_EQ(dictionary.code_of(Cell::object()), CellDictionary::kObject);
  for (std::uint32_t code = 0; code < 4; ++code) EXPECT_EQ(dictionary.code_of(dictionary.cell(code)), code);
}

TEST(CellDictionary, EqualCellsShareACodeAndOthersDoNot) {
  CellDictionary dictionary;
  const std::vector<Scalar> ab = {std::string_view("a"), std::string_view("b")};
  const std::vector<Scalar> joined = {std::string_view("ab"), std::string_view("")};
  const std::vector<Cell> cells = {Cell::one(std::string_view("5")),
                                   Cell::one(std::int64_t{5}),
                                   Cell::one(5.5),
                                   Cell::one(true),
                                   Cell::one(std::string_view("")),
                                   Cell::several(ab),
                                   Cell::several(joined),
                                   Cell::one(std::string_view("ab"))};
  std::vector<std::uint32_t> codes;
  for (const Cell& cell : cells) codes.push_back(dictionary.code_of(cell));
  for (std::size_t i = 0; i < cells.size(); ++i) {
    EXPECT_EQ(codes[i], 4 + i);
    EXPECT_EQ(dictionary.code_of(cells[i]), codes[i]);
    EXPECT_EQ(show(dictionary.cell(codes[i])), show(cells[i]));
  }
  EXPECT_EQ(dictionary.code_of("ab"), codes[7]);
}

TEST(CellDictionary, OwnsItsTexts) {
  CellDictionary dictionary;
  std::string text = "short-lived";
  const std::uint32_t code = dictionary.code_of(text);
  const std::vector<Scalar> list = {std::string_view(text), std::int64_t{1}};
  const std::uint32_t several = dictionary.code_of(Cell::several(list));
  text.assign(text.size(), 'x');
  EXPECT_EQ(show(dictionary.cell(code)), "short-lived");
  EXPECT_EQ(show(dictionary.cell(several)), "short-lived|#1");
}

TEST(CellDictionary, FillsUpByEntriesOrBytesAndStartsAnew) {
  CellDictionary few(6, 1000), small(1000, 10);
  few.code_of("a");
  EXPECT_FALSE(few.full());
  few.code_of("b");
  EXPECT_TRUE(few.full());
  small.code_of("0123456789");
  EXPECT_TRUE(small.full());
  few.reset();
  EXPECT_FALSE(few.full());
  EXPECT_EQ(few.epoch(), 1u);
  EXPECT_EQ(few.size(), 4u);
  EXPECT_EQ(few.code_of("c"), 4u) << "codes start again";
}

TEST(EventClock, EqualsTheGeneralReader) {
  EventClock clock;
  const std::vector<std::string> texts = {"2024-03-01T12:00:00Z",
                                          "2024-03-01T23:59:59Z",
                                          "2024-03-01T24:00:00Z",
                                          "2024-03-01T12:60:00Z",
                                          "2024-03-01T12:00:60Z",
                                          "2024-03-01T12:00:61Z",
                                          "2024-03-01t12:00:00Z",
                                          "2024-03-01T12:00:00z",
                                          "2024-03-01T12-00:00Z",
                                          "2024-03-01T1a:00:00Z",
                                          "2024-02-30T12:00:00Z",
                                          "2024-02-29T00:00:00Z",
                                          "2023-02-29T00:00:00Z",
                                          "2024-03-01T12:00:00.5Z",
                                          "2024-03-01T12:00:00+02:00",
                                          "2024-03-01T12:00:00",
                                          "1969-12-31T23:59:59Z",
                                          "1969-12-31T00:00:01Z",
                                          "2024-03-01T12:00:0 Z",
                                          "",
                                          "yesterday",
                                          "2024-03-01 12:00:00Z"};
  for (int round = 0; round < 2; ++round) {  // the second time the days are known
    for (const std::string& day : texts) {
      for (const std::string& text : texts) {
        static_cast<void>(clock.read(day));
        const auto expected = parse_rfc3339(text);
        const auto actual = clock.read(text);
        ASSERT_EQ(actual.has_value(), expected.has_value()) << text;
        if (expected) {
          ASSERT_EQ(actual->micros, expected->micros) << text;
        }
      }
    }
  }
}

TEST(WindowRepair, WideNumbersBecomeDoubles) {
  const auto rewritten = [](std::string_view json) { return with_wide_numbers_as_doubles(json); };
  EXPECT_EQ(rewritten(R"({"a":9223372036854775807,"b":18446744073709551615,"c":-9223372036854775808,"d":1.5e3})"),
            R"({"a":9223372036854775807,"b":18446744073709551615,"c":-9223372036854775808,"d":1.5e3})");
  EXPECT_EQ(rewritten("[18446744073709551616,-9223372036854775809]"),
            "[18446744073709551616.0,-9223372036854775809.0]");
  EXPECT_EQ(rewritten("[1e999,-1e999,1e-999]"), "[1.7976931348623157e308,-1.7976931348623157e308,0.0]");
  EXPECT_EQ(rewritten(R"({"99999999999999999999":"99999999999999999999 \" 99999999999999999999"})"),
            R"({"99999999999999999999":"99999999999999999999 \" 99999999999999999999"})")
      << "texts are left alone";
  EXPECT_EQ(rewritten("[--5,1-2,01,-]"), "[--5,1-2,01,-]") << "what is no number stays none";
  EXPECT_EQ(rewritten("\"open \\"), "\"open \\");
}

}  // namespace
}  // namespace trailhound::event
