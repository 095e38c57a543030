#include "run/second_look.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <thread>

#include "event/batch_reader.h"
#include "run/event_matcher.h"
#include "source/record_source.h"

namespace trailhound::run {
namespace {

/// Reads inputs again for their hits alone: what else there is to say of them the first pass has said.
class SecondWorker final : public source::WindowConsumer {
 public:
  SecondWorker(const std::shared_ptr<EventRules>& rules, engine::SecondSieve sieve, Progress& progress)
      : matcher_(rules), sieve_(std::move(sieve)), progress_(progress) {
    if (rules->keeps_facets()) reader_.keep_facets();
    reader_.take_documents();
  }

  bool read(const source::Input& input) {
    records_ = 0;
    return source_.read(input, *this);
  }
  bool read_text(const ScanInput::Text& text) {
    records_ = 0;
    return source_.read_memory(text.bytes, text.name, *this);
  }
  /// Records of the last input.
  [[nodiscard]] std::uint64_t records() const { return records_; }
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

std::vector<std::size_t> inputs_to_read(const std::vector<InputSpan>& spans,
                                        const std::vector<engine::SecondLook>& looks) {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const InputSpan& span = spans[i];
    const auto number = static_cast<std::uint32_t>(i);
    if (span.first <= span.last && engine::is_near(looks, number, span.first, span.last)) chosen.push_back(i);
  }
  return chosen;
}

}  // namespace

bool can_read_again(const source::Input& input) {
  std::error_code error;
  return input.path != "-" && std::filesystem::is_regular_file(input.path, error);
}

bool can_look_again(const ScanInput& input) { return std::ranges::all_of(input.files, can_read_again); }

SecondHits look_again(const ScanInput& input, const std::vector<InputSpan>& spans,
                      const std::vector<rule::RuleRef>& rules, std::shared_ptr<const engine::SievePlan> plan,
                      std::shared_ptr<const std::vector<engine::SecondLook>> looks, const ScanOptions& options,
                      std::size_t budget, Progress& progress) {
  SecondHits found;
  const std::vector<std::size_t> chosen = inputs_to_read(spans, *looks);
  if (chosen.empty() || progress.stop.load()) return found;
  progress.files_total += chosen.size();
  for (const std::size_t i : chosen) progress.bytes_total += i < input.files.size() ? input.files[i].bytes : 0;

  const auto matching = std::make_shared<EventRules>(plan->second_rules(*looks));
  const unsigned processors = options.workers ? options.workers : std::max(1u, std::thread::hardware_concurrency());
  const auto count = static_cast<unsigned>(std::min<std::size_t>(processors, chosen.size()));
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  const auto work = [&] {
    engine::HitCollector hits(rules, {.budget = budget / count, .folder = options.temporary_folder});
    SecondWorker worker(matching, engine::SecondSieve(plan, looks, std::move(hits)), progress);
    std::vector<std::string> changed;
    for (std::size_t at = next.fetch_add(1); at < chosen.size(); at = next.fetch_add(1)) {
      const std::size_t i = chosen[at];
      const bool is_file = i < input.files.size();
      const bool done = is_file ? worker.read(input.files[i]) : worker.read_text(input.texts[i - input.files.size()]);
      if (!done) break;
      ++progress.files_done;
      if (is_file) progress.bytes_done += input.files[i].bytes;
      if (is_file && worker.records() != spans[i].records) changed.push_back(input.files[i].path);
    }
    const std::lock_guard lock(mutex);
    found.hits.push_back(worker.finish());
    found.changed.insert(found.changed.end(), changed.begin(), changed.end());
  };
  std::vector<std::jthread> threads;
  for (unsigned i = 1; i < count; ++i) threads.emplace_back(work);
  work();
  threads.clear();  // waits for them
  std::ranges::sort(found.changed);
  return found;
}

}  // namespace trailhound::run
