#include "event/batch_reader.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <span>
#include <utility>

#include "base/free_memory.h"
#include "base/hash.h"
#include "event/array_parser.h"
#include "event/caller_dictionary.h"
#include "event/event_clock.h"
#include "event/hot_encoder.h"
#include "event/java_text.h"
#include "event/json_path.h"
#include "event/record_fields.h"
#include "event/window_repair.h"

namespace trailhound::event {
namespace {

bool is_text(const json::Tape& tape, std::uint32_t at) { return at != 0 && tape.kind(at) == '"'; }

bool is_text(const json::Tape& tape, std::uint32_t at, std::string_view text) {
  return is_text(tape, at) && tape.text(at) == text;
}

/// Why an object that no envelope is known for was not taken as a record.
std::string why_no_record(const json::Tape& tape, const RecordFields& fields, const source::Unwrapped& found) {
  if (fields[Hot::event_name] == 0) return found.reason.empty() ? "no CloudTrail record" : found.reason;
  if (!is_text(tape, fields.event_time)) return "the record has no eventTime, or it is no text";
  return "the record has no eventVersion, or it is no text";
}

}  // namespace

struct BatchReader::Impl {
  std::array<CellDictionary, kHotCount> dictionaries;
  HotEncoder encoder{dictionaries};
  CallerDictionary callers;
  bool keep_facets = false;
  bool take_documents = false;
  EventClock clock;
  std::function<void()> before_reset;
  std::function<void(json::Value)> on_digest;
  IdentityTapes identities;  // of both parsers, so that a number means one caller
  ArrayParser window_parser{identities}, envelope_parser{identities};
  ArrayParser* parser = &window_parser;  // the one whose elements are being read
  json::Document scratch;                // for the records of broken windows, and elements that are no objects
  Batch batch;
  const std::array<std::pair<Hot, JsonPath>, 3> identity_paths = {
      {{Hot::identity_type, JsonPath("userIdentity.type")},
       {Hot::identity_arn, JsonPath("userIdentity.arn")},
       {Hot::access_key_id, JsonPath("userIdentity.accessKeyId")}}};

  // Of the read in progress.
  FileEntry* file = nullptr;
  const std::function<void(Batch&)>* consume = nullptr;
  bool in_envelope = false;  // whose records are read one by one, because it does not parse
  bool unwrapped = false;    // the elements came out of envelopes: what is no record now will not become one

  /// What the elements that are envelopes held, "[record,record": read when it is enough or the window is done.
  struct Envelopes {
    std::string text;
    std::vector<source::RecordRange> ranges;  ///< one a record
    std::vector<std::uint64_t> offsets;       ///< of its envelope, in the file
  } envelopes;
  static constexpr std::size_t kEnoughEnvelopeText = 1u << 20;

  source::WindowAnswer read(const source::RecordWindow& window);
  void read_envelopes();
  [[nodiscard]] bool read_array(bool proven);
  void read_repaired();
  void read_ranges(std::span<const source::RecordRange> ranges,
                   const std::function<std::uint64_t(std::size_t)>& offset_of);
  void read_piece(std::span<const source::RecordRange> ranges, std::span<const std::uint64_t> offsets);
  void read_lost(const RepairedWindow::Loss& loss, std::uint64_t offset);
  void read_elements();

  [[nodiscard]] bool dictionaries_are_full() const;
  void begin_batch();
  void end_batch();
  void add_record(json::Value root, RecordFields& fields, std::uint32_t element, const TapeBuilder::Identity& identity);
  [[nodiscard]] bool refuses_document(std::uint32_t element);
  void add_document(json::Value document);
  void add_caller(const json::Tape& tape, const RecordFields& fields, const TapeBuilder::Identity& written);
  [[gnu::noinline]] CallerDictionary::Entry read_caller(const json::Tape& tape, std::uint32_t identity);
  void use_identity_paths(const json::Value& root);
  [[nodiscard]] std::uint32_t code_of_error(const json::Tape& tape, const RecordFields& fields) const;
  [[nodiscard]] Hash128 hash_of_event() const;

