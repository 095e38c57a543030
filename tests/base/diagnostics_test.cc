#include "base/diagnostics.h"

#include "base/line_index.h"

#include <gtest/gtest.h>

namespace trailhound {
namespace {

TEST(Diagnostics, TextShowsPlaceSnippetAndHint) {
  Diagnostics diagnostics;
  const std::string text = "name: x\nquery: @evt.nmae:y\n";
  diagnostics.error("TH2003", {"a.yaml", "r", "queries[0].query", {2, 8}}, "unknown field @evt.nmae", "did you mean?")
      .snippet = make_snippet(text, {2, 8});
  EXPECT_EQ(to_text(diagnostics.all()[0]),
            "error[TH2003] a.yaml:2:8 (queries[0].query): unknown field @evt.nmae\n"
            "    query: @evt.nmae:y\n"
            "           ^\n"
            "  hint: did you mean?\n");
  EXPECT_EQ(to_json(diagnostics.all()[0]),
            R"({"code":"TH2003","severity":"error","file":"a.yaml","rule":"r","key":"queries[0].query","line":2,)"
            R"("column":8,"message":"unknown field @evt.nmae","hint":"did you mean?"})");
}

TEST(Diagnostics, WarningsAreNoErrors) {
  Diagnostics diagnostics;
  diagnostics.warning("TH1001", {}, "odd");
  EXPECT_FALSE(diagnostics.has_errors());
  Diagnostics more;
  more.error("TH1002", {.file = "f", .rule = "", .key = "", .at = {}}, "bad");
  diagnostics.append(std::move(more));
  EXPECT_EQ(diagnostics.errors(), 1u);
  EXPECT_EQ(to_text(diagnostics.all()[0]), "warning[TH1001]: odd\n");
  EXPECT_EQ(to_text(diagnostics.all()[1]), "error[TH1002] f: bad\n");
}

TEST(Place, LeavesOutWhatIsUnknown) {
  EXPECT_EQ((Place{"f", "r", "k", {3, 0}}).text(), "f:3 (k)");
  EXPECT_EQ((Place{"f", "r", "", {}}).text(), "f (r)");
  EXPECT_EQ((Place{"", "", "k", {}}).text(), "k");
  EXPECT_EQ(Place{}.text(), "");
}

TEST(Snippet, CaretCountsCharactersAndControlsAreHarmless) {
  EXPECT_EQ(make_snippet("é\tx\x1B", {1, 4}), "é x?\n  ^");
  EXPECT_EQ(make_snippet("ab\r\ncd", {1, 99}), "ab\n  ^");
  EXPECT_EQ(make_snippet("ab", {0, 0}), "");
  EXPECT_EQ(make_snippet("ab", {7, 1}), "");
}

TEST(Snippet, LongLinesAreCutAroundTheCaret) {
  const std::string line = std::string(300, 'a') + "!" + std::string(300, 'b');
  const std::string snippet = make_snippet(line, {1, 301});
  const std::size_t end = snippet.find('\n');
  EXPECT_EQ(end, 100u);
  EXPECT_EQ(snippet[snippet.find('^') - end - 1], '!');
  for (int column = 1; column <= 603; ++column) {  // cutting never splits a character
    std::string accents;
    for (int i = 0; i < 300; ++i) accents += "é";
    const std::string cut = make_snippet(accents, {1, column});
    ASSERT_EQ(static_cast<unsigned char>(cut[0]), 0xC3u);
    ASSERT_NE(static_cast<unsigned char>(cut[cut.find('\n') - 1]), 0xC3u);
  }
}

TEST(LineColumn, CountsFromOneAndFromTheLastNewline) {
  const auto at = [](std::size_t offset) {
    const LineColumn place = line_column_of("ab\n\ncd", offset);
    return std::pair(place.line, place.column);
  };
  EXPECT_EQ(at(0), std::pair(1, 1));
  EXPECT_EQ(at(2), std::pair(1, 3));
  EXPECT_EQ(at(3), std::pair(2, 1));
  EXPECT_EQ(at(5), std::pair(3, 2));
  EXPECT_EQ(at(99), std::pair(3, 3));
}

TEST(LineIndex, AgreesWithCountingFromTheBeginning) {
  for (const std::string_view text : {"", "\n", "ab\n\ncd", "a\r\nb\n"}) {
    const LineIndex lines(text);
    for (std::size_t offset = 0; offset < text.size() + 3; ++offset) {
      const LineColumn wanted = line_column_of(text, offset);
      EXPECT_EQ(lines.at(offset).line, wanted.line) << text << offset;
      EXPECT_EQ(lines.at(offset).column, wanted.column) << text << offset;
    }
  }
}

TEST(NearestName, FindsSlipsOnly) {
  const std::vector<std::string_view> names{"user.name", "user.id", "event.action", "ip"};
  EXPECT_EQ(nearest_name("user.nmae", names), "user.name");
  EXPECT_EQ(nearest_name("usre.id", names), "user.id");
  EXPECT_EQ(nearest_name("event.acton", names), "event.action");
  EXPECT_EQ(nearest_name("iq", names), "ip");
  EXPECT_EQ(nearest_name("xq", names), "");
  EXPECT_EQ(nearest_name("completely.different", names), "");
  EXPECT_EQ(nearest_name("", names), "");
  EXPECT_EQ(nearest_name(std::string(100'000, 'a'), names), "");
  EXPECT_EQ(nearest_name("ab", {"ac", "ad"}), "ac");
}

}  // namespace
}  // namespace trailhound
