#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "event/ecs_event_category.h"
#include "event/ecs_testing.h"

namespace trailhound::event {
namespace {

constexpr const char* kUser = R"({
  "eventVersion":"1.08","eventTime":"2024-03-01T12:00:05Z","eventSource":"iam.amazonaws.com",
  "eventName":"UpdateUser","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.7","userAgent":"aws-cli/2.9.1 x",
  "userIdentity":{"type":"IAMUser","principalId":"AIDA1","arn":"arn:aws:iam::111122223333:user/alice",
    "accountId":"111122223333","accessKeyId":"AKIAEXAMPLE","userName":"alice"},
  "requestParameters":{"userName":"bob","newUserName":"eve","newPath":""},"responseElements":null,
  "requestID":"r1","eventID":"e1","readOnly":false,"managementEvent":true,"eventType":"AwsApiCall",
  "recipientAccountId":"444455556666","eventCategory":"Management","apiVersion":"2010-05-08",
  "sharedEventID":"s1","vpcEndpointId":"vpce-1","vpcEndpointAccountId":"777788889999",
  "sessionCredentialFromConsole":"true",
  "addendum":{"reason":"UPDATED_DATA","updatedFields":"a,b","originalRequestID":"o1","originalEventID":"o2"},
  "tlsDetails":{"tlsVersion":"TLSv1.2","cipherSuite":"ECDHE-RSA","clientProvidedHostHeader":"iam.amazonaws.com",
    "keyExchange":"x25519"},
  "edgeDeviceDetails":{"a":1},"eventContext":{"b":2}})";

using EcsDocument = EcsDocumentTest;

TEST_F(EcsDocument, MovesMembersOfAUserEvent) {
  build(kUser);
  const std::pair<const char*, const char*> expected[] = {
      {"@timestamp", R"("2024-03-01T12:00:05.000Z")"},
      {"ecs.version", R"("8.11.0")"},
      {"data_stream.dataset", R"("aws.cloudtrail")"},
      {"data_stream.type", R"("logs")"},
      {"data_stream.namespace", R"("default")"},
      {"event.dataset", R"("aws.cloudtrail")"},
      {"event.module", R"("aws")"},
      {"event.kind", R"("event")"},
      {"event.action", R"("UpdateUser")"},
      {"event.provider", R"("iam.amazonaws.com")"},
      {"event.id", R"("e1")"},
      {"event.outcome", R"("success")"},
      {"event.category", R"(["iam"])"},
      {"event.type", R"(["user","change"])"},
      {"event.created", "absent"},
      {"event.ingested", "absent"},
      {"event.original", "absent"},
      {"tags", "absent"},
      {"error", "absent"},
      {"cloud.provider", R"("aws")"},
      {"cloud.service.name", R"("iam")"},
      {"cloud.region", R"("us-east-1")"},
      {"cloud.account.id", R"("111122223333")"},
      {"source.address", R"("203.0.113.7")"},
      {"source.ip", R"("203.0.113.7")"},
      {"source.geo", "absent"},
      {"user.id", R"("AIDA1")"},
      {"user.name", R"("alice")"},
      {"user.target.name", R"("bob")"},
      {"user.changes.name", R"("eve")"},
      {"user.email", "absent"},
      {"user_agent.original", R"("aws-cli/2.9.1 x")"},
      {"user_agent.name", R"("aws-cli")"},
      {"user_agent.version", R"("2.9.1")"},
      {"user_agent.device.name", R"("Other")"},
      {"user_agent.os", "absent"},
      {"tls.version", R"("1.2")"},
      {"tls.version_protocol", R"("tls")"},
      {"tls.cipher", R"("ECDHE-RSA")"},
      {"tls.client.server_name", R"("iam.amazonaws.com")"},
      {"related.user", R"(["bob","eve","AIDA1","alice"])"},
      {"related.ip", R"(["203.0.113.7"])"},
      {"related.hosts", "absent"},
      {"aws.cloudtrail.event_version", R"("1.08")"},
      {"aws.cloudtrail.user_identity.type", R"("IAMUser")"},
      {"aws.cloudtrail.user_identity.arn", R"("arn:aws:iam::111122223333:user/alice")"},
      {"aws.cloudtrail.user_identity.access_key_id", R"("AKIAEXAMPLE")"},
      {"aws.cloudtrail.request_parameters", R"("{newUserName=eve, userName=bob}")"},
      {"aws.cloudtrail.flattened.request_parameters", R"({"newUserName":"eve","userName":"bob"})"},
      {"aws.cloudtrail.response_elements", "absent"},
      {"aws.cloudtrail.request_id", R"("r1")"},
      {"aws.cloudtrail.event_type", R"("AwsApiCall")"},
      {"aws.cloudtrail.api_version", R"("2010-05-08")"},
      {"aws.cloudtrail.management_event", R"("true")"},
      {"aws.cloudtrail.read_only", "false"},
      {"aws.cloudtrail.event_category", R"("Management")"},
      {"aws.cloudtrail.recipient_account_id", R"("444455556666")"},
      {"aws.cloudtrail.shared_event_id", R"("s1")"},
      {"aws.cloudtrail.vpc_endpoint_id", R"("vpce-1")"},
      {"aws.cloudtrail.vpc_endpoint_account_id", R"("777788889999")"},
      {"aws.cloudtrail.session_credential_from_console", R"("true")"},
      {"aws.cloudtrail.addendum",
       R"({"original_event_id":"o2","original_request_id":"o1","reason":"UPDATED_DATA","updated_fields":"a,b"})"},
      {"aws.cloudtrail.tls_details.key_exchange", R"("x25519")"},
  };
  for (const auto& [path, value] : expected) EXPECT_EQ(at(path), value) << path;
  EXPECT_THAT(text(), testing::Not(testing::HasSubstr("edge")));
}

