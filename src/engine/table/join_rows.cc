#include "engine/table/join_rows.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_map>
#include <utility>

#include "engine/table/row_wise.h"

namespace trailhound::engine {
namespace {

/// Numbers are equal by value whatever their type, addresses equal their canonical text.
Value join_value(const Value& value) {
  if (const auto* address = std::get_if<IpAddress>(&value)) return format_ip(*address);
  const auto* real = std::get_if<double>(&value);
  constexpr double kExact = 9007199254740992.0;  // whole numbers up to here are exact
  if (real && std::floor(*real) == *real && std::abs(*real) <= kExact) return static_cast<std::int64_t>(*real);
  return value;
}

class Join final : public RowSink {
 public:
  Join(const plan::JoinRows& command, const TableContext& context, RowSink& next)
      : command_(command), evaluator_(context), warnings_(context.warnings), next_(next) {
    const auto& rows = command.table->rows;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      // A list in the table stands for each of its values, as it would in an index.
      std::vector<std::string> keys{""};
      bool single = true;
      for (const std::uint32_t column : command.table_keys) {
        extend(keys, rows[i][column]);
        single = single && rows[i][column].size() <= 1;
      }
      for (std::string& key : keys) {
        Matches& matches = matches_[std::move(key)];
        if (single || command.gather) {
          matches.rows.push_back(i);
        } else {
          matches.lists = true;
        }
      }
    }
  }

  Status add(Row&& row) override {
    if (command_.gather) return add_gathered(std::move(row));
    std::string key;
    bool single = true;
    bool several = false;
    for (const std::uint32_t column : command_.keys) {
      several = several || row[column].size() > 1;
      single = single && row[column].size() == 1;
      if (single) append_canonical(key, join_value(row[column][0]));
    }
    if (several) warn();
    const auto found = single ? matches_.find(key) : matches_.end();
    if (found == matches_.end()) {
      row.resize(row.size() + command_.columns.size());
      return next_.add(std::move(row));
    }
    if (found->second.lists) warn();
    bool any = false;
    for (const std::size_t match : found->second.rows) {
      if (!next_.wants_more()) return {};
      Row joined = row;
      for (const std::uint32_t column : command_.columns) joined.push_back(command_.table->rows[match][column]);
      if (command_.condition && !evaluator_.is_true(command_.condition, joined)) continue;
      any = true;
      TRY_VOID(next_.add(std::move(joined)));
    }
    if (any) return {};
    row.resize(row.size() + command_.columns.size());
    return next_.add(std::move(row));
  }
  Status finish() override { return next_.finish(); }
  bool wants_more() const override { return next_.wants_more(); }

 private:
  struct Matches {
    std::vector<std::size_t> rows;
    bool lists = false;  ///< rows of the table that have the value among others, which LOOKUP JOIN leaves out
  };

  void warn() {
    if (warnings_ == nullptr) return;
    warnings_->add(command_.at, 0, Failure::several_values, "LOOKUP JOIN encountered multi-value");
  }

  static void extend(std::vector<std::string>& keys, const Values& cell) {
    std::vector<std::string> longer;
    for (const Value& value : cell) {
      for (const std::string& key : keys) {
        longer.push_back(key);
        append_canonical(longer.back(), join_value(value));
      }
    }
    keys = std::move(longer);  // none for null: it matches nothing
  }

  /// The values of all matches, of any of the key's values, without repetition.
  Status add_gathered(Row&& row) {
    std::vector<std::string> keys{""};
    for (const std::uint32_t column : command_.keys) extend(keys, row[column]);
    std::vector<std::size_t> rows;
    for (const std::string& key : keys) {
      const auto found = matches_.find(key);
      if (found == matches_.end()) continue;
      rows.insert(rows.end(), found->second.rows.begin(), found->second.rows.end());
    }
    std::ranges::sort(rows);
    const auto repeated = std::ranges::unique(rows);
    rows.erase(repeated.begin(), repeated.end());
    for (const std::uint32_t column : command_.columns) {
      Values gathered;
      for (const std::size_t match : rows) {
        for (const Value& value : command_.table->rows[match][column]) {
          if (std::ranges::find(gathered, value) == gathered.end()) gathered.push_back(value);
        }
      }
      row.push_back(std::move(gathered));
    }
    return next_.add(std::move(row));
  }

  const plan::JoinRows& command_;
  RowEvaluator evaluator_;
  TableWarnings* warnings_;
  RowSink& next_;
  std::unordered_map<std::string, Matches> matches_;
};

}  // namespace

std::unique_ptr<RowSink> make_join(const plan::JoinRows& command, const TableContext& context, RowSink& next) {
  return std::make_unique<Join>(command, context, next);
}

}  // namespace trailhound::engine
