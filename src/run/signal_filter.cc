#include "run/signal_filter.h"

#include <algorithm>
#include <string_view>

namespace trailhound::run {
namespace {

bool contains(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

bool any_common(const std::vector<std::string>& wanted, const std::vector<std::string>& present) {
  return std::any_of(present.begin(), present.end(), [&](const std::string& text) { return contains(wanted, text); });
}

bool names(const std::vector<std::string>& wanted, std::string_view arn) {
  return std::any_of(wanted.begin(), wanted.end(), [&](const std::string& name) {
    return arn == name || (arn.size() > name.size() && arn.ends_with(name) && arn[arn.size() - name.size() - 1] == ':');
  });
}

}  // namespace

bool SignalFilter::admits(const signal::Signal& signal) const {
  return (accounts.empty() || contains(accounts, signal.account)) &&
         (regions.empty() || any_common(regions, signal.regions)) &&
         (principals.empty() || names(principals, signal.principal)) &&
         (addresses.empty() || any_common(addresses, signal.source_ips)) && (!from || signal.last_seen >= *from);
}

}  // namespace trailhound::run