TEST_F(EcsDocument, KeepsTheOriginalOnRequest) {
  build(R"({"eventName":"A"})", {.original = true});
  EXPECT_EQ(at("event.original"), R"("{\"eventName\":\"A\"}")");
}

TEST_F(EcsDocument, DropsEmptyMembersEverywhere) {
  build(R"({"eventName":"A","awsRegion":"-","requestID":"none","errorCode":"","requestParameters":{"a":[""]},
            "userIdentity":{"type":"IAMUser","userName":null}})");
  for (const char* path : {"cloud.region", "aws.cloudtrail.request_id", "aws.cloudtrail.error_code",
                           "aws.cloudtrail.request_parameters", "aws.cloudtrail.flattened", "user"}) {
    EXPECT_EQ(at(path), "absent") << path;
  }
  EXPECT_EQ(at("event.outcome"), R"("success")");
}

TEST_F(EcsDocument, NamesAnAssumedRoleByItsRole) {
  build(R"({"eventName":"A","userIdentity":{"type":"AssumedRole","principalId":"AROA1:carol@example.com",
    "arn":"arn:aws:sts::1:assumed-role/Admin/carol@example.com","accountId":"1",
    "sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROA1","arn":"arn:aws:iam::1:role/Admin",
      "accountId":"1","userName":"Admin"},"attributes":{"creationDate":"20240301T110000Z","mfaAuthenticated":"false"},
      "sourceIdentity":"carol","assumedRoot":"true","ec2RoleDelivery":"2.0","signInSessionArn":"arn:x",
      "webIdFederationData":{"federatedProvider":"p","attributes":{"p:aud":"x"}}},
    "inScopeOf":{"issuerType":"t","credentialsIssuedTo":"c","sourceArn":"s","sourceAccount":"2"},
    "invokedByDelegate":{"accountId":"3"},"credentialId":"cid","identityProvider":"idp"}})");
  EXPECT_EQ(at("user.name"), R"("Admin")");
  EXPECT_EQ(at("user.id"), R"("AROA1:carol@example.com")");
  EXPECT_EQ(at("user.email"), R"("carol@example.com")");
  EXPECT_EQ(at("related.user"), R"(["carol@example.com","carol","AROA1:carol@example.com","Admin"])");
  const std::string context = "aws.cloudtrail.user_identity.session_context.";
  EXPECT_EQ(at(context + "session_issuer"),
            R"({"account_id":"1","arn":"arn:aws:iam::1:role/Admin","principal_id":"AROA1","type":"Role"})");
  EXPECT_EQ(at(context + "creation_date"), R"("2024-03-01T11:00:00.000Z")");
  EXPECT_EQ(at(context + "mfa_authenticated"), R"("false")");
  EXPECT_EQ(at(context + "assumed_root"), R"("true")") << "kept as it was written";
  EXPECT_EQ(at(context + "source_identity"), R"("carol")");
  EXPECT_EQ(at(context + "ec2_role_delivery"), R"("2.0")");
  EXPECT_EQ(at(context + "sign_in_session_arn"), R"("arn:x")");
  EXPECT_EQ(at(context + "web_id_federation_data"), R"({"attributes":{"p:aud":"x"},"federated_provider":"p"})");
  EXPECT_EQ(at("aws.cloudtrail.user_identity.in_scope_of"),
            R"({"credentials_issued_to":"c","issuer_type":"t","source_account":"2","source_arn":"s"})");
  EXPECT_EQ(at("aws.cloudtrail.user_identity.invoked_by_delegate.account_id"), R"("3")");
}

