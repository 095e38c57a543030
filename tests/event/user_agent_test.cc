#include "event/user_agent.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include "event/user_agent_rules.h"
#include "parameter_name.h"

namespace trailhound::event {
namespace {

struct Case {
  const char* text;
  const char* name;
  const char* version;
  const char* os_full;  // "name version", or the name alone
  const char* device;
};

class UserAgentCases : public testing::TestWithParam<Case> {};

TEST_P(UserAgentCases, AreReadAsElasticsearchDoes) {
  const Case& c = GetParam();
  const UserAgent agent = parse_user_agent(c.text);
  EXPECT_EQ(agent.name, c.name) << c.text;
  EXPECT_EQ(agent.version, c.version) << c.text;
  EXPECT_EQ(agent.os_version.empty() ? agent.os_name : agent.os_full, c.os_full) << c.text;
  EXPECT_EQ(agent.device, c.device) << c.text;
}

INSTANTIATE_TEST_SUITE_P(
    Aws, UserAgentCases,
    testing::Values(
        Case{"aws-cli/2.14.5 Python/3.11.6 Darwin/23.6.0 exe/x86_64 prompt/off command/rds.create-db-instance",
             "aws-cli", "2.14.5", "", "Other"},
        Case{"aws-cli/1.16.312 Python/3.7.6 Darwin/18.7.0 botocore/1.13.48", "aws-cli", "1.16.312", "", "Spider"},
        Case{"[aws-cli/1.22.34 Python/3.10.6 Linux/5.19.0-46-generic botocore/1.23.34]", "aws-cli", "1.22.34",
             "Linux 5.19.0", "Spider"},
        Case{"aws-cli Python/3.10", "Other", "", "", "Other"},
        Case{"aws-cli/2.1 Python/3.8 Windows/10 exe/AMD64", "aws-cli", "2.1", "Windows", "Other"},
        Case{"[Boto3/1.26.165 Python/3.10.6 Linux/5.19.0-46-generic Botocore/1.29.165]", "Boto3", "1.26.165",
             "Linux 5.19.0", "Spider"},
        Case{"Botocore/1.29.165", "Other", "", "", "Spider"},
        Case{"APN/1.0 HashiCorp/1.0 Terraform/1.1.2 (+https://www.terraform.io) terraform-provider-aws/3.76.1 "
             "(+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go/1.44.157 (go1.19.3; linux; amd64)",
             "aws-sdk-go", "1.44.157", "Linux", "Other"},
        Case{"aws-sdk-go-v2/1.18.0 os/linux lang/go/1.20.12 md/GOOS/linux api/ec2/1.36.1", "Other", "", "Linux",
             "Other"},
        Case{"aws-cli/2.18.17 md/awscrt#0.22.0 ua/2.0 os/linux#6.8.0-1016-aws md/arch#x86_64 md/prompt#off", "aws-cli",
             "2.18.17", "Linux", "Other"},
        Case{"S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.488 Linux/5.10.184-153.731.amzn2int.x86_64 "
             "java/1.8.0_372 vendor/Oracle_Corporation",
             "aws-sdk-java", "1.12.488", "Linux 5.10.184", "Other"},
        Case{"aws-sdk-java/unknown", "Other", "", "", "Other"},
        Case{"aws-sdk-dotnet-coreclr/3.7", "Other", "", "", "Other"},
        Case{"aws-sdk-dotnet-45/3.3.1.2 .NET", "aws-sdk-dotnet-45", "3.3.1", "", "Other"},
        Case{"ec2.amazonaws.com", "Other", "", "", "Other"}, Case{"AWS Internal", "Other", "", "", "Other"},
        Case{"auditmanager.amazonaws.com", "Other", "", "", "Generic Feature Phone"},
        Case{"Java/1.8.0_302", "Java", "8.0.302", "", "Spider"}, Case{"Java/17.0.11", "Java", "0.11", "", "Spider"},
        Case{"S3 Browser 9-5-5 https://s3browser.com", "S3 Browser", "9.5.5", "", "Other"},
        Case{"S3 Browser 9.5.5 https://s3browser.com", "Other", "", "", "Other"},
        Case{"Cyberduck/8.7.0.40629 (Mac OS X/13.5.2) (x86_64)", "Cyberduck", "8.7.0", "Mac OS X 13.5.2", "Mac"}),
    [](const auto& test) { return parameter_name(test.index, test.param.text); });

INSTANTIATE_TEST_SUITE_P(
    Browsers, UserAgentCases,
    testing::Values(
        Case{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
             "Chrome/114.0.0.0 Safari/537.36",
             "Chrome", "114.0.0.0", "Mac OS X 10.15.7", "Mac"},
        Case{"Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:102.0) Gecko/20100101 Firefox/102.0", "Firefox", "102.0",
             "Ubuntu", "Other"},
        Case{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:109.0) Gecko/20100101 Firefox/115.0", "Firefox", "115.0",
             "Mac OS X 10.15", "Mac"},
        Case{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
             "Version/16.5 Safari/605.1.15",
             "Safari", "16.5", "Mac OS X 10.15.7", "Mac"},
        Case{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 "
             "Safari/537.36 Edg/114.0.1823.51",
             "Edge", "114.0.1823.51", "Windows 10", "Other"},
        Case{"Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/60.0.3112.113 "
             "Safari/537.36 OPR/47.0.2631.80",
             "Opera", "47.0.2631", "Windows 7", "Other"},
        Case{"Mozilla/5.0 (Windows NT 6.3; WOW64; Trident/7.0; rv:11.0) like Gecko", "IE", "11.0", "Windows 8.1",
             "Other"},
        Case{"Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
             "Version/16.5 Mobile/15E148 Safari/604.1",
             "Mobile Safari", "16.5", "iOS 16.5", "iPhone"},
        Case{"Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
             "CriOS/114.0.5735.124 Mobile/15E148 Safari/604.1",
             "Chrome Mobile iOS", "114.0.5735.124", "iOS 16.5", "iPhone"},
        Case{"Mozilla/5.0 (Linux; Android 13; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 "
             "Mobile Safari/537.36",
             "Chrome Mobile", "114.0.0.0", "Android 13", "Pixel 7"},
        Case{"Mozilla/5.0 (Android 13; Mobile; rv:109.0) Gecko/118.0 Firefox/118.0", "Firefox Mobile", "118.0",
             "Android 13", "Generic Smartphone"},
        Case{
            "Mozilla/5.0 (Linux; Android 12; Pixel 6 Build/SD1A.210817.023; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Version/4.0 Chrome/94.0.4606.71 Mobile Safari/537.36",
            "Chrome Mobile WebView", "94.0.4606.71", "Android 12", "Pixel 6"},
        Case{"Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.6099.144 "
             "Mobile Safari/537.36",
             "Chrome Mobile", "120.0.6099.144", "Android 14", "Samsung SM-S918B"},
        Case{"Mozilla/5.0 (Linux; Android 10; SM-T870) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 "
             "Safari/537.36",
             "Chrome", "119.0.0.0", "Android 10", "SM-T870"},
        Case{"Mozilla/5.0 (Linux; Android 13; Redmi Note 10 Pro) AppleWebKit/537.36 (KHTML, like Gecko) "
             "Chrome/120.0.0.0 Mobile Safari/537.36",
             "Chrome Mobile", "120.0.0.0", "Android 13", "XiaoMi Redmi Note 10 Pro"},
        Case{"Mozilla/5.0 (Linux; Android 13; CPH2451) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile "
             "Safari/537.36",
             "Chrome Mobile", "120.0.0.0", "Android 13", "Oppo CPH2451"},
        Case{"Dalvik/2.1.0 (Linux; U; Android 9; SM-G960F Build/PPR1.180610.011)", "Android", "9", "Android 9",
             "Samsung SM-G960F"},
        Case{"Mozilla/5.0 (Linux; Android 11; KFTRWI) AppleWebKit/537.36 (KHTML, like Gecko) Silk/118.5.2 like "
             "Chrome/118.0.5993.159 Safari/537.36",
             "Amazon Silk", "118.5.2", "Android 11", "Kindle"},
        Case{"Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
             "Mobile/15E148",
             "Mobile Safari UI/WKWebView", "", "iOS 17.2", "iPhone"},
        Case{"Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
             "FxiOS/121.0 Mobile/15E148 Safari/605.1.15",
             "Firefox iOS", "121.0", "iOS 17.2", "iPhone"},
        Case{"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 "
             "Safari/537.36",
             "Chrome", "114.0.0.0", "Chrome OS 14541.0.0", "Other"},
        Case{"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot", "2.1", "",
             "Spider"}),
    [](const auto& test) { return parameter_name(test.index, test.param.text); });

INSTANTIATE_TEST_SUITE_P(Tools, UserAgentCases,
                         testing::Values(Case{"curl/7.88.1", "curl", "7.88.1", "", "Other"},
                                         Case{"Go-http-client/1.1", "Go-http-client", "1.1", "", "Other"},
                                         Case{"python-requests/2.28.1", "Python Requests", "2.28", "", "Other"},
                                         Case{"okhttp/4.9.3", "okhttp", "4.9.3", "", "Other"},
                                         Case{"axios/0.21.4", "axios", "0.21.4", "", "Other"},
                                         Case{"", "Other", "", "", "Other"}),
                         [](const auto& test) { return parameter_name(test.index, test.param.text); });

TEST(UserAgentRules, AllCompile) {
  for (const auto& rules : {user_agent_product_rules(), user_agent_system_rules(), user_agent_device_rules()}) {
    for (const UserAgentRule& rule : rules) EXPECT_TRUE(re2::RE2(rule.pattern, re2::RE2::Quiet).ok()) << rule.pattern;
  }
}

TEST(UserAgentRules, NeedleDoesNotChangeResults) {
  // The go SDK token counts only where no earlier AWS token stands to its left.
  EXPECT_EQ(parse_user_agent("Boto3/1.2.3 aws-cli/2.0.1").name, "Boto3");
  EXPECT_EQ(parse_user_agent("x aws-cli/2.0.1 Boto3/1.2.3").name, "aws-cli");
}

}  // namespace
}  // namespace trailhound::event
