#include "event/ecs_entities.h"

#include <gtest/gtest.h>

#include "event/ecs_testing.h"

namespace trailhound::event {
namespace {

using EcsEntities = EcsDocumentTest;

TEST(EcsEntityClass, ComesFromTheFormOfATarget) {
  const std::pair<const char*, EntityClass> cases[] = {
      {"arn:aws:iam::1:user/a", EntityClass::user},
      {"arn:aws:iam::1:role/r", EntityClass::user},
      {"arn:aws:iam::1:mfa/m", EntityClass::user},
      {"arn:aws:iam::1:role/aws-service-role/x/AWSServiceRoleForX", EntityClass::service},
      {"arn:aws:ec2:r:1:instance/i-1", EntityClass::host},
      {"arn:aws:s3:::bucket/key", EntityClass::service},
      {"arn:aws:kms:r:1:key/k", EntityClass::service},
      {"arn:aws:lambda:r:1:function:f", EntityClass::service},
      {"arn:aws:sns:r:1:topic-name", EntityClass::generic},
      {"arn:short", EntityClass::generic},
      {"AKIA0123456789ABCDEF", EntityClass::user},
      {"AKIA", EntityClass::generic},
      {"i-0123", EntityClass::host},
      {"sg-1", EntityClass::service},
      {"tgw-1", EntityClass::service},
      {"111122223333", EntityClass::generic},
      {"alice", EntityClass::generic}};
  for (const auto& [id, wanted] : cases) EXPECT_EQ(class_of_target(id), wanted) << id;
}

TEST(EcsEntityClass, OfAnActorComesFromItsTypeFirst) {
  EXPECT_EQ(class_of_actor("arn:aws:iam::1:user/a", "AWSService"), EntityClass::service);
  EXPECT_EQ(class_of_actor("arn:aws:sts::1:assumed-role/AWSServiceRoleForX/s", "AssumedRole"), EntityClass::service);
  EXPECT_EQ(class_of_actor("anything", "Root"), EntityClass::user);
  EXPECT_EQ(class_of_actor("arn:aws:sts::1:federated-user/f", "FederatedUser"), EntityClass::user);
  EXPECT_EQ(class_of_actor("arn:aws:ec2:r:1:instance/i-1", ""), EntityClass::host);
  EXPECT_EQ(class_of_actor("i-1", "Unknown"), EntityClass::host);
  EXPECT_EQ(class_of_actor("u-1", "IdentityCenterUser"), EntityClass::generic);
}

TEST_F(EcsEntities, NameActorTargetAndRelated) {
  build(R"({"eventName":"CreateAccessKey","eventSource":"iam.amazonaws.com",
    "userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::1:user/alice","accessKeyId":"AKIAX","userName":"alice"},
    "requestParameters":{"userName":"bob"},
    "responseElements":{"accessKey":{"accessKeyId":"AKIA0123456789ABCDEF","userName":"bob"}}})");
  EXPECT_EQ(at("actor.entity.id"), R"(["arn:aws:iam::1:user/alice"])");
  EXPECT_EQ(at("user.entity.id"), R"(["arn:aws:iam::1:user/alice"])");
  EXPECT_EQ(at("target.entity.id"), R"(["AKIA0123456789ABCDEF","bob"])");
  EXPECT_EQ(at("user.target.entity.id"), R"(["AKIA0123456789ABCDEF"])");
  EXPECT_EQ(at("entity.target.id"), R"(["bob"])");
  EXPECT_EQ(at("related.entity"), R"(["AKIA0123456789ABCDEF","AKIAX","alice","arn:aws:iam::1:user/alice","bob"])");
}

TEST_F(EcsEntities, AreLeftOutOnRequestAndWithoutAName) {
  const char* record = R"({"eventName":"A","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::1:user/a"}})";
  build(record, {.entities = false});
  EXPECT_EQ(at("actor"), "absent");
  EXPECT_EQ(at("related"), "absent");
  build(R"({"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::1:user/a"}})");
  EXPECT_EQ(at("actor"), "absent");
}

TEST_F(EcsEntities, HoldTheRoleOfASession) {
  build(R"({"eventName":"ListBuckets","eventSource":"s3.amazonaws.com","recipientAccountId":"1","userIdentity":{
    "type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/R/s",
    "sessionContext":{"sessionIssuer":{"arn":"arn:aws:iam::1:role/R","userName":"R"}}}})");
  EXPECT_EQ(at("actor.entity.id"), R"(["arn:aws:sts::1:assumed-role/R/s"])");
  EXPECT_EQ(at("user.entity.id"), R"(["arn:aws:iam::1:role/R"])");
  EXPECT_EQ(at("entity.target.id"), R"(["1"])");
  EXPECT_EQ(at("related.entity"), R"(["1","R","arn:aws:iam::1:role/R","arn:aws:sts::1:assumed-role/R/s"])");
}

TEST_F(EcsEntities, ChooseTheActorOfAssumeRole) {
  build(R"({"eventName":"AssumeRole","eventSource":"sts.amazonaws.com","userIdentity":{"type":"AWSService",
    "invokedBy":"ec2.amazonaws.com"},"requestParameters":{"roleArn":"arn:aws:iam::1:role/R"}})");
  EXPECT_EQ(at("service.entity.id"), R"(["ec2.amazonaws.com"])");
  EXPECT_EQ(at("user.target.entity.id"), R"(["arn:aws:iam::1:role/R"])");
  build(R"({"eventName":"AssumeRole","eventSource":"sts.amazonaws.com","userIdentity":{"type":"AssumedRole",
    "arn":"arn:aws:sts::1:assumed-role/R/s","sessionContext":{"sessionIssuer":{"arn":"arn:aws:iam::1:role/R"}}}})");
  EXPECT_EQ(at("actor.entity.id"), R"(["arn:aws:iam::1:role/R"])");
}

