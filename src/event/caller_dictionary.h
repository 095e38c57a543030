#pragma once
/// Distinct userIdentity objects and their codes. A trail names few callers, each of them again and again, and much of
/// what rules ask is a function of the caller alone: it is found out once a caller instead of once a record.
///
///     const std::uint32_t code = callers.code_of(identity_text, [&] { return read_entry(tape, identity); });
///     use(callers.entry(code).type);
///
/// Objects are equal if they are written in the same way. Code 0 is unknown: the text is not known, or too long. When
/// `full()`, the owner ends its use of the codes and calls `reset()`, which starts a new epoch. One a worker. Inside
/// src/event only.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/arena.h"
#include "event/tape_builder.h"

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

  /// The code of the object that is written so. `read` gives the entry of one that was not known yet.
  template <class Read>
  std::uint32_t code_of(const TapeBuilder::Identity& written, Read&& read) {
    const std::string_view text = written.text;
    Known& known = known_[written.number % kPlaces];
    if (written.number != 0 && known.number == written.number) return known.code;
    if (text.empty() || text.size() > kMostBytes) return kUnknown;
    auto found = codes_.find(text);
    if (found == codes_.end()) {
      found = add(text);
      entries_.back() = read();
    }
    if (written.number != 0) known = {written.number, found->second};
    return found->second;
  }
  [[nodiscard]] const Entry& entry(std::uint32_t code) const { return entries_[code]; }
  [[nodiscard]] std::uint32_t epoch() const { return epoch_; }
  [[nodiscard]] bool full() const { return entries_.size() > max_entries_ || bytes_ > max_bytes_; }
  /// Forgets all callers: what their entries hold means nothing any more.
  void reset();

 private:
  static constexpr std::size_t kMostBytes = 8192;

  /// One of those that came last: mostly, nothing has to be hashed.
  struct Known {
    std::uint32_t number = 0;
    std::uint32_t code = kUnknown;
  };
  static constexpr std::size_t kPlaces = 4096;

  struct TextHash {
    using is_avalanching = void;  // the map need not mix the hash further
    std::size_t operator()(std::string_view text) const;
  };

  using Codes = boost::unordered_flat_map<std::string_view, std::uint32_t, TextHash>;

  /// A copy of the text with the code entries_.size().
  Codes::iterator add(std::string_view text);

  std::size_t max_entries_;
  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  std::uint32_t epoch_ = 0;
  std::vector<Entry> entries_;  // by code
  Codes codes_;
  Arena arena_;  // the texts
  std::array<Known, kPlaces> known_;
};

}  // namespace trailhound::event
