#pragma once
/// Cuts a stream of JSON into windows of whole records. Internal to src/source.
///
/// A file is a sequence of root values. Each is either an element (a record, an envelope) or a container: an array of
/// elements, at the root or inside an object. The cutter walks from state to state:
///
///     root → array → closing → root          {"Records":[...]}, [...], and several of them in a row
///     root → sequence → root                 JSON lines, pretty-printed or concatenated values
///
/// Fast ways: in an array, a boundary found from the window's end, and proven by the consumer's parse or by bracket
/// count; in a sequence, line breaks between "}" and "{". Everything else goes through the exact scan.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ledger.h"
#include "source/element_scanner.h"
#include "source/recognise.h"
#include "source/window_buffer.h"

namespace trailhound::source {

/// What one stream of text is read with: the parts share it.
struct CutContext {
  WindowBuffer& buffer;
  ByteReader& reader;
  WindowConsumer& consumer;
  FileEntry& entry;
  bool begun = false;  ///< begin_file was called
};

class RecordCutter {
 public:
  explicit RecordCutter(CutContext& context) : context_(context), buffer_(context.buffer) {}

  /// Reads to the end; false if the consumer stopped.
  bool run();

 private:
  enum class State { root, array, closing, sequence, finished };

  bool step();
  bool at_root();
  bool at_object();
  bool in_array();
  bool in_array_exactly();
  bool in_closing();
  bool in_sequence();
  bool in_sequence_exactly();

  [[nodiscard]] std::optional<Recognition> look_at_elements(bool array) const;
  bool recognised(bool array);
  void refuse(FileOutcome outcome, std::string form, std::string reason);
  [[nodiscard]] bool something_follows() const;
  void skip_from(std::size_t at);
  void skip_junk();
  void need_more();
  void cut_off(std::size_t at);
  void learn_separator(std::size_t element);
  Elements split_exactly();
  bool emit_elements(const Elements& elements);

  CutContext& context_;
  WindowBuffer& buffer_;
  State state_ = State::root;
  int depth_ = 0;          ///< objects around the array
  std::string separator_;  ///< `},{"eventVersion"` as this array writes it
  std::string first_key_;  ///< of the records, to find the next one after damage
  std::string joined_;
  std::uint64_t rescans_ = 0;    ///< bytes that were scanned more than once
  bool guesses_ = true;          ///< at windows' ends; not after a guess was wrong
  bool skipping_ = false;        ///< looking for the next record; the damage is booked
  std::uint64_t junk_ = 0;       ///< offset of that damage
  bool left_container_ = false;  ///< in its middle, to skip: its closing brackets are still to come
};

}  // namespace trailhound::source
