#include "attacks.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace trailhound::synth {
namespace {

constexpr std::string_view kCliAgent =
    "aws-cli/2.15.38 Python/3.11.8 Linux/5.10.214 exe/x86_64.amzn.2 prompt/off command/iam.list-users";

class Planter {
 public:
  Planter(Random& random, Planted& out) : random_(random), out_(out) {}

  const Identity& user(const std::string& account, const std::string& name) {
    out_.identities.push_back(make_user(random_, account, name + "-" + random_.hex(4)));
    return out_.identities.back();
  }
  const Identity& role(const std::string& account, const std::string& name) {
    out_.identities.push_back(make_role(random_, account, name, "session-" + random_.hex(6)));
    return out_.identities.back();
  }

  void event(const Identity& who, Instant time, std::string_view service, std::string_view name, std::size_t region,
             std::string_view error = {}, std::string_view agent = {}) {
    Event e;
    e.time = time;
    e.identity = &who;
    e.service = service;
    e.name = name;
    e.region = kRegions[region % kRegions.size()];
    e.error = error;
    e.agent = agent;
    const bool secret = name == "GetSecretValue";
    e.request =
        secret ? R"({"secretId":"prod/db-)" + std::to_string(random_.below(50)) + "\"}" : R"({"maxResults":100})";
    if (!error.empty() && !secret) e.request = "null";
    e.response = "null";
    out_.events.push_back(std::move(e));
  }

  void expect(std::string rule, std::string severity, const Identity& who, Instant first, Instant last,
              std::uint64_t events) {
    out_.expected.push_back({std::move(rule), std::move(severity), who.arn, first, last, events});
  }

  /// Six regions in five minutes by a long-term key, some calls denied. Near-misses: three regions, and a role.
  void backup(const std::string& account, Instant t) {
    static constexpr std::array<std::string_view, 4> kNames = {"ListBackupVaults", "ListBackupPlans",
                                                               "ListProtectedResources", "ListBackupSelections"};
    const Identity& thief = user(account, "svc-reporting");
    for (std::size_t i = 0; i < 24; ++i) {
      event(thief, t + seconds(12 * i), "backup", kNames[i % 4], i / 4, i % 5 == 4 ? "AccessDenied" : "");
    }
    expect("aws-backup-enumeration-multi-region", "medium", thief, t, t + seconds(12 * 23), 24);
    const Identity& local = user(account, "backup-admin");
    for (std::size_t i = 0; i < 30; ++i) event(local, t + seconds(7 * i), "backup", kNames[i % 4], i % 3);
    const Identity& auditor = role(account, "auditor");
    for (std::size_t i = 0; i < 12; ++i) event(auditor, t + seconds(9 * i), "backup", kNames[i % 4], i);
  }

  /// ListSecrets in five regions, then twelve reads. Near-misses: no read at all, and reads ten minutes late.
  void secrets(const std::string& account, Instant t) {
    const Identity& thief = role(account, "ci-runner-x");
    for (std::size_t i = 0; i < 5; ++i) event(thief, t + seconds(4 * i), "secretsmanager", "ListSecrets", i);
    for (std::size_t i = 0; i < 12; ++i) event(thief, t + seconds(30 + i), "secretsmanager", "GetSecretValue", i % 5);
    expect("aws-secrets-enumeration-and-retrieval", "medium", thief, t, t + seconds(41), 17);
    const Identity& lister = role(account, "inventory-x");
    for (std::size_t i = 0; i < 10; ++i) event(lister, t + seconds(5 * i), "secretsmanager", "ListSecrets", i);
    const Identity& late = user(account, "late-reader");
    for (std::size_t i = 0; i < 5; ++i) event(late, t + seconds(i), "secretsmanager", "ListSecrets", i);
    event(late, t + seconds(900), "secretsmanager", "GetSecretValue", 0);
  }

  /// Denied model listing over twelve regions by a long-term key. Near-misses: the same succeeding, and by a role.
  void bedrock(const std::string& account, Instant t) {
    const Identity& thief = user(account, "website-uploader");
    for (std::size_t i = 0; i < 12; ++i)
      event(thief, t + seconds(3 * i), "bedrock", "ListFoundationModels", i, "AccessDenied");
    event(thief, t + seconds(40), "sagemaker", "ListTrainingJobs", 0, "AccessDeniedException");
    expect("aws-bedrock-discovery-denied", "high", thief, t, t + seconds(40), 13);
    const Identity& scientist = user(account, "ml-engineer");
    for (std::size_t i = 0; i < 6; ++i) event(scientist, t + seconds(2 * i), "bedrock", "ListFoundationModels", i);
    const Identity& session = role(account, "ml-session");
    event(session, t, "sagemaker", "ListModels", 0, "AccessDenied");
  }

