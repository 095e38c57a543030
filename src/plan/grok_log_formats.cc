#include "plan/grok_log_formats.h"

#include <initializer_list>
#include <iterator>
#include <string_view>

#include "base/joined.h"

namespace trailhound::plan {

namespace {

using LogFormats = std::vector<std::pair<std::string, std::string>>;

/// %{INT:http.response.status_code:int}
std::string take(std::string_view capture) { return "%{" + std::string(capture) + "}"; }
/// The same, or the sign that the log writes where it has no value.
std::string take_or(std::string_view none, std::string_view capture) {
  return "(?:" + std::string(none) + "|" + take(capture) + ")";
}
std::string or_dash(std::string_view capture) { return take_or("-", capture); }
std::string or_minus_one(std::string_view capture) { return take_or("-1", capture); }
std::string between_quotes(std::string_view inside) { return "\"" + std::string(inside) + "\""; }
std::string optional(std::string_view inside) { return "(?:" + std::string(inside) + ")?"; }

std::string joined(std::string_view separator, std::initializer_list<std::string> parts) {
  return trailhound::joined(parts, separator);
}

/// "GET /path HTTP/1.1"
std::string request_line(std::string_view url) {
  return "%{WORD:http.request.method} " + std::string(url) + optional(" HTTP/%{NUMBER:http.version}");
}

std::string timestamp() { return "(?:%{SYSLOGTIMESTAMP:timestamp}|%{TIMESTAMP_ISO8601:timestamp})"; }

LogFormats web_servers() {
  const std::string client = optional(R"(\[client %{IPORHOST:source.address}\] )");
  return {
      {"HTTPDUSER", "%{EMAILADDRESS}|%{USER}"},
      {"HTTPDERROR_DATE", "%{DAY} %{MONTH} %{MONTHDAY} %{TIME} %{YEAR}"},
      {"HTTPD_COMMONLOG",
       joined(" ", {take("IPORHOST:source.address"), or_dash("HTTPDUSER:apache.access.user.identity"),
                    or_dash("HTTPDUSER:user.name"), R"(\[%{HTTPDATE:timestamp}\])",
                    between_quotes("(?:" + request_line("%{NOTSPACE:url.original}") + "|%{DATA})"),
                    or_dash("INT:http.response.status_code:int"), or_dash("INT:http.response.body.bytes:int")})},
      {"HTTPD_COMBINEDLOG", joined(" ", {"%{HTTPD_COMMONLOG}", between_quotes(or_dash("DATA:http.request.referrer")),
                                         between_quotes(or_dash("DATA:user_agent.original"))})},
      {"HTTPD20_ERRORLOG",
       R"(\[%{HTTPDERROR_DATE:timestamp}\] \[%{LOGLEVEL:log.level}\] )" + client + "%{GREEDYDATA:message}"},
      {"HTTPD24_ERRORLOG",
       R"(\[%{HTTPDERROR_DATE:timestamp}\] \[%{WORD:apache.error.module}?:%{LOGLEVEL:log.level}\])"
       R"( \[pid %{POSINT:process.pid:int}(?::tid %{INT:process.thread.id:int})?\])"
       R"((?: \(%{POSINT:apache.error.proxy.error.code}\)%{DATA:apache.error.proxy.error.message}:)?)"
       R"((?: \[client %{IPORHOST:source.address}(?::%{POSINT:source.port:int})?\])?)"
       "(?: %{DATA:error.code}:)? %{GREEDYDATA:message}"},
      {"HTTPD_ERRORLOG", "%{HTTPD20_ERRORLOG}|%{HTTPD24_ERRORLOG}"},
      {"COMMONAPACHELOG", "%{HTTPD_COMMONLOG}"},
      {"COMBINEDAPACHELOG", "%{HTTPD_COMBINEDLOG}"},
  };
}

LogFormats syslog() {
  return {
      {"SYSLOGPROG", R"(%{PROG:process.name}(?:\[%{POSINT:process.pid:int}\])?)"},
      {"SYSLOGFACILITY", "<%{NONNEGINT:log.syslog.facility.code:int}.%{NONNEGINT:log.syslog.priority:int}>"},
      {"SYSLOGBASE", joined(" ", {"%{SYSLOGTIMESTAMP:timestamp}",
                                  optional("%{SYSLOGFACILITY} ") + "%{SYSLOGHOST:host.hostname}", "%{SYSLOGPROG}:"})},
      {"SYSLOGBASE2", timestamp() + optional(" %{SYSLOGFACILITY}") + optional(" %{SYSLOGHOST:host.hostname}") +
                          optional(" %{SYSLOGPROG}:")},
      {"SYSLOGLINE", "%{SYSLOGBASE2} %{GREEDYDATA:message}"},
      {"SYSLOGPAMSESSION",
       "%{SYSLOGBASE} (?=%{GREEDYDATA:message})"
       R"(%{WORD:system.auth.pam.module}\(%{DATA:system.auth.pam.origin}\): )"
       "session %{WORD:system.auth.pam.session_state} for user %{USERNAME:user.name}(?: by %{GREEDYDATA})?"},
      {"CRON_ACTION", "[A-Z ]+"},
      {"CRONLOG", R"(%{SYSLOGBASE} \(%{USER:user.name}\) %{CRON_ACTION:system.cron.action} \(%{DATA:message}\))"},
      {"SYSLOG5424PRINTASCII", "[!-~]+"},
      {"SYSLOG5424PRI", "<%{NONNEGINT:log.syslog.priority:int}>"},
      {"SYSLOG5424SD", R"(\[%{DATA}\]+)"},
      {"SYSLOG5424BASE",
       joined(" +", {"%{SYSLOG5424PRI}%{NONNEGINT:system.syslog.version}", or_dash("TIMESTAMP_ISO8601:timestamp"),
                     or_dash("IPORHOST:host.hostname"), or_dash("SYSLOG5424PRINTASCII:process.name"),
                     or_dash("POSINT:process.pid:int"), or_dash("SYSLOG5424PRINTASCII:event.code"),
                     or_dash("SYSLOG5424SD:system.syslog.structured_data") + "?"})},
      {"SYSLOG5424LINE", "%{SYSLOG5424BASE} +%{GREEDYDATA:message}"},
  };
}

LogFormats amazon() {
  const std::string uri = "%{URIPROTO:url.scheme}://" + optional("%{USER:url.username}(?::[^@]*)?@") +
                          optional("%{ELB_URIHOST}") + optional("%{ELB_URIPATHQUERY}");
  return {
      {"S3_REQUEST_LINE", "(?:" + request_line("%{NOTSPACE:url.original}") + ")"},
      {"S3_ACCESS_LOG",
       joined(" ", {take("WORD:aws.s3access.bucket_owner"), take("NOTSPACE:aws.s3access.bucket"),
                    R"(\[%{HTTPDATE:timestamp}\])", or_dash("IP:client.ip"), or_dash("NOTSPACE:client.user.id"),
                    take("NOTSPACE:aws.s3access.request_id"), take("NOTSPACE:aws.s3access.operation"),
                    or_dash("NOTSPACE:aws.s3access.key"), "(?:-|\"%{S3_REQUEST_LINE:aws.s3access.request_uri}\")",
                    or_dash("INT:http.response.status_code:int"), or_dash("NOTSPACE:aws.s3access.error_code"),
                    or_dash("INT:aws.s3access.bytes_sent:int"), or_dash("INT:aws.s3access.object_size:int"),
                    or_dash("INT:aws.s3access.total_time:int"), or_dash("INT:aws.s3access.turn_around_time:int"),
                    between_quotes(or_dash("DATA:http.request.referrer")),
                    between_quotes(or_dash("DATA:user_agent.original")), or_dash("NOTSPACE:aws.s3access.version_id")}) +
           optional(
               " " +
               joined(" ",
                      {or_dash("NOTSPACE:aws.s3access.host_id"), or_dash("NOTSPACE:aws.s3access.signature_version"),
                       or_dash("NOTSPACE:tls.cipher"), or_dash("NOTSPACE:aws.s3access.authentication_type"),
                       or_dash("NOTSPACE:aws.s3access.host_header"), or_dash("NOTSPACE:aws.s3access.tls_version")}))},
      {"ELB_URIHOST", "%{IPORHOST:url.domain}(?::%{POSINT:url.port:int})?"},
      {"ELB_URIPATHQUERY", R"(%{URIPATH:url.path}(?:\?%{URIQUERY:url.query})?)"},
      {"ELB_URIPATHPARAM", "%{ELB_URIPATHQUERY}"},
      {"ELB_URI", uri},
      {"ELB_REQUEST_LINE", "(?:" + request_line("%{ELB_URI:url.original}") + ")"},
      {"ELB_V1_HTTP_LOG",
       joined(
           " ",
           {take("TIMESTAMP_ISO8601:timestamp"), take("NOTSPACE:aws.elb.name"),
            "%{IP:source.ip}:%{INT:source.port:int}", "(?:-|%{IP:aws.elb.backend.ip}:%{INT:aws.elb.backend.port:int})",
            or_minus_one("NUMBER:aws.elb.request_processing_time.sec:float"),
            or_minus_one("NUMBER:aws.elb.backend_processing_time.sec:float"),
            or_minus_one("NUMBER:aws.elb.response_processing_time.sec:float"),
            take("INT:http.response.status_code:int"), or_dash("INT:aws.elb.backend.http.response.status_code:int"),
            take("INT:http.request.body.bytes:int"), take("INT:http.response.body.bytes:int"),
            between_quotes("%{ELB_REQUEST_LINE}")}) +
           optional(" " + joined(" ", {between_quotes(or_dash("DATA:user_agent.original")),
                                       or_dash("NOTSPACE:tls.cipher"), or_dash("NOTSPACE:aws.elb.ssl_protocol")}))},
      {"ELB_ACCESS_LOG", "%{ELB_V1_HTTP_LOG}"},
      {"CLOUDFRONT_ACCESS_LOG",
       joined(R"(\t)", {R"((?<timestamp>%{YEAR}-%{MONTHNUM}-%{MONTHDAY}\t%{TIME}))",
                        take("WORD:aws.cloudfront.x_edge_location"),
                        or_dash("INT:destination.bytes:int"),
                        take("IPORHOST:source.ip"),
                        take("WORD:http.request.method"),
                        take("HOSTNAME:url.domain"),
                        take("NOTSPACE:url.path"),
                        take_or("000", "INT:http.response.status_code:int"),
                        or_dash("DATA:http.request.referrer"),
                        take("DATA:user_agent.original"),
                        or_dash("DATA:url.query"),
                        or_dash("DATA:aws.cloudfront.http.request.cookie"),
                        take("WORD:aws.cloudfront.x_edge_result_type"),
                        take("NOTSPACE:aws.cloudfront.x_edge_request_id"),
                        take("HOSTNAME:aws.cloudfront.http.request.host"),
                        take("URIPROTO:network.protocol"),
                        or_dash("INT:source.bytes:int"),
                        take("NUMBER:aws.cloudfront.time_taken:float"),
                        or_dash("IP:network.forwarded_ip"),
                        or_dash("DATA:aws.cloudfront.ssl_protocol"),
                        or_dash("NOTSPACE:tls.cipher"),
                        take("WORD:aws.cloudfront.x_edge_response_result_type")}) +
           optional(R"(\t)" +
                    joined(R"(\t)", {"(?:-|HTTP/%{NUMBER:http.version})", or_dash("DATA:aws.cloudfront.fle_status"),
                                     or_dash("DATA:aws.cloudfront.fle_encrypted_fields"), take("INT:source.port:int"),
                                     take("NUMBER:aws.cloudfront.time_to_first_byte:float"),
                                     or_dash("DATA:aws.cloudfront.x_edge_detailed_result_type"),
                                     or_dash("NOTSPACE:http.request.mime_type"),
                                     or_dash("INT:aws.cloudfront.http.request.size:int"),
                                     or_dash("INT:aws.cloudfront.http.request.range.start:int"),
                                     or_dash("INT:aws.cloudfront.http.request.range.end:int")}))},
  };
}

LogFormats haproxy() {
  const std::string names =
      R"(\[%{HAPROXYDATE:haproxy.request_date}\] %{NOTSPACE:haproxy.frontend_name} %{NOTSPACE:haproxy.backend_name}/)" +
      take_or("<NOSRV>", "NOTSPACE:haproxy.server_name");
  const std::string waits = or_minus_one("INT:haproxy.total_waiting_time_ms:int") + "/" +
                            or_minus_one("INT:haproxy.connection_wait_time_ms:int");
  const std::string queues =
      joined("/", {take("INT:haproxy.connections.active:int"), take("INT:haproxy.connections.frontend:int"),
                   take("INT:haproxy.connections.backend:int"), take("INT:haproxy.connections.server:int"),
                   take("INT:haproxy.connections.retries:int")}) +
      " %{INT:haproxy.server_queue:int}/%{INT:haproxy.backend_queue:int}";
  const std::string source = "%{IP:source.address}:%{INT:source.port:int}";
  const std::string head = timestamp() + " %{IPORHOST:host.hostname} %{SYSLOGPROG}: ";
  return {
      {"HAPROXYTIME", "(?!<[0-9])%{HOUR}:%{MINUTE}(?::%{SECOND})(?![0-9])"},
      {"HAPROXYDATE", "%{MONTHDAY}/%{MONTH}/%{YEAR}:%{HAPROXYTIME}.%{INT}"},
      {"HAPROXYCAPTUREDREQUESTHEADERS", "%{DATA:haproxy.http.request.captured_headers}"},
      {"HAPROXYCAPTUREDRESPONSEHEADERS", "%{DATA:haproxy.http.response.captured_headers}"},
      {"HAPROXYURI", optional("%{URIPROTO:url.scheme}://") + optional("%{USER:url.username}(?::[^@]*)?@") +
                         optional("%{IPORHOST:url.domain}(?::%{POSINT:url.port:int})?") +
                         optional(R"(%{URIPATH:url.path}(?:\?%{URIQUERY:url.query})?)")},
      {"HAPROXYHTTPREQUESTLINE", "(?:<BADREQ>|(?:" + request_line("%{HAPROXYURI:url.original}") + "))"},
      {"HAPROXYHTTPBASE",
       joined(" ", {source, names,
                    joined("/", {or_minus_one("INT:haproxy.http.request.time_wait_ms:int"), waits,
                                 or_minus_one("INT:haproxy.http.request.time_wait_without_data_ms:int"),
                                 take("NOTSPACE:haproxy.total_time_ms")}),
                    take("INT:http.response.status_code:int"), take("INT:source.bytes:int"),
                    or_dash("DATA:haproxy.http.request.captured_cookie"),
                    or_dash("DATA:haproxy.http.response.captured_cookie"), take("NOTSPACE:haproxy.termination_state"),
                    queues}) +
           R"((?: \{%{HAPROXYCAPTUREDREQUESTHEADERS}\}(?: \{%{HAPROXYCAPTUREDRESPONSEHEADERS}\})?)?)"
           "(?: \"%{HAPROXYHTTPREQUESTLINE}\"?)?"},
      {"HAPROXYHTTP", head + "%{HAPROXYHTTPBASE}"},
      {"HAPROXYTCP",
       head + joined(" ", {source, names, waits + "/%{NOTSPACE:haproxy.total_time_ms}", take("INT:source.bytes:int"),
                           take("NOTSPACE:haproxy.termination_state"), queues})},
  };
}

}  // namespace

LogFormats grok_log_formats() {
  LogFormats all;
  for (LogFormats family : {web_servers(), syslog(), amazon(), haproxy()}) {
    all.insert(all.end(), std::make_move_iterator(family.begin()), std::make_move_iterator(family.end()));
  }
  return all;
}

}  // namespace trailhound::plan
