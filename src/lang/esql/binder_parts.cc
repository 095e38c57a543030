// URI_PARTS, USER_AGENT and REGISTERED_DOMAIN: commands that take a text apart into columns with fixed names,
// `prefix.part`.

#include <array>
#include <utility>

#include "lang/esql/binder_state.h"
#include "lang/esql/codes.h"

namespace trailhound::esql {
namespace {

struct Part {
  std::string_view command;
  std::string_view name;
  LogicalType type = LogicalType::keyword;
};
constexpr auto kParts = std::to_array<Part>({
    {"uri_parts", "domain"},
    {"uri_parts", "fragment"},
    {"uri_parts", "path"},
    {"uri_parts", "extension"},
    {"uri_parts", "port", LogicalType::integer},
    {"uri_parts", "query"},
    {"uri_parts", "scheme"},
    {"uri_parts", "user_info"},
    {"uri_parts", "username"},
    {"uri_parts", "password"},
    {"user_agent", "name"},
    {"user_agent", "version"},
    {"user_agent", "os.name"},
    {"user_agent", "os.version"},
    {"user_agent", "os.full"},
    {"user_agent", "device.name"},
    {"registered_domain", "domain"},
    {"registered_domain", "registered_domain"},
    {"registered_domain", "top_level_domain"},
    {"registered_domain", "subdomain"},
});

/// Functions of the plan that no query can call by name.
constexpr FunctionSignature kUriPart{"uri_part", FunctionKind::scalar, "ss", "s"};
constexpr FunctionSignature kUserAgentPart{"user_agent_part", FunctionKind::scalar, "ss", "s"};
constexpr FunctionSignature kRegisteredDomainPart{"registered_domain_part", FunctionKind::scalar, "ss", "s"};

const FunctionSignature& function_of(std::string_view command) {
  if (command == "uri_parts") return kUriPart;
  return command == "user_agent" ? kUserAgentPart : kRegisteredDomainPart;
}

}  // namespace

void Binder::bind_parts(const Extract& extract, BoundStep& step) {
  if (extract.command == "ip_location") return bind_location(extract, step);
  auto input = bind(*extract.input);
  if (input && !is_string(input->type) && input->type != LogicalType::null) {
    reporter_.error(codes::kArgumentType, at(*extract.input),
                    step.name + " only supports KEYWORD or TEXT values, found expression [" +
                        source_of(*extract.input) + "] type [" + upper_name(input->type) + "]");
    input = nullptr;
  }
  if (!extract.options.empty()) {
    reporter_.error(codes::kNotSupported, step.at, "the options of " + step.name + " are not supported");
  }
  BoundEval eval;
  for (const Part& part : kParts) {
    if (part.command != extract.command) continue;
    Attribute target = new_attribute(extract.prefix.text + "." + std::string(part.name), part.type);
    BoundPtr value;
    if (input) {
      auto name = make(*extract.input, Operation::constant, LogicalType::keyword);
      name->constant = {std::string(part.name)};
      auto call = make(*extract.input, Operation::call, part.type);
      // Warnings are about the command as a whole.
      call->at = step.at;
      call->source = step.source;
      call->function = &function_of(extract.command);
      call->operands = {input, std::move(name)};
      value = std::move(call);
    }
    eval.assignments.push_back({target, std::move(value)});
  }
  for (const auto& assignment : eval.assignments) scope_.define(assignment.target);
  step.node = std::move(eval);
}

}  // namespace trailhound::esql
