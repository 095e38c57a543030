#include "run/query.h"

#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>

#include "engine/table/chain.h"
#include "lang/esql/binder.h"
#include "lang/esql/parser.h"
#include "lang/esql/source_texts.h"
#include "lang/esql/table_lowering.h"
#include "run/in_parallel.h"
#include "run/newest_event.h"
#include "run/query_schema.h"
#include "run/query_worker.h"
#include "run/sub_queries.h"

namespace trailhound::run {
namespace {

/// Elasticsearch's esql.query.result_truncation_default_size and ..._max_size.
constexpr std::uint64_t kDefaultRows = 1000, kMostRows = 10'000;

/// The rows of the answer.
class Answer final : public engine::RowSink {
 public:
  explicit Answer(std::vector<engine::Row>& rows) : rows_(rows) {}
  Status add(engine::Row&& row) override {
    rows_.push_back(std::move(row));
    return {};
  }
  Status finish() override { return {}; }

 private:
  std::vector<engine::Row>& rows_;
};

/// The LIMIT that every query ends in, whether it was written or not.
void add_limit(plan::Pipeline& pipeline, std::vector<std::string>& warnings) {
  if (!pipeline.limited) {
    warnings.push_back("No limit defined, adding default limit of [" + std::to_string(kDefaultRows) + "]");
  }
  // In front of the last projection, so that a SORT before it is known to have a limit.
  const auto at = pipeline.steps.empty() ? pipeline.steps.end() : pipeline.steps.end() - 1;
  pipeline.steps.insert(at, {plan::LimitRows{pipeline.limited ? kMostRows : kDefaultRows, {}}, {}});
}

/// The exception under which Elasticsearch reports the message; people search their logs for it.
std::string exception_of(std::string_view message) {
  const bool arithmetic =
      message.ends_with(" overflow") || message == "/ by zero" || message.starts_with("not a finite double number") ||
      message.ends_with("input out of range") || message == "Square root of negative" || message.starts_with("Log of ");
  const bool date = message.starts_with("Date nanos out of range") || message.starts_with("Invalid value for Year");
  const bool number = message.starts_with("Cannot parse number [") || message.ends_with("] range");
  return arithmetic ? "java.lang.ArithmeticException: "
         : date     ? "java.time.DateTimeException: "
         : number   ? "org.elasticsearch.xpack.esql.core.InvalidArgumentException: "
                    : "java.lang.IllegalArgumentException: ";
}

/// What Elasticsearch would put into the headers of its answer.
void list_warnings(const engine::EvaluationWarnings& warnings, const esql::SourceTexts& texts,
                   std::vector<std::string>& lines) {
  std::vector<engine::EvaluationWarnings::Entry> entries = warnings.entries();
  // Workers find them in any order.
  std::ranges::sort(entries, [](const auto& a, const auto& b) {
    return std::tie(a.at.line, a.at.column) < std::tie(b.at.line, b.at.column);
  });
  for (auto& entry : entries) {
    const std::string place = "Line " + std::to_string(entry.at.line) + ":" + std::to_string(entry.at.column) + ": ";
    const esql::SourceText* text = texts.find(entry.at, entry.length);
    const bool condition = text != nullptr && text->is_choice;
    lines.push_back(place + "evaluation " + (text == nullptr ? "" : "of [" + text->text + "] ") +
                    "failed, treating result as " + (condition ? "false" : "null") + ". Only first " +
                    std::to_string(engine::EvaluationWarnings::kMostMessages) + " failures recorded.");
    std::ranges::sort(entry.messages);
    for (const std::string& message : entry.messages) lines.push_back(place + exception_of(message) + message);
  }
}

/// The parallel half and what follows it.
class QueryRun {
 public:
  QueryRun(const plan::Pipeline& pipeline, const QueryOptions& options, engine::TableContext& context, Ledger& ledger,
           Progress& progress)
      : pipeline_(pipeline), options_(options), context_(context), ledger_(ledger), progress_(progress) {}