TEST_F(EcsDocument, GivesServicesNoUser) {
  build(R"({"eventName":"A","userIdentity":{"type":"AWSService","invokedBy":"ec2.amazonaws.com","principalId":"p",
            "userName":"u"},"sourceIPAddress":"ec2.amazonaws.com"})",
        {.entities = false});
  EXPECT_EQ(at("service.name"), R"("ec2.amazonaws.com")");
  EXPECT_EQ(at("user"), "absent");
  EXPECT_EQ(at("source"), R"({"address":"ec2.amazonaws.com"})");
  EXPECT_EQ(at("related"), "absent");

  build(R"({"eventName":"A","userIdentity":{"type":"AssumedRole","principalId":"p","sessionContext":{"sessionIssuer":{
            "arn":"arn:aws:iam::1:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS","userName":"R"}}}})");
  EXPECT_EQ(at("service.name"), R"("rds.amazonaws.com")");
  EXPECT_EQ(at("user.name"), "absent");
  EXPECT_EQ(at("user.id"), "absent");

  // A service-linked role that names no service, and that nothing invoked, is a role as any other.
  build(
      R"({"eventName":"A","userIdentity":{"type":"AssumedRole","principalId":"p","arn":"arn:aws:sts::1:assumed-role/R/s",
            "sessionContext":{"sessionIssuer":{"arn":"arn:aws:iam::1:role/aws-service-role/R","userName":"R"}}}})");
  EXPECT_EQ(at("service.name"), "absent");
  EXPECT_EQ(at("user.name"), R"("R")");

  // invokedBy alone makes no service actor.
  build(R"({"eventName":"A","userIdentity":{"type":"IAMUser","invokedBy":"x.amazonaws.com","userName":"u"}})");
  EXPECT_EQ(at("service"), "absent");
  EXPECT_EQ(at("user.name"), R"("u")");
}

