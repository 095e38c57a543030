#pragma once
/// Titles and messages of rules: text with variables in double braces.
///
///     {{@userIdentity.arn}} {{name}} {{host.name}}   a variable; several values are joined by ", ", ten at most
///     {{severity}} {{rule_name}} {{first_seen}} ...  what signal.cc provides by name
///     {{eval "first_seen_epoch-15*60*1000"}}         arithmetic: template_arithmetic.h
///     {{local_time "first_seen" "Asia/Tokyo"}}       yyyy-MM-dd HH:mm:ss+09:00; UTC where the zone is not known
///     {{urlencode "var"}}                            percent-encoded
///     {{#is_match "var" "part"}} A {{else}} B {{/is_match}}   any value contains any of the texts; ^is_match negates
///     {{#is_exact_match "var" "text"}} ... {{/is_exact_match}}  any value equals; "" stands for no value at all
///     {{#if @var}} ... {{/if}}  {{#is_attribute "@var"}} ... {{/is_attribute}}   there is a value
///     {{{{raw}}}} {{as it stands}} {{{{/raw}}}}
///
/// What is unknown renders as nothing; what is no tag stays as it is. Nothing is escaped: a view of Markdown or HTML
/// must do that. Rendering never fails, takes time linear in the text, and its output is cut at kMaxRendered bytes.

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"

namespace trailhound::signal {

struct TemplateVariables {
  std::map<std::string, std::vector<std::string>, std::less<>> texts;
  std::map<std::string, Instant, std::less<>> times;  ///< for local_time; their texts are in `texts` too

  /// The values of a variable as a template names it: "@a.b", "name", "key.name", "[dotted.key].name",
  /// "@triggering_event.b". Null if unknown.
  [[nodiscard]] const std::vector<std::string>* find(std::string_view name) const;
};

inline constexpr std::size_t kMaxRendered = 256 * 1024;

/// Whether the text has anything that variables could change.
[[nodiscard]] inline bool is_template(std::string_view text) { return text.find("{{") != std::string_view::npos; }

[[nodiscard]] std::string render(std::string_view text, const TemplateVariables& variables);

/// "a, b, c"; after the tenth value ", …".
[[nodiscard]] std::string join_values(const std::vector<std::string>& values);

}  // namespace trailhound::signal
