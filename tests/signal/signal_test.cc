// From episode to signal: identity, texts, and the JSON form that scripts rely on.

#include "signal/signal.h"

#include <gtest/gtest.h>

namespace trailhound::signal {
namespace {

std::shared_ptr<rule::Rule> sample_rule() {
  auto rule = std::make_shared<rule::Rule>();
  rule->id = "def-000-9fr";
  rule->name = "Secrets listed and read";
  rule->type = "threshold";
  rule->language = "datadog";
  rule->version = 2;
  rule->severity = plan::Severity::medium;
  rule->risk_score = 47;
  rule->tactics = {{"TA0006", "Credential Access"}};
  rule->techniques = {{"T1555", ""}};
  rule->tags = {"source:cloudtrail"};
  rule->references = {"https://example.com/a"};
  rule->message =
      "{{@userIdentity.arn}} read {{reads}} secrets from {{@network.client.ip}} ({{events_matched}} calls, "
      "{{events_matched_per_query.reads}} reads) since {{first_seen}}; {{rule_name}}/{{case_name}}/{{severity}}";
  rule->attributes = {{"@network.client.ip", nullptr}};
  plan::Query query;
  query.name = "reads";
  query.key = {{"@userIdentity.arn", nullptr}};
  rule->plan.queries = {query};
  return rule;
}

engine::EpisodeRecord sample_episode() {
  engine::EpisodeRecord e;
  e.signal_key = {std::string("arn:u")};
  e.key_names = {"@userIdentity.arn"};
  e.trigger_time = Instant::from_seconds(1709542920);
  e.trigger_key = "111122223333/e5";
  e.first_seen = Instant::from_seconds(1709542800);
  e.last_seen = Instant::from_seconds(1709542920) + Duration::millis(500);
  e.severity = plan::Severity::medium;
  e.values = {{"reads", {std::int64_t{2}}}, {"names", {std::string("a"), std::string("b")}}, {"none", {}}};
  e.event_count = 3;
  e.events_per_query = {2};
  e.evidence = {{e.first_seen, "111122223333/e1", "e1", "logs/a.json.gz", 12},
                {e.last_seen, "111122223333/e5", "", "b", 0}};
  e.outcomes = {2, 1, 0};
  e.principals.texts = {"arn:u", "arn:v"};
  e.accounts.texts = {"111122223333"};
  e.regions.texts = {"eu-west-1", "us-east-1"};
  e.source_ips.texts = {"198.51.100.7"};
  e.user_agents.texts = {"aws-cli/2 \"x\""};
  e.attributes = {engine::DistinctTexts{.texts = {"198.51.100.7"}}};
  return e;
}

TEST(Signal, JsonIsTheContractToTheLetter) {
  const Signal signal = make_signal(sample_rule(), sample_episode());
  std::string json;
  append_json(json, signal);
  EXPECT_EQ(
      json,
      R"({"id":")" + signal.id +
          R"(","rule":{"id":"def-000-9fr","name":"Secrets listed and read","type":"threshold",)"
          R"("language":"datadog","version":2},"severity":"medium","risk_score":47,)"
          R"("title":"Secrets listed and read","message":"arn:u read 2 secrets from 198.51.100.7 (3 calls, 2 reads) )"
          R"(since Mon Mar 04 09:00:00 UTC 2024; Secrets listed and read//2",)"
          R"("first_seen":"2024-03-04T09:00:00Z","last_seen":"2024-03-04T09:02:00.500Z",)"
          R"("group":{"@userIdentity.arn":"arn:u"},"values":{"reads":2,"names":["a","b"],"none":null},)"
          R"("event_count":3,"event_ids":["e1","111122223333/e5"],)"
          R"("evidence":[{"event_id":"e1","file":"logs/a.json.gz","offset":12},)"
          R"({"event_id":"111122223333/e5","file":"b","offset":0}],)"
          R"("principal":"arn:u","account":"111122223333","regions":["eu-west-1","us-east-1"],)"
          R"("source_ips":["198.51.100.7"],"user_agents":["aws-cli/2 \"x\""],)"
          R"("outcome":{"ok":2,"denied":1,"failed":0},"tactics":[{"id":"TA0006","name":"Credential Access"}],)"
          R"("techniques":[{"id":"T1555","name":""}],"tags":["source:cloudtrail"],)"
          R"("references":["https://example.com/a"],"status":"open","highlights":{},"building_block":false,"signals":[]})");
}

TEST(Signal, TheIdIsStableAndRestsOnRuleKeyAndPositionOnly) {
  const auto rule = sample_rule();
  const auto episode = sample_episode();
  const std::string id = make_signal(rule, episode).id;
  EXPECT_EQ(id.size(), 32u);

  auto same = episode;
  same.last_seen = same.last_seen + Duration::seconds(9);
  same.event_count = 99;
  same.severity = plan::Severity::high;
  EXPECT_EQ(make_signal(rule, same).id, id);

  std::vector<std::string> others;
  const auto changed = [&](auto change) {
    auto e = episode;
    change(e);
    others.push_back(make_signal(rule, e).id);
  };
  changed([](auto& e) { e.signal_key = {std::string("arn:w")}; });
  changed([](auto& e) { e.signal_key = {}; });
  changed([](auto& e) { e.trigger_time.micros += 1; });
  changed([](auto& e) { e.trigger_key = "111122223333/e6"; });
  changed([](auto& e) { e.expansion = {std::string("row")}; });
  auto other_rule = sample_rule();
  other_rule->id = "other";
  others.push_back(make_signal(other_rule, episode).id);
  for (const std::string& other : others) EXPECT_NE(other, id);
}

TEST(Signal, TitlesComeFromTheTemplateOrNameTheCase) {
  auto rule = sample_rule();
  auto episode = sample_episode();
  episode.case_name = "many";
  EXPECT_EQ(make_signal(rule, episode).title, "Secrets listed and read - many");
  rule->title = "{{reads}} secrets by {{@userIdentity.arn}}";
  EXPECT_EQ(make_signal(rule, episode).title, "2 secrets by arn:u");
  rule->title = "";
  rule->name = "{{reads}} secrets of {{team.name}}";
  EXPECT_EQ(make_signal(rule, episode).title, "{{reads}} secrets of {{team.name}} - many");
  rule->renders_names = true;
  rule->tags = {"team:red", "untagged"};
  EXPECT_EQ(make_signal(rule, episode).title, "2 secrets of red - many");
}

TEST(Signal, ARaisedSeverityRaisesTheScore) {
  auto episode = sample_episode();
  episode.severity = plan::Severity::high;
  EXPECT_EQ(make_signal(sample_rule(), episode).risk_score, 73);
}

TEST(Signal, DatesInAGroupAreDates) {
  auto rule = sample_rule();
  rule->plan.queries[0].key = {{"bucket", plan::make(plan::RunTime{}, plan::LogicalType::date)}};
  auto episode = sample_episode();
  episode.signal_key = {Instant::from_seconds(1709542800).micros};
  episode.key_names = {"bucket"};
  EXPECT_EQ(make_signal(rule, episode).group[0].second, Value(std::string("2024-03-04T09:00:00Z")));
}

TEST(Signal, AnAttributeCannotPassForAName) {
  auto rule = sample_rule();
  rule->attributes = {{"rule_name", nullptr}};
  rule->message = "{{rule_name}}";
  EXPECT_EQ(make_signal(rule, sample_episode()).message(), rule->name);
}

}  // namespace
}  // namespace trailhound::signal