TEST_F(EcsDocument, FindsIdentityCenterUsers) {
  build(R"({"eventName":"UserAuthentication","userIdentity":{"type":"IdentityCenterUser",
            "onBehalfOf":{"userId":"u-1","identityStoreArn":"arn:store"}},
            "additionalEventData":{"UserName":"dave@example.com","LoginTo":"x"}})");
  EXPECT_EQ(at("user.id"), R"("u-1")");
  EXPECT_EQ(at("user.name"), R"("dave@example.com")");
  EXPECT_EQ(at("user.email"), R"("dave@example.com")");
  EXPECT_EQ(at("aws.cloudtrail.user_identity.on_behalf_of"), R"({"identity_store_arn":"arn:store","user_id":"u-1"})");
  EXPECT_EQ(at("aws.cloudtrail.additional_eventdata"), R"("{LoginTo=x}")");
  EXPECT_EQ(at("aws.cloudtrail.flattened.additional_eventdata"), R"({"LoginTo":"x"})");

  build(R"({"eventName":"UserAuthentication","additionalEventData":{"UserName":"u"}})");
  EXPECT_EQ(at("aws.cloudtrail.additional_eventdata"), R"("{}")") << "the emptied map is still written as text";
  EXPECT_EQ(at("aws.cloudtrail.flattened"), "absent");

  build(R"({"eventName":"UserAuthentication","userIdentity":{"type":"IAMUser","userName":"me"},
            "additionalEventData":{"UserName":"u"}})");
  EXPECT_EQ(at("user.name"), R"("me")");
  EXPECT_EQ(at("aws.cloudtrail.additional_eventdata"), R"("{UserName=u}")");
}

TEST_F(EcsDocument, ReadsConsoleLogins) {
  build(
      R"({"eventName":"ConsoleLogin","errorMessage":"Failed authentication","responseElements":{"ConsoleLogin":"Failure"},
            "additionalEventData":{"MFAUsed":"No","MobileVersion":"Yes","LoginTo":"https://x"}})");
  EXPECT_EQ(at("event.outcome"), R"("failure")");
  EXPECT_EQ(at("aws.cloudtrail.console_login.additional_eventdata"),
            R"({"login_to":"https://x","mfa_used":false,"mobile_version":true})");
  build(R"({"eventName":"ConsoleLogin","errorCode":"x","responseElements":{"ConsoleLogin":"Success"}})");
  EXPECT_EQ(at("event.outcome"), R"("success")");
  EXPECT_EQ(at("aws.cloudtrail.console_login"), "absent");
  build(
      R"({"eventName":"Other","responseElements":{"ConsoleLogin":"Failure"},"additionalEventData":{"MFAUsed":"No"}})");
  EXPECT_EQ(at("event.outcome"), R"("success")");
  EXPECT_EQ(at("aws.cloudtrail.console_login"), "absent");
}

TEST_F(EcsDocument, TakesCodeOrMessageForFailure) {
  build(R"({"eventName":"A","errorCode":"200"})");
  EXPECT_EQ(at("event.outcome"), R"("failure")");
  build(R"({"eventName":"A","errorMessage":"no"})");
  EXPECT_EQ(at("event.outcome"), R"("failure")");
}

TEST_F(EcsDocument, RewritesResources) {
  build(R"({"eventName":"A","resources":[
      {"ARN":"arn:b","accountId":"1","type":"T","extra":"first"},{"ARN":"arn:a"},"text",{},
      {"type":"T","accountId":"1","ARN":"arn:b","extra":"second"}]})");
  // Order of the keys arn:b_1_T and arn:a__ in a HashMap; the later duplicate won.
  EXPECT_EQ(at("aws.cloudtrail.resources"),
            R"([{"account_id":"1","arn":"arn:b","extra":"second","type":"T"},{"arn":"arn:a"}])");
  build(R"({"eventName":"A","resources":[{"ARN":"arn:a"},{"ARN":"arn:b","accountId":"1","type":"T"}]})");
  EXPECT_EQ(at("aws.cloudtrail.resources"), R"([{"account_id":"1","arn":"arn:b","type":"T"},{"arn":"arn:a"}])")
      << "not the source order";
  build(R"({"eventName":"A","resources":{"ARN":"x"}})");
  EXPECT_EQ(at("aws.cloudtrail.resources"), R"({"ARN":"x"})");
}

