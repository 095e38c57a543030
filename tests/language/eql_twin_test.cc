/// Random conditions over random documents: the engine and the twin agree on every one.

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "documents.h"
#include "eql_twin.h"
#include "lang/eql/eql.h"
#include "lang/eql/parser.h"

namespace trailhound::language_test {
namespace {

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  std::string condition(int depth) {
    const int choice = depth <= 0 ? 100 : below(100);
    if (choice < 12) return "not " + condition(depth - 1);
    if (choice < 30) return "(" + condition(depth - 1) + " and " + condition(depth - 1) + ")";
    if (choice < 48) return "(" + condition(depth - 1) + " or " + condition(depth - 1) + ")";
    return leaf();
  }

  /// One document: its JSON, and the same for the twin.
  std::string document(TwinDocument& twin) {
    std::string json = "{";
    add(json, twin, "f", [this] { return Value(text()); });
    add(json, twin, "g", [this] { return Value(text()); });
    add(json, twin, "n", [this] { return Value(std::int64_t{below(7) - 3}); });
    add(json, twin, "m", [this] { return Value(std::int64_t{below(7) - 3}); });
    add(json, twin, "b", [this] { return Value(below(2) == 0); });
    return json + "}";
  }

 private:
  int below(int bound) { return static_cast<int>(random_() % static_cast<std::uint64_t>(bound)); }
  template <std::size_t n>
  std::string one_of(const char* const (&items)[n]) {
    return items[static_cast<std::size_t>(below(static_cast<int>(n)))];
  }

  std::string text() {
    constexpr std::string_view kLetters = "aAbB12*?\\";
    std::string made;
    for (int size = below(4); size > 0; --size) made += kLetters[static_cast<std::size_t>(below(9))];
    return made;
  }
  static std::string quoted(const std::string& text) {
    std::string made = "\"";
    for (const char c : text) made += c == '\\' ? "\\\\" : std::string(1, c);
    return made + "\"";
  }
  std::string literal() { return quoted(text()); }
  std::string keyword() { return one_of({"f", "g", "f", "g", "?f"}); }
  std::string integer() { return std::to_string(below(7) - 3); }
  std::string comparison() { return one_of({" == ", " != ", " < ", " <= ", " > ", " >= "}); }

  std::string computed_text() {
    switch (below(5)) {
      case 0:
        return "concat(" + keyword() + ", " + one_of({"g", "f", "n", "\"a\"", "null", "?no"}) + ")";
      case 1:
        return "substring(" + keyword() + ", " + integer() + (below(2) == 0 ? "" : ", " + integer()) + ")";
      case 2:
        return "between" + one_of({"", "~"}) + "(" + keyword() + ", " + literal() + ", " + literal() + ")";
      case 3:
        return "string(" + one_of({"n", "f", "m + n"}) + ")";
      default:
        return "concat(" + keyword() + ", " + keyword() + ")";
    }
  }
  std::string number() {
    switch (below(7)) {
      case 0:
        return "length(" + (below(2) == 0 ? keyword() : computed_text()) + ")";
      case 1:
        return "indexOf" + one_of({"", "~"}) + "(" + keyword() + ", " + one_of({"\"a\"", "g", "\"B1\""}) + ")";
      case 2:
        return "number(" + keyword() + ")";
      case 3:
        return "(n " + one_of({"+", "-", "*", "/", "%"}) + " m)";
      case 4:
        return "(n " + one_of({"+", "-", "*", "/", "%"}) + " 2) * -m";
      case 5:
        return "-n";
      default:
        return "n";
    }
  }
  std::string texts() {
    std::string list = literal();
    for (int more = below(3); more > 0; --more) list += ", " + literal();
    return list;
  }

