#pragma once
/// From a file to windows of records, whatever the file is.
///
///     bytes → magic? gzip, zstd, bzip2: inflate (again) · zip, tar: each entry (again) → form of the JSON → windows
///
/// Content decides, never the name. A window is a JSON array of whole records in one writable, padded buffer; the
/// consumer parses it at one go. Windows are at most kWindowSize plus one record; a file is never held whole. A record
/// above kMaxRecord is a damage entry and skipped.
///
/// Where a window ends is never left to a guess. A boundary is looked for from the window's end by the file's own
/// separator (`},{"eventVersion"`). Mostly that is right, and parsing the window proves it: if the text in front of the
/// boundary is an array's content, the boundary is the array's own. So the window is handed out as it is, not proven.
/// If the consumer answers that it does not parse, the boundary is proven here, by counting brackets outside of strings
/// from the window's start, 64 bytes at a time, and for the rest of the file no guess is made. Lines need no count,
/// because a line break between `}` and `{` cannot occur inside a value. Whatever fails the proof is scanned byte by
/// byte. So a window holds whole records even if records hold arrays of records, and the parse of a proven one fails
/// only where the file itself is broken: then the consumer calls `split_records`, which isolates the bad record and
/// resumes at the next good boundary.
///
/// Text between records that belongs to no record (the end of one `{"Records":[...]}` and the start of the next, the
/// time in front of a line) is overwritten with blanks, so that offsets stay those of the file.

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "base/ledger.h"
#include "base/result.h"
#include "source/input.h"

namespace trailhound::source {

inline constexpr std::size_t kWindowSize = 128 * 1024;
inline constexpr std::size_t kMaxRecord = 16u << 20;
/// From this size on a record is a giant: see Limits::giants.
inline constexpr std::size_t kGiantSize = 1u << 20;
/// Bounds of hostile archives: nesting of containers, inflated bytes a file, and their ratio to the bytes read.
inline constexpr int kMaxNesting = 6;
inline constexpr std::uint64_t kMaxInflated = 1ull << 40;
inline constexpr std::uint64_t kMaxRatio = 2000;
/// The ratio counts only beyond this much output: ordinary repetitive logs are never refused.
inline constexpr std::uint64_t kRatioFloor = 256u << 20;

/// The bounds of a RecordSource; tests set smaller ones.
struct Limits {
  std::size_t window_size = kWindowSize;
  std::size_t max_record = kMaxRecord;
  int max_nesting = kMaxNesting;
  std::uint64_t max_inflated = kMaxInflated;
  std::uint64_t max_ratio = kMaxRatio;
  std::uint64_t ratio_floor = kRatioFloor;
  /// Held while a giant is parsed, so that readers with the same mutex take turns: what a parser needs for one is up to
  /// fifteen times its size. Null: no turns.
  std::mutex* giants = nullptr;
};

/// `text` is "[record,record,...]": a JSON array, `size` bytes, followed by at least json::Document::kPadding readable
/// bytes. It belongs to the reader and is valid during the callback.
struct RecordWindow {
  char* text = nullptr;
  std::size_t size = 0;
  /// Offset in the inflated content of text[1]. When the records were taken out of envelopes as text (not `literal`),
  /// it is the offset of the first envelope.
  std::uint64_t offset = 0;
  bool literal = true;
  /// Bytes put in front of every element but the first, which the file does not have: 1 where values follow each other
  /// without a separator. Element i at text[p] lies at offset + p - 1 - i * inserted.
  std::size_t inserted = 0;
  /// False: it may end inside a record. Then it parses as an array if and only if it does not.
  bool proven = true;
};

/// What a consumer makes of a window.
enum class WindowAnswer : std::uint8_t {
  next,   ///< it was taken
  prove,  ///< it was not proven and does not parse; nothing was taken of it
  stop,   ///< nothing more is wanted (Ctrl-C)
};

/// Receives what a file holds. Calls for one file come in order from one thread.
class WindowConsumer {
 public:
  virtual ~WindowConsumer() = default;
  /// A file, or an entry of an archive, in which records were recognised. The entry lives until `end_file`; the
  /// consumer counts records and damages in it.
  virtual void begin_file(FileEntry& file) = 0;
  virtual WindowAnswer window(const RecordWindow& window) = 0;
  /// Also called for files that held nothing to read, without begin_file.
  virtual void end_file(FileEntry&& file) = 0;
  /// True once nothing more is wanted (Ctrl-C): asked while the reading waits for a pipe or a terminal.
  [[nodiscard]] virtual bool stopped() const { return false; }
  /// Whether windows may hold CloudTrail digests, which are no records: for who prints documents.
  [[nodiscard]] virtual bool takes_digests() const { return false; }
};

/// Reads one input to its end. Owns its buffers, which are reused from input to input; one a worker.
class RecordSource {
 public:
  RecordSource();
  explicit RecordSource(const Limits& limits);
  ~RecordSource();
  RecordSource(const RecordSource&) = delete;
  RecordSource& operator=(const RecordSource&) = delete;