TEST_F(EcsDocument, CutsLargePayloadsOutOfFlattened) {
  const auto record = [](std::size_t length) {
    return R"({"eventName":"A","requestParameters":{"k":")" + std::string(length, 'x') + "\"}}";
  };
  build(record(32766 - 5));  // "{k=" and "}" make it 32,765
  EXPECT_NE(at("aws.cloudtrail.flattened.request_parameters"), "absent");
  build(record(32766 - 4));
  EXPECT_EQ(at("aws.cloudtrail.flattened"), "absent");
  EXPECT_EQ(at("aws.cloudtrail.request_parameters").size(), 32766u + 2);
}

TEST_F(EcsDocument, TakesScalarPayloadsAsTheyAre) {
  build(R"({"eventName":"A","requestParameters":"text","responseElements":[1,{"a":2}],"serviceEventDetails":true})");
  EXPECT_EQ(at("aws.cloudtrail.request_parameters"), R"("text")");
  EXPECT_EQ(at("aws.cloudtrail.flattened.request_parameters"), R"("text")");
  EXPECT_EQ(at("aws.cloudtrail.response_elements"), R"("[1, {a=2}]")");
  EXPECT_EQ(at("aws.cloudtrail.service_event_details"), R"("true")");
  EXPECT_EQ(at("user"), "absent");
}

TEST_F(EcsDocument, SplitsTlsVersions) {
  build(R"({"eventName":"A","tlsDetails":{"tlsVersion":"SSL3"}})");
  EXPECT_EQ(at("tls"), R"({"version":"SSL3"})");
  build(R"({"eventName":"A","tlsDetails":{"tlsVersion":"tlsVersion","cipherSuite":"c"}})");
  EXPECT_EQ(at("tls"), "absent");
  build(R"({"eventName":"A","tlsDetails":{"cipherSuite":"c","clientProvidedHostHeader":"x.example.com"}})");
  EXPECT_EQ(at("tls"), R"({"cipher":"c","client":{"server_name":"x.example.com"}})");
  EXPECT_EQ(at("related.hosts"), R"(["x.example.com"])");
}

TEST_F(EcsDocument, CollectsHosts) {
  build(R"({"eventName":"A","sourceIPAddress":"host.example.com",
    "resources":[{"ARN":"arn:aws:ec2:r:1:instance/i-0000000009"}],
    "requestParameters":{"computerName":"pc","instanceIds":["i-0000000002","mi-1"],"target":"i-0000000001",
      "instancesSet":{"items":[{"instanceId":"i-0000000003"},{"instanceId":"i-1"}]}},
    "responseElements":{"instanceId":"i-0000000002"}})");
  EXPECT_EQ(at("related.hosts"),
            R"(["host.example.com","pc","i-0000000009","i-0000000001","i-0000000002","i-0000000003"])");
  // Of an ARN that goes on, the last step counts; resources come as the document lists them, under either name.
  build(R"({"eventName":"A","resources":[{"ARN":"arn:aws:x:r:1:instance/i-0000000001/i-0000000002"},
    {"arn":"arn:aws:ec2:r:1:instance/i-0000000003"},{"ARN":"arn:aws:ec2:r:1:volume/i-0000000004"}]})");
  EXPECT_EQ(at("related.hosts"), R"(["i-0000000002","i-0000000003"])");
  for (const char* address : {"AWS Internal", "s3.amazonaws.com", "10.0.0.1", "nodots"}) {
    build(std::string(R"({"eventName":"A","sourceIPAddress":")") + address + "\"}");
    EXPECT_EQ(at("related.hosts"), "absent") << address;
  }
}

