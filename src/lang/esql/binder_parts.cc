// URI_PARTS, USER_AGENT and REGISTERED_DOMAIN: commands that take a text apart into columns with fixed names,
// `prefix.part`.

#include <array>
#include <functional>
#include <optional>
#include <set>
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

/// The groups that USER_AGENT's option "properties" names: a part by itself, or all that begin with it.
bool is_group(std::string_view name) { return name == "name" || name == "version" || name == "os" || name == "device"; }
std::string_view group_of(const Part& part) { return part.name.substr(0, part.name.find('.')); }

/// Functions of the plan that no query can call by name.
constexpr FunctionSignature kUriPart{"uri_part", FunctionKind::scalar, "ss", "s"};
constexpr FunctionSignature kUserAgentPart{"user_agent_part", FunctionKind::scalar, "ss", "s"};
constexpr FunctionSignature kRegisteredDomainPart{"registered_domain_part", FunctionKind::scalar, "ss", "s"};

const FunctionSignature& function_of(std::string_view command) {
  if (command == "uri_parts") return kUriPart;
  return command == "user_agent" ? kUserAgentPart : kRegisteredDomainPart;
}

}  // namespace

/// What USER_AGENT's options ask for; nothing means all. Other files of rules and the kind of device are refused.
std::optional<std::set<std::string, std::less<>>> Binder::part_groups(const Extract& extract, const BoundStep& step) {
  std::optional<std::set<std::string, std::less<>>> groups;
  for (const MapEntry& option : extract.options) {
    const bool plain = option.nested.empty() && !option.list;
    const auto* truth = plain ? std::get_if<bool>(&option.value.value) : nullptr;
    if (extract.command == "user_agent" && option.key == "properties" && option.list) {
      groups.emplace();
      for (const Literal& element : *option.list) {
        const auto* name = std::get_if<std::string>(&element.value);
        if (name != nullptr && is_group(*name)) {
          groups->insert(*name);
          continue;
        }
        reporter_.error(codes::kValue, step.at, step.name + ": properties must be of name, version, os and device");
      }
    } else if (extract.command != "user_agent" || option.key != "extract_device_type" || truth == nullptr || *truth) {
      reporter_.error(codes::kNotSupported, step.at,
                      "the option " + option.key + " of " + step.name + " is not supported",
                      extract.command == "user_agent" ? "properties is" : "");
    }
  }
  return groups;
}

void Binder::bind_parts(const Extract& extract, BoundStep& step) {
  if (extract.command == "ip_location") return bind_location(extract, step);
  auto input = bind(*extract.input);
  if (input && !is_string(input->type) && input->type != LogicalType::null) {
    reporter_.error(codes::kArgumentType, at(*extract.input),
                    step.name + " only supports KEYWORD or TEXT values, found expression [" +
                        source_of(*extract.input) + "] type [" + upper_name(input->type) + "]");
    input = nullptr;
  }
  const auto groups = part_groups(extract, step);
  BoundEval eval;
  for (const Part& part : kParts) {
    if (part.command != extract.command || (groups && !groups->contains(group_of(part)))) continue;
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
