#pragma once
/// A hit on its way through the operators. Most hits never come to be told about in a signal, so what describes the
/// record stays in its byte form until somebody asks. Inside src/engine only.
///
///     TRY_VOID(decode(key, payload, hit));                                   // time, group, arguments
///     const Description told = read_description(hit.event_key, hit.description());   // texts, place
///
/// The byte form may name texts that its collector keeps (hit_texts.h); these must outlive what is read here.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "base/value.h"
#include "engine/hit.h"

namespace trailhound::engine {

/// What describes a record, in its byte form.
struct DescriptionBytes {
  std::string_view bytes;
  const HitTexts* texts = nullptr;  ///< that the bytes name; null if they name none
};

struct StoredHit {
  std::uint32_t rule = 0;     ///< index in the rule set
  std::uint64_t queries = 0;  ///< bit i: query i matched
  Instant time;
  Duration covers;  ///< see Hit
  std::string event_key;
  std::vector<Value> group;
  std::vector<Values> arguments;
  Profile::Outcome outcome = Profile::Outcome::ok;
  std::string payload;              ///< the byte form of all but rule, time, event key and group
  const HitTexts* texts = nullptr;  ///< that the payload names; null if it names none
  std::size_t description_at = 0;   ///< where in the payload the description begins

  [[nodiscard]] DescriptionBytes description() const {
    return {std::string_view(payload).substr(description_at), texts};
  }
};

/// What a signal may tell about the record of a hit.
struct Description {
  Profile profile;
  std::vector<Values> attributes;
  std::string path;
  std::uint64_t offset = 0;
  std::string event_id;
};

/// Overwrites the hit, which keeps its memory; its content is unspecified after an error. A shortened payload needs the
/// texts that it was encoded with.
[[nodiscard]] Status decode(std::string_view key, std::string_view payload, StoredHit& hit,
                            const HitTexts* texts = nullptr);
/// The same for the payload alone, of which decode has said that it is sound.
void decode_payload(std::string_view payload, const HitTexts* texts, StoredHit& hit);
/// Of bytes of which decode has said that they are sound.
[[nodiscard]] Description read_description(std::string_view event_key, const DescriptionBytes& bytes);
/// Makes the payload say what the hit's members and the description do, and name no texts.
void write_payload(StoredHit& hit, const Description& told);

}  // namespace trailhound::engine
