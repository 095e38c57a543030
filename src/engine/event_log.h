#pragma once
/// The distinct events of a partition that some window may still hold. Inside src/engine only.
///
/// Windows are per group, but a signal may be shared by several groups and one event may be in several of them: whether
/// an event has been counted in a signal is therefore noted here, once an event. Numbers grow by one an event and stay
/// valid until the event expires. What is told about an event (evidence, texts) is dropped for the oldest events once
/// more than kMaxDetails are held; counts stay exact.

#include <cstdint>
#include <memory>
#include <string>

#include "base/instant.h"
#include "engine/queue.h"
#include "engine/stored_hit.h"

namespace trailhound::engine {

/// What a signal may tell about an event, in its byte form. Immutable and shared, so that copying state is cheap.
struct EventDetail {
  Instant time;
  std::string event_key;
  std::string bytes;                ///< see StoredHit
  const HitTexts* texts = nullptr;  ///< that they name
  [[nodiscard]] DescriptionBytes description() const { return {bytes, texts}; }
};
[[nodiscard]] std::shared_ptr<const EventDetail> make_detail(const StoredHit& hit);

struct LoggedEvent {
  Instant time;
  std::uint64_t counted_in = 0;       ///< serial number of the episode that counted it last; 0: none
  std::uint64_t counted_queries = 0;  ///< for which queries it was counted there
  Profile::Outcome outcome = Profile::Outcome::ok;
  std::shared_ptr<const EventDetail> detail;  ///< null once dropped
};

class EventLog {
 public:
  static constexpr std::size_t kMaxDetails = 100'000;

  /// The number of the hit's event. Hits of one event must come one after the other.
  std::uint64_t add(const StoredHit& hit);
  /// Forgets the events before `oldest`.
  void expire_before(Instant oldest);
  [[nodiscard]] LoggedEvent& at(std::uint64_t number) { return events_[number - first_]; }

 private:
  Queue<LoggedEvent> events_;
  std::uint64_t first_ = 1;         ///< number of events_.front()
  std::uint64_t first_detail_ = 1;  ///< details before it were dropped
  Instant newest_time_;
  std::string newest_key_;
};

}  // namespace trailhound::engine
