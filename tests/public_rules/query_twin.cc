#include "public_rules/query_twin.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

#include "base/ledger.h"
#include "engine/naive_matcher.h"
#include "engine/naive_operators.h"
#include "event/records.h"
#include "public_rules/case_files.h"
#include "run/query.h"

namespace trailhound {
namespace {

struct TimedRecord {
  Instant time;
  std::string text;
};

std::vector<TimedRecord> split(const std::string& records) {
  static constexpr std::string_view kMark = "\"eventTime\":\"";
  std::vector<TimedRecord> list;
  std::istringstream lines(records);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t at = line.find(kMark) + kMark.size();
    const auto time = parse_rfc3339(std::string_view(line).substr(at, line.find('"', at) - at));
    if (time) list.push_back({*time, line});
  }
  return list;
}

/// Cells by their columns' names; the order of multi-values is not compared.
std::string row_text(std::map<std::string, Values> cells) {
  std::string text;
  for (auto& [name, values] : cells) {
    std::vector<std::string> texts;
    for (const Value& value : values) texts.push_back(to_text(value));
    std::ranges::sort(texts);
    text += name + "=";
    for (const std::string& value : texts) text += value + ",";
    text += " ";
  }
  return text;
}

class Asking {
 public:
  Asking(const std::string& query, const event::Catalog& catalog)
      : query_(query), catalog_(catalog), reads_clock_(query.find("NOW()") != std::string::npos) {}

  /// The rows as texts, sorted; a finding or an error instead, if there is one.
  const std::vector<std::string>& rows(const std::string& records, Instant now) {
    if (reads_clock_ || records != asked_) answer_ = ask(records, now);
    asked_ = records;
    return answer_;
  }

 private:
  [[nodiscard]] std::vector<std::string> ask(const std::string& records, Instant now) const {
    run::ScanInput input;
    input.texts.push_back({"records", records});
    run::QueryOptions options;
    options.workers = 1;
    options.now = now;
    Ledger ledger;
    Diagnostics diagnostics;
    const auto result = run::query(query_, input, catalog_, options, ledger, diagnostics);
    if (!result) return {result.error().text()};
    if (!*result) return {diagnostics.all().empty() ? "no answer" : to_text(diagnostics.all().front())};
    std::vector<std::string> texts;
    for (const auto& row : (*result)->rows) {
      std::map<std::string, Values> cells;
      for (std::size_t i = 0; i < row.size(); ++i) cells[(*result)->columns[i].name] = row[i];
      texts.push_back(row_text(std::move(cells)));
    }
    std::ranges::sort(texts);
    return texts;
  }

  const std::string& query_;
  const event::Catalog& catalog_;
  bool reads_clock_;
  std::string asked_;  ///< the records of the last answer: runs that see the same need not ask again
  std::vector<std::string> answer_;
};

std::string lines_of(const std::string& what, const std::vector<std::string>& rows) {
  std::string text;
  for (const std::string& row : rows) text += what + row + "\n";
  return text;
}

Comparison compare_runs(const plan::RunAggregate& op, const std::vector<engine::Hit>& hits, Asking& asking,
                        const std::vector<TimedRecord>& records, Instant frontier) {
  std::map<Instant, std::vector<std::string>> expected;
  for (const engine::test::Alarm& alarm : engine::test::aggregate_runs(op, hits, frontier, true)) {
    std::map<std::string, Values> cells;
    for (std::size_t i = 0; i < op.outputs.size(); ++i) cells[op.outputs[i].name] = alarm.cells[i];
    expected[alarm.run].push_back(row_text(std::move(cells)));
  }
  Comparison comparison;
  if (hits.empty()) return comparison;
  for (Instant run = ceil_to(hits.front().time, op.interval); run <= ceil_to(frontier, op.interval);
       run = run + op.interval) {
    std::string window;
    for (const TimedRecord& record : records) {
      if (record.time >= run - op.look_back && record.time <= run) window += record.text + "\n";
    }
    const std::vector<std::string> found = window.empty() ? std::vector<std::string>{} : asking.rows(window, run);
    std::ranges::sort(expected[run]);
    comparison.signals += found.size();
    if (found == expected[run]) continue;
    comparison.differences += "run " + format_rfc3339(run) + "\n" + lines_of("  only the query: ", found) +
                              lines_of("  only the rule:  ", expected[run]);
  }
  return comparison;
}

}  // namespace

Comparison compare_with_query(const rule::RuleRef& rule, const std::string& query, const std::string& records,
                              const event::Catalog& catalog) {
  std::vector<engine::Hit> hits;
  Instant frontier = Instant::min();
  event::BatchReader reader;
  (void)event::read_window(reader, as_array(records), [&](event::Batch& batch) {
    std::ranges::move(engine::test::match_naively({rule}, batch), std::back_inserter(hits));
    for (const Instant time : batch.times) frontier = std::max(frontier, time);
  });
  hits = engine::test::in_order(std::move(hits));
  Asking asking(query, catalog);
  if (const auto* op = std::get_if<plan::RunAggregate>(&rule->plan.op)) {
    return compare_runs(*op, hits, asking, split(records), frontier);
  }
  const std::vector<std::string> rows = asking.rows(records, frontier);
  if (rows.size() == hits.size()) return {{}, rows.size()};
  return {std::to_string(hits.size()) + " hits, rows:\n" + lines_of("  ", rows), rows.size()};
}

}  // namespace trailhound