  Status run_over_events(const ScanInput& input, engine::RowSink& answer) {
    const QuerySplit where = split(pipeline_);
    const unsigned count = worker_count(options_.workers, input.size());
    SeenEvents seen(options_.memory / 4);
    engine::TableContext share = context_;
    share.memory = options_.memory / 2 / count;
    std::vector<std::unique_ptr<QueryWorker>> workers;
    for (unsigned i = 0; i < count; ++i) {
      workers.push_back(std::make_unique<QueryWorker>(pipeline_, where, share, seen, progress_));
    }
    TRY_VOID(read_everything(input, workers));
    for (const auto& worker : workers) {
      TRY_VOID(worker->status());
      ledger_.merge(worker->ledger());
      context_.warnings->append(worker->warnings());
    }
    ledger_.evaluated = ledger_.records_seen - ledger_.malformed - ledger_.duplicate;
    if (seen.is_full()) {
      ledger_.notes["duplicates"] =
          "more events than the memory budget can remember: records that were delivered "
          "twice may count twice; raise --memory";
    }
    return run_the_rest(where, workers, answer);
  }

  Status run_over_rows(std::vector<engine::Row>&& rows, engine::RowSink& answer) {
    engine::Chain chain(pipeline_.steps, 0, pipeline_.steps.size(), context_, answer);
    for (engine::Row& row : rows) {
      if (!chain.front().wants_more()) break;
      TRY_VOID(chain.front().add(std::move(row)));
    }
    return chain.front().finish();
  }

 private:
  Status read_everything(const ScanInput& input, std::vector<std::unique_ptr<QueryWorker>>& workers) {
    return in_parallel(static_cast<unsigned>(workers.size()), input.size(), [&](unsigned number, Jobs& jobs) -> Status {
      QueryWorker& worker = *workers[number];
      while (!worker.stopped()) {
        const auto job = jobs.next();
        if (!job) break;
        TRY(const source::Input one, input.at(*job));
        if (!worker.read(one)) progress_.stop = true;
      }
      return {};
    });
  }

  Status run_the_rest(const QuerySplit& where, std::vector<std::unique_ptr<QueryWorker>>& workers,
                      engine::RowSink& answer) {
    // What SORT and STATS would do was done by the workers.
    const bool done = where.aggregate != nullptr || where.sort != nullptr;
    engine::Chain chain(pipeline_.steps, where.step + (done ? 1 : 0), pipeline_.steps.size(), context_, answer);
    const auto give = [&](engine::Row&& row) { return chain.front().add(std::move(row)); };
    const auto go_on = [&] { return chain.front().wants_more(); };
    if (where.aggregate != nullptr) {
      engine::GroupTable groups = *workers.front()->take_groups();
      for (std::size_t w = 1; w < workers.size(); ++w) TRY_VOID(groups.merge(*workers[w]->take_groups()));
      TRY_VOID(groups.give_out(context_.warnings, give, go_on));
    } else {
      std::vector<engine::OrderedRows> parts;
      for (const auto& worker : workers) parts.push_back(worker->take_rows());
      TRY_VOID(engine::OrderedRows::give_out(std::move(parts), give, go_on));
    }
    return chain.front().finish();
  }

  const plan::Pipeline& pipeline_;
  const QueryOptions& options_;
  engine::TableContext& context_;
  Ledger& ledger_;
  Progress& progress_;
};

/// One query with the queries inside of it.
class Asker {
 public:
  Asker(const ScanInput& input, const event::Catalog& catalog, const QueryOptions& options, Ledger& ledger,
        Diagnostics& diagnostics)
      : input_(input), catalog_(catalog), options_(options), ledger_(ledger), diagnostics_(diagnostics) {}

