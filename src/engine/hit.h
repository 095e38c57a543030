#pragma once
/// A hit: one event that passed one or more queries of one rule for one group. The boundary between the stateless half
/// (any worker, any order) and the stateful half (by key, in total order).

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "base/value.h"

namespace trailhound::engine {

/// What a signal tells about the events behind it, whatever the rule.
struct Profile {
  std::string principal;  ///< userIdentity.arn, else principalId, invokedBy or the account
  std::string account;    ///< recipientAccountId, else userIdentity.accountId
  std::string region;
  std::string source_ip;  ///< sourceIPAddress as written
  std::string user_agent;
  std::string event_name;
  enum class Outcome : std::uint8_t { ok, denied, failed };
  Outcome outcome = Outcome::ok;
  bool operator==(const Profile&) const = default;
};

/// The same, where somebody else keeps the texts.
struct ProfileView {
  std::string_view principal, account, region, source_ip, user_agent, event_name;
  Profile::Outcome outcome = Profile::Outcome::ok;
};
[[nodiscard]] ProfileView view_of(const Profile& profile);
[[nodiscard]] Profile to_profile(const ProfileView& view);

/// A hit on its own.
struct Hit {
  std::uint32_t rule = 0;     ///< index in the rule set
  std::uint64_t queries = 0;  ///< bit i: query i matched
  Instant time;
  /// Not zero: no event, but a note that the group's events went on, without a gap that matters, for this span after
  /// `time`. Only operators that ask when a group was seen last get such notes (sieve.h).
  Duration covers;
  std::string event_key;     ///< "account/eventID"; with `time` the total order
  std::vector<Value> group;  ///< one value a key part
  /// Cells of the arguments of each matched query, in order of query, then argument.
  std::vector<Values> arguments;
  std::vector<Values> attributes;  ///< cells of the rule's template attributes, then of what it carries
  Profile profile;
  std::string path;  ///< evidence: where the record lies
  std::uint64_t offset = 0;
  std::string event_id;
  bool operator==(const Hit&) const = default;
};

/// A hit as the matcher hands it out: it points into the batch and into what the matcher keeps until its next hit. A
/// sink that encodes it at once costs no allocation.
struct HitView {
  std::uint32_t rule = 0;  ///< this and what follows: see Hit
  std::uint64_t queries = 0;
  Instant time;
  Duration covers;
  std::string_view event_key;
  const std::vector<Value>& group;
  std::span<const Cell> arguments;
  std::span<const Cell> attributes;
  ProfileView profile;
  std::string_view path;
  std::uint64_t offset = 0;
  std::string_view event_id;
};
/// A copy that owns all of it.
[[nodiscard]] Hit to_hit(const HitView& view);

class HitTexts;

/// Versioned byte form (spill now, wire later). `key` sorts hits of a rule set into operator order: rule, signal key,
/// event time, event key, group. Reading back gives an equal hit. Both texts are overwritten. With `texts` the payload
/// is shortened: it can be read with them alone, and as a StoredHit only.
void encode(const Hit& hit, const std::vector<Value>& signal_key, std::string& key, std::string& payload,
            HitTexts* texts = nullptr);
void encode(const HitView& hit, const std::vector<Value>& signal_key, std::string& key, std::string& payload,
            HitTexts* texts = nullptr);
[[nodiscard]] Result<Hit> decode(std::string_view key, std::string_view payload);
/// The part of a key that is equal for all hits that one operator sees together: rule and signal key. Empty if damaged.
[[nodiscard]] std::string_view partition_of(std::string_view key);

}  // namespace trailhound::engine
