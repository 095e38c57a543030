#include "run/scan.h"

#include <algorithm>
#include <future>
#include <iterator>
#include <limits>
#include <utility>

#include "engine/matcher.h"
#include "engine/state.h"
#include "plan/describe.h"
#include "run/event_matcher.h"
#include "run/in_parallel.h"
#include "run/second_look.h"
#include "run/signal_feed.h"
#include "run/signal_maker.h"
#include "run/stratified_hits.h"
#include "run/verdict.h"
#include "run/worker.h"
#include "signal/signal.h"

namespace trailhound::run {
namespace {

/// How the byte budget is shared: most of it for hits, which grow with what the rules match.
struct Budget {
  std::size_t hits_per_worker;
  std::size_t ids_per_worker;
};
Budget share(std::size_t memory, unsigned workers) { return {memory / 2 / workers, memory / 8 / workers}; }

using MakeWorker = std::function<std::unique_ptr<Worker>()>;

/// Somebody who read, and what came of it.
struct Reader {
  std::unique_ptr<Worker> worker;
  std::optional<Worker::Yield> yield;
};

/// Each worker is made and works on a thread of its own: what it keeps to be quick is large. Gives what was read, by
/// portion.
Result<std::vector<InputSpan>> read_everything(const ScanInput& input, const Portions& portions,
                                               const MakeWorker& make_worker, std::vector<Reader>& readers,
                                               Progress& progress) {
  const auto count = static_cast<unsigned>(readers.size());
  const std::vector<std::size_t> order = portions.order(count);
  progress.bytes_total = input.files.bytes();
  progress.files_total = input.size();
  std::vector<InputSpan> spans(portions.size());
  const auto read = [&](Worker& worker, std::size_t portion) -> Status {
    worker.begin_portion(static_cast<std::uint32_t>(portion));
    for (std::size_t i = portions.begin(portion); i < portions.end(portion); ++i) {
      TRY(const source::Input one, input.at(i));
      if (!worker.read(one)) break;
      ++progress.files_done;
    }
    spans[portion] = worker.span();
    return {};
  };
  const Status done = in_parallel(count, order.size(), [&](unsigned number, Jobs& jobs) -> Status {
    Reader& reader = readers[number];
    reader.worker = make_worker();
    while (!progress.stop.load(std::memory_order_relaxed)) {
      const auto job = jobs.next();
      if (!job) break;
      TRY_VOID(read(*reader.worker, order[*job]));
    }
    reader.yield = reader.worker->finish();
    return {};
  });
  TRY_VOID(done);
  return spans;
}

/// All that the workers gathered, as one.
struct Gathered {
  Worker::Results results;
  std::vector<std::vector<engine::HitCollector>> hits;  ///< by stratum
  std::vector<DistinctCounter> ids;
  std::vector<std::vector<engine::SieveFindings>> findings;  ///< by worker
};

Gathered gather(std::vector<Reader>& readers, Ledger base) {
  Gathered all;
  all.results.ledger = std::move(base);
  for (Reader& reader : readers) {
    auto& yield = reader.yield;
    Worker::Results& r = yield->results;
    all.results.ledger.merge(std::move(r.ledger));
    all.results.coverage.merge(r.coverage);
    all.results.first_event = std::min(all.results.first_event, r.first_event);
    all.results.last_event = std::max(all.results.last_event, r.last_event);
    all.results.in_range += r.in_range;
    engine::merge_reach(all.results.reach, r.reach);
    engine::merge_counts(all.results.warnings, r.warnings);
    engine::merge_counts(all.results.capped_groups, r.capped_groups);
    all.hits.resize(yield->hits.size());
    for (std::size_t stratum = 0; stratum < yield->hits.size(); ++stratum) {
      all.hits[stratum].push_back(std::move(yield->hits[stratum]));
    }
    all.findings.push_back(std::move(yield->findings));
    all.ids.push_back(std::move(yield->ids));
  }
  return all;
}

/// What rules over signals met in their filters, beside events or instead of them.
void add_reach_of_signals(SignalFeed& feed, const rule::LoadedRules& rules, Worker::Results& results) {
  auto reach = feed.reach();
  for (std::size_t i = 0; i < reach.size(); ++i) {
    if (!rules.rules[i]->reads_signals) continue;
    std::vector<std::vector<engine::QueryReach>> merged;
    if (rules.rules[i]->reads_events) merged.push_back(std::move(results.reach[i]));
    engine::merge_reach(merged, {std::move(reach[i])});
    results.reach[i] = std::move(merged.front());
  }
  engine::merge_counts(results.warnings, feed.warnings());
  engine::merge_counts(results.capped_groups, feed.capped_groups());
}

/// What a rule could not judge in full. Not an error: its signals are right as far as they go.
void note_limits(Ledger& ledger, const std::string& id, std::uint64_t warnings, std::uint64_t capped_groups,
                 std::uint64_t capped_values) {
  const auto note = [&](std::string_view about, std::uint64_t count, const std::string& what) {
    if (count > 0) ledger.notes[std::string(about) + " " + id] = id + ": " + std::to_string(count) + what;
  };
  note("multi-values", warnings,
       " times a field with several values met an operator that takes one, or a value could not be converted or "
       "computed; the condition counted as unknown");
  note("groups", capped_groups,
       " events belong to more than " + std::to_string(plan::kMaxGroupsPerEvent) +
           " groups each; they were judged in the first ones only");
  note("values", capped_values, " events have too many values each; the rule looked at the first ones only");
}

/// What nobody looked at, although the rule asked for it.
void note_unfinished(Ledger& ledger, const std::string& id, const std::string& why) {
  if (why.empty()) return;
  ledger.notes["unfinished " + id] = id + ": " + why;
  ledger.unfinished_rules = true;
}

/// Of a rule that was not run.
RuleEntry entry_of(const rule::Outcome& outcome) {
  RuleEntry entry;
  entry.id = outcome.id;
  entry.name = outcome.name;
  entry.path = outcome.path;
  entry.outcome = outcome.loads ? RuleOutcome::cannot_fire : RuleOutcome::refused;
  entry.reason = outcome.not_run;
  for (const std::string& need : outcome.needs) entry.reason += (entry.reason.empty() ? "needs " : "; needs ") + need;
  for (const Diagnostic& d : outcome.diagnostics.all()) {
    if (d.severity == Diagnostic::Severity::error) {
      entry.reason = d.message;
      break;
    }
  }
  return entry;
}

void book_rules(Ledger& ledger, const rule::LoadedRules& rules, const Gathered& all,
                const std::vector<engine::RuleReport>& reports, const event::Catalog& catalog, Duration span) {
  const Observed observed{all.results.coverage, span, catalog.geo() && catalog.geo()->has_city(),
                          catalog.geo() && catalog.geo()->has_asn()};
  std::uint64_t open = 0;
  for (std::size_t i = 0; i < rules.rules.size(); ++i) {
    ledger.rules.push_back(judge(*rules.rules[i], all.results.reach[i], reports[i], observed));
    note_limits(ledger, rules.rules[i]->id, all.results.warnings[i], all.results.capped_groups[i],
                reports[i].capped_events);
    note_unfinished(ledger, rules.rules[i]->id, reports[i].unfinished);
    open += reports[i].open_windows;
  }
  for (const rule::Outcome& outcome : rules.outcomes) {
    if (!outcome.runs) ledger.rules.push_back(entry_of(outcome));
  }
  if (open > 0) {
    ledger.notes["open windows"] =
        std::to_string(open) + " windows were still open at the end of the data and had not fired";
  }
}

engine::Histories histories_of(const std::vector<engine::SecondLook>& looks) {
  engine::Histories histories;
  for (const engine::SecondLook& look : looks) histories.push_back(look.history);
  return histories;
}

void note_second_look(Ledger& ledger, const SecondHits& again, const std::vector<engine::SecondLook>& looks,
                      const Progress& progress) {
  for (const auto& [path, sentence] : again.changed) ledger.notes["changed " + path] = sentence;
  if (again.changed_portions > again.changed.size()) {
    ledger.notes["changed"] = "... and " + std::to_string(again.changed_portions - again.changed.size()) +
                              " more files, or groups of files, changed while they were read";
  }
  ledger.unfinished_rules |= again.changed_portions > 0;
  const auto needed = std::ranges::count_if(looks, &engine::SecondLook::needed);
  if (progress.stop.load() && needed > 0) {
    ledger.notes["second look"] = std::to_string(needed) +
                                  " rules need a second look at some of the events, which was interrupted: their "
                                  "signals may be missing";
  }
}

/// Of sieved rules the operators have not seen all hits; how many there were the matcher knows.
void count_sieved_hits(const engine::SievePlan& plan, const std::vector<engine::SecondLook>& looks,
                       std::vector<std::vector<engine::QueryReach>>& reach, std::vector<engine::RuleReport>& reports) {
  for (std::size_t rule = 0; rule < reports.size(); ++rule) {
    reach[rule].resize(plan.queries_of(rule));  // without those that show conditions
    if (!plan.is_sieved(rule)) continue;
    std::uint64_t hits = 0;
    for (const engine::QueryReach& query : reach[rule]) {
      hits += query.hits - (plan.knows_keyless(rule) ? query.keyless : 0);
    }
    reports[rule].hits = std::max(reports[rule].hits, hits);
    if (hits == 0 || looks[rule].unmet == nullptr) continue;
    reports[rule].nearest =
        std::to_string(hits) + " events, but none with " + plan::describe_briefly(looks[rule].unmet);
  }
}

}  // namespace

unsigned most_threads(unsigned workers) { return worker_count(workers, std::numeric_limits<std::size_t>::max()); }

Result<ScanResult> scan(const ScanInput& input, const rule::LoadedRules& rules, const event::Catalog& catalog,
                        const ScanOptions& options, std::unique_ptr<Ledger> ledger,
                        const std::vector<sink::Sink*>& sinks, Progress& progress) {
  TRY(const Portions portions, Portions::of(input, options.portions));
  const unsigned count = worker_count(options.workers, portions.size());
  const Budget budget = share(options.memory, count);
  SignalFeed feed(rules.rules, catalog,
                  {.budget = std::max<std::size_t>(options.memory / 16, 1), .folder = options.temporary_folder}, count);
  const auto plan = std::make_shared<const engine::SievePlan>(feed.rules_over_events(),
                                                              input.rereadable() ? options.sieve : std::nullopt);
  const auto matching = std::make_shared<EventRules>(plan->first_rules());

  const MakeWorker make_worker = [&] {
    return std::make_unique<Worker>(
        matching, plan,
        StratifiedHits(rules.rules, feed.strata(),
                       {.budget = budget.hits_per_worker, .folder = options.temporary_folder}, options.to),
        DistinctCounter(budget.ids_per_worker, options.temporary_folder), TimeRange{options.from, options.to},
        ledger->listing, progress);
  };
  std::vector<Reader> readers(count);
  TRY(const std::vector<InputSpan> spans, read_everything(input, portions, make_worker, readers, progress));
  Gathered all = gather(readers, std::move(*ledger));
  // What follows begins on one thread. It needs neither the workers, who kept much to be quick, nor the number of
  // duplicates.
  // NOLINTNEXTLINE(bugprone-unused-local-non-trivial-variable): its end waits for theirs
  const auto taken_down = std::async(std::launch::async, [gone = std::move(readers)]() mutable { gone.clear(); });
  auto distinct = std::async(std::launch::async, [ids = std::move(all.ids)] { return DistinctCounter::count(ids); });
  *ledger = std::move(all.results.ledger);
  const auto looks = std::make_shared<const std::vector<engine::SecondLook>>(plan->decide(std::move(all.findings)));
  TRY(SecondHits again,
      look_again(input, portions, spans, rules.rules, plan, looks, options, options.memory / 4, progress));
  std::ranges::move(again.hits, std::back_inserter(all.hits.front()));
  note_second_look(*ledger, again, *looks, progress);
  progress.reading_done = true;
  ledger->interrupted = progress.stop.load();

  ScanResult result;
  const Instant frontier = options.to.value_or(all.results.last_event);
  SignalMaker maker(rules.rules, feed, options.filter, sinks);
  std::vector<engine::RuleReport> reports(rules.rules.size());
  for (unsigned stratum = 0; stratum < feed.strata(); ++stratum) {
    maker.begin_stratum(stratum);
    std::vector<engine::HitCollector> hits = std::move(all.hits[stratum]);
    std::ranges::move(feed.take_hits(stratum), std::back_inserter(hits));
    // The run that made the newest signal may lie beyond the newest event; what reads the signal looks as far.
    const Instant end = std::max(frontier, feed.newest().value_or(frontier));
    TRY(auto own, engine::evaluate(rules.rules, std::move(hits), end, maker,
                                   {.threads = count,
                                    .first_event = all.results.first_event,
                                    .histories = stratum == 0 ? histories_of(*looks) : engine::Histories{},
                                    .memory = options.memory}));
    if (!maker.status()) return std::unexpected(maker.status().error());
    for (std::size_t i = 0; i < reports.size(); ++i) {
      if (rules.rules[i]->stratum == stratum) reports[i] = std::move(own[i]);
    }
  }
  count_sieved_hits(*plan, *looks, all.results.reach, reports);
  add_reach_of_signals(feed, rules, all.results);

  TRY(ledger->evaluated, distinct.get());
  ledger->duplicate = all.results.in_range - ledger->evaluated;
  const bool any = all.results.last_event >= all.results.first_event;
  book_rules(*ledger, rules, all, reports, catalog,
             any ? all.results.last_event - all.results.first_event : Duration{});
  sink::ScanSummary& summary = result.summary;
  summary.signals = maker.given_out();
  summary.filtered = maker.filtered();
  summary.inputs = options.inputs_text;
  summary.rules_loaded = rules.rules.size();
  summary.files = ledger->file_counts.all();
  summary.first_event = all.results.first_event;
  summary.last_event = all.results.last_event;
  const auto distinct_values = [&](event::Hot column) -> sink::ScanSummary::Distinct {
    return {all.results.coverage.distinct(column), all.results.coverage.capped(column)};
  };
  summary.accounts = distinct_values(event::Hot::recipient_account);
  summary.regions = distinct_values(event::Hot::region);
  summary.ledger = ledger.get();
  for (sink::Sink* sink : sinks) {
    if (auto written = sink->finish(summary); !written && result.reports) result.reports = std::move(written);
  }
  result.ledger = std::move(ledger);
  return result;
}

}  // namespace trailhound::run
