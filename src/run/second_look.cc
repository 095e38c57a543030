#include "run/second_look.h"

#include <algorithm>
#include <iterator>
#include <mutex>
#include <utility>

#include "event/batch_reader.h"
#include "run/event_matcher.h"
#include "run/in_parallel.h"
#include "source/record_source.h"

namespace trailhound::run {
namespace {

/// Reads inputs again for their hits alone: what else there is to say of them the first pass has said.
class SecondWorker final : public source::WindowConsumer {
 public:
  SecondWorker(const std::shared_ptr<EventRules>& rules, engine::SecondSieve sieve, Progress& progress)
      : matcher_(rules), sieve_(std::move(sieve)), progress_(progress), source_({.giants = &progress.giants}) {
    if (rules->keeps_facets()) reader_.keep_facets();
    reader_.take_documents();
  }

  bool read(const source::Input& input) { return source_.read(input, *this); }
  /// Since the last time.
  [[nodiscard]] std::uint64_t take_records() { return std::exchange(records_, 0); }
  [[nodiscard]] engine::HitCollector finish() {
    sieve_.finish();
    return sieve_.take_hits();
  }

  void begin_file(FileEntry& file) override { file_ = &file; }
  source::WindowAnswer window(const source::RecordWindow& window) override {
    const auto answer = reader_.read(window, *file_, [this](event::Batch& batch) { matcher_.match(batch, sieve_); });
    return stopped() ? source::WindowAnswer::stop : answer;
  }
  [[nodiscard]] bool stopped() const override { return progress_.stop.load(std::memory_order_relaxed); }
  void end_file(FileEntry&& file) override {
    file_ = nullptr;
    records_ += file.records;
  }

 private:
  EventMatcher matcher_;
  engine::SecondSieve sieve_;
  Progress& progress_;
  source::RecordSource source_;
  event::BatchReader reader_;
  FileEntry* file_ = nullptr;
  std::uint64_t records_ = 0;
};

std::vector<std::size_t> portions_to_read(const std::vector<InputSpan>& spans,
                                          const std::vector<engine::SecondLook>& looks) {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const InputSpan& span = spans[i];
    const auto number = static_cast<std::uint32_t>(i);
    if (span.first <= span.last && engine::is_near(looks, number, span.first, span.last)) chosen.push_back(i);
  }
  return chosen;
}

/// Of a portion, of which the first file is known.
std::string changed(const std::string& path, std::size_t files) {
  const std::string others = files == 1   ? ""
                             : files == 2 ? " or the file behind it"
                                          : " or one of the " + std::to_string(files - 1) + " files behind it";
  return path + others + " changed while it was read: signals of some rules may be missing";
}

}  // namespace

Result<SecondHits> look_again(const ScanInput& input, const Portions& portions, const std::vector<InputSpan>& spans,
                              const std::vector<rule::RuleRef>& rules, std::shared_ptr<const engine::SievePlan> plan,
                              std::shared_ptr<const std::vector<engine::SecondLook>> looks, const ScanOptions& options,
                              std::size_t budget, Progress& progress) {
  SecondHits found;
  const std::vector<std::size_t> chosen = portions_to_read(spans, *looks);
  if (chosen.empty() || progress.stop.load()) return found;
  for (const std::size_t portion : chosen) {
    progress.files_total += portions.end(portion) - portions.begin(portion);
    progress.bytes_total += portions.bytes(portion);
  }

  const auto matching = std::make_shared<EventRules>(plan->second_rules(*looks));
  const unsigned count = worker_count(options.workers, chosen.size());
  std::mutex mutex;
  const auto read = [&](SecondWorker& worker, std::size_t portion) -> Result<bool> {
    for (std::size_t i = portions.begin(portion); i < portions.end(portion); ++i) {
      TRY(const source::Input one, input.at(i));
      if (!worker.read(one)) return false;
      ++progress.files_done;
      progress.bytes_done += one.bytes;
    }
    if (worker.take_records() == spans[portion].records) return true;
    TRY(const source::Input first, input.at(portions.begin(portion)));
    const std::lock_guard lock(mutex);
    ++found.changed_portions;
    found.changed.emplace(first.path, changed(first.path, portions.end(portion) - portions.begin(portion)));
    if (found.changed.size() > SecondHits::kMostChanged) found.changed.erase(std::prev(found.changed.end()));
    return true;
  };
  TRY_VOID(in_parallel(count, chosen.size(), [&](unsigned, Jobs& jobs) -> Status {
    engine::HitCollector hits(rules, {.budget = budget / count, .folder = options.temporary_folder});
    SecondWorker worker(matching, engine::SecondSieve(plan, looks, std::move(hits)), progress);
    while (const auto job = jobs.next()) {
      TRY(const bool go_on, read(worker, chosen[*job]));
      if (!go_on) break;
    }
    const std::lock_guard lock(mutex);
    found.hits.push_back(worker.finish());
    return {};
  }));
  return found;
}

}  // namespace trailhound::run
