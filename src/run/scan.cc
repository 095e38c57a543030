#include "run/scan.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <iterator>
#include <thread>
#include <utility>

#include "engine/matcher.h"
#include "engine/state.h"
#include "run/second_look.h"
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

/// Files from large to small, so that no worker is left with a large one at the end; the result does not depend on it.
std::vector<std::size_t> reading_order(const std::vector<source::Input>& files) {
  std::vector<std::size_t> order(files.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return files[a].bytes > files[b].bytes; });
  return order;
}

std::vector<InputSpan> read_everything(const ScanInput& input, std::vector<std::unique_ptr<Worker>>& workers,
                                       Progress& progress) {
  const std::vector<std::size_t> order = reading_order(input.files);
  std::uint64_t total = 0;
  for (const auto& file : input.files) total += file.bytes;
  progress.bytes_total = total;
  progress.files_total = input.files.size() + input.texts.size();
  std::vector<InputSpan> spans(input.files.size() + input.texts.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&](Worker& worker) {
    while (!progress.stop.load(std::memory_order_relaxed)) {
      const std::size_t i = next.fetch_add(1);
      if (i >= order.size() + input.texts.size()) break;
      if (i < order.size()) {
        const source::Input& file = input.files[order[i]];
        if (!worker.read(file)) break;
        spans[order[i]] = worker.input_span();
      } else {
        const ScanInput::Text& text = input.texts[i - order.size()];
        if (!worker.read_text(text.bytes, text.name)) break;
        spans[i] = worker.input_span();
      }
      ++progress.files_done;
    }
    worker.finish();
  };
  std::vector<std::jthread> threads;
  for (std::size_t w = 1; w < workers.size(); ++w) threads.emplace_back(work, std::ref(*workers[w]));
  work(*workers.front());
  threads.clear();  // waits for them
  return spans;
}

/// All that the workers gathered, as one.
struct Gathered {
  Worker::Results results;
  std::vector<engine::HitCollector> hits;
  std::vector<DistinctCounter> ids;
  std::vector<std::vector<engine::SieveFindings>> findings;  ///< by worker
};

Gathered gather(std::vector<std::unique_ptr<Worker>>& workers, Ledger base) {
  Gathered all;
  all.results.ledger = std::move(base);
  for (auto& worker : workers) {
    Worker::Results& r = worker->results();
    all.results.ledger.merge(std::move(r.ledger));
    all.results.coverage.merge(r.coverage);
    all.results.first_event = std::min(all.results.first_event, r.first_event);
    all.results.last_event = std::max(all.results.last_event, r.last_event);
    all.results.in_range += r.in_range;
    engine::merge_reach(all.results.reach, r.reach);
    all.results.warnings.resize(r.warnings.size());
    all.results.capped_groups.resize(r.capped_groups.size());
    for (std::size_t i = 0; i < r.warnings.size(); ++i) {
      all.results.warnings[i] += r.warnings[i];
      all.results.capped_groups[i] += r.capped_groups[i];
    }
    all.hits.push_back(worker->take_hits());
    all.findings.push_back(worker->take_findings());
    all.ids.push_back(worker->take_ids());
  }
  return all;
}

void book_rules(Ledger& ledger, const rule::LoadedRules& rules, const Gathered& all,
                const std::vector<engine::RuleReport>& reports, const event::Catalog& catalog, Duration span) {
  const Observed observed{all.results.coverage, span, catalog.geo() && catalog.geo()->has_city(),
                          catalog.geo() && catalog.geo()->has_asn()};
  std::uint64_t open = 0;
  for (std::size_t i = 0; i < rules.rules.size(); ++i) {
    ledger.rules.push_back(judge(*rules.rules[i], all.results.reach[i], reports[i], observed));
    open += reports[i].open_windows;
    if (all.results.warnings[i] > 0) {
      ledger.notes["multi-values " + rules.rules[i]->id] =
          rules.rules[i]->id + ": " + std::to_string(all.results.warnings[i]) +
          " times a field with several values met an operator that takes one, or a value could not be converted or "
          "computed; the condition counted as unknown";
    }
  }
  for (std::size_t i = 0; i < rules.rules.size(); ++i) {
    if (all.results.capped_groups[i] == 0) continue;
    ledger.notes["groups " + rules.rules[i]->id] =
        rules.rules[i]->id + ": " + std::to_string(all.results.capped_groups[i]) + " events belong to more than " +
        std::to_string(plan::kMaxGroupsPerEvent) + " groups each; they were judged in the first ones only";
  }
  for (const rule::Outcome& outcome : rules.outcomes) {
    if (outcome.runs) continue;
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
    ledger.rules.push_back(std::move(entry));
  }
  if (open > 0) {
    ledger.notes["open windows"] =
        std::to_string(open) + " windows were still open at the end of the data and were not judged";
  }
}

engine::Histories histories_of(const std::vector<engine::SecondLook>& looks) {
  engine::Histories histories;
  for (const engine::SecondLook& look : looks) histories.push_back(look.history);
  return histories;
}

