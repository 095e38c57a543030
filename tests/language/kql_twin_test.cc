#include "kql_twin.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "documents.h"
#include "lang/kuery/kuery.h"
#include "lang/kuery/parser.h"

namespace trailhound::language_test {
namespace {

/// Small alphabets, so that queries often hit.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::string document() {
    std::string text = "{";
    member(text, "a", [&] { return "\"" + word() + "\""; });
    member(text, "b", [&] { return "\"" + word() + "\""; });
    member(text, "n", [&] { return below(10) == 0 ? "\"q\"" : std::to_string(below(5)); });
    member(text, "i", [&] { return "\"" + address() + "\""; });
    member(text, "t", [&] { return std::string(below(2) != 0 ? "true" : "false"); });
    if (below(2) != 0) text += (text.size() > 1 ? "," : "") + std::string("\"o\":") + objects();
    return text + "}";
  }

  std::string query(int depth = 0) {
    switch (below(depth > 4 ? 1 : 6)) {
      case 1:
        return "not " + group(depth);
      case 2:
        return group(depth) + " and " + group(depth);
      case 3:
        return group(depth) + " or " + group(depth) + " or " + group(depth);
      case 4:
        return group(depth) + " or " + group(depth) + " and not " + group(depth);
      default:
        return clause();
    }
  }

 private:
  unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }
  std::string word() {
    std::string text;
    for (unsigned size = below(4); size > 0; --size) text += "xyZ "[below(4)];
    return text;
  }
  std::string address() { return "10.0." + std::to_string(below(2)) + "." + std::to_string(below(3)); }
  std::string objects() {
    std::string text = "[";
    for (unsigned count = below(3); count > 0; --count) text += "{\"k\":\"" + word() + "\"},";
    return text + "{}]";
  }
  template <class Make>
  void member(std::string& text, const std::string& name, const Make& make) {
    const unsigned state = below(8);
    if (state == 0) return;
    text += (text.size() > 1 ? ",\"" : "\"") + name + "\":";
    if (state == 1) {
      text += "null";
    } else if (state == 2) {
      text += "[]";
    } else if (state == 3) {
      text += "[" + make() + "," + make() + ",null]";
    } else {
      text += make();
    }
  }

  std::string group(int depth) {
    const std::string inner = query(depth + 1);
    return inner.find(' ') == std::string::npos ? inner : "(" + inner + ")";
  }
  std::string pattern() {
    return word_in_query() + "*" + (below(2) != 0 ? word_in_query() : "") + (below(4) != 0 ? "" : "*");
  }
  std::string word_in_query() {
    std::string text;
    for (unsigned size = below(3); size > 0; --size) text += "xyZ"[below(3)];
    return text;
  }
  std::string text_value() {
    switch (below(4)) {
      case 0:
        return "*";
      case 1:
        return pattern();
      default:
        return "\"" + word() + "\"";
    }
  }
  std::string list(const std::function<std::string()>& make) {
    switch (below(5)) {
      case 0:
        return "(" + make() + " or " + make() + ")";
      case 1:
        return "(" + make() + " and not " + make() + ")";
      case 2:
        return "(" + make() + " or " + make() + " or not (" + make() + " and " + make() + "))";
      default:
        return make();
    }
  }
  std::string clause() {
    static constexpr const char* kTexts[] = {"a", "b", "o.k", "*.k"};
    static constexpr const char* kOrders[] = {"<", "<=", ">", ">="};
    const auto number = [&] { return std::to_string(below(5)); };
    const auto place = [&] {
      return below(3) == 0 ? "10.0.0.0/" + std::to_string(22 + below(10)) : below(4) == 0 ? "*" : address();
    };
    switch (below(8)) {
      case 0:
        return "n: " + list([&] { return below(4) == 0 ? "*" : number(); });
      case 1:
        return std::string("n ") + kOrders[below(4)] + " " + number();
      case 2:
        return "i: " + list(place);
      case 3:
        return std::string("i ") + kOrders[below(4)] + " " + address();
      case 4:
        return std::string("t: ") + (below(2) != 0 ? "true" : "false");
      case 5:
        return std::string(kTexts[below(3)]) + " " + kOrders[below(4)] + " \"" + word() + "\"";
      default:
        return std::string(kTexts[below(4)]) + ": " + list([&] { return text_value(); });
    }
  }

  std::mt19937 random_;
};

TEST(KqlTwin, RandomQueriesAgree) {
  const FieldTypes types = {{"a", "keyword"}, {"b", "keyword"}, {"n", "long"},
                            {"i", "ip"},      {"t", "boolean"}, {"o.k", "keyword"}};
  Generator generator(20261121);
  std::size_t hits = 0, misses = 0;
  for (int round = 0; round < 60; ++round) {
    std::vector<std::string> texts;
    for (int i = 0; i < 40; ++i) texts.push_back(generator.document());
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    const Documents documents({"a keyword", "b keyword", "n long", "i ip", "t boolean", "o.k keyword"}, views);
    for (int i = 0; i < 40; ++i) {
      const std::string text = generator.query();
      Diagnostics diagnostics;
      const lang::Origin origin;
      lang::Reporter reporter(text, origin, diagnostics);
      const auto query = kuery::parse(text, reporter);
      const auto filter = kuery::lower(text, documents.fields(), {}, reporter);
      ASSERT_TRUE(query && filter) << text << findings_text(diagnostics, Diagnostic::Severity::error);
      std::vector<std::size_t> expected;
      documents.for_each([&](std::size_t index, const event::Record& record) {
        if (twin_matches(*query, types, record.root())) expected.push_back(index + 1);
      });
      ASSERT_EQ(documents.matching(*filter), expected) << text << "\n" << plan::print(*filter);
      hits += expected.size();
      misses += texts.size() - expected.size();
    }
  }
  // Neither side is trivial.
  EXPECT_GT(hits, 10'000u);
  EXPECT_GT(misses, 10'000u);
}

}  // namespace
}  // namespace trailhound::language_test