  std::string leaf() {
    switch (below(16)) {
      case 0:
        return keyword() + one_of({" == ", " != ", " < ", " >= "}) + literal();
      case 1:
        return literal() + one_of({" == ", " != ", " > "}) + keyword();
      case 2:
        return keyword() + one_of({" : ", " like ", " like~ "}) + literal();
      case 3:
        return keyword() + one_of({" : (", " like (", " like~ ("}) + texts() + ")";
      case 4:
        return keyword() + one_of({" in (", " in~ (", " not in (", " not in~ ("}) + texts() + ")";
      case 5:
        return "n" + comparison() + integer();
      case 6:
        return one_of({"b", "b == true", "b != true", "?no", "true", "false", "?no : \"a\"", "?no == \"a\"",
                       "?no in (\"a\")", "?no == null", "null != ?no"});
      case 7:
        return one_of({"f", "n", "b"}) + one_of({" == null", " != null"});
      case 8:
        return one_of({"stringContains", "endsWith", "startsWith"}) + one_of({"", "~"}) + "(" + keyword() + ", " +
               literal() + ")";
      case 9:
        return one_of({"stringContains", "endsWith", "startsWith"}) + one_of({"", "~"}) + "(" +
               (below(2) == 0 ? keyword() : computed_text()) + ", " + one_of({"g", "concat(g, \"a\")", "\"a\""}) + ")";
      case 10:
        return number() + comparison() + integer();
      case 11:
        return number() + one_of({" == null", " != null"});
      case 12:
        return computed_text() + one_of({" == ", " != ", " < "}) + literal();
      case 13:
        return computed_text() + one_of({" : ", " like ", " like~ "}) + literal();
      case 14:
        return computed_text() + one_of({" in (", " in~ (", " not in ("}) + texts() + ")";
      default:
        return "n in (" + integer() + ", " + integer() + ")";
    }
  }

  template <class Make>
  void add(std::string& json, TwinDocument& twin, const std::string& name, const Make& make) {
    const int count = below(4);  // none, one, one, two
    if (count == 0) return;
    std::vector<Value>& values = twin[name];
    values.push_back(make());
    if (count == 3) values.push_back(make());
    if (json.size() > 1) json += ",";
    json += "\"" + name + "\":[";
    for (const Value& value : values) {
      if (&value != &values.front()) json += ",";
      const auto* owned = std::get_if<std::string>(&value);
      json += owned == nullptr ? to_text(value) : quoted(*owned);
    }
    json += "]";
  }

  std::mt19937_64 random_;
};

TEST(EqlTwinTest, EngineAndTwinAgree) {
  const EqlTwin twin({{"f", 'k'}, {"g", 'k'}, {"n", 'n'}, {"m", 'n'}, {"b", 'b'}});
  constexpr int kRounds = 3000;
  std::size_t matched = 0;
  std::size_t judged = 0;
  for (int round = 0; round < kRounds; ++round) {
    Generator generator(static_cast<std::uint64_t>(round) + 1);
    const std::string query = "any where " + generator.condition(3);
    std::vector<TwinDocument> twins(6);
    std::vector<std::string> texts;
    for (TwinDocument& one : twins) texts.push_back(generator.document(one));
    const Documents documents({"f keyword", "g keyword", "n long", "m long", "b boolean"},
                              {texts.begin(), texts.end()});

    Diagnostics diagnostics;
    const lang::Origin origin;
    lang::Reporter reporter(query, origin, diagnostics);
    const auto statement = eql::parse(query, reporter);
    const auto lowered = eql::lower(query, documents.fields(), {}, reporter);
    ASSERT_TRUE(statement && lowered) << query << "\n" << findings_text(diagnostics, Diagnostic::Severity::error);
    std::vector<std::size_t> wanted;
    const auto& condition = *std::get<eql::EventQuery>(statement->query).filter.condition;
    for (std::size_t i = 0; i < twins.size(); ++i) {
      if (twin.condition(condition, twins[i]) == Truth::yes) wanted.push_back(i + 1);
    }
    std::string shown;
    for (const std::string& text : texts) shown += text + "\n";
    ASSERT_EQ(documents.matching(lowered->queries.front().filter), wanted)
        << query << "\n"
        << shown << plan::print(lowered->queries.front().filter);
    matched += wanted.size();
    judged += twins.size();
  }
  EXPECT_GT(matched, judged / 10);
  EXPECT_LT(matched, judged * 9 / 10);
}

}  // namespace
}  // namespace trailhound::language_test
