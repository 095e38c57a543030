#pragma once
/// The ordered rules behind parse_user_agent. The first rule of a list that matches anywhere in the text wins.

#include <span>

namespace trailhound::event {

/// Group 1 of the pattern is the name, further groups are the parts of the version. `name` and `version` replace what
/// the pattern found; "$1" in `name` stands for group 1. `needle` must occur in every text that the pattern matches:
/// a cheap test before it; empty means "always try".
struct UserAgentRule {
  const char* needle = nullptr;
  const char* pattern = nullptr;
  const char* name = nullptr;
  const char* version = nullptr;
};

[[nodiscard]] std::span<const UserAgentRule> user_agent_product_rules();
[[nodiscard]] std::span<const UserAgentRule> user_agent_system_rules();
[[nodiscard]] std::span<const UserAgentRule> user_agent_device_rules();

}  // namespace trailhound::event