  /// `inner`: its rows go on into another query, so nothing is cut off.
  Result<std::optional<QueryResult>> ask(const std::string& text, bool inner, int depth = 0) {
    if (depth > kDeepest) return fail("sub-queries are nested too deeply");
    esql::Origin origin;
    origin.file = "query";
    origin.key = "";
    origin.file_text = text;
    esql::Reporter reporter(text, origin, diagnostics_);
    esql::Query query = esql::parse(text, reporter, &options_.parameters);
    if (reporter.errors() > 0) return std::nullopt;
    check_source(text, query, reporter);
    QueryResult result;
    std::vector<engine::Row> rows;
    const Ask ask_inner = [&](const std::string& sub_query) -> Result<std::optional<QueryResult>> {
      TRY(auto found, ask(sub_query, true, depth + 1));
      if (found) result.warnings.insert(result.warnings.end(), found->warnings.begin(), found->warnings.end());
      return found;
    };
    TRY(const bool good, answer_sub_queries(text, query, ask_inner, reporter, rows));
    const QuerySchema schema(catalog_, options_.lookup_folder);
    const auto bound = esql::bind(text, query, schema, reporter);
    if (!good || !bound || reporter.errors() > 0) return std::nullopt;
    auto pipeline = esql::lower_table(*bound, reporter, {.now = [this] { return run_time(true); }});
    if (!pipeline) return std::nullopt;
    if (!inner) add_limit(*pipeline, result.warnings);
    TRY_VOID(run(*pipeline, esql::source_texts(*bound), std::move(rows), result));
    result.columns = std::move(pipeline->output);
    return std::optional(std::move(result));
  }

 private:
  static constexpr int kDeepest = 8;

  Status run(const plan::Pipeline& pipeline, const esql::SourceTexts& texts, std::vector<engine::Row>&& rows,
             QueryResult& result) {
    engine::TableWarnings warnings;
    engine::TableContext context{.run_time = run_time(engine::uses_run_time(pipeline)),
                                 .memory = options_.memory / 4,
                                 .temporary_folder = options_.temporary_folder,
                                 .warnings = &warnings};
    // Files are accounted for once, however many queries read them.
    Ledger again;
    const bool events = pipeline.source.kind == plan::TableSource::Kind::events;
    if (events && !options_.has_paths) {
      return fail("FROM reads events, and no file is named", {},
                  "trailhound query QUERY PATH ..., or - for standard input");
    }
    if (events && counted_) TRY_VOID(check_read_again());
    QueryRun run(pipeline, options_, context, events && !counted_ ? ledger_ : again, progress());
    counted_ = counted_ || events;
    Answer answer(result.rows);
    if (pipeline.source.kind == plan::TableSource::Kind::one_row) rows.assign(1, {});
    TRY_VOID(trouble_);
    TRY_VOID(events ? run.run_over_events(input_, answer) : run.run_over_rows(std::move(rows), answer));
    list_warnings(warnings, texts, result.warnings);
    return {};
  }

  /// Standard input that a sub-query has read is empty: the answer would be wrong without a word.
  [[nodiscard]] Status check_read_again() const {
    if (input_.rereadable()) return {};
    for (std::size_t i = 0; i < input_.size(); ++i) {
      TRY(const source::Input file, input_.at(i));
      if (file.rereadable) continue;
      return fail("the query reads the events more than once, which a pipe does not allow",
                  file.path == "-" ? "standard input" : file.path, "write them to a file first");
    }
    return {};
  }

  [[nodiscard]] Progress& progress() { return options_.progress != nullptr ? *options_.progress : own_progress_; }

  /// The same for all queries of one question.
  Instant run_time(bool used) {
    if (!used) return options_.now.value_or(Instant{});
    if (!run_time_) run_time_ = options_.now;
    if (!run_time_ && input_.size() > 0) {
      auto newest = newest_event(input_, options_.workers, progress());
      if (newest) {
        run_time_ = *newest;
      } else {
        trouble_ = std::unexpected(std::move(newest).error());
      }
    }
    if (!run_time_) run_time_ = now();
    return *run_time_;
  }

  const ScanInput& input_;
  const event::Catalog& catalog_;
  const QueryOptions& options_;
  Ledger& ledger_;
  Diagnostics& diagnostics_;
  Progress own_progress_;
  std::optional<Instant> run_time_;
  Status trouble_;  // with that time
  bool counted_ = false;
};

}  // namespace

Result<std::optional<QueryResult>> query(std::string_view text, const ScanInput& input, const event::Catalog& catalog,
                                         const QueryOptions& options, Ledger& ledger, Diagnostics& diagnostics) {
  auto result = Asker(input, catalog, options, ledger, diagnostics).ask(std::string(text), false);
  if (options.progress != nullptr && options.progress->stop.load()) ledger.interrupted = true;
  return result;
}

}  // namespace trailhound::run
