#pragma once
/// The variables that a Datadog title or message shows, so that their values are read from the events.
///
///     find_template_variables("{{@userIdentity.arn}} in {{#is_match \"@awsRegion\" \"eu\"}}…")
///         == {"@userIdentity.arn", "@awsRegion"}

#include <string>
#include <string_view>
#include <vector>

namespace trailhound::rule {

/// Names as written between the braces, trimmed; each once, in order of appearance. Arguments of blocks and helpers
/// (`{{#if @x}}`, `{{urlencode "@x"}}`) count, the closing `{{/if}}` and what stands between `{{{{raw}}}}` and
/// `{{{{/raw}}}}` do not.
[[nodiscard]] std::vector<std::string> find_template_variables(std::string_view text);

/// Where a variable's value comes from: a name of Datadog's view ("@userIdentity.arn", "host"), or "" for a variable
/// that the engine itself knows (severity, first_seen, ...). `{{host.name}}` and `{{[a.b].name}}` name the tags host
/// and a.b;
/// `@@x` is taken for the slip that it is.
[[nodiscard]] std::string attribute_of_variable(std::string_view variable);

}  // namespace trailhound::rule
