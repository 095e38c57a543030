#pragma once
/// What a signal tells about the record behind a hit, whatever the rule: who, where from, what, and how it ended.

#include <string_view>

#include "base/arena.h"
#include "engine/hit.h"
#include "event/batch.h"

namespace trailhound::engine {

/// The parts of a Profile as views into the batch, its dictionaries or the arena.
/// Its texts lie in the batch, its dictionaries or the arena. Empty ones count as absent, as CloudTrail writes them for
/// absent parts of an identity.
[[nodiscard]] ProfileView profile_of(const event::Record& record, Arena& arena);

/// What an errorCode says:
///   - `Client.DryRunOperation` is a dry run that would have succeeded: ok;
///   - three digits are an HTTP status (managed Grafana): below 400 ok, 401 and 403 denied, else failed;
///   - a refusal of authorisation by its name (AccessDenied..., ...UnauthorizedOperation, ...): denied;
///   - anything else: failed. Failed authentication (AuthFailure, ExpiredToken) is not a refusal of authorisation.
[[nodiscard]] Profile::Outcome outcome_of_error(std::string_view error_code);

}  // namespace trailhound::engine
