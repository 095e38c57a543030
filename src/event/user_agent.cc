#include "event/user_agent.h"

#include <array>
#include <deque>
#include <mutex>
#include <optional>
#include <span>

#include <re2/re2.h>

#include "event/user_agent_rules.h"

namespace trailhound::event {
namespace {

// A name and its version parts joined by dots.
struct VersionedName {
  std::string name;
  std::string version;
};

class CompiledRule {
 public:
  explicit CompiledRule(const UserAgentRule& rule) : rule_(rule) {}

  [[nodiscard]] std::optional<VersionedName> match(std::string_view text) const {
    if (!text.contains(rule_.needle)) return std::nullopt;
    constexpr int kMaxGroups = 6;
    std::array<re2::StringPiece, kMaxGroups> groups;
    const re2::RE2& pattern = compiled();
    const int count = std::min(kMaxGroups, pattern.NumberOfCapturingGroups() + 1);
    const re2::StringPiece subject(text.data(), text.size());
    if (!pattern.Match(subject, 0, text.size(), re2::RE2::UNANCHORED, groups.data(), count)) return std::nullopt;

    const auto group = [&](int i) {
      const re2::StringPiece& found = groups[static_cast<std::size_t>(i)];
      return i < count && found.data() != nullptr ? std::optional(std::string(found.data(), found.size()))
                                                  : std::nullopt;
    };
    VersionedName result;
    if (rule_.name != nullptr) {
      result.name = rule_.name;
      if (const std::size_t at = result.name.find("$1"); at != std::string::npos) {
        result.name.replace(at, 2, group(1).value_or(""));
      }
    } else if (const auto name = group(1)) {
      result.name = *name;
    } else {
      return std::nullopt;
    }
    if (rule_.version != nullptr) {
      result.version = std::string_view(rule_.version) == "$1" ? group(1).value_or("") : std::string(rule_.version);
      return result;
    }
    for (int i = 2; i < count; ++i) {
      const auto part = group(i);
      if (!part || part->empty()) break;  // a later part without an earlier one is not shown
      if (i > 2) result.version += '.';
      result.version += *part;
    }
    return result;
  }

 private:
  /// Compiled when first needed: most patterns never are.
  const re2::RE2& compiled() const {
    std::call_once(once_, [this] { pattern_.emplace(rule_.pattern, re2::RE2::Quiet); });
    return *pattern_;
  }

  UserAgentRule rule_;
  mutable std::once_flag once_;
  mutable std::optional<re2::RE2> pattern_;
};

using RuleList = std::deque<CompiledRule>;

RuleList list_of(std::span<const UserAgentRule> rules) {
  RuleList list;
  for (const UserAgentRule& rule : rules) list.emplace_back(rule);
  return list;
}

std::optional<VersionedName> first_match(const RuleList& rules, std::string_view text) {
  for (const CompiledRule& rule : rules) {
    if (auto found = rule.match(text)) return found;
  }
  return std::nullopt;
}

void find_product(UserAgent& agent, std::string_view text) {
  static const RuleList products = list_of(user_agent_product_rules());
  if (auto product = first_match(products, text)) {
    agent.name = std::move(product->name);
    agent.version = std::move(product->version);
  }
}

void find_system(UserAgent& agent, std::string_view text) {
  static const RuleList systems = list_of(user_agent_system_rules());
  if (auto system = first_match(systems, text)) {
    agent.os_name = std::move(system->name);
    agent.os_version = std::move(system->version);
    if (!agent.os_version.empty()) agent.os_full = agent.os_name + " " + agent.os_version;
  }
}

void find_device(UserAgent& agent, std::string_view text) {
  static const RuleList devices = list_of(user_agent_device_rules());
  if (auto device = first_match(devices, text)) agent.device = std::move(device->name);
}

}  // namespace

UserAgent parse_user_agent(std::string_view text) {
  UserAgent agent;
  find_product(agent, text);
  find_system(agent, text);
  find_device(agent, text);
  return agent;
}

UserAgent parse_user_agent(std::string_view text, UserAgentPart part) {
  UserAgent agent;
  switch (part) {
    case UserAgentPart::product:
      find_product(agent, text);
      break;
    case UserAgentPart::system:
      find_system(agent, text);
      break;
    case UserAgentPart::device:
      find_device(agent, text);
      break;
  }
  return agent;
}

}  // namespace trailhound::event
