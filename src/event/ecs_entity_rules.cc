#include "event/ecs_entity_rules.h"

namespace trailhound::event {
namespace {

constexpr EntityRelatedRule kRelated[] = {
    {"cloudtrail",
     "q.name q.s3BucketName r.cloudWatchLogsLogGroupArn r.cloudWatchLogsRoleArn r.kmsKeyId r.snsTopicARN r.trailARN "
     "r.name"},
    {"config", "q.configurationRecorderName"},
    {"ec2",
     "q.groupId q.groupName q.roleName q.subnetId q.volumeId q.networkInterfaceId q.vpcId q.snapshotId r.groupId "
     "r.reservationId r.vpc.vpcId r.vpc.dhcpOptionsId r.snapshotId r.volumeId"},
    {"guardduty", "q.detectorId r.detectorId"},
    {"iam",
     "q.userName q.serialNumber q.accessKeyId q.policyArn q.roleName q.policyName r.accessKey.userName "
     "r.accessKey.accessKeyId r.user.arn r.user.userId r.user.userName r.userId r.role.arn r.serialNumber"},
    {"kms", "q.keyId r.keyId r.keyMetadata.arn r.keyMetadata.keyId"},
    {"lambda", "q.functionName r.functionArn r.functionName r.role"},
    {"rds",
     "q.dBInstanceIdentifier q.dBInstanceArn r.dBInstanceIdentifier r.dbInstanceArn r.dBSubnetGroup.vpcId "
     "r.dBSubnetGroup.subnets[].subnetIdentifier r.vpcSecurityGroups[].vpcSecurityGroupId"},
    {"s3", "q.bucketName"},
    {"sts",
     "q.roleArn sourceIdentity additionalEventData.MFAIdentifier r.assumedRoleUser.arn q.roleSessionName "
     "r.accessKeyId"},
    {"wafv2", "q.id r.summary"},
};

constexpr EntityTargetRule kTargets[] = {
    {"cloudformation", "CreateStackSet", "r.stackSetId"},
    {"cloudformation", "CreateStack", "r.stackId"},
    {"cloudtrail", "DeleteTrail StopLogging", "q.name"},
    {"cloudtrail", "DescribeTrails", kAccountPath},
    {"config", "StopConfigurationRecorder StartConfigurationRecorder", "q.configurationRecorderName"},
    {"ec2-instance-connect", "SendSSHPublicKey SendSerialConsoleSSHPublicKey", "q.instanceId"},
    {"ec2", "AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress",
     "q.groupId r.securityGroupRuleSet.items[].securityGroupRuleId"},
    {"ec2", "CreateTrafficMirrorFilter",
     "r.CreateTrafficMirrorFilterResponse.trafficMirrorFilter.trafficMirrorFilterId"},
    {"ec2", "CreateTrafficMirrorFilterRule",
     "r.CreateTrafficMirrorFilterRuleResponse.trafficMirrorFilterRule.trafficMirrorFilterRuleId"},
    {"ec2", "CreateTrafficMirrorSession",
     "r.CreateTrafficMirrorSessionResponse.trafficMirrorSession.trafficMirrorSessionId"},
    {"ec2", "CreateTrafficMirrorTarget",
     "r.CreateTrafficMirrorTargetResponse.trafficMirrorTarget.trafficMirrorTargetId"},
    {"ec2", "DeleteFlowLogs", "q.DeleteFlowLogsRequest.FlowLogId.content"},
    {"ec2", "DeleteNetworkAcl DeleteNetworkAclEntry", "q.networkAclId"},
    {"ec2", "GetPasswordData", "q.instanceId"},
    {"ec2", "ModifyImageAttribute", "q.imageId"},
    {"ec2", "ModifySnapshotAttribute", "q.snapshotId"},
    {"ec2",
     "DescribeSecurityGroups DescribeNetworkInterfaces DescribeRegions DescribeVpcs DescribeNetworkAcls "
     "DescribeVolumes",
     kAccountPath},
    {"elasticfilesystem", "DeleteFileSystem", "q.fileSystemId"},
    {"elasticfilesystem", "DeleteMountTarget", "q.mountTargetId"},
    {"events", "DeleteRule", "q.name"},
    {"guardduty", "CreateDetector", "r.detectorId"},
    {"guardduty", "DeleteDetector", "q.detectorId"},
    {"iam", "AttachGroupPolicy", "q.groupName"},
    {"iam", "AttachRolePolicy ListAttachedRolePolicies UpdateAssumeRolePolicy", "q.roleName"},
    {"iam", "AttachUserPolicy", "q.policyArn q.userName"},
    {"iam", "CreateAccessKey", "r.accessKey.accessKeyId q.userName"},
    {"iam", "CreateUser DeactivateMFADevice", "q.userName"},
    {"iam", "DeleteVirtualMFADevice", "q.serialNumber"},
    {"iam", "GetPolicy", "q.policyArn"},
    {"iam", "CreatePolicy", "r.policy.arn"},
    {"iam", "ListRoles ListUsers", kAccountPath},
    {"kms", "DisableKey ScheduleKeyDeletion", kResourcesPath},
    {"logs", "DeleteLogGroup", "q.logGroupName"},
    {"logs", "DeleteLogStream", "q.logStreamName"},
    {"monitoring", "DeleteAlarms", "q.alarmNames[]"},
    {"rds", "DeleteDBCluster ModifyDBCluster StopDBCluster", "r.dBClusterArn"},
    {"rds", "DeleteDBInstance ModifyDBInstance RestoreDBInstanceFromDBSnapshot RestoreDBInstanceFromS3 StopDBInstance",
     "r.dBInstanceArn"},
    {"rds", "DeleteGlobalCluster", "r.globalClusterArn"},
    {"rds", "ModifyDBClusterSnapshotAttribute", "r.dBClusterSnapshotIdentifier"},
    {"rds", "ModifyDBSnapshotAttribute", "r.dBSnapshotIdentifier"},
    {"rds", "DescribeDBInstances", kAccountPath},
    {"rolesanywhere", "CreateTrustAnchor", "r.trustAnchor.trustAnchorArn"},
    {"route53resolver", "DeleteResolverQueryLogConfig", "r.resolverQueryLogConfig.arn"},
    {"s3",
     "CopyObject PutBucketLogging PutBucketVersioning PutObject GetBucketPolicy ListObjects HeadObject GetObject "
     "DeleteObject DeleteBucket",
     kResourcesPath},
    {"s3", "PutBucketReplication", "resources[].ARN q.ReplicationConfiguration.Rule.Destination.Bucket"},
    {"s3", "ListBuckets", kAccountPath},
    {"secretsmanager", "BatchGetSecretValue", "q.secretIdList[]"},
    {"secretsmanager", "GetSecretValue", "q.secretId"},
    {"signin", "ConsoleLogin", kAccountPath},
    {"ssm", "GetParameter GetParameters CreateControlChannel OpenControlChannel", kResourcesPath},
    {"ssm", "StartSession", "q.target"},
    {"ssm", "CreateDocument", "q.name"},
    {"ssm", "TerminateSession OpenDataChannel", "q.sessionId"},
    {"ssm", "ListInstanceAssociations", kAccountPath},
    {"sts", "AssumeRole", "q.roleArn"},
    {"sts", "GetCallerIdentity", kAccountPath},
    {"wafv2", "DeleteRuleGroup DeleteWebACL", "q.id"},
    {"sns", "CreateTopic", "r.topicArn"},
    {"sns", "Subscribe Publish", "q.topicArn"},
    {"bedrock", "Converse", "q.modelId"},
    {"elasticloadbalancing", "DescribeLoadBalancers", kAccountPath},
    {"dynamodb", "ListTables", kAccountPath},
};

}  // namespace

std::span<const EntityRelatedRule> entity_related_rules() { return kRelated; }
std::span<const EntityTargetRule> entity_target_rules() { return kTargets; }

}  // namespace trailhound::event
