#include "run/worker.h"

#include <algorithm>
#include <utility>

namespace trailhound::run {

Worker::Worker(const std::shared_ptr<EventRules>& rules, std::shared_ptr<const engine::SievePlan> plan,
               StratifiedHits hits, DistinctCounter ids, TimeRange range, std::shared_ptr<FileListing> listing,
               Progress& progress)
    : matcher_(rules),
      hits_(std::move(hits)),
      sieve_(std::move(plan), hits_.sink(), range.to),
      ids_(std::move(ids)),
      range_(range),
      progress_(progress),
      source_({.giants = &progress.giants}) {
  results_.ledger.listing = std::move(listing);
  if (rules->keeps_facets()) reader_.keep_facets();
  reader_.take_documents();
  reader_.set_before_reset([this] {
    matcher_.harvest();
    results_.coverage.harvest(reader_.dictionaries());
  });
}

void Worker::begin_portion(std::uint32_t number) {
  sieve_.begin_input(number);
  span_ = {};
}

bool Worker::read(const source::Input& input) {
  reported_bytes_ = 0;
  const bool go_on = source_.read(input, *this);
  if (go_on) report_bytes(input.bytes);
  return go_on;
}

Worker::Yield Worker::finish() {
  sieve_.finish();
  hits_.sort();
  results_.coverage.harvest(reader_.dictionaries());
  results_.reach = matcher_.reach();
  results_.warnings = matcher_.warnings();
  results_.capped_groups = matcher_.capped_groups();
  return {std::move(results_), hits_.take(), sieve_.take_findings(), std::move(ids_)};
}

void Worker::begin_file(FileEntry& file) { file_ = &file; }

source::WindowAnswer Worker::window(const source::RecordWindow& window) {
  const auto answer = reader_.read(window, *file_, [this](event::Batch& batch) { consume(batch); });
  report_bytes(source_.bytes_consumed());
  return stopped() ? source::WindowAnswer::stop : answer;
}

void Worker::report_bytes(std::uint64_t of_this_input) {
  progress_.bytes_done.fetch_add(of_this_input - reported_bytes_, std::memory_order_relaxed);
  reported_bytes_ = of_this_input;
}

void Worker::consume(event::Batch& batch) {
  const auto [earliest, latest] = std::ranges::minmax_element(batch.times);
  const Instant least = *earliest;
  const Instant most = *latest;
  span_.first = std::min(span_.first, least);
  span_.last = std::max(span_.last, most);
  const bool all_in_range = (!range_.from || least >= *range_.from) && (!range_.to || most <= *range_.to);
  if (all_in_range) {
    note_times(least, most);
    results_.in_range += batch.size();
    for (const Hash128& id : batch.ids) ids_.add(id);
  } else {
    add_rows_in_range(batch);
  }
  matcher_.match(batch, sieve_);
  progress_.records.fetch_add(batch.size(), std::memory_order_relaxed);
}

void Worker::add_rows_in_range(const event::Batch& batch) {
  const Instant from = range_.from.value_or(Instant::min());
  const Instant to = range_.to.value_or(Instant::max());
  for (std::size_t row = 0; row < batch.size(); ++row) {
    const Instant t = batch.times[row];
    if (t <= to)
      note_times(t, t);  // what lies before the range feeds the rules: it counts as seen, and as learned from
    if (t < from || t > to) {
      ++results_.ledger.out_of_range;
      continue;
    }
    ++results_.in_range;
    ids_.add(batch.ids[row]);
  }
}

void Worker::note_times(Instant least, Instant most) {
  results_.first_event = std::min(results_.first_event, least);
  results_.last_event = std::max(results_.last_event, most);
}

void Worker::end_file(FileEntry&& file) {
  file_ = nullptr;
  span_.records += file.records;
  results_.ledger.records_seen += file.records;
  results_.ledger.malformed += file.malformed;
  results_.ledger.book(std::move(file));
}

}  // namespace trailhound::run
