#include "source/record_source.h"

#include <atomic>
#include <utility>

#include "source/archive_reader.h"
#include "source/byte_reader.h"
#include "source/decoder.h"
#include "source/magic.h"
#include "source/record_cutter.h"
#include "source/text_cutter.h"
#include "source/window_buffer.h"

namespace trailhound::source {
namespace {

/// Every entry of an archive makes an entry in the ledger; more than this is hostile.
constexpr std::uint64_t kMaxArchiveEntries = 1'000'000;

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

FileEntry entry_of(std::string path) {
  FileEntry entry;
  entry.path = std::move(path);
  return entry;
}

FileEntry refused(std::string path, FileOutcome outcome, std::string form, std::string reason) {
  FileEntry entry = entry_of(std::move(path));
  entry.outcome = outcome;
  entry.form = std::move(form);
  entry.reason = std::move(reason);
  return entry;
}

/// Events may be in there, and were not looked at.
FileEntry left_unread(std::string path, FileOutcome outcome, std::string form, std::string reason) {
  FileEntry entry = refused(std::move(path), outcome, std::move(form), std::move(reason));
  entry.left_unread = true;
  return entry;
}

}  // namespace

struct RecordSource::Impl {
  explicit Impl(const Limits& given) : limits(given), buffer(limits) {}

  bool read_content(ByteReader& below, const std::string& path, int level, InflationBudget& budget);
  bool read_archive(ByteReader& below, const std::string& path, int level, InflationBudget& budget);
  bool read_leaf(ByteReader& reader, const std::string& path);
  bool cut(CutContext& context);
  static void close_entry(CutContext& context, bool go_on);

