#include "event/ecs_absent_columns.h"

namespace trailhound::event {
namespace {

// One row a type and common prefix; the names are separated by spaces. A row without a prefix holds whole names.
struct AbsentRow {
  LogicalType type;
  std::string_view prefix;
  std::string_view names;
};

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

constexpr AbsentRow kAbsentRows[] = {
    {kText, "", "message"},
    {kAny, "", "labels"},
    {LogicalType::keyword, "agent.", "build.original ephemeral_id id name type version"},
    {LogicalType::keyword, "input.", "type"},
    {LogicalType::keyword, "client.", kEndpointNames},
    {kLong, "client.", kEndpointNumbers},
    {kIp, "client.", "ip nat.ip"},
    {LogicalType::keyword, "client.geo.", kGeoNames},
    {kLong, "client.as.", "number"},
    {LogicalType::keyword, "client.as.organization.", "name"},
    {LogicalType::keyword, "client.user.", kUserNames},
    {LogicalType::keyword, "cloud.",
     "account.name availability_zone instance.id instance.name machine.type project.id project.name"},
    {LogicalType::keyword, "cloud.origin.", "account.id account.name provider region service.name"},
    {LogicalType::keyword, "cloud.target.", "account.id account.name provider region service.name"},
    {LogicalType::keyword, "container.",
     "id image.hash.all image.name image.tag name runtime security_context.privileged"},
    {LogicalType::keyword, "data_stream.", "ilm_policy"},
    {LogicalType::keyword, "destination.", kEndpointNames},
    {kLong, "destination.", kEndpointNumbers},
    {kIp, "destination.", "ip nat.ip"},
    {LogicalType::keyword, "destination.geo.", kGeoNames},
    {kLong, "destination.as.", "number"},
    {LogicalType::keyword, "destination.as.organization.", "name"},
    {LogicalType::keyword, "destination.user.", kUserNames},
    {LogicalType::keyword, "device.", "id manufacturer model.identifier model.name serial_number"},
    {LogicalType::keyword, "dll.", "name path"},
    {LogicalType::keyword, "dll.hash.", kHashNames},
    {LogicalType::keyword, "dll.code_signature.", kSignatureNames},
    {kBoolean, "dll.code_signature.", "exists trusted valid"},
    {LogicalType::keyword, "dll.pe.", kPeNames},
    {LogicalType::keyword, "dns.",
     "answers.class answers.data answers.name answers.type header_flags id op_code question.class question.name "
     "question.registered_domain question.subdomain question.top_level_domain question.type response_code type"},
    {kLong, "dns.", "answers.ttl"},
    {kIp, "dns.", "resolved_ip"},
    {LogicalType::keyword, "email.",
     "attachments.file.extension attachments.file.mime_type attachments.file.name bcc.address cc.address content_type "
     "direction from.address local_id message_id reply_to.address sender.address subject to.address x_mailer"},
    {kDate, "email.", "delivery_timestamp origination_timestamp"},
    {LogicalType::keyword, "entity.", "name type"},
    {LogicalType::keyword, "error.", "code id stack_trace type"},
    {LogicalType::keyword, "event.", "agent_id_status code hash original reason reference timezone url"},
    {kLong, "event.", "duration sequence severity"},
    {kReal, "event.", "risk_score risk_score_norm"},
    {kDate, "event.", "created end ingested start"},
    {LogicalType::keyword, "faas.", "execution id name trigger.request_id trigger.type version"},
    {kBoolean, "faas.", "coldstart"},
    {LogicalType::keyword, "file.",
     "attributes device directory drive_letter extension fork_name gid group inode mime_type mode name "
     "origin_referrer_url origin_url owner target_path type uid Ext.original.name Ext.original.path "
     "Ext.original.extension Ext.header_bytes"},
    {kLong, "file.", "size"},
    {kReal, "file.", "Ext.entropy"},
    {kDate, "file.", "accessed created ctime mtime"},
    {LogicalType::keyword, "file.hash.", kHashNames},
    {LogicalType::keyword, "file.code_signature.", kSignatureNames},
    {kBoolean, "file.code_signature.", "exists trusted valid"},
    {LogicalType::keyword, "file.pe.", kPeNames},
    {LogicalType::keyword, "group.", "domain"},
    {LogicalType::keyword, "host.", "architecture domain hostname id mac name type boot.id"},
    {kIp, "host.", "ip"},
    {kLong, "host.", "uptime"},
    {kReal, "host.", "cpu.usage risk.calculated_score risk.calculated_score_norm"},
    {LogicalType::keyword, "host.risk.", "calculated_level"},
    {LogicalType::keyword, "host.os.", kOsNames},
    {LogicalType::keyword, "host.os.Ext.", "variant"},
    {LogicalType::keyword, "host.geo.", kGeoNames},
    {LogicalType::keyword, "http.",
     "request.body.content request.id request.method request.mime_type request.referrer "
     "response.body.content response.mime_type version"},
    {kLong, "http.", "request.body.bytes request.bytes response.body.bytes response.bytes response.status_code"},
    // The documents of signals have these: see event/signal_fields.h.
    {LogicalType::keyword, "kibana.alert.rule.",
     "author building_block_type category consumer description execution.type false_positives from indices interval "
     "license name note producer references rule_id rule_name_override rule_type_id severity tags threat.framework "
     "threat.tactic.id threat.tactic.name threat.tactic.reference threat.technique.id threat.technique.name "
     "threat.technique.reference threat.technique.subtechnique.id threat.technique.subtechnique.name "
     "threat.technique.subtechnique.reference timestamp_override type uuid"},
    {kLong, "kibana.alert.rule.", "max_signals version"},
    {kReal, "kibana.alert.rule.", "risk_score"},
    {kBoolean, "kibana.alert.rule.", "enabled immutable"},
    {LogicalType::keyword, "kibana.alert.",
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
    {LogicalType::keyword, "kibana.alert.original_data_stream.", "dataset namespace type"},
    {LogicalType::keyword, "kibana.alert.original_event.",
     "action category code dataset id kind module outcome provider type"},
    {LogicalType::keyword, "signal.",
     "ancestors.id ancestors.type group.id original_event.action original_event.category original_event.dataset "
     "original_event.kind original_event.module original_event.outcome original_event.type reason status"},
    {kLong, "signal.", "ancestors.depth depth group.index"},
    {kDate, "signal.", "original_time"},
    {LogicalType::keyword, "signal.rule.",
     "author description false_positives id license name references rule_id severity tags threat.framework "
     "threat.tactic.id threat.tactic.name threat.technique.id threat.technique.name threat.technique.subtechnique.id "
     "threat.technique.subtechnique.name type"},
    {kReal, "signal.rule.", "risk_score"},
    {LogicalType::keyword, "kubernetes.audit.",
     "verb stage level user.username user.groups objectRef.resource objectRef.subresource objectRef.name "
     "objectRef.namespace annotations.authorization_k8s_io/decision userAgent requestURI"},
    {LogicalType::keyword, "log.", "file.path level logger origin.file.name origin.function syslog.hostname"},
    {kLong, "log.", "offset origin.file.line"},
    {LogicalType::keyword, "network.",
     "application community_id direction iana_number name protocol transport type vlan.id vlan.name"},
    {kLong, "network.", "bytes packets"},
    {kIp, "network.", "forwarded_ip"},
    {LogicalType::keyword, "observer.",
     "egress.interface.name hostname ingress.interface.name mac name product serial_number type vendor version"},
    {kIp, "observer.", "ip"},
    {LogicalType::keyword, "orchestrator.",
     "api_version cluster.id cluster.name namespace organization resource.id resource.name resource.type type"},
    {LogicalType::keyword, "organization.", "id name"},
    {LogicalType::keyword, "package.", "architecture checksum name path reference type version"},
    {kLong, "package.", "size"},
    {LogicalType::keyword, "process.", kProcessNames},
    {LogicalType::keyword, "process.",
     "env_vars tty.columns thread.name group.id group.name user.id user.name real_user.id real_user.name "
     "saved_user.id saved_user.name Ext.token.integrity_level_name Ext.api.name Ext.api.summary Ext.session "
     "Ext.authentication_id Ext.code_signature.subject_name Ext.code_signature.status"},
    {kLong, "process.", "args_count exit_code pgid pid ppid thread.id uptime vpid"},
    {kReal, "process.", "Ext.relative_file_creation_time Ext.relative_file_name_modify_time"},
    {kBoolean, "process.", "interactive"},
    {kDate, "process.", "end start"},
    {LogicalType::keyword, "process.hash.", kHashNames},
    {LogicalType::keyword, "process.code_signature.", kSignatureNames},
    {kBoolean, "process.code_signature.", "exists trusted valid"},
    {LogicalType::keyword, "process.pe.", kPeNames},
    {LogicalType::keyword, "process.parent.", kProcessNames},
    {kLong, "process.parent.", "args_count pid ppid thread.id"},
    {kDate, "process.parent.", "start"},
    {LogicalType::keyword, "process.parent.hash.", kHashNames},
    {LogicalType::keyword, "process.parent.code_signature.", kSignatureNames},
    {kBoolean, "process.parent.code_signature.", "exists trusted valid"},
    {LogicalType::keyword, "process.parent.pe.", kPeNames},
    {LogicalType::keyword, "process.entry_leader.", "executable name entity_id entry_meta.type"},
    {LogicalType::keyword, "process.group_leader.", "executable name entity_id"},
    {LogicalType::keyword, "process.session_leader.", "executable name entity_id"},
    {LogicalType::keyword, "registry.", "data.bytes data.strings data.type hive key path value"},
    {LogicalType::keyword, "rule.", "author category description id license name reference ruleset uuid version"},
    {LogicalType::keyword, "server.", kEndpointNames},
    {kLong, "server.", kEndpointNumbers},
    {kIp, "server.", "ip nat.ip"},
    {LogicalType::keyword, "server.geo.", kGeoNames},
    {LogicalType::keyword, "service.", "address environment ephemeral_id id node.name node.role state type version"},
    {LogicalType::keyword, "source.", "domain mac registered_domain subdomain top_level_domain"},
    {kLong, "source.", kEndpointNumbers},
    {kIp, "source.", "nat.ip"},
    {LogicalType::keyword, "source.geo.", "continent_code name postal_code timezone"},
    {LogicalType::keyword, "source.user.", kUserNames},
    {LogicalType::keyword, "threat.",
     "feed.name framework group.id group.name indicator.file.hash.md5 indicator.file.hash.sha256 indicator.name "
     "indicator.provider indicator.type indicator.url.domain indicator.url.full indicator.url.original software.name "
     "tactic.id tactic.name technique.id technique.name technique.subtechnique.id technique.subtechnique.name"},
    {kIp, "threat.", "indicator.ip"},
    {LogicalType::keyword, "tls.",
     "client.hash.md5 client.hash.sha1 client.hash.sha256 client.issuer client.ja3 client.subject curve "
     "next_protocol server.hash.sha256 server.issuer server.ja3s server.subject server.x509.issuer.common_name"},
    {kBoolean, "tls.", "established resumed"},
    {LogicalType::keyword, "", "trace.id transaction.id span.id"},
    {LogicalType::keyword, "url.", kUrlNames},
    {kLong, "url.", "port"},
    {LogicalType::keyword, "user.",
     "domain full_name hash roles changes.domain changes.email changes.full_name changes.group.name "
     "changes.id changes.roles effective.domain effective.email effective.full_name "
     "effective.group.name effective.id effective.name effective.roles group.domain group.id "
     "group.name target.domain target.email target.full_name target.group.name target.roles"},
    {kReal, "user.", "risk.calculated_score risk.calculated_score_norm"},
    {LogicalType::keyword, "user.risk.", "calculated_level"},
    {LogicalType::keyword, "user_agent.os.", "family kernel platform type"},
    {LogicalType::keyword, "vulnerability.",
     "category classification description enumeration id reference report_id scanner.vendor severity"},
    {kReal, "vulnerability.", "score.base score.environmental score.temporal"},
    {LogicalType::keyword, "winlog.",
     "activity_id api channel computer_name event_id keywords logon.id logon.type opcode provider_name record_id task"},
    {LogicalType::keyword, "winlog.event_data.",
     "AccessList AccessMask AttributeLDAPDisplayName AuthenticationPackageName CallTrace ClientProcessId "
     "EnabledPrivilegeList "
     "LogonProcessName LogonType MemberName NewTargetUserName ObjectClass ObjectDN ObjectName ObjectType "
     "OldTargetUserName OriginalFileName ParentProcessId PrivilegeList ProcessName Properties RelativeTargetName "
     "ScriptBlockText ServiceName ShareName Status SubjectLogonId SubjectUserName SubjectUserSid TargetImage "
     "TargetLogonId TargetName TargetProcessGUID TargetServerName TargetSid TargetUserName TicketEncryptionType "
     "TicketOptions TokenElevationType WorkstationName"},
    {LogicalType::keyword, "powershell.", "file.script_block_text file.script_block_id"},
    {LogicalType::keyword, "aws.s3.", "bucket.name bucket.arn object.key"},
    {LogicalType::keyword, "aws.cloudtrail.", "digest.s3_bucket"},
    {LogicalType::keyword, "azure.",
     "activitylogs.operation_name auditlogs.operation_name signinlogs.properties.app_display_name "
     "signinlogs.properties.user_principal_name signinlogs.properties.status.error_code tenant_id subscription_id "
     "resource.id"},
    {LogicalType::keyword, "gcp.audit.",
     "method_name service_name resource_name authentication_info.principal_email type"},
    {LogicalType::keyword, "o365.audit.", "Operation Workload UserId Parameters.ForwardTo Parameters.Identity"},
    {LogicalType::keyword, "okta.",
     "actor.alternate_id actor.display_name actor.id event_type outcome.reason outcome.result target.display_name "
     "debug_context.debug_data.dt_hash authentication_context.external_session_id"},
    {LogicalType::keyword, "github.", "category hashed_token org repo user_agent"},
    {LogicalType::keyword, "google_workspace.",
     "event.type admin.application.name admin.setting.name drive.visibility"},
};

}  // namespace

std::vector<AbsentField> ecs_absent_fields() {
  std::vector<AbsentField> fields;
  for (const AbsentRow& row : kAbsentRows) {
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
