#pragma once
/// Distinct userIdentity objects and their codes. A trail names few callers, each of them again and again, and much of
/// what rules ask is a function of the caller alone: it is found out once a caller instead of once a record.
///
///     const std::uint32_t code = callers.code_of(tape, identity, [&] { return read_entry(tape, identity); });
///     use(callers.entry(code).type);
///
/// Objects of one code were written with the same keys and values in the same order. An object may have several codes
/// if what is written in front of it differs in length, which it seldom does. Code 0 is unknown: an object that is too
/// long. When `full()`, the owner ends its use of the codes and calls `reset()`, which starts a new epoch. One a
/// worker. Inside src/event only.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/arena.h"
#include "event/same_text.h"
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
    const std::optional<Content> content = content_of(tape, at);
    if (!content) return kUnknown;
    Known& known = known_[place_of(*content)];
    if (known.code != kUnknown && *content == known.content) return known.code;
    const auto found = codes_.find(*content);
    if (found == codes_.end()) {
      known = {add(*content), static_cast<std::uint32_t>(entries_.size() - 1)};
      entries_.back() = read();
    } else {
      known = {found->first, found->second};
    }
    return known.code;
  }
  [[nodiscard]] const Entry& entry(std::uint32_t code) const { return entries_[code]; }
  [[nodiscard]] std::uint32_t epoch() const { return epoch_; }
  [[nodiscard]] bool full() const { return entries_.size() > max_entries_ || bytes_ > max_bytes_; }
  /// Forgets all callers: what their entries hold means nothing any more.
  void reset();

 private:
  static constexpr std::size_t kMostBytes = 8192;

  /// All that tells an object from every other one.
  struct Content {
    std::string_view words;  ///< of the tape
    std::string_view texts;  ///< keys and values with their sizes, as they lie side by side behind the tape
    bool operator==(const Content& other) const {
      return is_same_text(texts, other.texts) && is_same_text(words, other.words);
    }
  };
  /// A few that came last, without hashing them whole.
  struct Known {
    Content content;
    std::uint32_t code = kUnknown;
  };
  static constexpr std::size_t kPlaces = 64;
  static std::size_t place_of(const Content& content);

  struct ContentHash {
    using is_avalanching = void;  // the map need not mix the hash further
    std::size_t operator()(const Content& content) const;
  };

  /// Nothing of an object that is not kept.
  [[nodiscard]] static std::optional<Content> content_of(const Tape& tape, std::size_t at);
  /// With the code entries_.size(); its copy.
  Content add(const Content& content);

  std::size_t max_entries_;
  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  std::uint32_t epoch_ = 0;
  std::vector<Entry> entries_;  // by code
  boost::unordered_flat_map<Content, std::uint32_t, ContentHash> codes_;
  Arena arena_;  // the contents
  std::array<Known, kPlaces> known_;
};

}  // namespace trailhound::event
