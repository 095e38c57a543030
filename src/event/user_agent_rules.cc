#include "event/user_agent_rules.h"

namespace trailhound::event {
namespace {

// A part of a version that is missing or empty ends it (Elasticsearch since 8.16.2; before, Firefox 102.0 was
// "102.0.").

// Shorthands for versions of which the later parts may be missing.
#define V1 R"(/(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:\.(\d+))?)"
#define V2 R"(/(\d+)\.(\d+)(?:\.(\d+))?)"

constexpr UserAgentRule kProducts[] = {
    // Apple's network library, alone or below an application that names itself first.
    {"CFNetwork", R"(^(.*)-iP(?:ad|hone))" V1 " CFNetwork"},
    {"CFNetwork", R"(^(.*))" V1 " CFNetwork"},
    {"CFNetwork", R"((CFNetwork)(?:/(\d+)\.(\d+)(?:\.(\d+))?)?)"},

    // Named robots that the general rules below would name otherwise.
    {"Pingdom", R"((Pingdom)(?:\.com_bot_version_|TMS/)(\d+)\.(\d+))", "PingdomBot"},
    {"NewRelicPinger", R"((NewRelicPinger)/(\d+)\.(\d+))", "NewRelicPingerBot"},
    {"(StatusCake)", R"(\(StatusCake\))", "StatusCakeBot"},
    {"facebookexternalhit", R"((facebookexternalhit)/(\d+)\.(\d+))", "FacebookBot"},
    {"GoogleImageProxy", "GoogleImageProxy", "GmailImageProxy"},
    {"Twitterbot", R"((Twitterbot)/(\d+)\.(\d+))", "TwitterBot"},
    {"/", R"(/((?:Ant-)?Nutch|[A-z]+[Bb]ot|[A-z]+[Ss]pider|fetchurl)[ \-](\d+)(?:\.(\d+))?(?:\.(\d+))?)"},

    // HTTP libraries.
    {"",
     "(Google-HTTP-Java-Client|Apache-HttpClient|Go-http-client|scalaj-http|http%20client|"
     "Python-urllib|HttpMonitor|TLSProber|WinHTTP|JNLP|okhttp|aihttp|reqwest|axios|"
     R"(unirest-(?:java|python|ruby|nodejs|php|net))(?:[ /](\d+)(?:\.(\d+))?(?:\.(\d+))?)?)"},

    // Named crawlers, with or without a version.
    {"",
     "(AdsBot-Google(?:-[a-z]{1,30})?|AppEngine-Google|bingbot|BingPreview|Baiduspider|BUbiNG|"
     "Catchpoint(?: bot)?|(?:[a-zA-Z]{1,30}-)?Googlebot(?:-[a-zA-Z]{1,30})?|heritrix|ia_archiver|"
     R"(LinkedInBot|Mail\.RU_Bot|masscan|Mediapartners-Google|MJ12bot|msnbot|Netvibes|Scrapy|SemrushBot|)"
     "Slackbot-LinkExpanding|Slack-ImgProxy|WhatsApp|WhatWeb|WordPress|Yahoo! Slurp|"
     R"(Yandex\w{1,30})(?:[ /]v?(\d+)(?:\.(\d+)(?:\.(\d+))?)?)?)"},

    // AWS clients: before the general robots, which would take the "Bot" of Boto.
    {"/", R"(\b(Boto3?|JetS3t|aws-(?:cli|sdk-(?:cpp|go|java|nodejs|ruby2?|dotnet-(?:\d{1,2}|core)))|s3fs))" V2},

    {"[FB", R"(\[(FBAN/MessengerForiOS|FB_IAB/MESSENGER);FBAV/(\d+)(?:\.(\d+)(?:\.(\d+))?)?)", "Facebook Messenger"},
    {"[FB", R"(\[FB.*;(FBAV)/(\d+)(?:\.(\d+))?(?:\.(\d+))?)", "Facebook"},
    {"[FB", R"(\[FB.*;)", "Facebook"},

    // Whatever calls itself archiver, bot, crawler, indexer, scraper or spider.
    {"", R"((?:/[A-Za-z0-9.]+)? {0,5}([A-Za-z0-9 \-_!\[\]:]{0,50})"
         "(?:[Aa]rchiver|[Ii]ndexer|[Ss]craper|[Bb]ot|[Ss]pider|[Cc]rawl[a-z]{0,50}))"
         R"([/ ](\d+)(?:\.(\d+)(?:\.(\d+))?)?)"},
    {"ot", R"(((?:[A-Za-z][A-Za-z0-9 -]{0,50})?[^C][^Uu][Bb]ot)\b(?:(?:[ /]| v)(\d+)(?:\.(\d+))?(?:\.(\d+))?)?)"},
    {"",
     "((?:[A-z0-9]{1,50}|[A-z-]{1,50} ?)?(?: the )?"
     "(?:[Ss][Pp][Ii][Dd][Ee][Rr]|[Ss]crape|[Cc][Rr][Aa][Ww][Ll])[A-z0-9]{0,50})"
     R"((?:(?:[ /]| v)(\d+)(?:\.(\d+))?(?:\.(\d+))?)?)"},

    // Browsers built on the engines of others, then mobile ones, then the engines' own.
    {"", R"((SeaMonkey|Camino|Waterfox)/(\d+)\.(\d+)\.?([ab]?\d+[a-z]*|))"},
    {"PaleMoon", "(PaleMoon)" V2, "Pale Moon"},
    {"Firefox", R"((?:Mobile|Tablet);.*(Firefox)/(\d+)\.(\d+))", "Firefox Mobile"},
    {"Firefox", R"((Firefox)/(\d+)\.(\d+)(a\d+[a-z]*))", "Firefox Alpha"},
    {"Firefox", R"((Firefox)/(\d+)\.(\d+)(b\d+[a-z]*))", "Firefox Beta"},
    {"FxiOS", R"((FxiOS)/(\d+)\.(\d+)(\.(\d+)|)(\.(\d+)|))", "Firefox iOS"},
    {"", R"((UC? ?Browser|UCWEB)[ /]?(\d+)\.(\d+)\.(\d+))", "UC Browser"},
    {"Opera Mini", R"((Opera Mini)(?:/att)?/?(\d+|)(?:\.(\d+))?(?:\.(\d+))?)"},
    {"Opera Mobi", R"((Opera)/.+Opera Mobi.+Version/(\d+)\.(\d+))", "Opera Mobile"},
    {"Opera Mobi", "Opera Mobi", "Opera Mobile"},
    {"Opera/9.80", R"((Opera)/9.80.*Version/(\d+)\.(\d+)(?:\.(\d+))?)"},
    {"OPR/", R"(Mobile Safari.*(OPR)/(\d+)\.(\d+)\.(\d+))", "Opera Mobile"},
    {"OPR/", R"(Chrome.*(OPR)/(\d+)\.(\d+)\.(\d+))", "Opera"},
    {"OPiOS", R"((OPiOS)/(\d+).(\d+).(\d+))", "Opera Mini"},
    {"Silk/", R"((Silk)/(\d+)\.(\d+)(?:\.([0-9-]+))?)", "Amazon Silk"},
    {"Edg", R"((EdgiOS|EdgA)/(\d+)\.(\d+)\.(\d+)(?:\.(\d+))?)", "Edge Mobile"},
    {"Windows Phone", R"(Windows Phone .*(Edge)/(\d+)\.(\d+))", "Edge Mobile"},
    {"SamsungBrowser", R"((SamsungBrowser)/(\d+)\.(\d+))", "Samsung Internet"},
    {"Android", R"(Mozilla.+Android.+(GSA)/(\d+)\.(\d+)\.(\d+))", "Google"},
    {"Chrome", R"(Version/.+(Chrome)/(\d+)\.(\d+)\.(\d+)\.(\d+))", "Chrome Mobile WebView"},
    {"; wv)", R"(; wv\).+(Chrome)/(\d+)\.(\d+)\.(\d+)\.(\d+))", "Chrome Mobile WebView"},
    {"CriOS", R"((CriOS)/(\d+)\.(\d+)\.(\d+)\.(\d+))", "Chrome Mobile iOS"},
    {"Mobile", R"((Chrome)/(\d+)\.(\d+)\.(\d+)\.(\d+) Mobile(?:[ /]|$))", "Chrome Mobile"},
    {"Mobile", R"( Mobile .*(Chrome)/(\d+)\.(\d+)\.(\d+)\.(\d+))", "Chrome Mobile"},
    {"YaBrowser", R"((YaBrowser)/(\d+)\.(\d+)\.(\d+))", "Yandex Browser"},
    {"Whale", R"((Whale)/(\d+)\.(\d+)\.(\d+))"},
    {"Slack_SSB", R"((Slack_SSB)/(\d+)\.(\d+)\.(\d+))", "Slack Desktop Client"},
    {"", R"(\b(Midori|Maxthon|Lynx|OmniWeb|Epiphany|Konqueror|Iceweasel|Iron|K-Meleon|Electron)/(\d+)\.(\d+)\.(\d+))"},
    {"Outlook", R"((?:Microsoft Office Outlook 12\.\d+\.\d+))", "Outlook", "2007"},
    {"Outlook", R"((?:Microsoft Outlook 14\.\d+\.\d+))", "Outlook", "2010"},
    {"Outlook", R"((?:Microsoft Outlook 15\.\d+\.\d+))", "Outlook", "2013"},
    {"Outlook", R"((?:Microsoft Outlook (?:Mail )?16\.\d+\.\d+))", "Outlook", "2016"},
    {"Thunderbird", R"((Thunderbird)/(\d+)\.(\d+)(?:\.(\d+(?:pre)?))?)"},
    {"Vivaldi", R"((Vivaldi)/(\d+)\.(\d+)\.(\d+))"},
    {"Edg", "(Edge?)" V1, "Edge"},
    {"brave/", R"((brave)/(\d+)\.(\d+)\.(\d+) Chrome)", "Brave"},
    {"HeadlessChrome", R"((HeadlessChrome)(?:/(\d+)\.(\d+)\.(\d+))?)"},
    {"", R"((AdobeAIR|Midori|Maxthon|Lynx|Dillo|Epiphany|Opera|Konqueror|Iceweasel|Iron|iTunes|qutebrowser|Otter)"
         ")" V2},
    {"Chrom", R"((Chromium|Chrome)/(\d+)\.(\d+)(?:\.(\d+))?(?:\.(\d+))?)"},
    {"IEMobile", R"((IEMobile)[ /](\d+)\.(\d+))", "IE Mobile"},
    {"Android", R"((Android) (\d+)(?:\.(\d+))?(?:\.(\d+))?)"},

    // Apple's mobile browser and the views that applications embed.
    {"GSA/", R"((iPod|iPhone|iPad).+GSA/(\d+)\.(\d+)\.(\d+) Mobile)", "Google"},
    {"Version/", R"((iPod|iPhone|iPad).+Version/(\d+)\.(\d+)(?:\.(\d+))?.*[ +]Safari)", "Mobile Safari"},
    {"Version/", R"((iPod|iPhone|iPad).+Version/(\d+)\.(\d+)(?:\.(\d+))?)", "Mobile Safari UI/WKWebView"},
    {"Safari", "(iPod|iPhone|iPad).* Safari", "Mobile Safari"},
    {"iP", "(iPod|iPhone|iPad)", "Mobile Safari UI/WKWebView"},

    {"PhantomJS", R"((PhantomJS)/(\d+)\.(\d+)\.(\d+))"},
    {"Safari/", R"((Version)/(\d+)\.(\d+)(?:\.(\d+))?.*Safari/)", "Safari"},
    {"Safari/", R"((Safari)/\d+)"},
    {"Trident/", R"(Trident/[78]\.0)", "IE", "11.0"},
    {"Trident/", R"(Trident/6\.0)", "IE", "10.0"},
    {"Trident/", R"(Trident/5\.0)", "IE", "9.0"},
    {"Trident/", R"(Trident/4\.0)", "IE", "8.0"},
    {"AppleWebKit", R"((AppleWebKit)/(\d+)\.(\d+)\.(\d+))", "Apple Mail"},
    {"Firefox", R"((Firefox)/(\d+)\.(\d+)\.(\d+))"},
    {"Firefox", R"((Firefox)/(\d+)\.(\d+)(pre|))"},
    {"IE ", R"(([MS]?IE) (\d+)\.(\d+))", "IE"},

    // Scripts and command-line tools.
    {"python-requests", R"((python-requests)/(\d+)\.(\d+))", "Python Requests"},
    {"aiohttp", R"((Python/3\.\d{1,3} aiohttp)/(\d+)\.(\d+)\.(\d+))", "Python aiohttp"},
    {"",
     "\\b(Windows-Update-Agent|WindowsPowerShell|Microsoft-CryptoAPI|SophosUpdateManager|SophosAgent|"
     "Debian APT-HTTP|Ubuntu APT-HTTP|libcurl-agent|libwww-perl|urlgrabber|curl|PycURL|Wget|wget2|aria2|Axel|"
     R"(OpenBSD ftp|lftp|jupdate|insomnia|fetch libfetch|akka-http|got)(?:[ /](\d+)(?:\.(\d+))?(?:\.(\d+))?)?)"},
    {"Java", R"((Java)[/ ]?\d+\.(\d+)\.(\d+)[_-]*([a-zA-Z0-9]+|))"},
    {"Cyberduck", R"(^(Cyberduck)/(\d+)\.(\d+)\.(\d+))"},
    {"S3 Browser", R"(^(S3 Browser) (\d+)-(\d+)-(\d+))"},
    {"rclone", R"(^(rclone)/v(\d+)\.(\d+))"},
    {"Box", R"(^(Box(?: Sync)?)/(\d+)\.(\d+)\.(\d+))"},
};

constexpr UserAgentRule kSystems[] = {
    {"Windows Phone", R"((Windows Phone) (?:OS[ /])?(\d+)\.(\d+))"},
    {"Android", R"((Android)[ \-/](\d+)(?:\.(\d+))?(?:[.\-]([a-z0-9]+))?)"},
    {"Windows", "Windows ?Mobile", "Windows Mobile"},
    {"Windows 10", "Windows 10", "Windows", "10"},
    {"Windows NT", R"(Windows NT 5\.[12])", "Windows", "XP"},
    {"Windows NT", R"(Windows NT 6\.1)", "Windows", "7"},
    {"Windows NT", R"(Windows NT 6\.0)", "Windows", "Vista"},
    {"Windows NT", R"(Windows NT 6\.2; ARM;)", "Windows", "RT"},
    {"Windows NT", R"(Windows NT 6\.2)", "Windows", "8"},
    {"Windows NT", R"(Windows NT 6\.3; ARM;)", "Windows", "RT 8.1"},
    {"Windows NT", R"(Windows NT 6\.3)", "Windows", "8.1"},
    {"Windows NT", R"(Windows NT (?:6\.4|10\.0))", "Windows", "10"},
    {"Windows NT", R"(Windows NT 5\.0)", "Windows", "2000"},
    {"Windows", "Windows ?CE", "Windows", "CE"},
    {"Win", "Win(?:dows)? ?(95|98|3.1|NT|ME|2000|XP|Vista|7|CE)", "Windows", "$1"},
    {"Win32", "Win32", "Windows", "95"},
    {"Tizen", R"((Tizen)[/ ](\d+)\.(\d+))"},
    {"OS", R"(((?:Mac[ +]?|; )OS[ +]X)[\s+/](?:(\d+)[_.](\d+)(?:[_.](\d+))?|Mach-O))", "Mac OS X"},
    {"Mac OS X", "(?:PPC|Intel) (Mac OS X)"},
    {"TV", R"((Apple\s?TV)(?:/(\d+)\.(\d+))?)", "ATV OS X"},
    {"", R"((CPU[ +]OS|iPhone[ +]OS|CPU[ +]iPhone|CPU IPhone OS)[ +]+(\d+)[_.](\d+)(?:[_.](\d+))?)", "iOS"},
    {"CFNetwork", R"(CFNetwork/.* Darwin/17\.\d+.*\(x86_64\))", "Mac OS X", "10.13"},
    {"CFNetwork", R"(CFNetwork/.* Darwin/16\.\d+.*\(x86_64\))", "Mac OS X", "10.12"},
    {"CFNetwork", R"(CFNetwork/.* Darwin/18\.\d+)", "iOS", "12"},
    {"CFNetwork", "CFNetwork/.* Darwin/", "iOS"},
    {"",
     R"(\b(iOS[ /]|iOS; |iPhone(?:/| v|[ _]OS[/,]|; | OS : |\d,\d/|\d,\d; )|iPad/)(\d{1,2})[_.](\d{1,2})(?:[_.](\d+))?)",
     "iOS"},
    {"(iOS;", R"(\((iOS);)"},
    {"watchOS", R"((watchOS)/(\d+)\.(\d+)(?:\.(\d+))?)", "WatchOS"},
    {"iP", "(iPod|iPhone|iPad)", "iOS"},
    {"tvOS", R"((tvOS)[/ ](\d+)\.(\d+)(?:\.(\d+))?)"},
    {"CrOS", R"((CrOS) [a-z0-9_]+ (\d+)\.(\d+)(?:\.(\d+))?)", "Chrome OS"},
    {"ebian", "([Dd]ebian)", "Debian"},
    {"Linux Mint", R"((Linux Mint)(?:/(\d+))?)"},
    {"Firefox/", R"(\((?:Mobile|Tablet);.+Firefox/\d+\.\d+)", "Firefox OS"},
    {"", R"((Fedora|Red Hat|PCLinuxOS|Puppy|Ubuntu|Kindle|Bada|Sailfish|Lubuntu|BackTrack|Slackware|)"
         R"((?:Free|Open|Net|\b)BSD)[/ ](\d+)\.(\d+)(?:\.(\d+))?(?:\.(\d+))?)"},
    {"gentoo", R"((Linux)[ /](\d+)\.(\d+)(?:\.(\d+))?.*gentoo)", "Gentoo"},
    {"", "(Windows|Android|WeTab|Maemo|Web0S)"},
    {"",
     "(Ubuntu|Kubuntu|Arch Linux|CentOS|Slackware|Gentoo|openSUSE|SUSE|Red Hat|Fedora|PCLinuxOS|Mageia|"
     R"((?:Free|Open|Net|\b)BSD))"},
    {"Linux", R"((Linux)(?:[ /](\d+)\.(\d+)(?:\.(\d+))?)?)"},
    {"SunOS", "SunOS", "Solaris"},
    {"linux-gnu", R"(\(linux-gnu\))", "Linux"},
    {"redhat", R"(\(x86_64-redhat-linux-gnu\))", "Red Hat"},
    {"freebsd", R"(\((freebsd)(\d+)\.(\d+)\))", "FreeBSD"},
    {"linux", "linux", "Linux"},  // lower case, as the SDKs write it: no version
};

// Words that make a device a robot, wherever they stand and whatever their case.
#define ROBOT_WORDS                                                                                                   \
  "bot|BUbiNG|zao|borg|oegp|silk|Xenu|zeal|^NING|crawl|htdig|lycos|slurp|teoma|voila|yahoo|Sogou|CiBra|Nutch|^Java/|" \
  "^JNLP/|Daum|Genieo|ichiro|larbin|pompos|Scrapy|snappy|speedy|spider|vortex|favicon|indexer|Riddler|scooter|"       \
  "scraper|scrubby|WhatWeb|WinHTTP|BingPreview|^voyager|archiver|mogimogi|Netvibes|altavista|charlotte|findlinks|"    \
  "TLSProber|WordPress|http%20client|Python-urllib|Screaming Frog|AppEngine-Google|facebookexternalhit|"              \
  "Google-HTTP-Java-Client|GomezAgent|heritrix|NewsGator|PagePeeker|Reaper|ZooShot|holmes|Pingdom|StatusCake|"        \
  "WhatsApp|masscan|Google Web Preview|Qwantify|Yeti"

constexpr UserAgentRule kDevices[] = {
    {"", "(?i)(?:iPhone|Windows Phone|Android).*(?:(?:Bot|Yeti)-Mobile|BingPreview|bots?/\\d|(?:bot|spider)\\.html)",
     "Spider"},
    {"", R"( (?:Silk|Kindle)/\d+\.)", "Kindle"},
    {"TV", R"(Apple\s?TV)", "AppleTV"},
    {"iP", R"((iPhone|iPad|iPod)\d+,\d+)"},
    {"iPad", "(iPad)(?:;| Simulator;)"},
    {"iPod", "(iPod)(?:;| touch;| Simulator;)"},
    {"iPhone", "iPhone", "iPhone"},
    {"CFNetwork", R"(CFNetwork/.* Darwin/\d.*\(((?:Mac|iMac|PowerMac|PowerBook)[^\d]*\d+(?:,|%2C)\d+))"},
    {"CFNetwork", R"(CFNetwork/.* Darwin/\d+\.\d+\.\d+ \(x86_64\))", "Mac"},
    {"CFNetwork", R"(CFNetwork/.* Darwin/\d)", "iOS-Device"},
    {"Android", R"(; *(?:SAMSUNG |Samsung )((?:SM-|GT-|SCH-|SGH-)[^;/)]+?)(?: Build|[;/)]))", "Samsung $1"},
    {"Android", R"(; *((?:SM-|GT-|SCH-|SGH-)[^;/)]+?)(?: Build|/))", "Samsung $1"},
    {"Android", R"(; *((?:SM|SCH|SGH|SPH)-[A-Za-z0-9]{5,6})\))", "Samsung $1"},
    {"Android", R"(; *((?:HM|MI|Mi|Redmi)[ -][^;/)]+?)(?: (?:Build|MIUI)/|[;/)]))", "XiaoMi $1"},
    {"Android", R"(; *((?:CPH|RMX)\d{1,4})(?: Build|\) AppleWebKit))", "Oppo $1"},
    {"Android", R"(; (ONEPLUS [a-zA-Z]\d+)(?: Build|\) AppleWebKit))", "OnePlus $1"},
    {"Android", R"(; *ASUS_([^;/)]+?)(?: Build|\) AppleWebKit))", "Asus $1"},
    {"Android", R"(Android[\- ]\d+\.\d+(?:\.\d+)?; *[A-Za-z]{2}[_\-][A-Za-z]{0,2}-? *; *(.+?)(?: Build[/ ]|\)))"},
    {"Android", R"(Android \d+(?:\.\d+){0,2}; ([^;]+?)(?: Build|\) AppleWebKit).+? Safari)"},
    {"Android", R"(Android \d+(?:\.\d+){0,2}; ([^;]+?)(?: Build|\)))"},
    {"Firefox/", "Tablet; .+Firefox/", "Generic Tablet"},
    {"", "(?:Symbian|Windows CE|Opera Mobi|Mobile; .+Firefox/|iPhone OS|Android|MobileSafari|Windows *Phone)",
     "Generic Smartphone"},
    {"", "(?i)(?:" ROBOT_WORDS ")", "Spider"},
    // Prefixes of old phones that also begin names of AWS services and of libraries.
    {"",
     "(?i)^(?:abac|acer|alco|arch|argo|aste|audi|avan|bell|bird|blac|blaz|brew|bumb|capi|cell|comp|cond|dang|devi|"
     "emul|fake|fetc|gene|good|grad|grun|http|huaw|idea|inno|iris|leno|lexi|libw|mate|maui|medi|merc|meri|"
     "mobi|mode|modo|moto|neon|newg|newt|noki|opti|oran|palm|pana|pand|pant|phil|play|pock|port|pose|prox|"
     "raks|sage|sama|sams|scoo|sdk/|semc|send|seri|shar|siem|slid|smal|smar|smit|soft|sony|symb|talk|telm|"
     "tosh|veri|virg|vite|vulc|webc|whit|your)",
     "Generic Feature Phone"},
    {"Opera Mini", "Opera Mini", "Generic Feature Phone"},
    {"Mac OS", "Mac OS", "Mac"},
};

#undef V1
#undef V2
#undef ROBOT_WORDS

}  // namespace

std::span<const UserAgentRule> user_agent_product_rules() { return kProducts; }
std::span<const UserAgentRule> user_agent_system_rules() { return kSystems; }
std::span<const UserAgentRule> user_agent_device_rules() { return kDevices; }

}  // namespace trailhound::event