  Limits limits;
  WindowBuffer buffer;
  std::atomic<std::uint64_t> consumed = 0;
  WindowConsumer* consumer = nullptr;
};

/// Peels one layer after the other until the content is text.
bool RecordSource::Impl::read_content(ByteReader& below, const std::string& path, int level, InflationBudget& budget) {
  PeekReader reader(below);
  const Sniffed found = sniff(reader.peek(kSniffSize));
  if (found.magic == Magic::none) return read_leaf(reader, path);
  if (found.magic == Magic::refused) {
    FileEntry entry = refused(path, found.outcome, found.form, found.reason);
    entry.left_unread = found.outcome == FileOutcome::unreadable;  // it needs unpacking or converting first
    consumer->end_file(std::move(entry));
    return true;
  }
  if (level == limits.max_nesting) {
    consumer->end_file(left_unread(path, FileOutcome::unreadable, {},
                                   "archives nested more than " + std::to_string(limits.max_nesting) + " deep"));
    return true;
  }
  switch (found.magic) {
    case Magic::gzip: {
      GzipReader gzip(reader, budget);
      return read_content(gzip, path, level + 1, budget);
    }
    case Magic::zstd: {
      ZstdReader zstd(reader, budget);
      return read_content(zstd, path, level + 1, budget);
    }
    case Magic::filtered: {
      FilterReader filter(reader, budget);
      return read_content(filter, path, level + 1, budget);
    }
    default:
      return read_archive(reader, path, level + 1, budget);
  }
}

bool RecordSource::Impl::read_archive(ByteReader& below, const std::string& path, int level, InflationBudget& budget) {
  ArchiveReader archive(below, budget);
  std::uint64_t entries = 0;
  while (archive.next_entry()) {
    if (++entries > kMaxArchiveEntries) {
      consumer->end_file(
          left_unread(path, FileOutcome::partly, "archive", "more than a million entries: the rest is not read"));
      return true;
    }
    constexpr std::size_t kLongestName = 4096;
    const std::string name = path + "!" + archive.entry_name().substr(0, kLongestName);
    if (archive.entry_encrypted()) {
      consumer->end_file(
          left_unread(name, FileOutcome::unreadable, {}, "an encrypted entry: unpack the archive first"));
      continue;
    }
    if (!read_content(archive, name, level, budget)) return false;
  }
  const std::string problem = archive.problem();
  if (!problem.empty()) {
    const FileOutcome outcome = entries > 0 ? FileOutcome::partly : FileOutcome::unreadable;
    FileEntry entry = left_unread(path, outcome, "archive", problem);
    entry.damage(0, problem);
    consumer->end_file(std::move(entry));
  } else if (entries == 0) {
    consumer->end_file(refused(path, FileOutcome::set_aside, "archive", "an archive without files"));
  }
  return true;
}

bool RecordSource::Impl::read_leaf(ByteReader& reader, const std::string& path) {
  FileEntry entry = entry_of(path);
  buffer.reset(reader, *consumer);
  CutContext context{buffer, reader, *consumer, entry};
  const bool go_on = cut(context);
  close_entry(context, go_on);
  buffer.end_stream();
  consumer->end_file(std::move(entry));
  return go_on;
}

/// Chooses the cutter by the first byte that is not blank.
bool RecordSource::Impl::cut(CutContext& context) {
  FileEntry& entry = context.entry;
  buffer.fill();
  while (!buffer.ended() && buffer.content().size() < kByteOrderMark.size()) {
    if (!buffer.grow()) break;
    buffer.fill();
  }
  if (buffer.content().starts_with(kByteOrderMark)) buffer.take(buffer.begin() + kByteOrderMark.size());
  for (;;) {
    buffer.fill();
    const std::size_t first = skip_space(buffer.text(), buffer.begin());
    buffer.take(first);
    if (!buffer.empty() || buffer.ended()) break;
  }
  if (buffer.empty()) {
    const std::string problem = context.reader.problem();
    entry.outcome = problem.empty() ? FileOutcome::set_aside : FileOutcome::unreadable;
    entry.reason = problem.empty() ? "empty" : problem;
    return true;
  }
  const char first = buffer.content().front();
  if (first == '{' || first == '[') return RecordCutter(context).run();

  while (!buffer.ended() && buffer.content().size() < kWindowSize && buffer.grow()) buffer.fill();
  const TextForm form = recognise_text(buffer.content());
  entry.form = form.form;
  if (form.kind == TextForm::Kind::foreign) {
    entry.outcome = form.outcome;
    entry.reason = form.reason;
    return true;
  }
  context.begun = true;
  consumer->begin_file(entry);
  const bool go_on =
      form.kind == TextForm::Kind::csv ? CsvCutter(context, form.column).run() : PrefixedLineCutter(context).run();
  const std::string problem = context.reader.problem();
  if (!problem.empty()) entry.damage(buffer.bytes_read(), problem);
  return go_on;
}

void RecordSource::Impl::close_entry(CutContext& context, bool go_on) {
  FileEntry& entry = context.entry;
  entry.bytes = context.buffer.bytes_read();
  if (!go_on || !context.reader.problem().empty()) entry.left_unread = true;
  if (entry.outcome != FileOutcome::read) return;
  if (!go_on) {
    entry.outcome = FileOutcome::partly;
    entry.reason = "interrupted";
  } else if (entry.damage_count > 0) {
    entry.outcome = FileOutcome::partly;
    entry.reason = entry.damages.front().reason;
  }
}

RecordSource::RecordSource() : RecordSource(Limits{}) {}
RecordSource::RecordSource(const Limits& limits) : impl_(std::make_unique<Impl>(limits)) {}
RecordSource::~RecordSource() = default;

bool RecordSource::read(const Input& input, WindowConsumer& consumer) {
  if (input.text) return read_memory(*input.text, input.path, consumer);
  impl_->consumed.store(0, std::memory_order_relaxed);
  impl_->consumer = &consumer;
  InflationBudget budget(impl_->limits, impl_->consumed);
  const auto stopped = [&consumer] { return consumer.stopped(); };
  if (input.path == "-") {
    FileReader reader = FileReader::standard_input(impl_->consumed, stopped);
    return impl_->read_content(reader, input.path, 0, budget);
  }
  Result<FileReader> reader = FileReader::open(input.path, impl_->consumed, stopped);
  if (!reader) {
    consumer.end_file(left_unread(input.path, FileOutcome::unreadable, {}, reader.error().what));
    return true;
  }
  return impl_->read_content(*reader, input.path, 0, budget);
}

bool RecordSource::read_memory(std::string_view bytes, const std::string& name, WindowConsumer& consumer) {
  impl_->consumed.store(0, std::memory_order_relaxed);
  impl_->consumer = &consumer;
  InflationBudget budget(impl_->limits, impl_->consumed);
  MemoryReader reader(bytes, impl_->consumed);
  return impl_->read_content(reader, name, 0, budget);
}

std::uint64_t RecordSource::bytes_consumed() const { return impl_->consumed.load(std::memory_order_relaxed); }

}  // namespace trailhound::source
