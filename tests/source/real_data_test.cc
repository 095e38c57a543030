// Runs over real files if TRAILHOUND_REAL_DATA names a folder of them, and measures the speed on demand:
//   source_test --gtest_also_run_disabled_tests --gtest_filter=*Throughput*

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "inputs.h"
#include "sample.h"

namespace trailhound::source {
namespace {

using Clock = std::chrono::steady_clock;

class Counter : public WindowConsumer {
 public:
  void begin_file(FileEntry& /*file*/) override {}
  WindowAnswer window(const RecordWindow& window) override {
    bytes += window.size;
    ++windows;
    if (!parse) return WindowAnswer::next;
    const auto root = document_.parse_padded(window.text, window.size);
    if (root) records += root->size();
    if (!root && !window.proven) return WindowAnswer::prove;
    failed += root ? 0 : 1;
    return WindowAnswer::next;
  }
  void end_file(FileEntry&& file) override { lost += file.outcome == FileOutcome::read ? 0 : 1; }

  bool parse = false;
  std::size_t bytes = 0, windows = 0, records = 0, failed = 0, lost = 0;

 private:
  json::Document document_;
};

TEST(RealData, EveryRecordOfEveryFileIsDelivered) {
  const char* folder = std::getenv("TRAILHOUND_REAL_DATA");
  if (folder == nullptr) GTEST_SKIP() << "TRAILHOUND_REAL_DATA is not set";
  Ledger ledger;
  const auto inputs = find_inputs({std::string(folder) + "/invictus-aws"}, ledger);
  ASSERT_TRUE(inputs.has_value());
  ASSERT_FALSE(inputs->empty());
  std::size_t total = 0;
  for (const std::size_t window : {1000, 262144}) {
    Limits limits;
    limits.window_size = window;
    RecordSource source(limits);
    for (const Input& input : inputs_of(*inputs)) {
      if (!input.path.ends_with(".json")) continue;  // the licence
      std::ostringstream content;
      content << std::ifstream(input.path).rdbuf();
      json::Document document;
      const auto root = document.parse(content.str());
      ASSERT_TRUE(root.has_value());
      std::vector<std::string> wanted;
      for (const json::Value one : root->find("Records").elements()) one.append_json(wanted.emplace_back());
      testing::Gatherer gatherer;
      gatherer.content = content.str();
      source.read(input, gatherer);
      EXPECT_EQ(gatherer.records, wanted) << input.path;
      EXPECT_EQ(gatherer.failed_parses + gatherer.wrong_offsets + gatherer.unknown, 0U) << input.path;
      EXPECT_EQ(gatherer.files.at(0).form, "cloudtrail records");
      total += wanted.size();
    }
  }
  std::printf("%zu records in %zu files\n", total / 2, inputs->size());
}

double seconds_of(const std::function<void()>& work) {
  const auto start = Clock::now();
  work();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Plain inflation of one gzip member into a window that is thrown away.
std::size_t inflate_plainly(const std::string& packed) {
  std::vector<std::uint8_t> out(kWindowSize);
  const auto state = std::make_unique<inflate_state>();
  isal_inflate_init(state.get());
  state->crc_flag = ISAL_GZIP;
  state->next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(packed.data()));
  state->avail_in = static_cast<std::uint32_t>(packed.size());
  std::size_t total = 0;
  do {
    state->next_out = out.data();
    state->avail_out = static_cast<std::uint32_t>(out.size());
    if (isal_inflate(state.get()) != ISAL_DECOMP_OK) return 0;
    total += out.size() - state->avail_out;
  } while (state->block_state != ISAL_BLOCK_FINISH);
  return total;
}

/// Records of the size and the entropy of real ones: they deflate to about a twelfth.
std::vector<std::string> lifelike_records(std::size_t count) {
  std::mt19937 random(1);
  const auto hex = [&](std::size_t size) {
    std::string out;
    while (out.size() < size) out += "0123456789abcdef"[random() % 16];
    return out;
  };
  std::vector<std::string> list;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string user = "user-" + std::to_string(random() % 50);
    list.push_back(
        R"({"eventVersion":"1.08","userIdentity":{"type":"AssumedRole","principalId":"AROATFQR7NSC5U6Q3TMDR:)" + user +
        R"(","arn":"arn:aws:sts::123456789012:assumed-role/analytics/)" + user +
        R"(","accountId":"123456789012","accessKeyId":"ASIATFQR7NSCTM3XVF6B","sessionContext":{"sessionIssuer":{"type":)"
        R"("Role","principalId":"AROATFQR7NSC5U6Q3TMDR","arn":"arn:aws:iam::123456789012:role/analytics","accountId":)"
        R"("123456789012","userName":"analytics"},"webIdFederationData":{},"attributes":{"creationDate":)"
        R"("2024-05-01T09:00:00Z","mfaAuthenticated":"false"}}},"eventTime":"2024-05-01T10:)" +
        std::to_string(10 + random() % 50) + ":" + std::to_string(10 + random() % 50) +
        R"(Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"us-east-1","sourceIPAddress":"10.0.)" +
        std::to_string(random() % 256) + "." + std::to_string(random() % 256) +
        R"(","userAgent":"[Boto3/1.26.90 Python/3.10.6 Linux/5.15.0-1031-aws Botocore/1.29.90]","requestParameters":)"
        R"({"bucketName":"analytics-results","Host":"analytics-results.s3.amazonaws.com","key":"part-)" +
        hex(8) +
        R"(.parquet"},"responseElements":null,"additionalEventData":{"SignatureVersion":"SigV4","CipherSuite":)"
        R"("ECDHE-RSA-AES128-GCM-SHA256","bytesTransferredIn":0,"AuthenticationMethod":"AuthHeader","x-amz-id-2":")" +
        hex(40) + R"(","bytesTransferredOut":)" + std::to_string(random() % 100000) + R"(},"requestID":")" + hex(16) +
        R"(","eventID":")" + hex(32) +
        R"(","readOnly":true,"resources":[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::analytics-results/part"},)"
        R"({"accountId":"123456789012","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::analytics-results"}],"eventType":)"
        R"("AwsApiCall","managementEvent":false,"recipientAccountId":"123456789012","eventCategory":"Data","tlsDetails":)"
        R"({"tlsVersion":"TLSv1.2","cipherSuite":"ECDHE-RSA-AES128-GCM-SHA256","clientProvidedHostHeader":"s3"}})");
  }
  return list;
}

