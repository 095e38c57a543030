#include "base/spill_sorter.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <limits>
#include <new>
#include <utility>

#include "base/spill_file.h"

namespace trailhound {

namespace {

constexpr std::size_t kMaxFanIn = 128;  // runs merged at once; more are merged in passes
constexpr std::size_t kSmallestReadBuffer = 16 * 1024;
constexpr std::size_t kLargestReadBuffer = 1024 * 1024;

// The first eight bytes as a number that sorts as they do: decides nearly every comparison without touching the record.
std::uint64_t prefix_of(std::string_view key) {
  unsigned char bytes[8] = {};
  if (!key.empty()) std::memcpy(bytes, key.data(), std::min<std::size_t>(key.size(), 8));
  std::uint64_t prefix = 0;
  for (const unsigned char byte : bytes) prefix = prefix << 8 | byte;
  return prefix;
}

struct FreeBlock {
  void operator()(char* block) const { std::free(block); }
};
using Block = std::unique_ptr<char, FreeBlock>;

// Blocks of the size of a huge page ask for one: touching the memory of a scan page by page costs more than filling it.
constexpr std::size_t kHugePage = 2u << 20;

Block make_block(std::size_t size) {
  void* block = size % kHugePage == 0 ? std::aligned_alloc(kHugePage, size) : std::malloc(size);
  if (block == nullptr) throw std::bad_alloc();
  if (size % kHugePage == 0) static_cast<void>(::madvise(block, size, MADV_HUGEPAGE));  // a wish; it may be refused
  return Block(static_cast<char*>(block));
}

// Records in memory: bytes in blocks that never move, and an index that is sorted. The first block is smaller than the
// others if the budget is large: few records shall not take much memory.
class MemoryRun {
 public:
  explicit MemoryRun(std::size_t budget)
      : first_block_(std::clamp<std::size_t>(budget / 16, 4 * 1024, 1024 * 1024)),
        next_block_(budget / 16 >= kHugePage ? kHugePage : first_block_) {}

  [[nodiscard]] bool empty() const { return index_.empty(); }

  // Bytes held after one more record, the transient copy of a growing index included.
  [[nodiscard]] std::size_t bytes_with(std::size_t record) const {
    const std::size_t size = kHeader + record;
    const std::size_t block = used_ + size <= current_size_ ? 0 : std::max(size, block_size());
    const bool grows = index_.size() == index_.capacity();
    return block_bytes_ + block + index_.capacity() * sizeof(Entry) * (grows ? 3 : 1);
  }

  [[nodiscard]] std::size_t bytes() const { return block_bytes_ + index_.capacity() * sizeof(Entry); }

  void add(std::string_view key, std::string_view payload) {
    char* record = allocate(kHeader + key.size() + payload.size());
    const auto key_size = static_cast<std::uint32_t>(key.size());
    const auto payload_size = static_cast<std::uint32_t>(payload.size());
    std::memcpy(record, &key_size, sizeof(key_size));
    std::memcpy(record + sizeof(key_size), &payload_size, sizeof(payload_size));
    if (!key.empty()) std::memcpy(record + kHeader, key.data(), key.size());
    if (!payload.empty()) std::memcpy(record + kHeader + key.size(), payload.data(), payload.size());
    index_.push_back({prefix_of(key), record});
    sorted_ = false;
  }

  void sort() {
    if (std::exchange(sorted_, true)) return;
    std::sort(index_.begin(), index_.end(), [](const Entry& a, const Entry& b) {
      if (a.prefix != b.prefix) return a.prefix < b.prefix;
      const int order = key_of(a).compare(key_of(b));
      return order != 0 ? order < 0 : payload_of(a) < payload_of(b);
    });
  }

  [[nodiscard]] std::size_t size() const { return index_.size(); }
  // Sorted records lie anywhere: one that will soon be read is asked for in time.
  void expect(std::size_t i) const {
    if (i < index_.size()) __builtin_prefetch(index_[i].record);
  }
  [[nodiscard]] std::string_view key(std::size_t i) const { return key_of(index_[i]); }
  [[nodiscard]] std::string_view payload(std::size_t i) const { return payload_of(index_[i]); }

  // Of a sorted run: the index of the first record whose key is not before `bound`.
  [[nodiscard]] std::size_t first_from(std::string_view bound) const {
    const auto at =
        std::partition_point(index_.begin(), index_.end(), [&](const Entry& entry) { return key_of(entry) < bound; });
    return static_cast<std::size_t>(at - index_.begin());
  }

