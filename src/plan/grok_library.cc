#include "plan/grok_library.h"

#include <algorithm>

#include "plan/grok_log_formats.h"

namespace trailhound::plan {

namespace {

// Regular expressions of Ruby's kind; %{NAME} stands for another definition.
constexpr std::pair<std::string_view, std::string_view> kDefinitions[] = {
    // Words and numbers.
    {"WORD", R"(\b\w+\b)"},
    {"NOTSPACE", R"(\S+)"},
    {"SPACE", R"(\s*)"},
    {"DATA", R"(.*?)"},
    {"GREEDYDATA", R"(.*)"},
    {"INT", R"((?:[+-]?(?:[0-9]+)))"},
    {"BASE10NUM", R"((?<![0-9.+-])(?>[+-]?(?:(?:[0-9]+(?:\.[0-9]+)?)|(?:\.[0-9]+))))"},
    {"NUMBER", R"((?:%{BASE10NUM}))"},
    {"BASE16NUM", R"((?<![0-9A-Fa-f])(?:[+-]?(?:0x)?(?:[0-9A-Fa-f]+)))"},
    {"BASE16FLOAT",
     R"(\b(?<![0-9A-Fa-f.])(?:[+-]?(?:0x)?(?:(?:[0-9A-Fa-f]+(?:\.[0-9A-Fa-f]*)?)|(?:\.[0-9A-Fa-f]+)))\b)"},
    {"POSINT", R"(\b(?:[1-9][0-9]*)\b)"},
    {"NONNEGINT", R"(\b(?:[0-9]+)\b)"},
    {"QUOTEDSTRING", R"re((?>(?<!\\)(?:"(?>\\.|[^\\"]+)+"|""|'(?>\\.|[^\\']+)+'|''|`(?>\\.|[^\\`]+)+`|``)))re"},
    {"QS", "%{QUOTEDSTRING}"},
    {"UUID", R"([A-Fa-f0-9]{8}-(?:[A-Fa-f0-9]{4}-){3}[A-Fa-f0-9]{12})"},
    {"URN", R"(urn:[0-9A-Za-z][0-9A-Za-z-]{0,31}:(?:%[0-9a-fA-F]{2}|[0-9A-Za-z()+,.:=@;$_!*'/?#-])+)"},

    // People and machines.
    {"USERNAME", R"([a-zA-Z0-9._-]+)"},
    {"USER", "%{USERNAME}"},
    {"EMAILLOCALPART", R"([a-zA-Z0-9!#$%&'*+\-/=?^_`{|}~]{1,64}(?:\.[a-zA-Z0-9!#$%&'*+\-/=?^_`{|}~]{1,62}){0,63})"},
    {"EMAILADDRESS", "%{EMAILLOCALPART}@%{HOSTNAME}"},
    {"CISCOMAC", R"((?:(?:[A-Fa-f0-9]{4}\.){2}[A-Fa-f0-9]{4}))"},
    {"WINDOWSMAC", R"((?:(?:[A-Fa-f0-9]{2}-){5}[A-Fa-f0-9]{2}))"},
    {"COMMONMAC", R"((?:(?:[A-Fa-f0-9]{2}:){5}[A-Fa-f0-9]{2}))"},
    {"MAC", "(?:%{CISCOMAC}|%{WINDOWSMAC}|%{COMMONMAC})"},
    {"IPV4",
     R"((?<![0-9])(?:(?:25[0-5]|2[0-4][0-9]|[0-1]?[0-9]{1,2})[.]){3}(?:25[0-5]|2[0-4][0-9]|[0-1]?[0-9]{1,2})(?![0-9]))"},
    // Eight groups, or some on each side of the one "::", the last two of them perhaps as an IPv4 address.
    {"IPV6", R"((?:(?:(?:[0-9A-Fa-f]{1,4}:){7}(?:[0-9A-Fa-f]{1,4}|:)))"
             R"(|(?:(?:[0-9A-Fa-f]{1,4}:){6}(?::[0-9A-Fa-f]{1,4}|%{IPV6TAIL}|:)))"
             R"(|(?:(?:[0-9A-Fa-f]{1,4}:){5}(?:(?::[0-9A-Fa-f]{1,4}){1,2}|:%{IPV6TAIL}|:)))"
             R"(|(?:(?:[0-9A-Fa-f]{1,4}:){4}(?:(?::[0-9A-Fa-f]{1,4}){1,3}|(?::[0-9A-Fa-f]{1,4})?:%{IPV6TAIL}|:)))"
             R"(|(?:(?:[0-9A-Fa-f]{1,4}:){3}(?:(?::[0-9A-Fa-f]{1,4}){1,4}|(?::[0-9A-Fa-f]{1,4}){0,2}:%{IPV6TAIL}|:)))"
             R"(|(?:(?:[0-9A-Fa-f]{1,4}:){2}(?:(?::[0-9A-Fa-f]{1,4}){1,5}|(?::[0-9A-Fa-f]{1,4}){0,3}:%{IPV6TAIL}|:)))"
             R"(|(?:(?:[0-9A-Fa-f]{1,4}:){1}(?:(?::[0-9A-Fa-f]{1,4}){1,6}|(?::[0-9A-Fa-f]{1,4}){0,4}:%{IPV6TAIL}|:)))"
             R"(|(?::(?:(?::[0-9A-Fa-f]{1,4}){1,7}|(?::[0-9A-Fa-f]{1,4}){0,5}:%{IPV6TAIL}|:)))(?:%.+)?)"},
    {"IP", "(?:%{IPV6}|%{IPV4})"},
    {"HOSTNAME", R"(\b(?:[0-9A-Za-z][0-9A-Za-z-]{0,62})(?:\.(?:[0-9A-Za-z][0-9A-Za-z-]{0,62}))*(?:\.?|\b))"},
    {"IPORHOST", "(?:%{IP}|%{HOSTNAME})"},
    {"HOSTPORT", "%{IPORHOST}:%{POSINT}"},

    // Paths and addresses of resources.
    {"UNIXPATH", R"((?:/[[:alnum:]_%!$@:.,+~-]*)+)"},
    {"WINPATH", R"((?>[A-Za-z]+:|\\)(?:\\[^\\?*]*)+)"},
    {"PATH", "(?:%{UNIXPATH}|%{WINPATH})"},
    {"TTY", R"((?:/dev/(?:pts|tty(?:[pq])?)(?:\w+)?/?(?:[0-9]+)))"},
    {"URIPROTO", R"([A-Za-z](?:[A-Za-z0-9+\-.]+)+)"},
    {"URIHOST", "%{IPORHOST}(?::%{POSINT})?"},
    {"URIPATH", R"((?:/[A-Za-z0-9$.+!*'(){},~:;=@#%&_\-]*)+)"},
    {"URIQUERY", R"([A-Za-z0-9$.+!*'|(){},~@#%&/=:;_?\-\[\]<>]*)"},
    {"URIPARAM", R"(\?%{URIQUERY})"},
    {"URIPATHPARAM", R"(%{URIPATH}(?:\?%{URIQUERY})?)"},
    {"URI", R"(%{URIPROTO}://(?:%{USER}(?::[^@]*)?@)?(?:%{URIHOST})?(?:%{URIPATH}(?:\?%{URIQUERY})?)?)"},

    // Dates and times.
    {"MONTH", R"(\b(?:[Jj]an(?:uary|uar)?|[Ff]eb(?:ruary|ruar)?|[Mm](?:a|ä)?r(?:ch|z)?|[Aa]pr(?:il)?|[Mm]a(?:y|i)?)"
              R"(|[Jj]un(?:e|i)?|[Jj]ul(?:y|i)?|[Aa]ug(?:ust)?|[Ss]ep(?:tember)?|[Oo](?:c|k)?t(?:ober)?)"
              R"(|[Nn]ov(?:ember)?|[Dd]e(?:c|z)(?:ember)?)\b)"},
    {"MONTHNUM", R"((?:0?[1-9]|1[0-2]))"},
    {"MONTHNUM2", R"((?:0[1-9]|1[0-2]))"},
    {"MONTHDAY", R"((?:(?:0[1-9])|(?:[12][0-9])|(?:3[01])|[1-9]))"},
    {"DAY", R"((?:Mon(?:day)?|Tue(?:sday)?|Wed(?:nesday)?|Thu(?:rsday)?|Fri(?:day)?|Sat(?:urday)?|Sun(?:day)?))"},
    {"YEAR", R"((?>\d\d){1,2})"},
    {"HOUR", R"((?:2[0123]|[01]?[0-9]))"},
    {"MINUTE", R"((?:[0-5][0-9]))"},
    {"SECOND", R"((?:(?:[0-5]?[0-9]|60)(?:[:.,][0-9]+)?))"},
    {"TIME", R"((?!<[0-9])%{HOUR}:%{MINUTE}(?::%{SECOND})(?![0-9]))"},
    {"DATE_US", "%{MONTHNUM}[/-]%{MONTHDAY}[/-]%{YEAR}"},
    {"DATE_EU", "%{MONTHDAY}[./-]%{MONTHNUM}[./-]%{YEAR}"},
    {"DATE", "(?:%{DATE_US}|%{DATE_EU})"},
    {"ISO8601_TIMEZONE", "(?:Z|[+-]%{HOUR}(?::?%{MINUTE}))"},
    {"ISO8601_SECOND", "%{SECOND}"},
    {"TIMESTAMP_ISO8601", "%{YEAR}-%{MONTHNUM}-%{MONTHDAY}[T ]%{HOUR}:?%{MINUTE}(?::?%{SECOND})?%{ISO8601_TIMEZONE}?"},
    {"DATESTAMP", "%{DATE}[- ]%{TIME}"},
    {"TZ", "(?:[APMCE][SD]T|UTC)"},
    {"DATESTAMP_RFC822", "%{DAY} %{MONTH} %{MONTHDAY} %{YEAR} %{TIME} %{TZ}"},
    {"DATESTAMP_RFC2822", "%{DAY}, %{MONTHDAY} %{MONTH} %{YEAR} %{TIME} %{ISO8601_TIMEZONE}"},
    {"DATESTAMP_OTHER", "%{DAY} %{MONTH} %{MONTHDAY} %{TIME} %{TZ} %{YEAR}"},
    {"DATESTAMP_EVENTLOG", "%{YEAR}%{MONTHNUM2}%{MONTHDAY}%{HOUR}%{MINUTE}%{SECOND}"},

    // Logs.
    {"SYSLOGTIMESTAMP", "%{MONTH} +%{MONTHDAY} %{TIME}"},
    {"PROG", R"([\x21-\x5a\x5c\x5e-\x7e]+)"},
    {"SYSLOGHOST", "%{IPORHOST}"},
    {"HTTPDATE", "%{MONTHDAY}/%{MONTH}/%{YEAR}:%{TIME} %{INT}"},
    {"LOGLEVEL", R"((?:[Aa]lert|ALERT|[Tt]race|TRACE|[Dd]ebug|DEBUG|[Nn]otice|NOTICE|[Ii]nfo?(?:rmation)?)"
                 R"(|INFO?(?:RMATION)?|[Ww]arn?(?:ing)?|WARN?(?:ING)?|[Ee]rr?(?:or)?|ERR?(?:OR)?|[Cc]rit?(?:ical)?)"
                 R"(|CRIT?(?:ICAL)?|[Ff]atal|FATAL|[Ss]evere|SEVERE|[Ee]merg(?:ency)?|EMERG(?:ENCY)?))"},
};

using GrokRows = std::vector<std::pair<std::string_view, std::string_view>>;

}  // namespace

const GrokRows& grok_definitions() {
  static const GrokRows kSorted = [] {
    GrokRows rows(std::begin(kDefinitions), std::end(kDefinitions));
    // Needed by IPV6 alone: four numbers up to 255, not looked at from outside as IPV4 does.
    rows.emplace_back("IPV6TAIL", R"((?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d))");
    static const auto kLogFormats = grok_log_formats();
    for (const auto& [name, definition] : kLogFormats) rows.emplace_back(name, definition);
    std::ranges::sort(rows);
    return rows;
  }();
  return kSorted;
}

const std::string_view* grok_definition(std::string_view name) {
  const GrokRows& rows = grok_definitions();
  const auto found = std::ranges::lower_bound(rows, name, {}, &GrokRows::value_type::first);
  return found != rows.end() && found->first == name ? &found->second : nullptr;
}

}  // namespace trailhound::plan
