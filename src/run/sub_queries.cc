#include "run/sub_queries.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "lang/esql/codes.h"
#include "lang/esql/types.h"

namespace trailhound::run {
namespace {

/// What the answers of sub-queries may hold together: they are kept in memory.
constexpr std::size_t kMostSubQueryRows = 1'000'000;

class SubQueries {
 public:
  SubQueries(std::string_view text, esql::Query& query, const Ask& ask, esql::Reporter& reporter)
      : text_(text), query_(query), ask_(ask), reporter_(reporter) {}

  Result<bool> answer(std::vector<std::vector<Values>>& rows) {
    const auto fork = std::ranges::find_if(query_.pipeline.commands, is_fork);
    if (fork != query_.pipeline.commands.end()) {
      TRY_VOID(answer_fork(static_cast<std::size_t>(fork - query_.pipeline.commands.begin()), rows));
    }
    for (esql::Command& command : query_.pipeline.commands) {
      if (auto* from = std::get_if<esql::From>(&command.node)) TRY_VOID(answer_from(*from, rows));
      if (auto* where = std::get_if<esql::Where>(&command.node)) TRY_VOID(visit(*where->condition));
    }
    return good_;
  }

 private:
  void report(std::size_t begin, std::string_view code, std::string message) {
    reporter_.error(code, line_column_of(text_, begin), std::move(message));
    good_ = false;
  }

  /// The text with only the settings and the sub-query left, all else blank: places stay what they are.
  std::string alone(const esql::Pipeline& pipeline) const {
    const std::size_t settings = query_.pipeline.commands.front().begin;
    const std::size_t begin = pipeline.commands.front().begin;
    const std::size_t end = pipeline.commands.back().end;
    std::string out(text_.substr(0, end));
    for (std::size_t i = settings; i < begin; ++i) {
      if (out[i] != '\n') out[i] = ' ';
    }
    return out;
  }

  Result<std::optional<QueryResult>> ask(const std::string& text, std::size_t begin) {
    TRY(auto result, ask_(text));
    if (!result) good_ = false;
    if (result) {
      kept_ += result->rows.size();
      if (kept_ > kMostSubQueryRows) {
        report(begin, esql::codes::kTooComplex,
               "sub-queries give more than " + std::to_string(kMostSubQueryRows) + " rows together");
        return std::nullopt;
      }
    }
    return result;
  }

  // ---- IN

  Status visit(esql::Expression& e) {
    if (auto* in = std::get_if<esql::In>(&e.node); in != nullptr && in->query) return answer_in(e, *in);
    if (auto* no = std::get_if<esql::LogicalNot>(&e.node)) return visit(*no->operand);
    auto* all = std::get_if<esql::LogicalAnd>(&e.node);
    auto* any = std::get_if<esql::LogicalOr>(&e.node);
    if (all != nullptr || any != nullptr) {
      for (auto& operand : all ? all->operands : any->operands) TRY_VOID(visit(*operand));
    }
    return {};
  }

  Status answer_in(const esql::Expression& e, esql::In& in) {
    const auto pipeline = std::move(in.query);
    TRY(const auto result, ask(alone(*pipeline), e.begin));
    if (!result) return {};
    if (result->columns.size() != 1) {
      std::string names;
      for (const auto& column : result->columns) names += (names.empty() ? "" : ", ") + column.name;
      report(e.begin, esql::codes::kValue, "IN subquery must return exactly one field, found [" + names + "]");
      return {};
    }
    const auto add = [&](Value value) {
      auto literal = std::make_unique<esql::Expression>();
      literal->begin = e.begin;
      literal->end = e.end;
      const bool none = is_null(value);
      literal->node = esql::Literal{none ? event::LogicalType::null : result->columns.front().type, std::move(value)};
      in.values.push_back(std::move(literal));
    };
    for (const auto& row : result->rows) {
      // A multi-value equals nothing, like null.
      add(row.front().size() == 1 ? row.front().front() : Value());
    }
    if (in.values.empty()) answer_nothing(in);
    return {};
  }