  // Forgets the records; the index and one block stay for the next run.
  void clear() {
    index_.clear();
    if (blocks_.size() > 1) blocks_.resize(1);
    block_bytes_ = blocks_.empty() ? 0 : first_size_;
    current_size_ = block_bytes_;
    used_ = 0;
  }

 private:
  static constexpr std::size_t kHeader = 2 * sizeof(std::uint32_t);
  struct Entry {
    std::uint64_t prefix;
    const char* record;
  };

  static std::uint32_t length_at(const char* at) {
    std::uint32_t length = 0;
    std::memcpy(&length, at, sizeof(length));
    return length;
  }
  static std::string_view key_of(const Entry& entry) { return {entry.record + kHeader, length_at(entry.record)}; }
  static std::string_view payload_of(const Entry& entry) {
    const std::size_t key_size = length_at(entry.record);
    return {entry.record + kHeader + key_size, length_at(entry.record + sizeof(std::uint32_t))};
  }

  [[nodiscard]] std::size_t block_size() const { return blocks_.empty() ? first_block_ : next_block_; }

  char* allocate(std::size_t size) {
    if (used_ + size > current_size_) {
      current_size_ = std::max(size, block_size());
      blocks_.push_back(make_block(current_size_));
      if (blocks_.size() == 1) first_size_ = current_size_;
      block_bytes_ += current_size_;
      used_ = 0;
    }
    char* at = blocks_.back().get() + used_;
    used_ += size;
    return at;
  }

  std::size_t first_block_;
  std::size_t next_block_;
  std::vector<Block> blocks_;
  std::size_t first_size_ = 0;
  std::size_t current_size_ = 0;  // of the last block
  std::size_t used_ = 0;          // of the last block
  std::size_t block_bytes_ = 0;
  std::vector<Entry> index_;
  bool sorted_ = true;
};

// The records from `next` to before `end` of a sorted run, which several sources may share.
class MemorySource : public SortedSource {
 public:
  MemorySource(std::shared_ptr<const MemoryRun> run, std::size_t of, std::size_t next, std::size_t end)
      : run_(std::move(run)), next_(next), end_(end) {
    owner = of;
  }
  Result<bool> advance() override {
    if (next_ == end_) return false;
    key = run_->key(next_);
    payload = run_->payload(next_);
    run_->expect(++next_ + 4);
    return true;
  }

 private:
  std::shared_ptr<const MemoryRun> run_;
  std::size_t next_;
  std::size_t end_;
};

// A heap of sources with the least record on top. The top is moved on only when the next record is asked for, so that
// the views handed out stay valid until then.
class Merger {
 public:
  Status add(std::unique_ptr<SortedSource> source) {
    TRY(const bool any, source->advance());
    if (!any) return {};
    heap_.push_back({prefix_of(source->key), std::move(source)});
    std::push_heap(heap_.begin(), heap_.end(), after);
    return {};
  }

  Result<const SortedSource*> next() {
    if (delivered_) TRY_VOID(move_top_on());
    delivered_ = !heap_.empty();
    return delivered_ ? heap_.front().source.get() : nullptr;
  }

 private:
  struct Head {
    std::uint64_t prefix;
    std::unique_ptr<SortedSource> source;
  };
  static bool after(const Head& a, const Head& b) {
    if (a.prefix != b.prefix) return a.prefix > b.prefix;
    const int order = a.source->key.compare(b.source->key);
    return order != 0 ? order > 0 : a.source->payload > b.source->payload;
  }

  Status move_top_on() {
    delivered_ = false;
    std::pop_heap(heap_.begin(), heap_.end(), after);
    Head& head = heap_.back();
    TRY(const bool any, head.source->advance());
    if (!any) {
      heap_.pop_back();
      return {};
    }
    head.prefix = prefix_of(head.source->key);
    std::push_heap(heap_.begin(), heap_.end(), after);
    return {};
  }

