#include "identities.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "calls.h"

namespace trailhound::synth {
namespace {

constexpr std::array<std::string_view, 12> kPeople = {"amara", "bjorn", "chen", "dolores", "emeka", "farah",
                                                      "gita",  "hugo",  "ines", "jonas",   "kaya",  "luis"};
constexpr std::array<std::string_view, 8> kRoles = {"deploy",      "ci-runner", "etl-nightly", "web-backend",
                                                    "log-shipper", "batch",     "monitoring",  "data-science"};
constexpr std::array<std::string_view, 6> kAgents = {
    "Boto3/1.34.84 md/Botocore#1.34.84 ua/2.0 os/linux#5.10.214 md/arch#x86_64 lang/python#3.11.8 Botocore/1.34.84",
    "APN/1.0 HashiCorp/1.0 Terraform/1.7.5 (+https://www.terraform.io) terraform-provider-aws/5.44.0 "
    "aws-sdk-go-v2/1.26.1",
    "aws-sdk-java/2.25.31 Linux/5.10.214 OpenJDK_64-Bit_Server_VM/17.0.10 Java/17.0.10",
    "aws-sdk-go/1.51.16 (go1.22.2; linux; amd64)",
    "aws-cli/2.15.38 Python/3.11.8 Linux/5.10.214 exe/x86_64.amzn.2 prompt/off command/s3api.list-objects",
    "aws-sdk-nodejs/2.1598.0 linux/v20.12.2 promise",
};
constexpr std::array<std::string_view, 6> kServices = {"lambda.amazonaws.com", "ec2.amazonaws.com",
                                                       "config.amazonaws.com", "autoscaling.amazonaws.com",
                                                       "backup.amazonaws.com", "ecs-tasks.amazonaws.com"};

std::string address(Random& random) {
  static constexpr std::array<std::string_view, 3> kNetworks = {"198.51.100.", "203.0.113.", "192.0.2."};
  return std::string(kNetworks[random.below(kNetworks.size())]) + std::to_string(1 + random.below(254));
}

/// Few calls a body: programs do the same thing again and again. Kept below the number of distinct discovery calls
/// that would look like a burst.
void choose_calls(Random& random, Identity& identity) {
  const std::size_t wanted = 3 + random.below(3);
  while (identity.calls.size() < wanted) {
    const std::size_t call = random.skewed(call_count());
    if (std::find(identity.calls.begin(), identity.calls.end(), call) == identity.calls.end()) {
      identity.calls.push_back(call);
    }
  }
  identity.regions.push_back(kRegions[random.skewed(kRegions.size())]);
  if (random.one_in(3)) identity.regions.push_back(kRegions[random.skewed(kRegions.size())]);
}

}  // namespace

Identity make_user(Random& random, const std::string& account, const std::string& name) {
  Identity user;
  user.kind = Identity::Kind::user;
  user.account = account;
  user.name = name;
  user.arn = "arn:aws:iam::" + account + ":user/" + name;
  user.key = "AKIA" + random.upper(16);
  user.principal = "AIDA" + random.upper(17);
  user.address = address(random);
  user.agent = kAgents[random.below(kAgents.size())];
  return user;
}

Identity make_role(Random& random, const std::string& account, const std::string& name, const std::string& session) {
  Identity role;
  role.kind = Identity::Kind::role;
  role.account = account;
  role.name = name;
  role.session = session;
  role.arn = "arn:aws:sts::" + account + ":assumed-role/" + name + "/" + session;
  role.key = "ASIA" + random.upper(16);
  role.principal = "AROA" + random.upper(17) + ":" + session;
  role.address = address(random);
  role.agent = kAgents[random.below(kAgents.size())];
  return role;
}

std::vector<Identity> populate(Random& random, const std::string& account, std::size_t people) {
  std::vector<Identity> all;
  for (std::size_t i = 0; i < people; ++i) {
    const std::string number = i < kPeople.size() ? "" : "-" + std::to_string(i / kPeople.size());
    Identity user = make_user(random, account, std::string(kPeople[i % kPeople.size()]) + number);
    if (random.one_in(3)) {
      user.kind = Identity::Kind::console;
      user.key = "ASIA" + random.upper(16);
      user.agent =
          "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
          "Chrome/124.0.0.0 Safari/537.36";
    }
    all.push_back(std::move(user));
    all.push_back(make_role(random, account, std::string(kRoles[i % kRoles.size()]) + number, "i-0" + random.hex(16)));
  }
  for (const std::string_view service : kServices) {
    Identity s;
    s.kind = Identity::Kind::service;
    s.account = account;
    s.name = service;
    s.address = service;
    s.agent = service;
    all.push_back(std::move(s));
  }
  for (Identity& identity : all) choose_calls(random, identity);
  return all;
}

}  // namespace trailhound::synth
