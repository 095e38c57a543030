#include "event/registered_domain.h"

#include <libpsl.h>

#include "base/ascii.h"

namespace trailhound::event {
namespace {

/// More labels than any rule of the list has: what lies before the last ones cannot match.
constexpr std::size_t kMostLabels = 16;

enum class Rule : std::uint8_t { none, icann, private_suffix };

/// The rule that makes exactly this name a suffix. "*.ck" asks for the wildcard below ck.
Rule rule_of(const std::string& name) {
  // Of these libpsl would read another name.
  if (name.empty() || name.starts_with('.') || name.ends_with('.') || name.contains('\0')) return Rule::none;
  const psl_ctx_t* list = psl_builtin();
  if (psl_is_public_suffix2(list, name.c_str(), PSL_TYPE_PRIVATE | PSL_TYPE_NO_STAR_RULE)) return Rule::private_suffix;
  return psl_is_public_suffix2(list, name.c_str(), PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) ? Rule::icann : Rule::none;
}

/// What a rule says of a name: nothing, that it is a suffix, or that it is a domain.
enum class Verdict : std::uint8_t { unknown, suffix, domain };

Verdict verdict_of(Rule rule) { return rule == Rule::private_suffix ? Verdict::domain : Verdict::suffix; }

Verdict judge(const std::string& name) {
  const Rule rule = rule_of(name);
  const std::size_t dot = name.find('.');
  const Rule wildcard = dot == std::string::npos ? Rule::none : rule_of("*." + name.substr(dot + 1));
  if (wildcard != Rule::none) {
    // The list names exceptions only below wildcards, and libpsl calls them no suffixes.
    return rule == Rule::none ? Verdict::domain : verdict_of(rule);
  }
  // To libpsl the wildcard below a name makes the name itself a suffix.
  if (rule == Rule::none || rule_of("*." + name) != Rule::none) return Verdict::unknown;
  return verdict_of(rule);
}

/// Where the part of the name begins that has at most so many labels.
std::size_t begin_of_last(std::string_view name, std::size_t labels) {
  std::size_t at = name.size();
  for (; labels > 0 && at != 0; --labels) {
    const std::size_t dot = name.rfind('.', at - 1);
    if (dot == std::string_view::npos) return 0;
    if (labels == 1) return dot + 1;
    at = dot;
  }
  return 0;
}

/// A suffix with the label before it, or what a private rule or an exception names. Nothing for a suffix by itself; the
/// last label where no rule matches.
std::optional<std::string> domain_root(std::string_view name) {
  if (name.starts_with('.')) return std::nullopt;
  const std::string lower = lower_ascii(name);
  std::optional<std::string> longer;
  std::size_t begin = begin_of_last(lower, kMostLabels + 1);
  for (;;) {
    std::string segment = lower.substr(begin);
    switch (judge(segment)) {
      case Verdict::domain:
        return segment;
      case Verdict::suffix:
        return longer;
      case Verdict::unknown:
        break;
    }
    longer = std::move(segment);
    const std::size_t dot = lower.find('.', begin);
    if (dot == std::string::npos) return longer;
    begin = dot + 1;
  }
}

}  // namespace

std::optional<RegisteredDomain> parse_registered_domain(std::string_view name) {
  const auto root = domain_root(name);
  if (!root) {
    // A dot in front of a suffix is no label; in front of anything else it makes the name a wrong one.
    if (domain_root(name.starts_with('.') ? name.substr(1) : name)) return std::nullopt;
    return RegisteredDomain{.registered_domain = {}, .top_level_domain = std::string(name), .subdomain = {}};
  }
  const std::size_t dot = root->find('.');
  if (dot == std::string::npos || dot + 1 == root->size()) return std::nullopt;
  RegisteredDomain parts{.registered_domain = *root, .top_level_domain = root->substr(dot + 1), .subdomain = {}};
  const std::size_t before = name.rfind("." + *root);
  if (before != std::string_view::npos && before > 0) parts.subdomain = name.substr(0, before);
  return parts;
}

}  // namespace trailhound::event