TEST_F(EcsDocument, SetsNoAddressForWhatIsNoLiteral) {
  for (const char* address : {"AWS Internal", "10.0.0.1, 10.0.0.2", "10.0.0.1 ", "fe80::1%eth0"}) {
    build(std::string(R"({"eventName":"A","sourceIPAddress":")") + address + "\"}");
    EXPECT_EQ(at("source.ip"), "absent") << address;
    EXPECT_EQ(at("source.address"), '"' + std::string(address) + '"');
  }
  build(R"({"eventName":"A","sourceIPAddress":"2001:DB8::1"})");
  EXPECT_EQ(at("source.ip"), R"("2001:DB8::1")") << "the text is not rewritten";
}

TEST_F(EcsDocument, FlagsUnreadableTimes) {
  build(R"({"eventName":"A","eventTime":"yesterday","eventSource":"s3.amazonaws.com"})");
  EXPECT_EQ(at("@timestamp"), "absent");
  EXPECT_EQ(at("event.kind"), R"("pipeline_error")");
  EXPECT_EQ(at("tags"), R"(["preserve_original_event"])");
  EXPECT_EQ(at("error.message"), R"(["eventTime is not a date: yesterday"])");
  EXPECT_EQ(at("event.provider"), R"("s3.amazonaws.com")") << "the rest of the event is there";
  build(R"({"eventName":"A","eventTime":""})");
  EXPECT_EQ(at("event.kind"), R"("event")");
  build(R"({"eventName":"A","userIdentity":{"sessionContext":{"attributes":{"creationDate":"soon"}}}})");
  EXPECT_EQ(at("event.kind"), R"("pipeline_error")");
  EXPECT_EQ(at("error.message"), R"(["creationDate is not a date: soon"])");
  const std::pair<const char*, const char*> kDates[] = {
      {"2024", "2024-01-01T00:00:00.000Z"},
      {"2024-05", "2024-05-01T00:00:00.000Z"},
      {"2024-05-06T", "2024-05-06T00:00:00.000Z"},
      {"2024-05-06T07", "2024-05-06T07:00:00.000Z"},
      {"2024-05-06T07:08Z", "2024-05-06T07:08:00.000Z"},
      {"2024-05-06T07:08:09,5+02", "2024-05-06T05:08:09.500Z"},
  };
  for (const auto& [text, expected] : kDates) {
    build(std::string(R"({"eventName":"A","userIdentity":{"sessionContext":{"attributes":{"creationDate":")") + text +
          R"("}}}})");
    EXPECT_EQ(at("aws.cloudtrail.user_identity.session_context.creation_date"), '"' + std::string(expected) + '"');
  }
  for (const char* text : {"2024-05-06t07:08:09z", "2024-5", "2024-05-06T7", "2024-05-06 07:08", "T07:08"}) {
    build(std::string(R"({"eventName":"A","userIdentity":{"sessionContext":{"attributes":{"creationDate":")") + text +
          R"("}}}})");
    EXPECT_EQ(at("event.kind"), R"("pipeline_error")") << text;
  }
  build(R"({"eventName":"A","eventTime":"2024-03-01T12:00:05.123456+02:00"})");
  EXPECT_EQ(at("@timestamp"), R"("2024-03-01T10:00:05.123Z")");
}

