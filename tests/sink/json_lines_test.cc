// The report keeps lines without what signals of a rule share; in the end each must be the signal's own JSON.

#include "sink/json_lines.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "signal/signal.h"

namespace trailhound::sink {
namespace {

rule::RuleRef rule_with(std::string id, std::string message) {
  auto rule = std::make_shared<rule::Rule>();
  rule->id = std::move(id);
  rule->name = "Name of " + rule->id;
  rule->message = std::move(message);
  rule->tactics = {{"TA0006", "Credential \"Access\""}};
  rule->techniques = {{"T1555", ""}};
  rule->tags = {"source:cloudtrail", rule->id};
  rule->references = {"https://example.com/" + rule->id};
  return rule;
}

signal::Signal signal_of(const rule::RuleRef& rule, int number) {
  signal::Signal signal;
  signal.id = "signal-" + std::to_string(1000 + number);
  signal.rule = rule;
  signal.rule_name = rule->name;
  signal.title = "Number " + std::to_string(number);
  signal.first_seen = signal.last_seen = Instant::from_seconds(1'709'542'800 + number / 3);
  signal.highlights = {{"a", {"b"}}};
  signal.event_count = static_cast<std::uint64_t>(number);
  return signal;
}

std::vector<std::string> lines_of(const std::string& path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

// Of signals that so many threads add.
std::vector<std::string> report_of(const std::vector<signal::Signal>& signals, std::size_t budget, unsigned threads) {
  const std::string path =
      (std::filesystem::temp_directory_path() / ("json_lines_" + std::to_string(::getpid()))).string();
  auto file = OutputFile::open(path);
  EXPECT_TRUE(file);
  const auto sink = make_json_lines(*std::move(file), {.budget = budget, .folder = {}});
  EXPECT_TRUE(sink->takes_several_at_a_time());
  {
    std::vector<std::jthread> adding;
    for (unsigned thread = 0; thread < threads; ++thread) {
      adding.emplace_back([&, thread] {
        for (std::size_t i = thread; i < signals.size(); i += threads) EXPECT_TRUE(sink->add(signals[i]));
      });
    }
  }
  EXPECT_TRUE(sink->finish({}));
  std::vector<std::string> lines = lines_of(path);
  std::filesystem::remove(path);
  return lines;
}

TEST(JsonLines, EachLineIsTheJsonOfItsSignal) {
  const rule::RuleRef rules[] = {rule_with("plain", "A message of \"two\"\nlines"), rule_with("empty", ""),
                                 rule_with("long", std::string(5'000, 'm'))};
  std::vector<signal::Signal> signals;
  for (int i = 0; i < 300; ++i) {
    signals.push_back(signal_of(rules[i % 3], i));
    if (i % 7 == 0) signals.back().own_message = "of its own: " + std::to_string(i);
    if (i % 11 == 0) signals.back().own_message = "";
  }
  std::ranges::reverse(signals);

  std::vector<signal::Signal> ordered = signals;
  std::ranges::sort(ordered, [](const auto& a, const auto& b) {
    return std::tie(a.first_seen, a.rule->id, a.id) < std::tie(b.first_seen, b.rule->id, b.id);
  });
  std::vector<std::string> expected;
  for (const signal::Signal& signal : ordered) signal::append_json(expected.emplace_back(), signal);

  for (const std::size_t budget : {std::size_t{1} << 26, std::size_t{1} << 16}) {  // in memory, and on disk
    for (const unsigned threads : {1u, 4u}) EXPECT_EQ(report_of(signals, budget, threads), expected) << budget;
  }
}

}  // namespace
}  // namespace trailhound::sink
