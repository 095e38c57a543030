// Who, where from and how it ended: the profile that a signal shows of its events.

#include "engine/profile.h"

#include <gtest/gtest.h>

#include "base/json_value.h"
#include "fake_events.h"

namespace trailhound::engine::test {
namespace {

using event::Hot;
using Outcome = Profile::Outcome;

TEST(Outcome, OfErrorCodes) {
  const auto expect = [](Outcome outcome, std::initializer_list<const char*> codes) {
    for (const char* code : codes) EXPECT_EQ(outcome_of_error(code), outcome) << code;
  };
  expect(Outcome::denied,
         {"AccessDenied", "AccessDeniedException", "Client.UnauthorizedOperation", "UnauthorizedOperation",
          "UnauthorizedException", "ForbiddenException", "NotAuthorizedException", "AuthorizationError",
          "AuthorizationErrorException", "InsufficientPrivilegesException", "InsufficientPermissionsException",
          "KMSAccessDeniedException", "KmsAccessDenied", "VpceAccessDenied", "OrganizationAccessDeniedException",
          "AccessForbidden", "403", "401"});
  expect(Outcome::failed, {"NoSuchBucketPolicy", "Client.AuthFailure", "ExpiredToken", "ThrottlingException",
                           "Client.InvalidInstanceID.NotFound", "500", "404", "2000", "20", "Server.InternalError"});
  expect(Outcome::ok, {"Client.DryRunOperation", "DryRunOperation", "200", "302", ""});
}

class ProfileTest : public testing::Test {
 protected:
  /// Sets the JSON of the record; hot values are set by hand, as the reader of batches would.
  ProfileView profile(const char* json) {
    const auto root = document.parse(json);
    EXPECT_TRUE(root) << json;
    events.clear();
    events.add(row);
    events.batch.roots[0] = *root;
    events.batch.identities[0] = root->find("userIdentity");
    return profile_of(event::Record(events.batch, 0), arena);
  }
  void set(Hot hot, const char* text) {
    row.hot[static_cast<std::size_t>(hot)] = {Cell::State::values, {std::string(text)}};
  }

  FakeBatch events;
  FakeBatch::Row row;
  json::Document document;
  Arena arena;
};

TEST_F(ProfileTest, TakesHotValues) {
  set(Hot::identity_arn, "arn:a");
  set(Hot::recipient_account, "111122223333");
  set(Hot::region, "eu-west-1");
  set(Hot::source_ip, "AWS Internal");
  set(Hot::user_agent, "Boto3");
  set(Hot::event_name, "ListSecrets");
  const ProfileView view = profile(R"({"userIdentity":{"principalId":"p","accountId":"2"}})");
  EXPECT_EQ(view.principal, "arn:a");
  EXPECT_EQ(view.account, "111122223333");
  EXPECT_EQ(view.region, "eu-west-1");
  EXPECT_EQ(view.source_ip, "AWS Internal");
  EXPECT_EQ(view.user_agent, "Boto3");
  EXPECT_EQ(view.event_name, "ListSecrets");
  EXPECT_EQ(view.outcome, Outcome::ok);
}

TEST_F(ProfileTest, PrincipalWithoutArnIsTheNextBestName) {
  EXPECT_EQ(profile(R"({"userIdentity":{"principalId":"AIDA:x","invokedBy":"i","accountId":"2"}})").principal,
            "AIDA:x");
  EXPECT_EQ(profile(R"({"userIdentity":{"principalId":"","invokedBy":"ec2.amazonaws.com","accountId":"2"}})").principal,
            "ec2.amazonaws.com");
  EXPECT_EQ(profile(R"({"userIdentity":{"accountId":"222"}})").principal, "222");
  EXPECT_EQ(profile(R"({})").principal, "");
  set(Hot::recipient_account, "111");
  EXPECT_EQ(profile(R"({})").principal, "111");
}

TEST_F(ProfileTest, AccountIsTheRecipientElseTheCallers) {
  EXPECT_EQ(profile(R"({"userIdentity":{"accountId":"222"}})").account, "222");
  set(Hot::recipient_account, "111");
  EXPECT_EQ(profile(R"({"userIdentity":{"accountId":"222"}})").account, "111");
  row.hot[static_cast<std::size_t>(Hot::recipient_account)] = {Cell::State::values, {std::int64_t{123}}};
  EXPECT_EQ(profile("{}").account, "123") << "written as a number";
}

TEST_F(ProfileTest, ErrorMessageAloneIsAFailure) {
  EXPECT_EQ(profile(R"({"errorMessage":"Failed authentication"})").outcome, Outcome::failed);
  EXPECT_EQ(profile(R"({"errorMessage":""})").outcome, Outcome::ok);
  EXPECT_EQ(profile(R"({"errorMessage":null})").outcome, Outcome::ok);
  set(Hot::error_code, "Client.DryRunOperation");
  EXPECT_EQ(profile(R"({"errorMessage":"Request would have succeeded"})").outcome, Outcome::ok);
}

TEST_F(ProfileTest, SignInsFailInTheirResponse) {
  set(Hot::event_name, "ConsoleLogin");
  EXPECT_EQ(profile(R"({"responseElements":{"ConsoleLogin":"Failure"}})").outcome, Outcome::failed);
  EXPECT_EQ(profile(R"({"responseElements":{"ConsoleLogin":"Success"}})").outcome, Outcome::ok);
  EXPECT_EQ(profile(R"({"responseElements":null})").outcome, Outcome::ok);
  set(Hot::event_name, "SwitchRole");
  EXPECT_EQ(profile(R"({"responseElements":{"SwitchRole":"Failure"}})").outcome, Outcome::ok) << "of another service";
  set(Hot::event_source, "signin.amazonaws.com");
  EXPECT_EQ(profile(R"({"responseElements":{"SwitchRole":"Failure"}})").outcome, Outcome::failed);
}

TEST_F(ProfileTest, AViewIsACopyOfItsProfile) {
  const Profile profile{"p", "a", "r", "s", "u", "e", Outcome::denied};
  EXPECT_EQ(to_profile(view_of(profile)), profile);
}

}  // namespace
}  // namespace trailhound::engine::test
