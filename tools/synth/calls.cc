#include "calls.h"

#include <array>

namespace trailhound::synth {
namespace {

constexpr std::array kCalls = std::to_array<Call>({
    {"sts", "AssumeRole", true,
     R"({"roleArn":"arn:aws:iam::$A:role/service-role-$N","roleSessionName":"session-$H","durationSeconds":3600})",
     R"({"credentials":{"accessKeyId":"ASIA$U","sessionToken":"HIDDEN_DUE_TO_SECURITY_REASONS","expiration":"Mar 2, 2026, 10:00:00 AM"},"assumedRoleUser":{"assumedRoleId":"AROA$U:session","arn":"arn:aws:sts::$A:assumed-role/service-role-$N/session"}})"},
    {"kms", "Decrypt", true,
     R"({"encryptionContext":{"aws:s3:arn":"arn:aws:s3:::$B"},"encryptionAlgorithm":"SYMMETRIC_DEFAULT"})", "null"},
    {"s3", "GetBucketAcl", true, R"({"bucketName":"$B","Host":"$B.s3.$R.amazonaws.com","acl":""})", "null"},
    {"ec2", "DescribeInstances", true, R"({"instancesSet":{"items":[{"instanceId":"$I"}]},"filterSet":{}})", "null"},
    {"logs", "CreateLogStream", false,
     R"({"logGroupName":"/aws/lambda/worker-$N","logStreamName":"2026/03/02/[$N]$H"})", "null"},
    {"dynamodb", "DescribeTable", true, R"({"tableName":"orders-$N"})", "null"},
    {"monitoring", "DescribeAlarms", true, R"({"alarmNamePrefix":"TargetTracking-table/orders-$N"})", "null"},
    {"kms", "GenerateDataKey", true,
     R"({"keyId":"arn:aws:kms:$R:$A:key/$H","keySpec":"AES_256","encryptionContext":{"aws:dynamodb:tableName":"orders-$N"}})",
     "null"},
    {"ec2", "DescribeNetworkInterfaces", true,
     R"({"networkInterfaceIdSet":{},"filterSet":{"items":[{"name":"description","valueSet":{"items":[{"value":"ELB app/front-$N/$H"}]}}]}})",
     "null"},
    {"ssm", "UpdateInstanceInformation", false,
     R"({"instanceId":"$I","agentVersion":"3.3.131.0","agentStatus":"Active","platformType":"Linux","platformName":"Amazon Linux","platformVersion":"2023","iPAddress":"10.0.$N.17","computerName":"ip-10-0-$N-17.$R.compute.internal","availabilityZone":"$Ra"})",
     "null"},
    {"s3", "ListObjects", true, R"({"bucketName":"$B","Host":"$B.s3.$R.amazonaws.com","prefix":"exports/$P/"})",
     "null"},
    {"lambda", "GetFunction20150331v2", true, R"({"functionName":"arn:aws:lambda:$R:$A:function:worker-$N"})", "null"},
    {"ecr", "BatchGetImage", true,
     R"({"registryId":"$A","repositoryName":"team/service-$N","imageIds":[{"imageTag":"latest"}],"acceptedMediaTypes":["application/vnd.docker.distribution.manifest.v2+json"]})",
     "null"},
    {"rds", "DescribeDBInstances", true, R"({"dBInstanceIdentifier":"orders-$N"})", "null"},
    {"secretsmanager", "GetSecretValue", true, R"({"secretId":"arn:aws:secretsmanager:$R:$A:secret:app/db-$N-AbCdEf"})",
     "null"},
    {"autoscaling", "DescribeAutoScalingGroups", true, R"({"maxRecords":100})", "null"},
    {"elasticloadbalancing", "DescribeTargetHealth", true,
     R"({"targetGroupArn":"arn:aws:elasticloadbalancing:$R:$A:targetgroup/front-$N/$H"})", "null"},
    {"ec2", "RunInstances", false,
     R"({"instancesSet":{"items":[{"imageId":"ami-0$H","minCount":1,"maxCount":1}]},"instanceType":"m6i.large","blockDeviceMapping":{},"monitoring":{"enabled":false},"disableApiTermination":false,"clientToken":"$H"})",
     R"({"requestId":"$H","reservationId":"r-0$H","ownerId":"$A","groupSet":{},"instancesSet":{"items":[{"instanceId":"$I","imageId":"ami-0$H","instanceState":{"code":0,"name":"pending"},"instanceType":"m6i.large","launchTime":1772442000000,"placement":{"availabilityZone":"$Ra","tenancy":"default"}}]}})"},
    {"s3", "PutObject", false,
     R"({"bucketName":"$B","Host":"$B.s3.$R.amazonaws.com","key":"exports/$P/$H.parquet","x-amz-server-side-encryption":"AES256"})",
     R"({"x-amz-server-side-encryption":"AES256","x-amz-version-id":"$H"})"},
    {"sqs", "GetQueueAttributes", true,
     R"({"queueUrl":"https://sqs.$R.amazonaws.com/$A/jobs-$N","attributeNames":["All"]})", "null"},
    {"iam", "GetRole", true, R"({"roleName":"service-role-$N"})", "null"},
    {"ecs", "DescribeServices", true, R"({"cluster":"main","services":["service-$N"]})", "null"},
    {"cloudformation", "DescribeStacks", true, R"({"stackName":"stack-$N"})", "null"},
    {"ec2", "CreateTags", false,
     R"({"resourcesSet":{"items":[{"resourceId":"$I"}]},"tagSet":{"items":[{"key":"team","value":"platform"},{"key":"cost-center","value":"$N"}]}})",
     R"({"requestId":"$H","_return":true})"},
    {"secretsmanager", "ListSecrets", true, R"({"maxResults":100})", "null"},
    {"backup", "ListBackupPlans", true, R"({"maxResults":100})", "null"},
    {"iam", "PutRolePolicy", false,
     R"({"roleName":"service-role-$N","policyName":"inline","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"s3:GetObject\"],\"Resource\":\"arn:aws:s3:::$B/*\"}]}"})",
     "null"},
    {"bedrock", "ListFoundationModels", true, "null", "null"},
    {"sagemaker", "ListTrainingJobs", true, R"({"maxResults":10})", "null"},
    {"organizations", "ListAccounts", true, "null", "null"},
});

}  // namespace

std::size_t call_count() { return kCalls.size(); }
const Call& call(std::size_t index) { return kCalls[index]; }

}  // namespace trailhound::synth
