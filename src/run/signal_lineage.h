#pragma once
/// How a signal over signals comes to know the events behind these.
///
/// A hit of a signal has no place in a file. Where the hit of an event has its path it has the evidence of the signal,
/// packed into a text, so that it takes the way of every hit, over the disk if need be. Before a signal is given out,
/// unfold puts the evidence of the signals in their place.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/episode.h"
#include "signal/signal_document.h"

namespace trailhound::run {

/// The event key of a signal or of one of its building blocks.
[[nodiscard]] std::string signal_event_key(std::string_view document_id);

/// The evidence that a signal of this depth hands on: its first items, at most kHandedOn.
inline constexpr std::size_t kHandedOn = 20;
[[nodiscard]] std::string pack_lineage(std::int64_t depth, const std::vector<engine::EvidenceItem>& evidence);

/// Replaces evidence that is signals by the evidence of these, each event once, at most as many as an episode keeps.
/// Gives the ids of the signals and the depth of the deepest one; nothing and 0 for a signal over events.
signal::Origin unfold(engine::EpisodeRecord& episode);

}  // namespace trailhound::run
