#include "event/ecs_absent_columns.h"

namespace trailhound::event {
namespace {

// One row a type and common prefix; the names are separated by spaces. A row without a prefix holds whole names.
struct Row {
  LogicalType type;
  std::string_view prefix;
  std::string_view names;
};

constexpr LogicalType kKeyword = LogicalType::keyword;
constexpr LogicalType kText = LogicalType::text;
constexpr LogicalType kLong = LogicalType::long_integer;
constexpr LogicalType kReal = LogicalType::real;
constexpr LogicalType kDate = LogicalType::date;
constexpr LogicalType kIp = LogicalType::ip;
constexpr LogicalType kBoolean = LogicalType::boolean;
constexpr LogicalType kAny = LogicalType::any;

constexpr std::string_view kHashNames = "md5 sha1 sha256 sha384 sha512 ssdeep tlsh";
constexpr std::string_view kSignatureNames = "digest_algorithm signing_id status subject_name team_id";
constexpr std::string_view kPeNames =
    "architecture company description file_version imphash original_file_name pehash product";
constexpr std::string_view kOsNames = "family full kernel name platform type version";
constexpr std::string_view kGeoNames =
    "city_name continent_code continent_name country_iso_code country_name name postal_code region_iso_code "
    "region_name timezone";
constexpr std::string_view kUserNames = "domain email full_name hash id name roles";
constexpr std::string_view kEndpointNames = "address domain mac registered_domain subdomain top_level_domain";
constexpr std::string_view kEndpointNumbers = "bytes nat.port packets port";
constexpr std::string_view kProcessNames = "args command_line entity_id executable name title working_directory";
constexpr std::string_view kUrlNames =
    "domain extension fragment full original password path query registered_domain scheme subdomain "
    "top_level_domain username";

constexpr Row kRows[] = {
    {kText, "", "message"},
    {kAny, "", "labels"},
    {kKeyword, "agent.", "build.original ephemeral_id id name type version"},
    {kKeyword, "input.", "type"},
    {kKeyword, "client.", kEndpointNames},
    {kLong, "client.", kEndpointNumbers},
    {kIp, "client.", "ip nat.ip"},
    {kKeyword, "client.geo.", kGeoNames},
    {kLong, "client.as.", "number"},
    {kKeyword, "client.as.organization.", "name"},
    {kKeyword, "client.user.", kUserNames},
    {kKeyword, "cloud.",
     "account.name availability_zone instance.id instance.name machine.type project.id project.name"},
    {kKeyword, "cloud.origin.", "account.id account.name provider region service.name"},
    {kKeyword, "cloud.target.", "account.id account.name provider region service.name"},
    {kKeyword, "container.", "id image.hash.all image.name image.tag name runtime security_context.privileged"},
    {kKeyword, "data_stream.", "ilm_policy"},
    {kKeyword, "destination.", kEndpointNames},
    {kLong, "destination.", kEndpointNumbers},
    {kIp, "destination.", "ip nat.ip"},
    {kKeyword, "destination.geo.", kGeoNames},
    {kLong, "destination.as.", "number"},
    {kKeyword, "destination.as.organization.", "name"},
    {kKeyword, "destination.user.", kUserNames},
    {kKeyword, "device.", "id manufacturer model.identifier model.name serial_number"},
    {kKeyword, "dll.", "name path"},
    {kKeyword, "dll.hash.", kHashNames},
    {kKeyword, "dll.code_signature.", kSignatureNames},
    {kBoolean, "dll.code_signature.", "exists trusted valid"},
    {kKeyword, "dll.pe.", kPeNames},
    {kKeyword, "dns.",
     "answers.class answers.data answers.name answers.type header_flags id op_code question.class question.name "
     "question.registered_domain question.subdomain question.top_level_domain question.type response_code type"},
    {kLong, "dns.", "answers.ttl"},
    {kIp, "dns.", "resolved_ip"},
    {kKeyword, "email.",
     "attachments.file.extension attachments.file.mime_type attachments.file.name bcc.address cc.address content_type "
     "direction from.address local_id message_id reply_to.address sender.address subject to.address x_mailer"},
    {kDate, "email.", "delivery_timestamp origination_timestamp"},
    {kKeyword, "entity.", "name type"},
    {kKeyword, "error.", "code id stack_trace type"},
    {kKeyword, "event.", "agent_id_status code hash original reason reference timezone url"},
    {kLong, "event.", "duration sequence severity"},
    {kReal, "event.", "risk_score risk_score_norm"},
    {kDate, "event.", "created end ingested start"},
    {kKeyword, "faas.", "execution id name trigger.request_id trigger.type version"},
    {kBoolean, "faas.", "coldstart"},
    {kKeyword, "file.",
     "attributes device directory drive_letter extension fork_name gid group inode mime_type mode name "
     "origin_referrer_url origin_url owner target_path type uid Ext.original.name Ext.original.path "
     "Ext.original.extension Ext.header_bytes"},
    {kLong, "file.", "size"},
    {kReal, "file.", "Ext.entropy"},
    {kDate, "file.", "accessed created ctime mtime"},
    {kKeyword, "file.hash.", kHashNames},
    {kKeyword, "file.code_signature.", kSignatureNames},
    {kBoolean, "file.code_signature.", "exists trusted valid"},
    {kKeyword, "file.pe.", kPeNames},
    {kKeyword, "group.", "domain"},
    {kKeyword, "host.", "architecture domain hostname id mac name type boot.id"},
    {kIp, "host.", "ip"},
    {kLong, "host.", "uptime"},
    {kReal, "host.", "cpu.usage risk.calculated_score risk.calculated_score_norm"},
    {kKeyword, "host.risk.", "calculated_level"},
    {kKeyword, "host.os.", kOsNames},
    {kKeyword, "host.os.Ext.", "variant"},
    {kKeyword, "host.geo.", kGeoNames},
    {kKeyword, "http.",
     "request.body.content request.id request.method request.mime_type request.referrer "
     "response.body.content response.mime_type version"},
    {kLong, "http.", "request.body.bytes request.bytes response.body.bytes response.bytes response.status_code"},
    // The documents of signals have these: see event/signal_fields.h.
    {kKeyword, "kibana.alert.rule.",
     "author building_block_type category consumer description execution.type false_positives from indices interval "
     "license name note producer references rule_id rule_name_override rule_type_id severity tags threat.framework "
     "threat.tactic.id threat.tactic.name threat.tactic.reference threat.technique.id threat.technique.name "
     "threat.technique.reference threat.technique.subtechnique.id threat.technique.subtechnique.name "
     "threat.technique.subtechnique.reference timestamp_override type uuid"},
    {kLong, "kibana.alert.rule.", "max_signals version"},
    {kReal, "kibana.alert.rule.", "risk_score"},
    {kBoolean, "kibana.alert.rule.", "enabled immutable"},
    {kKeyword, "kibana.alert.",
     "ancestors.id ancestors.index ancestors.rule ancestors.type building_block_type group.id instance.id new_terms "
     "reason severity status suppression.terms.field suppression.terms.value system_status "
     "threshold_result.cardinality.field threshold_result.terms.field threshold_result.terms.value url uuid "
     "workflow_assignee_ids workflow_reason workflow_status workflow_tags workflow_user"},
    {kLong, "kibana.alert.",
     "ancestors.depth depth group.index suppression.docs_count threshold_result.cardinality.value "
     "threshold_result.count"},
    {kReal, "kibana.alert.", "risk_score"},
    {kDate, "kibana.alert.",
     "intended_timestamp last_detected original_time start suppression.end suppression.start "
     "threshold_result.from workflow_status_updated_at"},
    {kKeyword, "kibana.alert.original_data_stream.", "dataset namespace type"},
    {kKeyword, "kibana.alert.original_event.", "action category code dataset id kind module outcome provider type"},
    {kKeyword, "signal.",
     "ancestors.id ancestors.type group.id original_event.action original_event.category original_event.dataset "
     "original_event.kind original_event.module original_event.outcome original_event.type reason status"},
    {kLong, "signal.", "ancestors.depth depth group.index"},
    {kDate, "signal.", "original_time"},
    {kKeyword, "signal.rule.",
     "author description false_positives id license name references rule_id severity tags threat.framework "
     "threat.tactic.id threat.tactic.name threat.technique.id threat.technique.name threat.technique.subtechnique.id "
     "threat.technique.subtechnique.name type"},
    {kReal, "signal.rule.", "risk_score"},
    {kKeyword, "kubernetes.audit.",
     "verb stage level user.username user.groups objectRef.resource objectRef.subresource objectRef.name "
     "objectRef.namespace annotations.authorization_k8s_io/decision userAgent requestURI"},
    {kKeyword, "log.", "file.path level logger origin.file.name origin.function syslog.hostname"},
    {kLong, "log.", "offset origin.file.line"},
    {kKeyword, "network.",
     "application community_id direction iana_number name protocol transport type vlan.id vlan.name"},
    {kLong, "network.", "bytes packets"},
    {kIp, "network.", "forwarded_ip"},
    {kKeyword, "observer.",
     "egress.interface.name hostname ingress.interface.name mac name product serial_number type vendor version"},
    {kIp, "observer.", "ip"},
    {kKeyword, "orchestrator.",
     "api_version cluster.id cluster.name namespace organization resource.id resource.name resource.type type"},
    {kKeyword, "organization.", "id name"},
    {kKeyword, "package.", "architecture checksum name path reference type version"},
    {kLong, "package.", "size"},
    {kKeyword, "process.", kProcessNames},
    {kKeyword, "process.",
     "env_vars tty.columns thread.name group.id group.name user.id user.name real_user.id real_user.name "
     "saved_user.id saved_user.name Ext.token.integrity_level_name Ext.api.name Ext.api.summary Ext.session "
     "Ext.authentication_id Ext.code_signature.subject_name Ext.code_signature.status"},
    {kLong, "process.", "args_count exit_code pgid pid ppid thread.id uptime vpid"},
    {kReal, "process.", "Ext.relative_file_creation_time Ext.relative_file_name_modify_time"},
    {kBoolean, "process.", "interactive"},
    {kDate, "process.", "end start"},
    {kKeyword, "process.hash.", kHashNames},
    {kKeyword, "process.code_signature.", kSignatureNames},
    {kBoolean, "process.code_signature.", "exists trusted valid"},
    {kKeyword, "process.pe.", kPeNames},
    {kKeyword, "process.parent.", kProcessNames},
    {kLong, "process.parent.", "args_count pid ppid thread.id"},
    {kDate, "process.parent.", "start"},
    {kKeyword, "process.parent.hash.", kHashNames},
    {kKeyword, "process.parent.code_signature.", kSignatureNames},
    {kBoolean, "process.parent.code_signature.", "exists trusted valid"},
    {kKeyword, "process.parent.pe.", kPeNames},
    {kKeyword, "process.entry_leader.", "executable name entity_id entry_meta.type"},
    {kKeyword, "process.group_leader.", "executable name entity_id"},
    {kKeyword, "process.session_leader.", "executable name entity_id"},
    {kKeyword, "registry.", "data.bytes data.strings data.type hive key path value"},
    {kKeyword, "rule.", "author category description id license name reference ruleset uuid version"},
    {kKeyword, "server.", kEndpointNames},
    {kLong, "server.", kEndpointNumbers},
    {kIp, "server.", "ip nat.ip"},
    {kKeyword, "server.geo.", kGeoNames},
    {kKeyword, "service.", "address environment ephemeral_id id node.name node.role state type version"},
    {kKeyword, "source.", "domain mac registered_domain subdomain top_level_domain"},
    {kLong, "source.", kEndpointNumbers},
    {kIp, "source.", "nat.ip"},
    {kKeyword, "source.geo.", "continent_code name postal_code timezone"},
    {kKeyword, "source.user.", kUserNames},
    {kKeyword, "threat.",
     "feed.name framework group.id group.name indicator.file.hash.md5 indicator.file.hash.sha256 indicator.name "
     "indicator.provider indicator.type indicator.url.domain indicator.url.full indicator.url.original software.name "
     "tactic.id tactic.name technique.id technique.name technique.subtechnique.id technique.subtechnique.name"},
    {kIp, "threat.", "indicator.ip"},
    {kKeyword, "tls.",
     "client.hash.md5 client.hash.sha1 client.hash.sha256 client.issuer client.ja3 client.subject curve "
     "next_protocol server.hash.sha256 server.issuer server.ja3s server.subject server.x509.issuer.common_name"},
    {kBoolean, "tls.", "established resumed"},
    {kKeyword, "", "trace.id transaction.id span.id"},
    {kKeyword, "url.", kUrlNames},
    {kLong, "url.", "port"},
    {kKeyword, "user.",
     "domain full_name hash roles changes.domain changes.email changes.full_name changes.group.name "
     "changes.id changes.roles effective.domain effective.email effective.full_name "
     "effective.group.name effective.id effective.name effective.roles group.domain group.id "
     "group.name target.domain target.email target.full_name target.group.name target.roles"},
    {kReal, "user.", "risk.calculated_score risk.calculated_score_norm"},
    {kKeyword, "user.risk.", "calculated_level"},
    {kKeyword, "user_agent.os.", "family kernel platform type"},
    {kKeyword, "vulnerability.",
     "category classification description enumeration id reference report_id scanner.vendor severity"},
    {kReal, "vulnerability.", "score.base score.environmental score.temporal"},
    {kKeyword, "winlog.",
     "activity_id api channel computer_name event_id keywords logon.id logon.type opcode provider_name record_id task"},
    {kKeyword, "winlog.event_data.",
     "AccessList AccessMask AttributeLDAPDisplayName AuthenticationPackageName CallTrace ClientProcessId "
     "EnabledPrivilegeList "
     "LogonProcessName LogonType MemberName NewTargetUserName ObjectClass ObjectDN ObjectName ObjectType "
     "OldTargetUserName OriginalFileName ParentProcessId PrivilegeList ProcessName Properties RelativeTargetName "
     "ScriptBlockText ServiceName ShareName Status SubjectLogonId SubjectUserName SubjectUserSid TargetImage "
     "TargetLogonId TargetName TargetProcessGUID TargetServerName TargetSid TargetUserName TicketEncryptionType "
     "TicketOptions TokenElevationType WorkstationName"},
    {kKeyword, "powershell.", "file.script_block_text file.script_block_id"},
    {kKeyword, "aws.s3.", "bucket.name bucket.arn object.key"},
    {kKeyword, "aws.cloudtrail.", "digest.s3_bucket"},
    {kKeyword, "azure.",
     "activitylogs.operation_name auditlogs.operation_name signinlogs.properties.app_display_name "
     "signinlogs.properties.user_principal_name signinlogs.properties.status.error_code tenant_id subscription_id "
     "resource.id"},
    {kKeyword, "gcp.audit.", "method_name service_name resource_name authentication_info.principal_email type"},
    {kKeyword, "o365.audit.", "Operation Workload UserId Parameters.ForwardTo Parameters.Identity"},
    {kKeyword, "okta.",
     "actor.alternate_id actor.display_name actor.id event_type outcome.reason outcome.result target.display_name "
     "debug_context.debug_data.dt_hash authentication_context.external_session_id"},
    {kKeyword, "github.", "category hashed_token org repo user_agent"},
    {kKeyword, "google_workspace.", "event.type admin.application.name admin.setting.name drive.visibility"},
};

}  // namespace

std::vector<AbsentField> ecs_absent_fields() {
  std::vector<AbsentField> fields;
  for (const Row& row : kRows) {
    std::string_view words = row.names;
    while (!words.empty()) {
      const std::size_t space = words.find(' ');
      fields.push_back({std::string(row.prefix).append(words.substr(0, space)), row.type});
      words = space == std::string_view::npos ? std::string_view() : words.substr(space + 1);
    }
  }
  return fields;
}

}  // namespace trailhound::event
