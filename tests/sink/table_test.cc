// What the table says of a whole scan.

#include "sink/table.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "temporary_folder.h"

namespace trailhound::sink {
namespace {

std::string table_of(const ScanSummary& summary) {
  const TemporaryFolder folder;
  const std::string path = folder / "table.txt";
  auto file = OutputFile::open(path);
  EXPECT_TRUE(file.has_value());
  if (!file) return {};
  EXPECT_TRUE(make_table(*std::move(file), {})->finish(summary).has_value());
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Table, SaysWhereItCountedOnlySoFar) {
  const Ledger ledger;
  ScanSummary summary;
  summary.ledger = &ledger;
  summary.accounts = {.count = 20'000, .at_least = true};
  summary.regions = {.count = 1, .at_least = false};
  const std::string table = table_of(summary);
  EXPECT_NE(table.find(", at least 20,000 accounts, 1 region\n"), std::string::npos) << table;
}

}  // namespace
}  // namespace trailhound::sink
