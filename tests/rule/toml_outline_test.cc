// Leaving out long texts changes nothing of what a TOML reader finds, nor where, nor whether it finds fault.

#include "rule/toml_outline.h"

#include <gtest/gtest.h>
#include <toml++/toml.h>

#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "one_in.h"

namespace trailhound::rule {
namespace {

// The values of a table with their positions.
class Values {
 public:
  Values(std::string_view file, const TomlOutline& outline) : outline_(outline), starts_{0} {
    for (std::size_t end = file.find('\n'); end != std::string_view::npos; end = file.find('\n', end + 1)) {
      starts_.push_back(end + 1);
    }
  }
  std::string of(const toml::node& node) {
    out_.str("");
    write(node);
    return out_.str();
  }

 private:
  void write(const toml::node& node) {
    const auto at = node.source().begin;
    out_ << at.line << ":" << at.column << " ";
    if (const auto* table = node.as_table()) {
      for (const auto& [key, value] : *table) {
        out_ << key.source().begin.line << ":" << key.source().begin.column << " " << key.str() << " = ";
        write(value);
      }
    } else if (const auto* list = node.as_array()) {
      for (const toml::node& item : *list) write(item);
    } else if (const auto* text = node.as_string()) {
      // All here is ASCII: columns are bytes.
      const auto* left_out = at.line > 0 ? outline_.find(starts_[at.line - 1] + at.column - 1) : nullptr;
      out_ << "[" << (left_out != nullptr ? std::string(*left_out) : text->get()) << "]\n";
    } else {
      node.visit([&](const auto& value) {
        if constexpr (toml::is_value<decltype(value)>) out_ << value.get() << "\n";
      });
    }
  }

  const TomlOutline& outline_;
  std::vector<std::size_t> starts_;
  std::ostringstream out_;
};

std::string read(std::string_view file, const TomlOutline& outline) {
  try {
    return Values(file, outline).of(toml::parse(outline.text));
  } catch (const toml::parse_error& error) {
    std::ostringstream out;
    out << "error at " << error.source().begin << ": " << error.description();
    return out.str();
  }
}

void expect_same(const std::string& file) { EXPECT_EQ(read(file, outline_of(file)), read(file, {file, {}})) << file; }

std::size_t left_out(std::string_view file) { return outline_of(file).left_out.size(); }

TEST(TomlOutline, LeavesOutTextsThatStandForThemselves) {
  EXPECT_EQ(left_out("a = \"\"\"\nlong\n\"\"\"\n"), 1u);
  EXPECT_EQ(left_out("a = '''one\ntwo \\d'''\nb = '''\n'''"), 2u);
  EXPECT_EQ(outline_of("a = \"\"\"\nlong\n  end\"\"\" # so\n").text, "a = \"\"\"\n\n  end\"\"\" # so\n");
  EXPECT_EQ(outline_of("a = '''\nx\n'''\n").left_out.at(4), "x\n");
}

TEST(TomlOutline, KeepsAllOthers) {
  for (const char* file : {"a = \"\"\"short\"\"\"", "a = \"\"\"\nan \\t escape\n\"\"\"", "a = \"\"\"\r\nx\r\n\"\"\"",
                           "a = '''\na bell \a\n'''", "a = '''\nquotes''''", "# '''\n# '''", "a = \"'''\"\nb = \"'''\"",
                           "a = '\"\"\"'\nb = '\"\"\"'", "a = '''\nwithout end", "a = \"\\\"'''\n\"\nb = '''\n"}) {
    EXPECT_EQ(left_out(file), 0u) << file;
    expect_same(file);
  }
}

TEST(TomlOutline, AReaderFindsTheSame) {
  const std::vector<std::string> pieces = {
      "a",     "b",       "c.d",  " = ",  "\n",   "\n\n",      "\"",      "\"\"\"",     "'",        "'''",        "\\",
      "\\\"",  "\\n",     "#",    "text", "1",    "true",      "[",       "]",          ", ",       "{",          "}",
      "[t]\n", "[[t]]\n", "\r\n", "\t",   "\x07", "x = '''\n", "\n'''\n", "y = \"\"\"", "\"\"\"\n", "z = \"q\"\n"};
  std::mt19937_64 random(11);
  std::size_t good = 0;
  for (int round = 0; round < 200'000 / kOneIn; ++round) {
    std::string file;
    for (std::size_t count = random() % 14; count > 0; --count) file += pieces[random() % pieces.size()];
    expect_same(file);
    if (left_out(file) > 0 && !read(file, {file, {}}).starts_with("error")) ++good;
    if (HasFailure()) break;
  }
  EXPECT_GT(good, 200u / kOneIn);
}

}  // namespace
}  // namespace trailhound::rule