  /// x IN (): never true, and not even null if x is.
  void answer_nothing(esql::In& in) {
    auto never = std::make_unique<esql::Expression>();
    never->node = esql::Literal{event::LogicalType::boolean, false};
    never->begin = in.needle->begin;
    never->end = in.needle->end;
    auto truth = std::make_unique<esql::Expression>();
    truth->node = esql::Literal{event::LogicalType::boolean, true};
    truth->begin = in.needle->begin;
    truth->end = in.needle->end;
    in.needle = std::move(truth);
    in.values.push_back(std::move(never));
  }

  // ---- FORK

  static bool is_fork(const esql::Command& command) { return std::holds_alternative<esql::Fork>(command.node); }
  static bool limits(const esql::Command& command) {
    const auto* limit = std::get_if<esql::Limit>(&command.node);
    return limit != nullptr && limit->keys.empty();
  }

  /// The text up to the end of the branch, with FORK and the branches in front of it blank: "FROM x | WHERE a".
  std::string through(const esql::Command& fork, const esql::Pipeline& branch) const {
    std::string out(text_.substr(0, branch.commands.back().end));
    for (std::size_t i = fork.begin; i < branch.commands.front().begin; ++i) {
      if (out[i] != '\n') out[i] = ' ';
    }
    return out;
  }

  /// Asks what is in front of FORK with each of its branches; their answers are the source of what is behind it.
  Status answer_fork(std::size_t place, std::vector<std::vector<Values>>& rows) {
    constexpr std::size_t kMostBranches = 8;
    constexpr std::size_t kRowsOfBranch = 1'000;  // of one that has no LIMIT
    auto& commands = query_.pipeline.commands;
    const esql::Command& fork = commands[place];
    const auto& branches = std::get<esql::Fork>(fork.node).branches;
    if (branches.size() < 2 || branches.size() > kMostBranches) {
      report(fork.begin, esql::codes::kValue, "FORK takes 2 to 8 branches, found " + std::to_string(branches.size()));
      return {};
    }
    bool again = std::any_of(commands.begin() + static_cast<std::ptrdiff_t>(place) + 1, commands.end(), is_fork);
    for (const auto& branch : branches) again |= std::ranges::any_of(branch->commands, is_fork);
    if (again) {
      report(fork.begin, esql::codes::kNotSupported, "a query with more than one FORK is not supported");
      return {};
    }
    const bool limited = std::any_of(commands.begin(), commands.begin() + static_cast<std::ptrdiff_t>(place), limits);
    esql::From from;
    from.table = std::make_shared<std::vector<plan::TableColumn>>();
    for (std::size_t i = 0; i < branches.size() && good_; ++i) {
      const std::size_t begin = branches[i]->commands.front().begin;
      std::string branch = through(fork, *branches[i]);
      const bool by_default = !limited && std::ranges::none_of(branches[i]->commands, limits);
      // One more than it may have, to see whether there are more.
      if (by_default) branch += " | LIMIT " + std::to_string(kRowsOfBranch + 1);
      TRY(auto result, ask(branch, begin));
      if (!result) break;
      if (by_default && result->rows.size() > kRowsOfBranch) {
        result->rows.resize(kRowsOfBranch);
        reporter_.warning(esql::codes::kRowsLeftOut, line_column_of(text_, begin),
                          "only the first " + std::to_string(kRowsOfBranch) + " rows of this branch are taken",
                          "a branch without LIMIT has a limit of " + std::to_string(kRowsOfBranch) + "; add one");
      }
      result->columns.push_back({"_fork", event::LogicalType::keyword});
      for (auto& row : result->rows) row.push_back({Value("fork" + std::to_string(i + 1))});
      add_rows(*from.table, *std::move(result), {.begin = begin}, rows);
    }
    for (auto& row : rows) row.resize(from.table->size());
    esql::Command source;
    source.name = "FORK";
    source.begin = commands.front().begin;
    source.end = fork.end;
    source.node = std::move(from);
    commands.erase(commands.begin(), commands.begin() + static_cast<std::ptrdiff_t>(place));
    commands.front() = std::move(source);
    return {};
  }

  // ---- FROM

