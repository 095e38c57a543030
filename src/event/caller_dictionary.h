#pragma once
/// Distinct userIdentity objects and their codes. A trail names few callers, each of them again and again, and much of
/// what rules ask is a function of the caller alone: it is found out once a caller instead of once a record.
///
///     const std::uint32_t code = callers.code_of(tape, identity, [&] { return read_entry(tape, identity); });
///     use(callers.entry(code).type);
///
/// Objects are equal if they were written with the same keys and values in the same order. Code 0 is unknown:
/// an object that holds numbers (AWS writes none) or is too long. When `full()`, the owner ends its use of the codes
/// and calls `reset()`, which starts a new epoch. One a worker. Inside src/event only.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/arena.h"
#include "base/same_text.h"
#include "event/tape.h"

namespace trailhound::event {

class CallerDictionary {
 public:
  static constexpr std::uint32_t kUnknown = 0;

  /// What a record's row has of its caller.
  struct Entry {
    std::uint32_t type = 0, arn = 0, access_key_id = 0;  ///< codes of the hot values
    std::uint32_t session_context = 0;                   ///< its place, counted from userIdentity's; 0: not there
  };

  explicit CallerDictionary(std::size_t max_entries = 1u << 15, std::size_t max_bytes = 8u << 20)
      : max_entries_(max_entries), max_bytes_(max_bytes), entries_(1) {}

  /// The code of the object at `at`. `read` gives the entry of one that was not known yet.
  template <class Read>
  std::uint32_t code_of(const Tape& tape, std::size_t at, Read&& read) {
    const std::string_view words = tape.words(at);
    const std::string_view texts = texts_of(tape, at);
    if (words.size() > kMostWords * sizeof(std::uint64_t) || texts.size() > kMostBytes) return kUnknown;
    Known& known = known_[place_of(texts)];
    if (known.code != kUnknown && is_same_text(texts, known.texts) && is_same_text(words, known.words)) {
      return known.code;
    }
    if (!note_kinds(tape, at)) return kUnknown;
    auto found = codes_.find(Content{kinds_, texts});
    if (found == codes_.end()) {
      found = add({kinds_, texts});
      entries_.back() = read();
    }
    known.words = words;
    known.texts = found->first.texts;
    known.code = found->second;
    return known.code;
  }
  [[nodiscard]] const Entry& entry(std::uint32_t code) const { return entries_[code]; }
  [[nodiscard]] std::uint32_t epoch() const { return epoch_; }
  [[nodiscard]] bool full() const { return entries_.size() > max_entries_ || bytes_ > max_bytes_; }
  /// Forgets all callers: what their entries hold means nothing any more.
  void reset();

 private:
  static constexpr std::size_t kMostWords = 256;
  static constexpr std::size_t kMostBytes = 8192;

  /// All that tells an object without numbers from every other one.
  struct Content {
    std::string_view kinds;  ///< of all words of the tape
    std::string_view texts;  ///< keys and values with their sizes, as they lie side by side behind the tape
    bool operator==(const Content& other) const {
      return is_same_text(texts, other.texts) && is_same_text(kinds, other.kinds);
    }
  };
  /// A few that came last, with the words of the tape as they were: these say in which places the texts lie, too, so
  /// they differ if what is written in front of the object differs in length. Mostly it does not; then nothing has to
  /// be gathered or hashed.
  struct Known {
    std::string words;
    std::string_view texts;  // in the arena
    std::uint32_t code = kUnknown;
  };
  static constexpr std::size_t kPlaces = 1024;
  static std::size_t place_of(std::string_view texts);

  struct ContentHash {
    using is_avalanching = void;  // the map need not mix the hash further
    std::size_t operator()(const Content& content) const;
  };

  using Codes = boost::unordered_flat_map<Content, std::uint32_t, ContentHash>;

  static std::string_view texts_of(const Tape& tape, std::size_t at);
  /// Fills kinds_; false if there is a number, whose second word may look like any kind.
  [[nodiscard]] bool note_kinds(const Tape& tape, std::size_t at);
  /// A copy of the content with the code entries_.size().
  Codes::iterator add(const Content& content);

  std::size_t max_entries_;
  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  std::uint32_t epoch_ = 0;
  std::vector<Entry> entries_;  // by code
  Codes codes_;
  Arena arena_;  // the contents
  std::string kinds_;
  std::array<Known, kPlaces> known_;
};

}  // namespace trailhound::event