  void add_other(json::Value value, const RecordFields& fields, std::uint32_t element);
  void keep_record_of_envelope(std::string_view record, std::uint64_t offset);
  void book_malformed(std::uint64_t offset, std::string reason);
  void book_aside(const source::Unwrapped& found, std::uint64_t offset);
};

// ---- windows ----

source::WindowAnswer BatchReader::Impl::read(const source::RecordWindow& window) {
  batch.path_ = file->path;
  batch.base_offset_ = window.offset;
  batch.inserted_ = window.inserted;
  batch.literal_ = window.literal;
  batch.text_ = {window.text, window.size};
  batch.offsets_.clear();
  if (!read_array(window.proven)) {
    window_parser.shrink();
    return source::WindowAnswer::prove;
  }
  if (!envelopes.ranges.empty()) read_envelopes();
  for (ArrayParser* used : {&window_parser, &envelope_parser}) used->shrink();
  // Elements set aside before the first record do not speak for the file.
  if (file->records > file->malformed) {
    if (file->outcome == FileOutcome::set_aside) file->outcome = FileOutcome::read;
    if (file->outcome == FileOutcome::not_read) file->outcome = FileOutcome::partly;
  }
  return source::WindowAnswer::next;
}

/// Reads what the envelopes held as a window of its own, in the middle of the other one if need be.
void BatchReader::Impl::read_envelopes() {
  end_batch();
  const std::string_view window_text = batch.text_;
  std::vector<std::uint64_t> window_offsets = std::move(batch.offsets_);
  std::vector<Batch::Range> window_ranges = std::move(batch.ranges_);

  envelopes.text += ']';
  const std::size_t size = envelopes.text.size();
  envelopes.text.append(json::Document::kPadding, ' ');
  batch.text_ = {envelopes.text.data(), size};
  batch.offsets_ = envelopes.offsets;
  unwrapped = true;
  parser = &envelope_parser;
  static_cast<void>(read_array(true));
  parser = &window_parser;
  unwrapped = false;
  envelopes.text.clear();
  envelopes.ranges.clear();
  envelopes.offsets.clear();

  batch.text_ = window_text;
  batch.offsets_ = std::move(window_offsets);
  batch.ranges_ = std::move(window_ranges);
  begin_batch();
}

/// Reads the array in `batch.text_`, behind which there is padding. False if it does not parse and should be proven.
bool BatchReader::Impl::read_array(bool proven) {
  batch.ranges_.clear();
  if (parser->read(batch.text_.data(), batch.text_.size())) {
    for (const auto& element : parser->elements()) batch.ranges_.push_back({element.begin, element.size});
    read_elements();
  } else if (proven) {
    read_repaired();
  } else {
    return false;
  }
  return true;
}

/// The array does not parse: it is read in pieces, each at most a giant or little text.
void BatchReader::Impl::read_repaired() {
  parser->shrink();
  if (batch.text_.size() > source::kGiantSize) give_free_memory_back();  // what follows would not fit into its pieces
  std::size_t number = 0;
  const auto read_all = [&](std::span<const source::RecordRange> ranges) {
    read_ranges(ranges, [&](std::size_t i) {
      const std::size_t of_window = number + i;
      return unwrapped        ? envelopes.offsets[of_window]
             : batch.literal_ ? batch.base_offset_ + ranges[i].begin - 1 - of_window * batch.inserted_
                              : batch.base_offset_;
    });
    number += ranges.size();
  };
  if (unwrapped) {
    read_all(envelopes.ranges);
  } else {
    source::split_records(batch.text_, read_all);
  }
}

/// Reads records of a broken text; `offset_of` gives where in the file each of them lies.
void BatchReader::Impl::read_ranges(std::span<const source::RecordRange> ranges,
                                    const std::function<std::uint64_t(std::size_t)>& offset_of) {
  for (std::size_t first = 0; first < ranges.size();) {
    std::vector<std::uint64_t> offsets = {offset_of(first)};
    std::size_t end = first + 1;
    std::size_t size = ranges[first].size;
    while (end < ranges.size() && size + ranges[end].size <= source::kWindowSize) {
      offsets.push_back(offset_of(end));
      size += ranges[end++].size;
    }
    read_piece(ranges.subspan(first, end - first), offsets);
    first = end;
  }
}

/// The good records of a piece are put into an array of their own. Offsets and raw texts stay those of the original.
void BatchReader::Impl::read_piece(std::span<const source::RecordRange> ranges,
                                   std::span<const std::uint64_t> offsets) {
  RepairedWindow repaired = repair_window(batch.text_, ranges, scratch);
  batch.ranges_.clear();
  batch.offsets_.clear();
  for (const auto& record : repaired.records) {
    batch.ranges_.push_back({record.range.begin, record.range.size});
    batch.offsets_.push_back(offsets[record.element]);
  }
  if (!repaired.records.empty()) {
    if (parser->read(repaired.text.data(), repaired.size)) {
      read_elements();
    } else {
      parser->shrink();
      const auto reason = scratch.parse_padded(repaired.text.data(), repaired.size);
      // Of several, each was parsed alone: then only memory can be short.
      for (const auto& record : repaired.records) {
        repaired.losses.push_back({record, reason ? "there is no memory to read it" : reason.error().what});
      }
    }
    if (repaired.size > source::kGiantSize) scratch = {};
  }
  repaired.text = {};
  for (const auto& loss : repaired.losses) read_lost(loss, offsets[loss.record.element]);
}

/// What does not parse may be an envelope whose records do; else it is booked. So is an envelope in an envelope: each
/// layer of a hostile one would be read anew.
void BatchReader::Impl::read_lost(const RepairedWindow::Loss& loss, std::uint64_t offset) {
  const source::RecordRange& lost = loss.record.range;
  bool held_records = false;
  const auto read_all = [&](std::span<const source::RecordRange> ranges) {
    held_records = true;
    read_ranges(ranges, [&](std::size_t i) {
      const bool in_place = !unwrapped && batch.literal_;
      return in_place ? offset + (ranges[i].begin - lost.begin) : offset;
    });
  };
  if (lost.complete && !in_envelope) {
    in_envelope = true;
    source::split_envelope(batch.text_, lost, read_all);
    in_envelope = false;
  }
  if (!held_records) return book_malformed(offset, loss.reason);
  file->damage(offset, "only what looks like a record was read of what holds several: " + loss.reason);
}

void BatchReader::Impl::read_elements() {
  begin_batch();
  std::uint32_t number = 0;
  for (const ArrayParser::Element& element : parser->elements()) {
    const json::Value value = parser->value(element);
    const json::Tape tape = value.tape();
    const TapeBuilder::Head& head = parser->head(element);
    RecordFields fields = head.fields;
    if (fields.is_record(tape)) {
      add_record(value, fields, number++, head.identity);
    } else {
      add_other(value, fields, number++);
    }
    if (batch.size() == kMaxBatch) {
      end_batch();
      begin_batch();
    }
  }
  end_batch();
}

// ---- batches and rows ----

/// One of them, or all together: a real trail has few values in most columns, a hostile one many in each.
bool BatchReader::Impl::dictionaries_are_full() const {
  constexpr std::size_t kMostCells = 1u << 17;
  constexpr std::size_t kMostBytes = 16u << 20;
  std::size_t cells = 0;
  std::size_t bytes = 0;
  for (const CellDictionary& dictionary : dictionaries) {
    if (dictionary.full()) return true;
    cells += dictionary.size();
    bytes += dictionary.bytes();
  }
  return cells > kMostCells || bytes > kMostBytes;
}

void BatchReader::Impl::begin_batch() {
  if (dictionaries_are_full()) {
    if (before_reset) before_reset();
    for (CellDictionary& dictionary : dictionaries) dictionary.reset();
    encoder.forget();
    callers.reset();
  } else if (callers.full()) {
    callers.reset();
  }
  batch.caller_epoch = callers.epoch();
}

void BatchReader::Impl::end_batch() {
  if (batch.size() == 0) return;
  (*consume)(batch);
  batch.elastic_documents.clear();
  batch.arena.reset();
  batch.times.clear();
  batch.ids.clear();
  for (auto& codes : batch.hot) codes.clear();
  batch.roots.clear();
  batch.identities.clear();
  batch.event_ids.clear();
  batch.members.clear();
  for (auto& codes : batch.facets) codes.clear();
  batch.elements_.clear();
}

void BatchReader::Impl::add_record(json::Value root, RecordFields& fields, std::uint32_t element,
                                   const TapeBuilder::Identity& identity) {
  const json::Tape tape = root.tape();
  const json::Value document = unwrapped ? root.find(source::kElasticDocument) : json::Value();
  if (document && refuses_document(element)) return;
  const std::optional<Instant> time = clock.read(tape.text(fields.event_time));
  if (!time) {
    book_malformed(batch.offset_of(element), "eventTime is no RFC 3339 time");
    return;
  }
  ++file->records;
  batch.times.push_back(*time);
  batch.elements_.push_back(element);
  batch.roots.push_back(root);
  const bool has_identity = fields.identity != 0 && tape.kind(fields.identity) == '{';
  batch.identities.push_back(has_identity ? json::Value::at(root.parts(), fields.identity) : json::Value());
  for (std::size_t c = 0; c < kHotCount; ++c) {
    batch.hot[c].push_back(encoder.code_of(c, tape, fields.hot[c], batch.roots.back()));
  }
  batch.members.push_back(fields.members);
  if (keep_facets) {
    batch.facets[static_cast<std::size_t>(Facet::error)].push_back(code_of_error(tape, fields));
    batch.facets[static_cast<std::size_t>(Facet::caller)].push_back(CallerDictionary::kUnknown);
  }
  if (has_identity) add_caller(tape, fields, identity);
  if (fields.dotted_identity || (fields.identity != 0 && !has_identity)) use_identity_paths(batch.roots.back());
  batch.event_ids.push_back(is_text(tape, fields.event_id) ? tape.text(fields.event_id) : std::string_view());
  batch.ids.push_back(hash_of_event());
  if (document) add_document(document);
}

bool BatchReader::Impl::refuses_document(std::uint32_t element) {
  if (take_documents) return false;
  book_aside({source::Unwrapped::Kind::not_read, "Elastic export",
              "Elastic documents without event.original are documents already: to make them anew, set "
              "\"preserve_original_event\" in the "
              "integration, or read the trail's own objects under AWSLogs/"},
             batch.offset_of(element));
  return true;
}

/// What the newest row was put together from.
void BatchReader::Impl::add_document(json::Value document) {
  batch.elastic_documents.resize(batch.size());
  batch.elastic_documents.back() = document;
}

/// The entry of a caller that is not known yet.
CallerDictionary::Entry BatchReader::Impl::read_caller(const json::Tape& tape, std::uint32_t identity) {
  RecordFields found;
  scan_identity(tape, identity, found);
  const auto code = [&](Hot column) {
    return encoder.code_of(static_cast<std::size_t>(column), tape, found[column], batch.roots.back());
  };
  const std::uint32_t session = found[Member::session_context];
  return {code(Hot::identity_type), code(Hot::identity_arn), code(Hot::access_key_id),
          session == 0 ? 0 : session - identity};
}

/// Completes the newest row by what userIdentity, an object, says.
void BatchReader::Impl::add_caller(const json::Tape& tape, const RecordFields& fields,
                                   const TapeBuilder::Identity& written) {
  const std::uint32_t identity = fields.identity;
  // For a handful of rules it is not worth to look up callers who are not known by number.
  const bool told_apart = keep_facets || written.number != 0;
  const std::uint32_t caller =
      told_apart ? callers.code_of(written, [&] { return read_caller(tape, identity); }) : CallerDictionary::kUnknown;
  const CallerDictionary::Entry entry =
      caller == CallerDictionary::kUnknown ? read_caller(tape, identity) : callers.entry(caller);
  const auto set = [&](Hot column, std::uint32_t code) { batch.hot[static_cast<std::size_t>(column)].back() = code; };
  set(Hot::identity_type, entry.type);
  set(Hot::identity_arn, entry.arn);
  set(Hot::access_key_id, entry.access_key_id);
  if (entry.session_context != 0) {
    batch.members.back()[static_cast<std::size_t>(Member::session_context)] = identity + entry.session_context;
  }
  // Of a user who signs in, the name may stand outside of userIdentity.
  const bool tells_all =
      keep_facets && !fields.dotted_identity && !is_text(tape, fields[Hot::event_name], "UserAuthentication");
  if (tells_all) batch.facets[static_cast<std::size_t>(Facet::caller)].back() = caller;
}

/// Of Facet::error, for the newest row. Whether a login failed is said by its response, and an error without a code by
/// its message.
std::uint32_t BatchReader::Impl::code_of_error(const json::Tape& tape, const RecordFields& fields) const {
  if (is_text(tape, fields[Hot::event_name], "ConsoleLogin")) return 0;
  const std::uint32_t code = fields[Hot::error_code];
  const bool has_message = fields.members[static_cast<std::size_t>(Member::error_message)] != 0;
  if (has_message && !(is_text(tape, code) && survives_cleanup(tape.text(code)))) return 0;
  return batch.hot[static_cast<std::size_t>(Hot::error_code)].back() + 1;
}

/// userIdentity is no plain object, or the record spells "userIdentity.arn": the columns are what the paths say.
void BatchReader::Impl::use_identity_paths(const json::Value& root) {
  for (const auto& [column, path] : identity_paths) {
    batch.hot[static_cast<std::size_t>(column)].back() = encoder.code_of(column, path.read(root, batch.arena));
  }
}

/// The hash of Record::event_key() and the time of the newest row: what rules take for one event.
Hash128 BatchReader::Impl::hash_of_event() const {
  const std::size_t row = batch.size() - 1;
  const std::int64_t time = batch.times[row].micros;
  const std::string_view id = batch.event_ids[row];
  const Cell& account = batch.hot_cell(Hot::recipient_account, row);
  const auto* text = account.is_single() ? std::get_if<std::string_view>(&account.values()[0]) : nullptr;
  std::array<char, 128> bytes;  // NOLINT(*-member-init): every event comes here, what is used is written first
  if (text == nullptr || id.empty() || text->size() + 1 + id.size() + sizeof(time) > bytes.size()) {
    std::string key(Record(batch, row).event_key());
    key.append(reinterpret_cast<const char*>(&time), sizeof(time));
    return hash128(key);
  }
  char* end = std::ranges::copy(*text, bytes.data()).out;
  *end++ = '/';
  end = std::ranges::copy(id, end).out;
  std::memcpy(end, &time, sizeof(time));
  return hash128({bytes.data(), end + sizeof(time)});
}

// ---- what is no record ----

void BatchReader::Impl::add_other(json::Value value, const RecordFields& fields, std::uint32_t element) {
  using Kind = source::Unwrapped::Kind;
  const json::Tape tape = value.tape();
  const std::uint64_t offset = batch.offset_of(element);
  const std::uint32_t category = fields[Hot::event_category];
  if (is_text(tape, category) && tape.text(category) == "Aggregated") {
    book_aside({Kind::set_aside, "aggregated activity", "summaries of data events over five minutes, no events"},
               offset);
    return;
  }
  if (on_digest && value.find("digestStartTime")) {
    end_batch();
    on_digest(value);
    begin_batch();
    return;
  }
  const source::Unwrapped found = source::unwrap(value, [&](std::string&& record) {
    if (!unwrapped) keep_record_of_envelope(record, offset);
  });
  if (found.kind == Kind::unknown || (found.kind == Kind::records && unwrapped)) {
    const std::string reason = why_no_record(tape, fields, found);
    for (std::uint64_t i = 0; i < std::max<std::uint64_t>(found.lost, 1); ++i) book_malformed(offset, reason);
  } else if (found.kind == Kind::records) {
    if (file->form.empty()) file->form = found.form;
    for (std::uint64_t i = 0; i < found.lost; ++i) book_malformed(offset, found.reason);
  } else {
    book_aside(found, offset);
  }
}

void BatchReader::Impl::keep_record_of_envelope(std::string_view record, std::uint64_t offset) {
  envelopes.text += envelopes.ranges.empty() ? '[' : ',';
  envelopes.ranges.push_back({envelopes.text.size(), record.size(), true});
  envelopes.text += record;
  envelopes.offsets.push_back(offset);
  if (envelopes.text.size() > kEnoughEnvelopeText) read_envelopes();
}

void BatchReader::Impl::book_malformed(std::uint64_t offset, std::string reason) {
  ++file->records;
  ++file->malformed;
  file->damage(offset, std::move(reason));
}

/// The element holds no events, or none that can be read: no record was lost, but a reader must be able to see it.
void BatchReader::Impl::book_aside(const source::Unwrapped& found, std::uint64_t offset) {
  const bool holds_events = found.kind == source::Unwrapped::Kind::not_read;
  if (file->form.empty()) file->form = found.form;
  if (file->reason.empty()) file->reason = found.reason;
  if (file->outcome == FileOutcome::read || file->outcome == FileOutcome::set_aside) {
    file->outcome = holds_events ? FileOutcome::not_read : FileOutcome::set_aside;
  }
  if (holds_events) file->damage(offset, found.reason);
}

BatchReader::BatchReader() : impl_(std::make_unique<Impl>()) { impl_->batch.dictionaries = &impl_->dictionaries; }
BatchReader::~BatchReader() = default;

source::WindowAnswer BatchReader::read(const source::RecordWindow& window, FileEntry& file,
                                       const std::function<void(Batch&)>& consume) {
  impl_->file = &file;
  impl_->consume = &consume;
  return impl_->read(window);
}

std::array<CellDictionary, kHotCount>& BatchReader::dictionaries() { return impl_->dictionaries; }

void BatchReader::set_before_reset(std::function<void()> before_reset) {
  impl_->before_reset = std::move(before_reset);
}

void BatchReader::take_documents() { impl_->take_documents = true; }

void BatchReader::keep_facets() { impl_->keep_facets = true; }

void BatchReader::set_on_digest(std::function<void(json::Value)> on_digest) { impl_->on_digest = std::move(on_digest); }

}  // namespace trailhound::event
