#include "event/java_text.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace trailhound::event {
namespace {

class JavaText : public testing::Test {
 protected:
  std::string text(std::string_view json) {
    const auto value = document_.parse(json);
    EXPECT_TRUE(value.has_value()) << json;
    std::string out;
    if (value && survives_cleanup(*value)) append_java_text(out, *value);
    return out;
  }
  bool survives(std::string_view json) { return survives_cleanup(*document_.parse(json)); }

  json::Document document_;
};

TEST_F(JavaText, OrdersKeysAsAHashMap) {
  EXPECT_EQ(text(R"({"Host":"h","bucketName":"b","key":"k"})"), "{bucketName=b, Host=h, key=k}");
  EXPECT_EQ(
      text(R"({"bucketName":"b","x-amz-server-side-encryption-aws-kms-key-id":"1","Host":"h","key":"k",
                     "x-amz-server-side-encryption":"aws:kms"})"),
      "{bucketName=b, x-amz-server-side-encryption-aws-kms-key-id=1, Host=h, x-amz-server-side-encryption=aws:kms, "
      "key=k}");
  EXPECT_EQ(text(R"({"quotaCode":"L-1","serviceCode":"ec2"})"), "{serviceCode=ec2, quotaCode=L-1}");
  EXPECT_EQ(text(R"({"userName":"bob","newUserName":"eve"})"), "{newUserName=eve, userName=bob}");
}

TEST_F(JavaText, KeepsSourceOrderWithinABucket) {
  // "Aa" and "BB" have the same hash code.
  EXPECT_EQ(text(R"({"Aa":1,"BB":2})"), "{Aa=1, BB=2}");
  EXPECT_EQ(text(R"({"BB":2,"Aa":1})"), "{BB=2, Aa=1}");
}

TEST_F(JavaText, CountsRemovedKeysForTheTableSize) {
  // "q" and "a" are 16 apart: one bucket of 16, two of 32. Twelve keys fit in 16 buckets, the thirteenth doubles them.
  std::string twelve = R"({"q":1,"a":2)";
  for (char c = '0'; c <= '9'; ++c) twelve += std::string(",\"") + c + "\":null";
  EXPECT_EQ(text(twelve + "}"), "{q=1, a=2}");
  EXPECT_EQ(text(twelve + R"(,"z":""})"), "{a=2, q=1}");
}

TEST_F(JavaText, DropsEmptyValuesAtEveryLevel) {
  EXPECT_EQ(text(R"({"acl":"","a":{"b":null,"c":[]},"list":["x","-","none",{},"y"],"n":0,"f":false})"),
            "{f=false, list=[x, y], n=0}");
  for (const char* gone : {R"("")", R"("-")", R"("none")", "null", "{}", "[]", R"([{"a":[""]}])"}) {
    EXPECT_FALSE(survives(gone)) << gone;
  }
  for (const char* kept : {"0", "false", R"("None")", R"(" ")", R"([0])"}) EXPECT_TRUE(survives(kept)) << kept;
}

TEST_F(JavaText, TakesTheLastOfEqualKeysAtTheFirstPlace) {
  EXPECT_EQ(text(R"({"Aa":1,"BB":2,"Aa":3})"), "{Aa=3, BB=2}");
  EXPECT_FALSE(survives(R"({"a":"x","a":null})"));
}

TEST_F(JavaText, LeavesTextsAlone) {
  EXPECT_EQ(text(R"({"a":"x, y={z}\n\"q\""})"), "{a=x, y={z}\n\"q\"}");
  EXPECT_EQ(text(R"("plain")"), "plain");
  EXPECT_EQ(text(R"([1,[2,{"k":true}]])"), "[1, [2, {k=true}]]");
  EXPECT_EQ(text("18446744073709551615"), "18446744073709551615");
}

TEST_F(JavaText, LeavesOutAMovedMember) {
  const auto value = document_.parse(R"({"UserName":"u","LoginTo":"x"})");
  std::string out;
  append_java_text(out, *value, "UserName");
  EXPECT_EQ(out, "{LoginTo=x}");
  out.clear();
  EXPECT_TRUE(append_java_text(out, *document_.parse(R"({"UserName":"u"})"), "UserName"));
  EXPECT_EQ(out, "{}");
}

TEST_F(JavaText, AgreesWithTheCleanupTest) {
  for (const char* json :
       {R"({"a":{"b":[{"c":""}]},"d":[[],["-"]]})", R"({"a":[{"b":"none"},{"c":1}]})", "[[[]]]", "{}"}) {
    const auto value = document_.parse(json);
    std::string text = "kept";
    EXPECT_EQ(append_java_text(text, *value), survives_cleanup(*value)) << json;
    EXPECT_EQ(text == "kept", !survives_cleanup(*value)) << json << " leaves nothing behind: " << text;
    text = "kept";
    EXPECT_EQ(append_clean_json(text, *value), survives_cleanup(*value)) << json;
    EXPECT_EQ(text == "kept", !survives_cleanup(*value)) << json;
  }
}

TEST_F(JavaText, IsLinearInTheDepth) {
  // Many deep chains that hold nothing: quadratic work in the depth would take minutes.
  const int depth = 900;
  std::string chain;
  for (int i = 0; i < depth; ++i) chain += R"({"a":)";
  chain += "\"\"" + std::string(depth, '}');
  std::string json = "[1";
  for (int i = 0; i < 300; ++i) json += "," + chain;
  EXPECT_EQ(text(json + "]"), "[1]");
}

TEST(JavaDouble, IsWrittenAsDoubleToString) {
  const std::pair<double, const char*> cases[] = {
      {0.0, "0.0"},       {-0.0, "-0.0"},           {1.0, "1.0"},        {0.1, "0.1"},
      {100.0, "100.0"},   {1234567.0, "1234567.0"}, {1e7, "1.0E7"},      {1.25e10, "1.25E10"},
      {0.001, "0.001"},   {0.00099, "9.9E-4"},      {-2.5, "-2.5"},      {123.456, "123.456"},
      {1e100, "1.0E100"}, {9999999.5, "9999999.5"}, {1e-300, "1.0E-300"}};
  for (const auto& [value, text] : cases) EXPECT_EQ(java_double_text(value), text);
}

TEST(Utf16, CountsAndOrdersUnits) {
  EXPECT_EQ(utf16_length("abc"), 3u);
  EXPECT_EQ(utf16_length("ü€"), 2u);
  EXPECT_EQ(utf16_length("\xF0\x9F\x98\x80"), 2u);
  // U+1F600 is a pair of surrogates, which come before U+FF21 in UTF-16 but after it in UTF-8.
  EXPECT_TRUE(utf16_less("\xF0\x9F\x98\x80", "\xEF\xBC\xA1"));
  EXPECT_FALSE(utf16_less("\xEF\xBC\xA1", "\xF0\x9F\x98\x80"));
  EXPECT_TRUE(utf16_less("a", "ab"));
  EXPECT_FALSE(utf16_less("a", "a"));
  EXPECT_TRUE(utf16_less("Z", "a"));
}

}  // namespace
}  // namespace trailhound::event
