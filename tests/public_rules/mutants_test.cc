/// Whether the cases look at all of a rule's filter: each condition, each alternative and each value of a list matters
/// to some event of a case. A filter without it must give another answer there. So each condition has a near-miss: an
/// event that lacks nothing else.

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/evaluator.h"
#include "event/records.h"
#include "public_rules/loaded_rules.h"
#include "public_rules/mutants.h"
#include "public_rules/slow_twin.h"

namespace trailhound {
namespace {

/// Parts that no event can notice, as something else in the rule says the same.
struct Unnoticed {
  std::string_view file;  ///< its name begins so; empty: any
  std::string_view part;  ///< what is printed begins so (of an operator: holds this)
};
constexpr Unnoticed kUnnoticed[] = {
    // All documents are of this data set, and all have a call.
    {"", "(exists ecs:data_stream.dataset "},
    {"", "(exists ecs:event.dataset "},
    {"", "(= (single ecs:data_stream.dataset) "},
    {"", "(= (single ecs:event.dataset) "},
    {"ml_cloudtrail_rare_method_", "(present value ecs:event.action)"},
    // The call decides the category and the type, and what is told about a login is there for that call alone.
    {"", "(exists ecs:event.category "},
    {"", "(exists ecs:event.type "},
    {"initial_access_iam_user_console_login_without_mfa", "(exists ecs:event.action "},
    // A call succeeds or fails; with an error code it fails.
    {"defense_evasion_ec2_nacl_all_traffic_allowed_new_identity", "(exists ecs:event.outcome "},
    {"discovery_iam_principal_enumeration_via_update_assume_role_policy", "(exists ecs:event.outcome "},
    {"persistence_bedrock_foundation_model_access_denied_attempt", "(exists ecs:event.outcome "},
    {"persistence_bedrock_resource_based_policy_denied_attempt", "(exists ecs:event.outcome "},
    // What is cut from a text needs the text, and two values that differ need both.
    {"execution_lambda_function_invoked_cross_account", "(present value "},
    {"exfiltration_bedrock_high_frequency_inference_api_probing",
     "(present value ecs:aws.cloudtrail.request_parameters"},
    {"impact_s3_static_site_js_file_uploaded", "(match (single ecs:aws.cloudtrail.request_parameters) "},
    // The network comes from the address.
    {"initial_access_iam_session_token_used_from_multiple_addresses", "(present value ecs:source.ip)"},
    // A word within another word of the list.
    {"defense_evasion_iam_managed_policy_deleted_unusual_identity", "(match %0 * \"Guardrail\" *)"},
    {"defense_evasion_iam_managed_policy_deleted_unusual_identity", "(match %0 * \"guardrail\" *)"},
    // An account's id is never empty.
    {"exfiltration_s3_bucket_policy_added_for_external_account_access", "(!= %0::keyword \"\")"},
    // This browser says that it is Chrome.
    {"credential_access_rapid_secret_retrieval_attempts_from_secretsmanager", "Brave"},
};

bool can_be_noticed(const run::RuleCaseFile& file, const Mutant& mutant) {
  return std::ranges::none_of(kUnnoticed, [&](const Unnoticed& known) {
    return file.path.starts_with(known.file) && mutant.without.starts_with(known.part);
  });
}

bool passes(const plan::Expr& filter, const event::Record& record) {
  Arena arena;
  engine::EvaluationContext context{.record = &record, .arena = arena};
  return engine::truth(filter, context) == Truth::yes;
}

/// Drops the mutants that give another answer than the filter for some record.
void drop_noticed(const plan::Expr& filter, const std::string& records, std::vector<Mutant>& mutants) {
  event::BatchReader reader;
  (void)event::read_window(reader, as_array(records), [&](event::Batch& batch) {
    for (std::size_t row = 0; row < batch.size(); ++row) {
      const event::Record record(batch, row);
      const bool answer = passes(filter, record);
      std::erase_if(mutants, [&](const Mutant& mutant) { return passes(mutant.expression, record) != answer; });
    }
  });
}

TEST_F(PublicRules, MatterInEveryPart) {
  std::size_t all = 0;
  for (const run::RuleCaseFile& file : files) {
    const rule::RuleRef rule = rule_of(file);
    if (!rule) continue;
    for (const plan::Query& query : rule->plan.queries) {
      std::vector<Mutant> mutants = mutants_of(query.filter);
      std::erase_if(mutants, [&](const Mutant& mutant) { return !can_be_noticed(file, mutant); });
      all += mutants.size();
      for (const run::RuleCase& c : file.cases) drop_noticed(query.filter, c.records, mutants);
      for (const Mutant& mutant : mutants) {
        ADD_FAILURE() << file.path << ": no event notices that this is missing: " << mutant.without;
      }
    }
  }
  std::cout << all << " conditions, alternatives and values of filters matter to some event\n";
}

/// The same for what an operator does. So many distinct values cannot be among fewer events; what is one in a hundred
/// and there twice has a hundred others; a time that is missing is not later; the window is shorter than the hour.
constexpr Unnoticed kUnnoticedBounds[] = {
    {"discovery_ec2_multi_region_describe_instances", "\"Esql.event_count\""},
    {"discovery_servicequotas_multi_region_service_quota_requests", "\"Esql.event_count\""},
    {"initial_access_aws_api_unusual_asn", "\"Esql.has_trusted_cloud_asn\""},
    {"initial_access_aws_api_unusual_asn", "\"Esql.untrusted_event_count\""},
    {"initial_access_aws_api_unusual_asn", "\"Esql.trusted_cloud_event_count\""},
    {"initial_access_github_actions_oidc_credentials_used_from_suspicious_network", "\"Esql.has_suspicious_asn\""},
    {"persistence_iam_user_self_created_access_key_subsequently_used", "key_creation_count\""},
    {"persistence_iam_user_self_created_access_key_subsequently_used", "key_use_count\""},
    {"persistence_iam_user_self_created_access_key_subsequently_used", "date_diff"},
};

bool can_be_noticed(const run::RuleCaseFile& file, const PlanMutant& mutant) {
  return std::ranges::none_of(kUnnoticedBounds, [&](const Unnoticed& known) {
    return file.path.starts_with(known.file) && mutant.change.find(known.part) != std::string::npos;
  });
}

TEST_F(PublicRules, MatterInEveryBound) {
  std::size_t all = 0;
  for (const run::RuleCaseFile& file : files) {
    const rule::RuleRef rule = rule_of(file);
    if (!rule) continue;
    std::vector<std::string> findings;
    std::vector<PlanMutant> mutants = operator_mutants_of(rule->plan);
    std::erase_if(mutants, [&](const PlanMutant& mutant) { return !can_be_noticed(file, mutant); });
    if (mutants.empty()) continue;
    all += mutants.size();
    for (const run::RuleCase& c : file.cases) findings.push_back(find_slowly(rule, c.records));
    for (PlanMutant& mutant : mutants) {
      auto other = std::make_shared<rule::Rule>(*rule);
      other->plan = std::move(mutant.plan);
      bool noticed = false;
      for (std::size_t i = 0; i < findings.size() && !noticed; ++i) {
        noticed = find_slowly(other, file.cases[i].records) != findings[i];
      }
      EXPECT_TRUE(noticed) << file.path << ": no case notices " << mutant.change;
    }
  }
  std::cout << all << " bounds and parts of keys matter to some case\n";
}

}  // namespace
}  // namespace trailhound
