#pragma once
/// What one worker notes of an anomaly job instead of making its hits: in which buckets groups were active and values
/// were seen, and in which inputs. Inside src/engine only.
///
///     notes.note_active(group, bucket);            // any order
///     notes.note(group, value, bucket, input);     // the number of the input that is being read
///     JobHistory history(std::move(notes_of_all_workers));
///
/// Groups and values are 64-bit hashes; two that share one are one here, as in the operator. About 60 bytes a value and
/// 16 for each further bucket or input that it was seen in.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

namespace trailhound::engine {

class JobNotes {
 public:
  /// A bucket that a value was seen in, and the number of the input that told so.
  struct Sighting {
    std::int64_t bucket = 0;
    std::uint32_t input = 0;
    auto operator<=>(const Sighting&) const = default;
  };

  void note(std::uint64_t group, std::uint64_t value, std::int64_t bucket, std::uint32_t input) {
    append(seen_[{group, value}], Sighting{bucket, input});
  }
  /// A hit, with or without values: its group was active.
  void note_active(std::uint64_t group, std::int64_t bucket) { append(active_[group], bucket); }

  /// How much was noted.
  [[nodiscard]] std::size_t entries() const { return entries_; }

 private:
  friend class JobHistory;
  /// Two hashes.
  struct Pair {
    std::uint64_t group, value;
    bool operator==(const Pair&) const = default;
  };
  struct PairHash {
    using is_avalanching = void;  // the map need not mix it further
    std::size_t operator()(const Pair& pair) const { return pair.group ^ (pair.value * 0x9E3779B97F4A7C15u); }
  };
  /// Most values are seen once, or in one bucket of one input.
  using Sightings = boost::container::small_vector<Sighting, 1>;

  /// Events come roughly in order of time: the newest one mostly is the same again.
  template <class List, class T>
  void append(List& noted, T what) {
    if (!noted.empty() && noted.back() == what) return;
    noted.push_back(what);
    ++entries_;
  }

  boost::unordered_flat_map<std::uint64_t, std::vector<std::int64_t>> active_;
  boost::unordered_flat_map<Pair, Sightings, PairHash> seen_;
  std::size_t entries_ = 0;
};

}  // namespace trailhound::engine
