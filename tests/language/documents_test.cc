#include "documents.h"

#include <gtest/gtest.h>

namespace trailhound::language_test {
namespace {

/// The document's column as text: "absent", "null", "[]", "{}" or its values.
std::string show(const Documents& documents, std::string_view column, std::size_t wanted) {
  std::string text;
  Arena arena;
  documents.for_each([&](std::size_t index, const event::Record& record) {
    if (index != wanted) return;
    const Cell cell = (*documents.fields().find(column))->read(record, arena);
    static constexpr const char* kStates[] = {"absent", "null", "[]", "", "{}"};
    text = kStates[static_cast<std::size_t>(cell.state())];
    for (const Scalar& scalar : cell.values()) text += (text.empty() ? "" : "|") + to_text(scalar);
  });
  return text;
}

TEST(Documents, DeclaredFieldsHaveEveryCellState) {
  const Documents documents(
      {"a keyword", "n long", "o.p ip", "f flattened"},
      {R"({"a": ["y", "x", 5], "n": 7, "f": {"b": [{"c": 1}, {"c": true}]}})",
       R"({"a": null, "n": [], "f": {"b": {}}})", R"({"a": {"b": 1}, "o": [{"p": "10.0.0.1"}, 3]})"});
  EXPECT_EQ(documents.size(), 3u);
  EXPECT_EQ(show(documents, "a", 0), "5|x|y");
  EXPECT_EQ(show(documents, "a", 1), "null");
  EXPECT_EQ(show(documents, "a", 2), "{}");
  EXPECT_EQ(show(documents, "n", 0), "7");
  EXPECT_EQ(show(documents, "n", 1), "[]");
  EXPECT_EQ(show(documents, "n", 2), "absent");
  EXPECT_EQ(show(documents, "o.p", 2), "10.0.0.1");
  EXPECT_EQ(show(documents, "f.b.c", 0), "1|true");
  EXPECT_EQ(show(documents, "f.b", 1), "absent");
  EXPECT_EQ(show(documents, "f", 0), "1|true");
  EXPECT_FALSE(documents.fields().find("aa"));
}

TEST(Documents, WithoutFieldsARecordOfCloudTrailIsChanged) {
  const Documents documents({}, {R"({})", R"({"eventName": "PutUserPolicy", "userIdentity": {"userName": null}})"});
  EXPECT_EQ(show(documents, "event.action", 0), "ListUsers");
  EXPECT_EQ(show(documents, "event.action", 1), "PutUserPolicy");
  EXPECT_EQ(show(documents, "user.name", 0), "alice");
  EXPECT_EQ(show(documents, "user.name", 1), "absent");
  EXPECT_EQ(show(documents, "cloud.account.id", 1), "111122223333");
}

TEST(Documents, ACaseTellsWhatIsWrong) {
  const auto lower = [](std::string_view query, const lang::Fields& fields,
                        lang::Reporter& reporter) -> std::optional<plan::Expr> {
    const auto column = fields.find(query);
    if (column) return plan::make(plan::Present{plan::column(*column), plan::Present::Need::value});
    reporter.error("TH0000", {1, 1}, column.error().what, column.error().hint);
    return std::nullopt;
  };
  const auto check = [&](const std::string& expected, const std::string& query = "a") {
    const std::string text =
        "--- x\nfields: a keyword\ndocuments:\n  {\"a\": 1}\n  {}\nquery: " + query + "\nexpect: " + expected + "\n";
    return check_filter_case(parse_cases(text, "f").front(), lower);
  };
  EXPECT_EQ(check("1"), "");
  EXPECT_NE(check("2"), "");
  EXPECT_NE(check("all"), "");
  EXPECT_NE(check("none"), "");
  EXPECT_NE(check("error 1:1 x"), "");
  EXPECT_EQ(check("error 1:1 unknown field ab", "ab"), "");
  EXPECT_NE(check("error 1:2 unknown field ab", "ab"), "");
  EXPECT_NE(check("1\nwarning: 1:1 x"), "");
}

}  // namespace
}  // namespace trailhound::language_test
