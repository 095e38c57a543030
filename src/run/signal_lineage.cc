#include "run/signal_lineage.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "base/value.h"

namespace trailhound::run {
namespace {

constexpr std::string_view kPrefix = "signal/";
constexpr std::string_view kMark = "\x01lineage";

/// Reads values of known kinds one after the other.
class LineageReader {
 public:
  explicit LineageReader(std::string_view bytes) : bytes_(bytes) {}

  template <class Kind>
  bool read(Kind& into) {
    Value value;
    if (!read_canonical(bytes_, value)) return false;
    auto* found = std::get_if<Kind>(&value);
    if (found == nullptr) return false;
    into = std::move(*found);
    return true;
  }

 private:
  std::string_view bytes_;
};

struct Lineage {
  std::int64_t depth = 0;
  std::vector<engine::EvidenceItem> evidence;
};

std::optional<Lineage> unpack(std::string_view text) {
  if (!text.starts_with(kMark)) return std::nullopt;
  LineageReader reader(text.substr(kMark.size()));
  Lineage lineage;
  std::int64_t count = 0;
  if (!reader.read(lineage.depth) || !reader.read(count)) return std::nullopt;
  for (; count > 0; --count) {
    engine::EvidenceItem item;
    std::int64_t offset = 0;
    const bool whole = reader.read(item.time.micros) && reader.read(item.event_key) && reader.read(item.event_id) &&
                       reader.read(item.path) && reader.read(offset);
    if (!whole) return std::nullopt;
    item.offset = static_cast<std::uint64_t>(offset);
    lineage.evidence.push_back(std::move(item));
  }
  return lineage;
}

/// "ID" of "ID/0": a building block belongs to its signal.
std::string signal_of(std::string_view document_id) {
  return std::string(document_id.substr(0, document_id.find('/')));
}

}  // namespace

std::string signal_event_key(std::string_view document_id) { return std::string(kPrefix).append(document_id); }

std::string pack_lineage(std::int64_t depth, const std::vector<engine::EvidenceItem>& evidence) {
  std::string text(kMark);
  const std::size_t count = std::min(evidence.size(), kHandedOn);
  append_canonical(text, depth);
  append_canonical(text, static_cast<std::int64_t>(count));
  for (std::size_t i = 0; i < count; ++i) {
    const engine::EvidenceItem& item = evidence[i];
    append_canonical(text, item.time.micros);
    append_canonical(text, item.event_key);
    append_canonical(text, item.event_id);
    append_canonical(text, item.path);
    append_canonical(text, static_cast<std::int64_t>(item.offset));
  }
  return text;
}

signal::Origin unfold(engine::EpisodeRecord& episode) {
  signal::Origin origin;
  const auto is_signal = [](const engine::EvidenceItem& item) {
    return item.event_key.starts_with(kPrefix) && item.path.starts_with(kMark);
  };
  if (std::ranges::none_of(episode.evidence, is_signal)) return origin;
  std::vector<engine::EvidenceItem> unfolded;
  std::set<std::pair<std::int64_t, std::string>> known;
  const auto keep = [&](engine::EvidenceItem&& item) {
    if (unfolded.size() >= engine::EpisodeRecord::kEvidenceCap) return;
    if (known.emplace(item.time.micros, item.event_key).second) unfolded.push_back(std::move(item));
  };
  for (engine::EvidenceItem& item : episode.evidence) {
    std::optional<Lineage> lineage;
    if (is_signal(item)) lineage = unpack(item.path);
    if (!lineage) {
      keep(std::move(item));
      continue;
    }
    std::string id = signal_of(item.event_id);
    if (std::ranges::find(origin.signals, id) == origin.signals.end()) origin.signals.push_back(std::move(id));
    origin.depth = std::max(origin.depth, lineage->depth);
    for (engine::EvidenceItem& event : lineage->evidence) keep(std::move(event));
  }
  episode.evidence = std::move(unfolded);
  return origin;
}

}  // namespace trailhound::run
