#pragma once
/// Test cases of rules as text: events in a compact shorthand, and the signals that must come of them.
///
///     rule aws-backup-enumeration-multi-region
///     start 2026-03-02T09:00:00Z
///     default service=backup user=u
///
///     case four regions within ten minutes
///       +0    ListBackupVaults region=us-east-1
///       +1m   ListBackupVaults x3 every 30s region=eu-west-#
///       expect medium first=+0 last=+2m events=4
///     case three regions are not enough
///       +0    ListBackupVaults x3 every 1m region=R#
///       expect none
///
/// An event is `TIME NAME [xCOUNT [every SPAN]] [key=value ...]`; times are spans from `start` ("+90", "-3d", "+1h30m",
/// seconds without a unit). `#` in a value or in NAME is the repetition, from 1; `\#` is a `#`. Values with blanks
/// stand in double quotes. Keys:
///   service  eventSource, ".amazonaws.com" added when it has no dot    region, account, ip, agent, id
///   user     an IAM user's name: type, userName and ARN                role  NAME/SESSION of an assumed role
///   key      access key: AKIA or ASIA (an id of that kind), an id, or none; default AKIA for users, ASIA for roles
///   arn      an ARN or none                                            error errorCode or none
/// Any other key is a path in the record: `requestParameters.secretId=db`. `none` removes what is there, with all below
/// it: `userIdentity.userName=none`. `key:=JSON` sets any JSON value; in single quotes everything is literal:
/// `readOnly:=true`, `requestParameters:='{"ids": [1, 2]}'`.
///
/// `default` lines hold for the whole file when they stand before the first case, else for the events below them in
/// their case; a key given again replaces the default and those below it. `exclude QUERY` in a case (Datadog search syntax) hides matching
/// events. `expect none`, or one `expect SEVERITY [first=+0] [last=+3m] [events=4] [group=text]` line a signal; each
/// takes the first signal left (by first_seen) that agrees.
///
/// Grammar errors carry file and line (TH1301).

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/instant.h"
#include "plan/severity.h"

namespace trailhound::run {

struct ExpectedSignal {
  int line = 0;
  plan::Severity severity = plan::Severity::info;
  std::optional<Instant> first_seen;
  std::optional<Instant> last_seen;
  std::optional<std::uint64_t> events;
  std::string group;  ///< must be contained in one of the group's values
};

struct RuleCase {
  std::string name;
  int line = 0;
  std::string records;  ///< JSON lines
  std::vector<std::string> exclusions;
  bool expects_none = false;
  std::vector<ExpectedSignal> expected;
};

struct RuleCaseFile {
  std::string path;
  std::string rule_id;
  std::vector<RuleCase> cases;
};

/// All findings go to diagnostics; a file with errors gives nothing.
[[nodiscard]] std::optional<RuleCaseFile> parse_rule_cases(std::string_view text, const std::string& path,
                                                           Diagnostics& diagnostics);

}  // namespace trailhound::run
