// Holds the evaluator to truth_table.txt: what every node gives for every state of a cell.

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "engine/evaluator.h"
#include "notation.h"

namespace trailhound::engine::test {
namespace {

struct Case {
  std::string name;  // "match_prefix/5"
  std::string node;
  std::string cell;
  std::vector<std::string> expected;  // by column of the table; the first is that of the plan
};

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  for (std::size_t bar = line.find('|'); bar != std::string::npos; bar = line.find('|', start)) {
    parts.push_back(trimmed(std::string_view(line).substr(start, bar - start)));
    start = bar + 1;
  }
  parts.push_back(trimmed(std::string_view(line).substr(start)));
  return parts;
}

std::vector<Case> read_table() {
  std::ifstream file(std::string(TRAILHOUND_SOURCE_DIR) + "/tests/engine/truth_table.txt");
  std::vector<Case> cases;
  std::string group;
  std::string node;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with("#")) continue;
    if (line.starts_with("== ")) {
      const std::size_t colon = line.find(": ");
      group = line.substr(3, colon - 3);
      node = line.substr(colon + 2);
      continue;
    }
    std::vector<std::string> parts = split(line);
    Case c{group + "/" + parts.front(), node, parts.front(), {}};
    c.expected.assign(parts.begin() + 1, parts.end());
    cases.push_back(std::move(c));
  }
  return cases;
}

const std::vector<Case>& table() {
  static const std::vector<Case> cases = read_table();
  return cases;
}

bool is_truth(const std::string& expected) { return expected == "no" || expected == "unknown" || expected == "yes"; }

std::string name_of(Truth truth) { return truth == Truth::no ? "no" : truth == Truth::unknown ? "unknown" : "yes"; }

event::Column test_column() {
  event::Column column;
  column.view = event::View::raw;
  column.name = "c";
  return column;
}

/// A column that is read from the record and always gives this cell.
event::ColumnRef record_column(const OwnedCell& cell) {
  event::Column column = test_column();
  column.read = [cell](const event::Record&, Arena& arena) { return cell.view(arena); };
  return std::make_shared<const event::Column>(std::move(column));
}

/// A column that is the hot error code, passed through.
event::ColumnRef hot_column() {
  event::Column column = test_column();
  column.depends_on = event::Hot::error_code;
  column.from_hot = [](const Cell& hot, Arena&) { return hot; };
  return std::make_shared<const event::Column>(std::move(column));
}

void expect_case(const Case& c, const plan::Expr& expression, EvaluationContext& context) {
  const std::string& expected = c.expected.at(0);
  const OwnedCell cell = own(evaluate(expression, context));
  const Truth found = truth(expression, context);
  if (is_truth(expected)) {
    EXPECT_EQ(name_of(found), expected);
    const std::string as_cell = expected == "yes" ? "true" : expected == "no" ? "false" : "null";
    EXPECT_EQ(write(cell), as_cell);
  } else {
    EXPECT_EQ(cell, read_cell(expected)) << "found " << write(cell) << ", expected " << expected;
    EXPECT_EQ(name_of(found), expected == "true" ? "yes" : expected == "false" ? "no" : "unknown");
  }
}

class TruthTable : public testing::Test {
 protected:
  event::Batch batch_;
  event::Record record_{batch_, 0};
  Arena arena_;
};

TEST_F(TruthTable, HoldsForColumnsOfTheRecord) {
  ASSERT_GT(table().size(), 3000u);
  for (const Case& c : table()) {
    SCOPED_TRACE(c.name + ": " + c.node);
    const auto expression = read_expression(c.node, {record_column(read_cell(c.cell))});
    EvaluationContext context{.record = &record_, .run_time = Instant{1000}, .arena = arena_};
    expect_case(c, expression, context);
  }
}

TEST_F(TruthTable, HoldsForColumnsOfAHotValueAlone) {
  for (const Case& c : table()) {
    SCOPED_TRACE(c.name + ": " + c.node);
    const auto expression = read_expression(c.node, {hot_column()});
    const OwnedCell owned = read_cell(c.cell);
    const Cell cell = owned.view(arena_);
    HotCells cells{};
    cells[static_cast<std::size_t>(event::Hot::error_code)] = &cell;
    EvaluationContext context{.hot = &cells, .run_time = Instant{1000}, .arena = arena_};
    expect_case(c, expression, context);
  }
}