  /// Eight distinct discovery calls through the CLI inside one 10-second bucket. Near-misses: five of them, and eight
  /// spread over two buckets, and eight by an SDK.
  void burst(const std::string& account, Instant around) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kCalls = {{
        {"iam", "ListUsers"},
        {"iam", "ListRoles"},
        {"iam", "GetAccountSummary"},
        {"ec2", "DescribeInstances"},
        {"s3", "ListBuckets"},
        {"kms", "ListKeys"},
        {"lambda", "ListFunctions20150331"},
        {"sts", "GetCallerIdentity"},
    }};
    const Instant t = floor_to(around, seconds(10));
    const Identity& thief = user(account, "build-agent");
    for (std::size_t i = 0; i < 8; ++i)
      event(thief, t + seconds(1 + i), kCalls[i].first, kCalls[i].second, 0, "", kCliAgent);
    expect("aws-cli-discovery-burst", "low", thief, t + seconds(1), t + seconds(8), 8);
    const Identity& admin = user(account, "careful-admin");
    for (std::size_t i = 0; i < 5; ++i)
      event(admin, t + seconds(i), kCalls[i].first, kCalls[i].second, 0, "", kCliAgent);
    const Identity& slow = user(account, "two-buckets");
    for (std::size_t i = 0; i < 8; ++i) {
      event(slow, t + seconds(6 + i), kCalls[i].first, kCalls[i].second, 0, "", kCliAgent);
    }
    const Identity& program = user(account, "sdk-inventory");
    for (std::size_t i = 0; i < 8; ++i) {
      event(program, t + seconds(1 + i), kCalls[i].first, kCalls[i].second, 0, "",
            "aws-sdk-java/2.25.31 Linux/5.10.214");
    }
  }

  /// One refusal long before, then ten in two minutes. Near-misses: never seen before, and five only.
  void denials(const std::string& account, Instant t) {
    const Instant before = t - seconds(30 * 3600);
    const Identity& thief = user(account, "payments-api");
    event(thief, before, "secretsmanager", "GetSecretValue", 0, "AccessDenied");
    for (std::size_t i = 0; i < 10; ++i)
      event(thief, t + seconds(12 * i), "secretsmanager", "GetSecretValue", 0, "AccessDenied");
    expect("aws-secrets-denied-anomaly", "low", thief, t, t + seconds(12 * 9), 10);
    const Identity& fresh = user(account, "newcomer");
    for (std::size_t i = 0; i < 50; ++i)
      event(fresh, t + seconds(i), "secretsmanager", "GetSecretValue", 0, "AccessDenied");
    const Identity& few = user(account, "mistyped");
    event(few, before, "secretsmanager", "GetSecretValue", 0, "AccessDenied");
    for (std::size_t i = 0; i < 5; ++i)
      event(few, t + seconds(i), "secretsmanager", "GetSecretValue", 0, "AccessDenied");
  }

 private:
  static Duration seconds(std::size_t n) { return Duration::seconds(static_cast<std::int64_t>(n)); }

  Random& random_;
  Planted& out_;
};

}  // namespace

Planted plant(Random& random, const std::vector<std::string>& accounts, Instant start, Duration span,
              std::size_t sets) {
  Planted out;
  Planter planter(random, out);
  const Duration margin = Duration::seconds(32 * 3600);
  const std::int64_t room = (span.micros - margin.micros) / 1'000'000 - 3600;
  const auto when = [&] {
    return start + margin +
           Duration::seconds(
               static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(std::max<std::int64_t>(room, 1)))));
  };
  for (std::size_t i = 0; i < sets; ++i) {
    const std::string& account = accounts[random.below(accounts.size())];
    planter.backup(account, when());
    planter.secrets(account, when());
    planter.bedrock(account, when());
    planter.burst(account, when());
    planter.denials(account, when());
  }
  std::stable_sort(out.events.begin(), out.events.end(),
                   [](const Event& a, const Event& b) { return a.time < b.time; });
  return out;
}

}  // namespace trailhound::synth