  std::vector<Head> heap_;
  bool delivered_ = false;
};

std::size_t read_buffer_size(std::size_t budget, std::size_t runs) {
  return std::clamp(budget / std::max<std::size_t>(runs, 1), kSmallestReadBuffer, kLargestReadBuffer);
}

Result<SpillRun> merge_runs(const std::vector<SpillRun>& runs, std::size_t budget, std::shared_ptr<SpillFile> into) {
  Merger merger;
  for (const SpillRun& run : runs) {
    TRY_VOID(merger.add(std::make_unique<SpillRunReader>(run, read_buffer_size(budget, runs.size()))));
  }
  SpillRunWriter writer(std::move(into));
  while (true) {
    TRY(const SortedSource* item, merger.next());
    if (item == nullptr) return writer.finish();
    TRY_VOID(writer.add(item->key, item->payload));
  }
}

// Merges the runs of one owner until they are at most `most`. Each pass writes a file of its own and lets the old ones
// go.
Status reduce_runs(std::vector<SpillRun>& runs, std::size_t most, std::size_t budget, const std::string& folder) {
  while (runs.size() > most) {
    TRY(const auto file, SpillFile::create(folder));
    std::vector<SpillRun> merged;
    for (std::size_t at = 0; at < runs.size(); at += kMaxFanIn) {
      const auto begin = runs.begin() + static_cast<std::ptrdiff_t>(at);
      const auto count = std::min(kMaxFanIn, runs.size() - at);
      const std::vector<SpillRun> group(begin, begin + static_cast<std::ptrdiff_t>(count));
      TRY(auto run, merge_runs(group, budget, file));
      merged.push_back(std::move(run));
    }
    runs = std::move(merged);
  }
  return {};
}

}  // namespace

struct SpillSorter::Merged::Impl {
  std::vector<std::unique_ptr<SortedSource>>
      sources;  // before the first item is asked for: streams wait without buffers
  Merger merger;
};

struct SpillSorter::Impl {
  explicit Impl(Options wanted) : options(std::move(wanted)), memory(options.budget) {}

  // Of a sorter that has spilled, what is left in memory when the adding ends stays there if it takes no more than half
  // of the budget; the other half is for reading back.
  Status settle() {
    if (failure) return std::unexpected(*failure);
    if (runs.empty() || memory.bytes() <= options.budget / 2) {
      memory.sort();
      return {};
    }
    auto spilled = memory.empty() ? Status() : spill();
    if (!spilled) failure = spilled.error();
    memory = MemoryRun(options.budget);  // frees what it keeps for the next run
    return spilled;
  }

  Status spill() {
    if (!file) {
      TRY(file, SpillFile::create(options.folder));
    }
    memory.sort();
    SpillRunWriter writer(file);
    for (std::size_t i = 0; i < memory.size(); ++i) TRY_VOID(writer.add(memory.key(i), memory.payload(i)));
    TRY(auto run, writer.finish());
    runs.push_back(std::move(run));
    memory.clear();
    return {};
  }

