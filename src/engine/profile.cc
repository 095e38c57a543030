#include "engine/profile.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace trailhound::engine {
namespace {

using event::Hot;

/// The first value of a cell as text; "" if it has none.
std::string_view text_of(const Cell& cell, Arena& arena) {
  if (!cell.has_values()) return {};
  const Scalar& first = cell.values()[0];
  if (const auto* text = std::get_if<std::string_view>(&first)) return *text;
  return arena.copy(std::string_view(to_text(first)));
}

std::string_view text_of(json::Value value) { return value.string().value_or(std::string_view{}); }

std::string_view account_of(const event::Record& record, Arena& arena) {
  const std::string_view recipient = text_of(record.hot(Hot::recipient_account), arena);
  return recipient.empty() ? text_of(record.identity().find("accountId")) : recipient;
}

std::string_view principal_of(const event::Record& record, Arena& arena) {
  if (const auto arn = text_of(record.hot(Hot::identity_arn), arena); !arn.empty()) return arn;
  for (const char* name : {"principalId", "invokedBy", "accountId"}) {
    if (const auto text = text_of(record.identity().find(name)); !text.empty()) return text;
  }
  return text_of(record.hot(Hot::recipient_account), arena);
}

/// Sign-in events (ConsoleLogin, SwitchRole, CheckMfa, ...) carry no error: the response's member of the event's name
/// says Success or Failure.
bool failed_sign_in(const event::Record& record, std::string_view event_name, Arena& arena) {
  if (event_name != "ConsoleLogin" && text_of(record.hot(Hot::event_source), arena) != "signin.amazonaws.com") {
    return false;
  }
  return text_of(record.member(event::Member::response_elements).find(event_name)) == "Failure";
}

Profile::Outcome outcome_of(const event::Record& record, std::string_view event_name, Arena& arena) {
  const std::string_view code = text_of(record.hot(Hot::error_code), arena);
  if (!code.empty()) return outcome_of_error(code);
  if (!text_of(record.member(event::Member::error_message)).empty()) return Profile::Outcome::failed;
  return failed_sign_in(record, event_name, arena) ? Profile::Outcome::failed : Profile::Outcome::ok;
}

bool is_http_status(std::string_view code) { return code.size() == 3 && std::ranges::all_of(code, is_digit); }

bool is_denial(std::string_view code) {
  constexpr std::array<std::string_view, 7> kMarks = {
      "AccessDenied",       "NotAuthorized",          "Unauthorized",         "Forbidden",
      "AuthorizationError", "InsufficientPermission", "InsufficientPrivilege"};
  return std::any_of(kMarks.begin(), kMarks.end(),
                     [&](std::string_view mark) { return code.find(mark) != std::string_view::npos; });
}

}  // namespace

Profile::Outcome outcome_of_error(std::string_view error_code) {
  constexpr std::string_view kClient = "Client.";
  if (error_code.starts_with(kClient)) error_code.remove_prefix(kClient.size());
  if (error_code.empty() || error_code == "DryRunOperation") return Profile::Outcome::ok;
  if (is_http_status(error_code)) {
    if (error_code == "401" || error_code == "403") return Profile::Outcome::denied;
    return error_code < "400" ? Profile::Outcome::ok : Profile::Outcome::failed;
  }
  return is_denial(error_code) ? Profile::Outcome::denied : Profile::Outcome::failed;
}

ProfileView profile_of(const event::Record& record, Arena& arena) {
  ProfileView view;
  view.principal = principal_of(record, arena);
  view.account = account_of(record, arena);
  view.region = text_of(record.hot(Hot::region), arena);
  view.source_ip = text_of(record.hot(Hot::source_ip), arena);
  view.user_agent = text_of(record.hot(Hot::user_agent), arena);
  view.event_name = text_of(record.hot(Hot::event_name), arena);
  view.outcome = outcome_of(record, view.event_name, arena);
  return view;
}

}  // namespace trailhound::engine
