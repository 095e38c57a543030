#include "run/newest_event.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "event/batch_reader.h"
#include "run/second_look.h"
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

std::optional<Instant> newest_event(const ScanInput& input, unsigned workers, const Progress& progress) {
  std::atomic<std::size_t> next{0};
  std::atomic<std::int64_t> newest{Instant::min().micros};
  const auto work = [&] {
    TimeReader reader(progress);
    source::RecordSource source;
    while (!reader.stopped()) {
      const std::size_t i = next.fetch_add(1);
      if (i >= input.files.size() + input.texts.size()) break;
      if (i >= input.files.size()) {
        const auto& text = input.texts[i - input.files.size()];
        (void)source.read_memory(text.bytes, text.name, reader);
      } else if (can_read_again(input.files[i])) {
        (void)source.read(input.files[i], reader);
      }
    }
    std::int64_t known = newest.load();
    while (reader.newest().micros > known && !newest.compare_exchange_weak(known, reader.newest().micros)) {
    }
  };
  const unsigned count = workers ? workers : std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::jthread> threads;
  for (unsigned i = 1; i < count; ++i) threads.emplace_back(work);
  work();
  threads.clear();  // waits for them
  if (newest.load() == Instant::min().micros) return std::nullopt;
  return Instant{newest.load()};
}

}  // namespace trailhound::run
