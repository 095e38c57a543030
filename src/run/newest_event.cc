#include "run/newest_event.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <vector>

#include "event/batch_reader.h"
#include "run/in_parallel.h"
#include "source/record_source.h"

namespace trailhound::run {
namespace {

class TimeReader final : public source::WindowConsumer {
 public:
  explicit TimeReader(const Progress& progress) : progress_(progress) { reader_.take_documents(); }
  void begin_file(FileEntry& file) override { file_ = &file; }
  source::WindowAnswer window(const source::RecordWindow& window) override {
    const auto answer = reader_.read(window, *file_, [this](event::Batch& batch) {
      for (const Instant time : batch.times) newest_ = std::max(newest_, time);
    });
    return stopped() ? source::WindowAnswer::stop : answer;
  }
  [[nodiscard]] bool stopped() const override { return progress_.stop.load(std::memory_order_relaxed); }
  void end_file(FileEntry&&) override { file_ = nullptr; }
  [[nodiscard]] Instant newest() const { return newest_; }

 private:
  const Progress& progress_;
  event::BatchReader reader_;
  FileEntry* file_ = nullptr;
  Instant newest_ = Instant::min();
};

}  // namespace

Instant now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  // Elasticsearch's dates have milliseconds.
  return {std::chrono::duration_cast<std::chrono::milliseconds>(since).count() * 1000};
}

Result<std::optional<Instant>> newest_event(const ScanInput& input, unsigned workers, const Progress& progress) {
  std::atomic<std::int64_t> newest{Instant::min().micros};
  TRY_VOID(in_parallel(worker_count(workers, input.size()), input.size(), [&](unsigned, Jobs& jobs) -> Status {
    TimeReader reader(progress);
    source::RecordSource source({.giants = &progress.giants});
    while (!reader.stopped()) {
      const auto job = jobs.next();
      if (!job) break;
      TRY(const source::Input one, input.at(*job));
      if (one.rereadable) (void)source.read(one, reader);
    }
    std::int64_t known = newest.load();
    while (reader.newest().micros > known && !newest.compare_exchange_weak(known, reader.newest().micros)) {
    }
    return {};
  }));
  if (newest.load() == Instant::min().micros) return std::nullopt;
  return Instant{newest.load()};
}

}  // namespace trailhound::run