TEST_F(EcsEntities, LoseTheRestOfAGroupAfterARepetition) {
  // Both rules belong to one security group: of the second, nothing is added after the repeated sg-1.
  build(R"({"eventName":"AuthorizeSecurityGroupIngress","eventSource":"ec2.amazonaws.com",
    "requestParameters":{"groupId":"sg-9"},
    "responseElements":{"securityGroupRuleSet":{"items":[
      {"groupId":"sg-1","referencedGroupInfo":{"groupId":"sg-2"},"securityGroupRuleId":"sgr-1"},
      {"groupId":"sg-1","referencedGroupInfo":{"groupId":"sg-3"},"securityGroupRuleId":"sgr-2"},
      {"groupId":"sg-4","securityGroupRuleId":"sgr-3"}]}}})");
  EXPECT_EQ(at("target.entity.id"), R"(["sg-9","sgr-1","sgr-2","sgr-3"])") << "targets are no group";
  EXPECT_EQ(at("related.entity"), R"(["sg-1","sg-2","sg-4","sg-9","sgr-1","sgr-2","sgr-3"])");
}

TEST_F(EcsEntities, ReadInstancesOfEc2) {
  build(R"({"eventName":"RunInstances","eventSource":"ec2.amazonaws.com","responseElements":{"instancesSet":{"items":[
    {"subnetId":"subnet-1","vpcId":"vpc-1","instanceId":"i-1","imageId":"ami-1",
     "networkInterfaceSet":{"items":[{"networkInterfaceId":"eni-1","vpcId":"vpc-1","subnetId":"subnet-2",
       "groupSet":{"items":[{"groupId":"sg-1"}]}}]}}]}}})");
  EXPECT_EQ(at("related.entity"), R"(["ami-1","eni-1","i-1","sg-1","subnet-1","vpc-1"])");
  EXPECT_EQ(at("target"), "absent");
}

TEST_F(EcsEntities, SendCommandsToInstancesOrToTheAccount) {
  const std::string head = R"({"eventName":"SendCommand","eventSource":"ssm.amazonaws.com","recipientAccountId":"1",)";
  build(head + R"("requestParameters":{"instanceIds":["i-2","i-1"]}})");
  EXPECT_EQ(at("host.target.entity.id"), R"(["i-1","i-2"])");
  EXPECT_EQ(at("host.target.id"), R"(["i-1","i-2"])");
  build(head + R"("requestParameters":{"targets":[{"key":"tag","values":["a"]},{"values":["b"]}]}})");
  EXPECT_EQ(at("entity.target.id"), R"(["a","b"])");
  build(head + R"("requestParameters":{"instanceIds":["*"]}})");
  EXPECT_EQ(at("entity.target.id"), R"(["1"])");
  build(head + R"("requestParameters":{"instanceIds":["i-1","i-1","i-2"]}})");
  EXPECT_EQ(at("target.entity.id"), R"(["i-1"])") << "a group ends at a repetition";
}

TEST_F(EcsEntities, CutInstanceIdsOutOfArns) {
  build(R"({"eventName":"OpenControlChannel","eventSource":"ssm.amazonaws.com",
            "resources":[{"ARN":"arn:aws:ec2:r:1:instance/i-1"}]})");
  EXPECT_EQ(at("host.target.entity.id"), R"(["arn:aws:ec2:r:1:instance/i-1"])");
  EXPECT_EQ(at("host.target.id"), R"(["i-1"])");
  // Instances of other services are hosts, but have no id of EC2.
  build(R"({"eventName":"OpenControlChannel","eventSource":"ssm.amazonaws.com",
            "resources":[{"ARN":"arn:aws:opsworks:r:1:instance/i-1"}]})");
  EXPECT_EQ(at("host.target.entity.id"), R"(["arn:aws:opsworks:r:1:instance/i-1"])");
  EXPECT_EQ(at("host.target.id"), "absent");
}

TEST_F(EcsEntities, GiveUpOnValuesOfTheWrongKind) {
  build(R"({"eventName":"CreateWebACL","eventSource":"wafv2.amazonaws.com","eventTime":"2024-03-01T10:00:00Z",
    "userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::1:user/a","userName":"a"},
    "responseElements":{"summary":{"id":"x"}}})");
  EXPECT_EQ(at("actor"), "absent");
  EXPECT_EQ(at("related.entity"), "absent");
  EXPECT_EQ(at("related.user"), R"(["a"])");
  EXPECT_EQ(at("event.kind"), R"("pipeline_error")");
  EXPECT_EQ(at("event.category"), "absent");
  EXPECT_NE(at("error.message"), "absent");
}

TEST_F(EcsEntities, FollowTheVersionedNamesOfLambda) {
  build(R"({"eventName":"AddPermission20150331v2","eventSource":"lambda.amazonaws.com",
            "requestParameters":{"functionName":"f"}})");
  EXPECT_EQ(at("entity.target.id"), R"(["f"])");
  build(R"({"eventName":"DeleteNetworkAclEntry","eventSource":"ec2.amazonaws.com",
            "requestParameters":{"networkAclId":"acl-1","ruleNumber":100}})");
  EXPECT_EQ(at("target.entity.id"), R"(["100","acl-1"])");
}

}  // namespace
}  // namespace trailhound::event