  Options options;
  MemoryRun memory;
  std::shared_ptr<SpillFile> file;
  std::vector<SpillRun> runs;
  std::uint64_t added = 0;
  std::optional<Error> failure;  // once the disk has failed, records are lost: every later call says so
};

SpillSorter::Merged::Merged(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SpillSorter::Merged::Merged(Merged&&) noexcept = default;
SpillSorter::Merged& SpillSorter::Merged::operator=(Merged&&) noexcept = default;
SpillSorter::Merged::~Merged() = default;

Result<std::optional<SpillSorter::Item>> SpillSorter::Merged::next() {
  for (auto& source : impl_->sources) TRY_VOID(impl_->merger.add(std::move(source)));
  impl_->sources.clear();
  TRY(const SortedSource* source, impl_->merger.next());
  if (source == nullptr) return std::nullopt;
  return Item{source->key, source->payload, source->owner};
}

SpillSorter::SpillSorter(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
SpillSorter::SpillSorter(SpillSorter&&) noexcept = default;
SpillSorter& SpillSorter::operator=(SpillSorter&&) noexcept = default;
SpillSorter::~SpillSorter() = default;

Status SpillSorter::add(std::string_view key, std::string_view payload) {
  constexpr std::size_t kLargest = std::numeric_limits<std::uint32_t>::max() / 2;
  if (key.size() > kLargest || payload.size() > kLargest) return fail("a record to sort is larger than 2 GB");
  Impl& self = *impl_;
  if (self.failure) return std::unexpected(*self.failure);
  if (!self.memory.empty() && self.memory.bytes_with(key.size() + payload.size()) > self.options.budget) {
    if (auto spilled = self.spill(); !spilled) {
      self.failure = spilled.error();
      return spilled;
    }
  }
  self.memory.add(key, payload);
  ++self.added;
  return {};
}

void SpillSorter::sort() {
  const Status settled = impl_->settle();
  static_cast<void>(settled);  // a failure stays: the merge tells it
}

std::uint64_t SpillSorter::size() const { return impl_->added; }

std::uint64_t SpillSorter::bytes_spilled() const { return impl_->file ? impl_->file->size() : 0; }

Result<SpillSorter::Merged> SpillSorter::finish() {
  Options options = impl_->options;
  std::vector<SpillSorter> one;
  one.push_back(std::move(*this));
  impl_ = std::make_unique<Impl>(std::move(options));
  return merge(std::move(one));
}

Result<SpillSorter::Merged> SpillSorter::merge(std::vector<SpillSorter> sorters) {
  TRY(auto whole, merge_in_pieces(std::move(sorters), 1, [](std::string_view key) { return key; }));
  return std::move(whole.front());
}

namespace {

/// What is to be merged: runs in memory and runs on disk.
struct Runs {
  std::vector<std::shared_ptr<const MemoryRun>> in_memory;  // by sorter
  std::vector<SpillRun> on_disk;
  std::size_t budget = 0;

  /// Keys that part all records into about equal pieces, ascending: the longest run stands for all of them.
  [[nodiscard]] std::vector<std::string> bounds(
      std::size_t pieces, const std::function<std::string_view(std::string_view key)>& head) const {
    std::vector<std::string> bounds;
    const auto take = [&](std::size_t size, const auto& key_at) {
      for (std::size_t piece = 1; piece < pieces && size > 0; ++piece) {
        bounds.emplace_back(head(key_at(size * piece / pieces)));
      }
    };
    if (!on_disk.empty()) {
      const SpillRun& longest =
          *std::ranges::max_element(on_disk, {}, [](const SpillRun& run) { return run.marks.size(); });
      take(longest.marks.size(), [&](std::size_t i) -> std::string_view { return longest.marks[i].key; });
    } else if (!in_memory.empty()) {
      const MemoryRun& longest = **std::ranges::max_element(in_memory, {}, [](const auto& run) { return run->size(); });
      take(longest.size(), [&](std::size_t i) { return longest.key(i); });
    }
    return bounds;
  }

  [[nodiscard]] std::vector<std::unique_ptr<SortedSource>> sources(const KeyRange& range, std::size_t pieces) const {
    std::vector<std::unique_ptr<SortedSource>> sources;
    for (std::size_t sorter = 0; sorter < in_memory.size(); ++sorter) {
      const auto& run = in_memory[sorter];
      const std::size_t begin = run->first_from(range.from);
      const std::size_t end = range.until ? run->first_from(*range.until) : run->size();
      sources.push_back(std::make_unique<MemorySource>(run, sorter, begin, std::max(begin, end)));
    }
    const std::size_t buffer = read_buffer_size(budget / 2, on_disk.size() * pieces);
    for (const SpillRun& run : on_disk) sources.push_back(std::make_unique<SpillRunReader>(run, buffer, range));
    return sources;
  }
};

}  // namespace

Result<std::vector<SpillSorter::Merged>> SpillSorter::merge_in_pieces(
    std::vector<SpillSorter> sorters, std::size_t pieces,
    const std::function<std::string_view(std::string_view key)>& head) {
  Runs runs;
  const std::size_t most_runs = std::max<std::size_t>(kMaxFanIn / std::max<std::size_t>(sorters.size(), 1), 1);
  for (SpillSorter& sorter : sorters) {
    Impl& self = *sorter.impl_;
    TRY_VOID(self.settle());
    runs.budget += self.options.budget;
    TRY_VOID(reduce_runs(self.runs, most_runs, self.options.budget, self.options.folder));
    for (SpillRun& run : self.runs) run.owner = runs.in_memory.size();
    runs.in_memory.push_back(std::make_shared<const MemoryRun>(std::move(self.memory)));
    std::ranges::move(self.runs, std::back_inserter(runs.on_disk));
    sorter.impl_.reset();
  }
  const std::vector<std::string> bounds = runs.bounds(pieces, head);
  std::vector<Merged> streams;
  for (std::size_t i = 0; i <= bounds.size(); ++i) {
    const KeyRange range{i == 0 ? std::string() : bounds[i - 1],
                         i == bounds.size() ? std::nullopt : std::optional(bounds[i])};
    auto stream = std::make_unique<Merged::Impl>();
    stream->sources = runs.sources(range, bounds.size() + 1);
    streams.push_back(Merged(std::move(stream)));
  }
  return streams;
}

}  // namespace trailhound