// A row that a stateful operator produced knows only null, one value or several.
TEST_F(TruthTable, HoldsForSlotsOfAResultRow) {
  std::size_t checked = 0;
  for (const Case& c : table()) {
    const OwnedCell cell = read_cell(c.cell);
    if (cell.state != Cell::State::values && cell.state != Cell::State::null) continue;
    SCOPED_TRACE(c.name + ": " + c.node);
    const std::vector<Values> row = {cell.values};
    EvaluationContext context{.slots = row, .run_time = Instant{1000}, .arena = arena_};
    expect_case(c, read_expression(c.node, {}), context);
    ++checked;
  }
  EXPECT_GT(checked, 2000u);
}

TEST_F(TruthTable, HasEveryDomainOperatorAndFunction) {
  std::string nodes;
  std::set<std::string> names;
  for (const Case& c : table()) {
    nodes += c.node + "\n";
    EXPECT_TRUE(names.insert(c.name).second) << "twice: " << c.name;
    EXPECT_FALSE(c.expected.empty()) << c.name;
  }
  for (const char* domain : {"native", "text", "folded", "numeric_text", "address"}) {
    for (const char* op : {"equal", "not_equal", "less", "less_equal", "greater", "greater_equal"}) {
      EXPECT_NE(nodes.find(std::string(domain) + "." + op + "(c,"), std::string::npos) << domain << op;
    }
    EXPECT_NE(nodes.find(std::string("one_of.") + domain), std::string::npos) << domain;
  }
  // Functions of ES|QL alone have tables of their own.
  for (const std::string name : {"starts_with", "ends_with", "contains", "to_lower", "to_upper", "length", "concat",
                                 "date_trunc", "date_trunc_calendar", "add", "subtract", "multiply", "divide", "modulo",
                                 "coalesce", "case_when", "to_text", "mv_count"}) {
    EXPECT_NE(nodes.find(name + "("), std::string::npos) << name;
  }
}

TEST_F(TruthTable, SlotsBeyondTheRowAndRunTimesOfNoRunAreNull) {
  EvaluationContext context{.arena = arena_};
  EXPECT_EQ(write(own(evaluate(read_expression("s1", {}), context))), "null");
  EXPECT_EQ(write(own(evaluate(read_expression("now", {}), context))), "null");
}

TEST_F(TruthTable, OnlySingleWarnsOfSeveralValues) {
  const auto warnings = [&](const char* node, const char* cell) {
    EvaluationContext context{.record = &record_, .arena = arena_};
    (void)truth(read_expression(node, {record_column(read_cell(cell))}), context);
    return context.warnings;
  };
  EXPECT_EQ(warnings("native.equal(single(c), 1)", "[1, 2]"), 1u);
  EXPECT_EQ(warnings("native.equal(single(c), single(c))", "[1, 2]"), 1u) << "the right side is not asked";
  EXPECT_EQ(warnings("native.equal(single(c), 1)", "1"), 0u);
  EXPECT_EQ(warnings("native.equal(single(c), 1)", "null"), 0u);
  EXPECT_EQ(warnings("native.equal(c, 1)", "[1, 2]"), 0u);
  EXPECT_EQ(warnings("or(true, native.equal(single(c), 1))", "[1, 2]"), 0u) << "short-circuited";
  EXPECT_EQ(warnings("native.equal(coalesce(1, single(c)), 1)", "[1, 2]"), 0u) << "lazy";
  EXPECT_EQ(warnings("native.equal(case_when(true, 1, single(c)), 1)", "[1, 2]"), 0u) << "lazy";
}

TEST_F(TruthTable, ColumnsAreReadOnceThroughAMemo) {
  struct OneCell : ColumnMemo {
    Cell cell;
    bool filled = false;
    Cell* find(const event::Column&, bool& known) override {
      known = std::exchange(filled, true);
      return &cell;
    }
  } memo;
  int reads = 0;
  event::Column column = test_column();
  column.read = [&reads](const event::Record&, Arena&) { return ++reads, Cell::one(std::int64_t{5}); };
  const auto expression =
      read_expression("and(native.equal(c, 5), native.less(c, 6))", {std::make_shared<const event::Column>(column)});
  EvaluationContext context{.record = &record_, .arena = arena_, .memo = &memo};
  EXPECT_EQ(truth(expression, context), Truth::yes);
  EXPECT_EQ(reads, 1);
}

}  // namespace
}  // namespace trailhound::engine::test