void note_second_look(Ledger& ledger, const SecondHits& again, const std::vector<engine::SecondLook>& looks,
                      const Progress& progress) {
  for (const std::string& path : again.changed) {
    ledger.notes["changed " + path] = path + " changed while it was read: signals of some rules may be missing";
  }
  const auto needed = std::ranges::count_if(looks, &engine::SecondLook::needed);
  if (progress.stop.load() && needed > 0) {
    ledger.notes["second look"] = std::to_string(needed) +
                                  " rules need a second look at some of the events, which was interrupted: their "
                                  "signals may be missing";
  }
}

/// Of sieved rules the operators have not seen all hits; how many there were the matcher knows.
void count_sieved_hits(const engine::SievePlan& plan, std::vector<std::vector<engine::QueryReach>>& reach,
                       std::vector<engine::RuleReport>& reports) {
  for (std::size_t rule = 0; rule < reports.size(); ++rule) {
    reach[rule].resize(plan.queries_of(rule));  // without those that show conditions
    if (!plan.is_sieved(rule)) continue;
    std::uint64_t hits = 0;
    for (const engine::QueryReach& query : reach[rule]) hits += query.hits;
    reports[rule].hits = std::max(reports[rule].hits, hits);
  }
}

}  // namespace

Result<ScanResult> scan(const ScanInput& input, const rule::LoadedRules& rules, const event::Catalog& catalog,
                        const ScanOptions& options, std::unique_ptr<Ledger> ledger,
                        const std::vector<sink::Sink*>& sinks, Progress& progress) {
  const std::size_t jobs = std::max<std::size_t>(1, input.files.size() + input.texts.size());
  const unsigned processors = std::max(1u, std::thread::hardware_concurrency());
  const auto count = static_cast<unsigned>(std::min<std::size_t>(options.workers ? options.workers : processors, jobs));
  const Budget budget = share(options.memory, count);
  const auto plan = std::make_shared<const engine::SievePlan>(rules.rules, options.sieve && can_look_again(input));
  const auto compiled = engine::compile(plan->first_rules());

  std::vector<std::unique_ptr<Worker>> workers;
  for (unsigned w = 0; w < count; ++w) {
    workers.push_back(std::make_unique<Worker>(
        compiled,
        engine::Sieve(
            plan,
            engine::HitCollector(rules.rules, {.budget = budget.hits_per_worker, .folder = options.temporary_folder}),
            options.to),
        DistinctCounter(budget.ids_per_worker, options.temporary_folder), TimeRange{options.from, options.to},
        progress));
  }
  const std::vector<InputSpan> spans = read_everything(input, workers, progress);
  Gathered all = gather(workers, std::move(*ledger));
  workers.clear();
  *ledger = std::move(all.results.ledger);
  const auto looks = std::make_shared<const std::vector<engine::SecondLook>>(plan->decide(std::move(all.findings)));
  SecondHits again = look_again(input, spans, rules.rules, plan, looks, options, options.memory / 4, progress);
  std::ranges::move(again.hits, std::back_inserter(all.hits));
  note_second_look(*ledger, again, *looks, progress);
  progress.reading_done = true;
  ledger->interrupted = progress.stop.load();
  // Counting duplicates and evaluating hits do not need each other.
  auto distinct = std::async(std::launch::async,
                             [ids = std::move(all.ids)]() mutable { return DistinctCounter::count(std::move(ids)); });

  ScanResult result;
  Status sink_status;
  const Instant frontier = options.to.value_or(all.results.last_event);
  const auto give_out = [&](engine::EpisodeRecord&& episode) {
    const signal::Signal made = signal::make_signal(rules.rules[episode.rule], episode);
    if (!options.filter.admits(made)) {
      ++result.summary.filtered;
      return true;
    }
    ++result.summary.signals[made.severity];
    for (sink::Sink* sink : sinks) {
      sink_status = sink->add(made);
      if (!sink_status) return false;
    }
    return true;
  };
  TRY(auto reports, engine::evaluate(rules.rules, std::move(all.hits), frontier, give_out, count,
                                     all.results.first_event, histories_of(*looks)));
  count_sieved_hits(*plan, all.results.reach, reports);
  if (!sink_status) return std::unexpected(sink_status.error());

  TRY(ledger->evaluated, distinct.get());
  ledger->duplicate = all.results.in_range - ledger->evaluated;
  const bool any = all.results.last_event >= all.results.first_event;
  book_rules(*ledger, rules, all, reports, catalog,
             any ? all.results.last_event - all.results.first_event : Duration{});
  sink::ScanSummary& summary = result.summary;
  summary.inputs = options.inputs_text;
  summary.rules_loaded = rules.rules.size();
  summary.files = ledger->files.size();
  summary.first_event = all.results.first_event;
  summary.last_event = all.results.last_event;
  const auto& accounts = all.results.coverage.values(event::Hot::recipient_account);
  const auto& regions = all.results.coverage.values(event::Hot::region);
  summary.accounts.assign(accounts.begin(), accounts.end());
  summary.regions.assign(regions.begin(), regions.end());
  summary.ledger = ledger.get();
  for (sink::Sink* sink : sinks) TRY_VOID(sink->finish(summary));
  result.ledger = std::move(ledger);
  return result;
}

}  // namespace trailhound::run