TEST(RealData, DISABLED_Throughput) {
  const std::vector<std::string> list = lifelike_records(150000);
  const std::string content = "{\"Records\":[" + testing::join(list, ",") + "]}";
  const std::string lines = testing::join(list, "\n");
  const std::string packed = testing::gzip(content);
  const std::string packed_lines = testing::gzip(lines);
  RecordSource source;
  const auto report = [&](const char* name, double seconds) {
    std::printf("%-28s %7.2f M records/s  %6.2f GB/s\n", name, static_cast<double>(list.size()) / seconds / 1e6,
                static_cast<double>(content.size()) / seconds / 1e9);
  };
  std::printf("%zu bytes a record, deflated to 1/%.1f\n", content.size() / list.size(),
              static_cast<double>(content.size()) / static_cast<double>(packed.size()));
  for (int round = 0; round < 3; ++round) {
    report("isal_inflate alone", seconds_of([&] { EXPECT_EQ(inflate_plainly(packed), content.size()); }));
    for (const bool parse : {false, true}) {
      Counter counter;
      counter.parse = parse;
      report(parse ? "gzip log object, parsed" : "gzip log object",
             seconds_of([&] { source.read_memory(packed, "x", counter); }));
      report(parse ? "gzip lines, parsed" : "gzip lines",
             seconds_of([&] { source.read_memory(packed_lines, "x", counter); }));
      report(parse ? "plain log object, parsed" : "plain log object",
             seconds_of([&] { source.read_memory(content, "x", counter); }));
      EXPECT_EQ(counter.failed + counter.lost, 0U);
      EXPECT_TRUE(!parse || counter.records == 3 * list.size());
    }
  }
}

}  // namespace
}  // namespace trailhound::source