  Status answer_from(esql::From& from, std::vector<std::vector<Values>>& rows) {
    const bool has_query =
        std::ranges::any_of(from.items, [](const esql::SourceItem& item) { return item.query != nullptr; });
    if (!has_query) return {};
    if (!from.metadata.empty()) {
      report(from.metadata.front().begin, esql::codes::kNotSupported,
             "METADATA beside sub-queries is not supported: name it inside of them");
      return {};
    }
    from.table = std::make_shared<std::vector<plan::TableColumn>>();
    bool events_taken = false;
    for (const esql::SourceItem& item : from.items) {
      // Patterns all mean the same events.
      if (!item.query && std::exchange(events_taken, true)) continue;
      TRY(auto result, ask(item.query ? alone(*item.query) : "FROM cloudtrail", item.begin));
      if (!result) continue;
      add_rows(*from.table, *std::move(result), {.begin = item.begin, .mixes_dates = true}, rows);
    }
    for (auto& row : rows) row.resize(from.table->size());
    return {};
  }

  struct Part {
    std::size_t begin = 0;     ///< for messages
    bool mixes_dates = false;  ///< a column may be date in one and date_nanos in the other, and is date_nanos then
  };

  void add_rows(std::vector<plan::TableColumn>& columns, QueryResult result, const Part& part,
                std::vector<std::vector<Values>>& rows) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < result.columns.size(); ++i) {
      const auto& column = result.columns[i];
      const auto known = std::ranges::find(columns, column.name, &plan::TableColumn::name);
      const auto place = static_cast<std::size_t>(known - columns.begin());
      places.push_back(place);
      if (known == columns.end()) {
        columns.push_back({column.name, column.type});
        continue;
      }
      const auto common = common_type(known->type, column.type, part);
      if (!common) {
        report(part.begin, esql::codes::kOperandTypes,
               "Column [" + column.name + "] has conflicting data types in subqueries: [" +
                   std::string(name_of(known->type)) + ", " + std::string(name_of(column.type)) + "]");
        return;
      }
      if (*common == event::LogicalType::date_nanos) {
        const bool lost = (known->type == event::LogicalType::date && !dates_to_nanos(rows, place)) ||
                          (column.type == event::LogicalType::date && !dates_to_nanos(result.rows, i));
        if (lost) {
          reporter_.warning(esql::codes::kOperandTypes, line_column_of(text_, part.begin),
                            "dates before 1970 or after 2262 are null in the column [" + column.name +
                                "], which is date_nanos in another sub-query");
        }
      }
      known->type = *common;
    }
    for (auto& found : result.rows) {
      std::vector<Values> row(columns.size());
      for (std::size_t i = 0; i < found.size(); ++i) row[places[i]] = std::move(found[i]);
      rows.push_back(std::move(row));
    }
  }

  static std::optional<event::LogicalType> common_type(event::LogicalType a, event::LogicalType b, const Part& part) {
    const bool same = a == b || a == event::LogicalType::null || b == event::LogicalType::null;
    if (!same && (esql::is_numeric(a) || (esql::is_date(a) && !part.mixes_dates))) return std::nullopt;
    return esql::common_type(a, b);
  }

  /// Of dates that date_nanos cannot hold nothing is left: false if there were any.
  static bool dates_to_nanos(std::vector<std::vector<Values>>& rows, std::size_t place) {
    constexpr std::int64_t kNanosPerMicro = 1'000;
    std::size_t lost = 0;
    for (auto& row : rows) {
      if (place >= row.size()) continue;
      lost += std::erase_if(row[place], [](Value& value) {
        auto* const date = std::get_if<std::int64_t>(&value);
        return date != nullptr && (*date < 0 || __builtin_mul_overflow(*date, kNanosPerMicro, date));
      });
    }
    return lost == 0;
  }

  std::string_view text_;
  esql::Query& query_;
  const Ask& ask_;
  esql::Reporter& reporter_;
  std::size_t kept_ = 0;
  bool good_ = true;
};

}  // namespace

Result<bool> answer_sub_queries(std::string_view text, esql::Query& query, const Ask& ask, esql::Reporter& reporter,
                                std::vector<std::vector<Values>>& rows) {
  return SubQueries(text, query, ask, reporter).answer(rows);
}

}  // namespace trailhound::run