  /// Every failure becomes a FileEntry given to the consumer; false if the consumer stopped the reading.
  bool read(const Input& input, WindowConsumer& consumer);
  /// The same for bytes in memory (tests, fuzzers, rule test cases); `name` is shown as the path.
  bool read_memory(std::string_view bytes, const std::string& name, WindowConsumer& consumer);

  /// Bytes of the current input consumed so far, as on disk; may be read from another thread for progress.
  [[nodiscard]] std::uint64_t bytes_consumed() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// One stretch of a window found by the exact scan.
struct RecordRange {
  std::size_t begin = 0;  ///< in the scanned text
  std::size_t size = 0;
  bool complete = true;  ///< false: cut off or unbalanced, to be booked as damage
};
/// Scans an array of records byte by byte, without recursion. Broken records are isolated: after one, scanning resumes
/// at the next text that looks like the start of a record. The ranges cover all bytes but separators; they are given
/// away some thousands at a time, because hostile text holds millions.
void split_records(std::string_view array_text, const std::function<void(std::span<const RecordRange>)>& take);
/// What looks like a record in an envelope that is written out in `text` but does not parse as a whole; nothing for
/// what is a record itself.
void split_envelope(std::string_view text, RecordRange envelope,
                    const std::function<void(std::span<const RecordRange>)>& take);

/// What an element that is not a bare record turned out to be.
struct Unwrapped {
  enum class Kind {
    records,    ///< an envelope of some (EventBridge, CloudWatch Logs, lookup-events, Elastic or Splunk export, ...)
    set_aside,  ///< known to hold no events: control message, S3 notification, digest, Config item
    not_read,   ///< holds events in a form that is not read yet (OCSF, CloudTrail Lake rows without eventjson)
    unknown,
  };
  Kind kind = Kind::unknown;
  std::string form;        ///< "EventBridge event", ...
  std::string reason;      ///< for all but `records`: why, and what would help; else what is lost, if any
  std::uint64_t lost = 0;  ///< parts that hold no record that can be read; the reason is that of one
};
/// True if the object passes the record test of CloudTrail: string eventVersion and eventTime, and eventName or
/// insightDetails. Notifications of S3 and Kinesis, which have the same keys, are none (eventSource "aws:..."). A
/// record that was shortened may lack eventVersion if its eventSource is "....amazonaws.com" and it has an eventName.
[[nodiscard]] bool is_record(json::Value element);
/// The member of a record that was put together from an Elastic document without the original: the document.
inline constexpr std::string_view kElasticDocument = "elasticDocument";
/// Gets the JSON text of each record of an envelope, as soon as it is found.
using RecordSink = std::function<void(std::string&& record)>;
/// Takes an envelope apart, through as many layers as there are (up to kMaxNesting).
[[nodiscard]] Unwrapped unwrap(json::Value element, const RecordSink& take);

}  // namespace trailhound::source