TEST_F(EcsDocument, ReadsDigests) {
  build(R"({"awsAccountId":"1","digestStartTime":"2024-03-01T10:00:00Z","digestEndTime":"2024-03-01T11:00:00Z",
    "digestS3Bucket":"b","digestS3Object":"o","digestPublicKeyFingerprint":"f","digestSignatureAlgorithm":"SHA256withRSA",
    "newestEventTime":"2024-03-01T10:59:59Z","oldestEventTime":"","previousDigestS3Bucket":"pb",
    "previousDigestS3Object":"po","previousDigestHashValue":"ph","previousDigestHashAlgorithm":"SHA-256",
    "previousDigestSignature":"ps","logFiles":[{"s3Object":"x","hashValue":""}]})");
  EXPECT_EQ(at("cloud.account.id"), R"("1")");
  EXPECT_EQ(at("file.path"), R"("o")");
  EXPECT_EQ(at("@timestamp"), R"("2024-03-01T11:00:00.000Z")");
  EXPECT_EQ(at("related.hash"), R"(["ph"])");
  EXPECT_EQ(at("aws.cloudtrail.flattened.digest"),
            R"({"end_time":"2024-03-01T11:00:00.000Z","log_files":[{"s3Object":"x"}],)"
            R"("newest_event_time":"2024-03-01T10:59:59.000Z","previous_hash_algorithm":"SHA-256",)"
            R"("previous_hash_value":"ph","previous_s3_bucket":"pb","previous_s3_object":"po",)"
            R"("previous_signature":"ps","public_key_fingerprint":"f","s3_bucket":"b",)"
            R"("signature_algorithm":"SHA256withRSA","start_time":"2024-03-01T10:00:00.000Z"})");
  EXPECT_EQ(at("event"),
            R"({"dataset":"aws.cloudtrail","kind":"event","module":"aws","outcome":"success","type":["info"]})");
}

TEST_F(EcsDocument, KeepsInsightDetails) {
  build(
      R"({"eventTime":"2024-03-01T10:00:00Z","eventType":"AwsCloudTrailInsight","insightDetails":{"state":"Start","x":null}})");
  EXPECT_EQ(at("aws.cloudtrail.flattened.insight_details"), R"({"state":"Start"})");
  EXPECT_EQ(at("event.action"), "absent");
}

TEST_F(EcsDocument, NamesGroupsAndTargets) {
  build(R"({"eventName":"CreateUser","requestParameters":{"groupName":"g","userName":"u"},
            "responseElements":{"group":{"groupId":"AGPA"},"user":{"userId":"AIDA"}}})");
  EXPECT_EQ(at("group"), R"({"id":"AGPA","name":"g"})");
  EXPECT_EQ(at("user.target.id"), R"("AIDA")");
  EXPECT_EQ(at("user.target.name"), R"("u")");
  EXPECT_EQ(at("related.user"), R"(["u","AIDA"])");
  // The pipeline's templates write a list as a map from places to elements.
  build(R"({"eventName":"CreateUser","requestParameters":{"userName":["u","",7],"newUserName":{"a":true}}})");
  EXPECT_EQ(at("related.user"), R"(["{0=u, 1=7}","{a=true}"])");
}

TEST_F(EcsDocument, SurvivesMembersOfTheWrongKind) {
  for (const char* record :
       {R"({"userIdentity":"x","requestParameters":7,"resources":"r","tlsDetails":[],"userAgent":5})", "[]", "3",
        R"({"eventName":["a","b"],"eventTime":5,"sourceIPAddress":{"a":1},"addendum":"x"})"}) {
    build(record);
    EXPECT_EQ(at("cloud.provider"), R"("aws")") << record;
  }
}

TEST_F(EcsDocument, SortsMembers) {
  build(R"({"eventName":"A","requestParameters":{"b":1,"a":{"d":1,"c":2}}})");
  EXPECT_EQ(at("aws.cloudtrail.flattened.request_parameters"), R"({"a":{"c":2,"d":1},"b":1})");
  EXPECT_LT(text().find("\"aws\""), text().find("\"cloud\""));
}

TEST(EcsEventCategory, KnowsExactNames) {
  EXPECT_EQ(ecs_event_category("DeleteObject").category, "file");
  EXPECT_EQ(ecs_event_category("DeleteObject").types[0], "deletion");
  EXPECT_EQ(ecs_event_category("CreateKeyPair").types.size(), 2u);
  EXPECT_EQ(ecs_event_category("ListFunctions20150331").category, "");
  EXPECT_EQ(ecs_event_category("ListFunctions20150331").types[0], "info");
  EXPECT_EQ(ecs_event_category("UpdateUser").types[1], "change");
  EXPECT_EQ(ecs_event_category("TerminateSession").types[0], "end");
}

}  // namespace
}  // namespace trailhound::event
