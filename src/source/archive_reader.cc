#include "source/archive_reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <utility>

#include "source/archive_tail.h"

namespace trailhound::source {
namespace {

constexpr std::size_t kArchiveInput = 64 * 1024;

std::string damaged(std::string_view why) { return "damaged archive: " + std::string(why); }

/// libarchive's handle on a reader below it.
class Handle {
 public:
  explicit Handle(ByteReader& below) : archive_(archive_read_new()), below_(&below), input_(kArchiveInput) {}
  ~Handle() { archive_read_free(archive_); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  [[nodiscard]] archive* get() const { return archive_; }

  void open() {
    if (archive_read_open(archive_, this, nullptr, &Handle::give, nullptr) < ARCHIVE_OK) note("cannot be opened");
  }

  /// The reading ends here, for libarchive's reason if it gives one.
  void note(const char* otherwise) { problem_ = reason(otherwise); }
  /// Something is lost, the reading goes on. The first loss is told.
  void note_loss(const char* otherwise) {
    if (loss_.empty()) loss_ = reason(otherwise);
  }

  [[nodiscard]] std::string problem() const {
    std::string below = below_->problem();
    if (!below.empty()) return below;
    return problem_.empty() ? loss_ : problem_;
  }
  [[nodiscard]] bool failed() const { return !problem_.empty(); }

  /// Reads the current entry's bytes.
  std::size_t read(char* out, std::size_t size, InflationBudget& budget) {
    if (failed() || size == 0) return 0;
    const la_ssize_t got = archive_read_data(archive_, out, size);
    if (got < 0) {
      note("cannot be read");
      return 0;
    }
    budget.spend(static_cast<std::uint64_t>(got), problem_);
    return static_cast<std::size_t>(got);
  }

 private:
  static la_ssize_t give(archive* /*unused*/, void* self, const void** bytes) {
    auto& handle = *static_cast<Handle*>(self);
    *bytes = handle.input_.data();
    return static_cast<la_ssize_t>(handle.below_->read(handle.input_.data(), handle.input_.size()));
  }

  [[nodiscard]] std::string reason(const char* otherwise) const {
    const char* text = archive_error_string(archive_);
    return damaged(text != nullptr ? text : otherwise);
  }

  archive* archive_;
  ByteReader* below_;
  std::vector<char> input_;
  std::string problem_;  // the reading ends here
  std::string loss_;     // it does not
};

}  // namespace

struct FilterReader::State : Handle {
  using Handle::Handle;
  bool empty = false;
};

FilterReader::FilterReader(ByteReader& below, InflationBudget& budget)
    : budget_(budget), state_(std::make_unique<State>(below)) {
  archive_read_support_filter_bzip2(state_->get());
  archive_read_support_filter_xz(state_->get());
  archive_read_support_format_raw(state_->get());
  archive_read_support_format_empty(state_->get());
  state_->open();
  if (state_->failed()) return;
  archive_entry* entry = nullptr;
  const int code = archive_read_next_header(state_->get(), &entry);
  state_->empty = code == ARCHIVE_EOF;
  if (code != ARCHIVE_OK && code != ARCHIVE_EOF) state_->note("has no content");
}

FilterReader::~FilterReader() = default;

std::size_t FilterReader::read(char* out, std::size_t size) {
  return state_->empty ? 0 : state_->read(out, size, budget_);
}

std::string FilterReader::problem() const { return state_->problem(); }

struct ArchiveReader::State {
  explicit State(ByteReader& below) : tail(below), handle(tail) {}

  /// At the end of the archive: whether all its entries were found.
  void compare_with_tail() {
    const bool is_zip = (archive_format(handle.get()) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_ZIP;
    missing = is_zip ? tail.loss_of_zip(entries) : tail.loss_of_tar();
  }

  ArchiveTail tail;
  Handle handle;
  std::string name;
  std::string missing;        // what the tail says
  std::uint64_t entries = 0;  // folders too
  bool encrypted = false;
};

ArchiveReader::ArchiveReader(ByteReader& below, InflationBudget& budget)
    : budget_(budget), state_(std::make_unique<State>(below)) {
  archive_read_support_format_zip_streamable(state_->handle.get());
  archive_read_support_format_tar(state_->handle.get());
  archive_read_support_format_gnutar(state_->handle.get());
  archive_read_set_options(state_->handle.get(), "tar:read_concatenated_archives");
  state_->handle.open();
}

ArchiveReader::~ArchiveReader() = default;

bool ArchiveReader::next_entry() {
  while (!state_->handle.failed()) {
    archive_entry* entry = nullptr;
    const int code = archive_read_next_header(state_->handle.get(), &entry);
    if (code == ARCHIVE_EOF) {
      state_->compare_with_tail();
      return false;
    }
    if (code < ARCHIVE_WARN) {
      state_->handle.note("cannot be read");
      return false;
    }
    ++state_->entries;
    if (code == ARCHIVE_RETRY) {  // of a damaged header: what it stood for is lost, what follows is not
      state_->handle.note_loss("an entry cannot be read");
      continue;
    }
    if (archive_entry_filetype(entry) != AE_IFREG) continue;
    const char* name = archive_entry_pathname(entry);
    state_->name = name != nullptr ? name : "unnamed";
    state_->encrypted = archive_entry_is_encrypted(entry) != 0;
    return true;
  }
  return false;
}

const std::string& ArchiveReader::entry_name() const { return state_->name; }
bool ArchiveReader::entry_encrypted() const { return state_->encrypted; }

std::size_t ArchiveReader::read(char* out, std::size_t size) { return state_->handle.read(out, size, budget_); }

std::string ArchiveReader::problem() const {
  std::string problem = state_->handle.problem();
  return problem.empty() && !state_->missing.empty() ? damaged(state_->missing) : problem;
}

}  // namespace trailhound::source
