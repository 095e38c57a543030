#include "event/ecs_event_category.h"

#include <string>
#include <unordered_map>

namespace trailhound::event {
namespace {

using Types = std::span<const std::string_view>;

constexpr std::string_view kInfo[] = {"info"};
constexpr std::string_view kCreation[] = {"creation"};
constexpr std::string_view kDeletion[] = {"deletion"};
constexpr std::string_view kChange[] = {"change"};
constexpr std::string_view kAccess[] = {"access"};
constexpr std::string_view kStart[] = {"start"};
constexpr std::string_view kEnd[] = {"end"};
constexpr std::string_view kGroupChange[] = {"group", "change"};
constexpr std::string_view kGroupCreation[] = {"group", "creation"};
constexpr std::string_view kGroupDeletion[] = {"group", "deletion"};
constexpr std::string_view kGroupInfo[] = {"group", "info"};
constexpr std::string_view kUserChange[] = {"user", "change"};
constexpr std::string_view kUserCreation[] = {"user", "creation"};
constexpr std::string_view kUserDeletion[] = {"user", "deletion"};
constexpr std::string_view kUserInfo[] = {"user", "info"};
constexpr std::string_view kAdminCreation[] = {"admin", "creation"};
constexpr std::string_view kAdminChange[] = {"admin", "change"};

// One row a category and list of types: the event names, separated by spaces.
struct CategoryRow {
  std::string_view category;
  Types types;
  std::string_view names;
};

const CategoryRow kCategoryRows[] = {
    {"iam", kGroupChange,
     "AddUserToGroup AttachGroupPolicy DeleteGroupPolicy DetachGroupPolicy PutGroupPolicy RemoveUserFromGroup "
     "UpdateGroup"},
    {"iam", kGroupCreation, "CreateGroup"},
    {"iam", kGroupDeletion, "DeleteGroup"},
    {"iam", kGroupInfo, "GetGroup GetGroupPolicy ListAttachedGroupPolicies ListGroupPolicies ListGroups"},
    {"iam", kUserChange,
     "AttachUserPolicy ChangePassword CreateAccessKey CreateVirtualMFADevice DeactivateMFADevice DeleteAccessKey "
     "DeleteSSHPublicKey DeleteUserPermissionsBoundary DeleteUserPolicy DeleteVirtualMFADevice DetachUserPolicy "
     "EnableMFADevice PutUserPermissionsBoundary PutUserPolicy TagUser UntagUser UpdateAccessKey UpdateLoginProfile "
     "UpdateSSHPublicKey UpdateUser"},
    {"iam", kUserCreation, "CreateUser"},
    {"iam", kUserDeletion, "DeleteUser"},
    {"iam", kUserInfo,
     "GetUser GetUserPolicy ListAttachedUserPolicies ListGroupsForUser ListUserPolicies ListUsers ListUserTags"},
    {"iam", kAdminCreation, "CreateKeyPair"},
    {"iam", kAdminChange,
     "SetDefaultPolicyVersion SetSecurityTokenServicePreferences UpdateAccountPasswordPolicy UpdateRole"},
    {"iam", kInfo, "ListRoles GetPolicy ListAttachedRolePolicies"},
    {"iam", kCreation, "CreatePolicy"},
    {"iam", kChange, "AttachRolePolicy"},
    {"authentication", kInfo, "AssumeRole ConsoleLogin GetCallerIdentity"},
    {"file", kCreation, "CreateBucket CreateDocument"},
    {"file", kDeletion, "DeleteBucket DeleteObject"},
    {"file", kInfo, "ListBuckets ListObjects HeadObject GetObject"},
    {"file", kChange, "PutObject"},
    {"host", kInfo, "DescribeInstances DescribeVolumes ListInstanceAssociations"},
    {"network", kInfo,
     "DescribeSecurityGroups DescribeNetworkInterfaces DescribeVpcs DescribeNetworkAcls DescribeLoadBalancers"},
    {"network", kAccess, "AuthorizeSecurityGroupIngress"},
    {"api", kInfo, "DescribeRegions Publish Converse"},
    {"configuration", kInfo, "DescribeTrails"},
    {"configuration", kCreation, "CreateTopic"},
    {"configuration", kChange, "Subscribe"},
    {"configuration", kDeletion, "DeleteTrail"},
    {"package", kInfo, "ListFunctions"},
    {"database", kInfo, "ListTables DescribeDBInstances"},
    {"process", kStart, "SendCommand"},
    {"session", kStart, "StartSession CreateControlChannel OpenControlChannel CreateDataChannel OpenDataChannel"},
    {"session", kEnd, "TerminateSession"},
};

std::unordered_map<std::string_view, const CategoryRow*> index_rows() {
  std::unordered_map<std::string_view, const CategoryRow*> rows;
  for (const CategoryRow& row : kCategoryRows) {
    std::string_view names = row.names;
    while (!names.empty()) {
      const std::size_t space = names.find(' ');
      rows.emplace(names.substr(0, space), &row);
      names = space == std::string_view::npos ? std::string_view() : names.substr(space + 1);
    }
  }
  return rows;
}

}  // namespace

EventCategory ecs_event_category(std::string_view event_name) {
  static const std::unordered_map<std::string_view, const CategoryRow*> rows = index_rows();
  const auto found = rows.find(event_name);
  if (found == rows.end()) return {"", kInfo};
  return {found->second->category, found->second->types};
}

}  // namespace trailhound::event
