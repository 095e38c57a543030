#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zstd.h>

#include <algorithm>
#include <fstream>

#include "sample.h"

namespace trailhound::source {
namespace {

using ::testing::HasSubstr;

struct Entry {
  std::string name, content;
};

la_ssize_t append_bytes(archive* /*unused*/, void* out, const void* bytes, std::size_t size) {
  static_cast<std::string*>(out)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

/// `prepare` chooses the format and filter.
std::string pack(const std::vector<Entry>& entries, void (*prepare)(archive*)) {
  std::string out;
  archive* writer = archive_write_new();
  prepare(writer);
  archive_write_set_bytes_per_block(writer, 0);
  archive_write_open(writer, &out, nullptr, append_bytes, nullptr);
  for (const Entry& one : entries) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, one.name.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(one.content.size()));
    const bool folder = one.name.back() == '/';
    archive_entry_set_filetype(entry, folder ? AE_IFDIR : AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_write_header(writer, entry);
    archive_write_data(writer, one.content.data(), one.content.size());
    archive_entry_free(entry);
  }
  archive_write_close(writer);
  archive_write_free(writer);
  return out;
}

void as_zip(archive* writer) { archive_write_set_format_zip(writer); }
void as_tar(archive* writer) { archive_write_set_format_ustar(writer); }
void as_raw_bzip2(archive* writer) {
  archive_write_set_format_raw(writer);
  archive_write_add_filter_bzip2(writer);
}
void as_raw_xz(archive* writer) {
  archive_write_set_format_raw(writer);
  archive_write_add_filter_xz(writer);
}

std::string zstd(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

testing::Gatherer read(const std::string& content) {
  RecordSource source;
  testing::Gatherer gatherer;
  source.read_memory(content, "a", gatherer);
  return gatherer;
}

TEST(Archive, ReadsEveryCompression) {
  const std::vector<std::string> wanted = testing::records(500, 1, true);
  const std::string content = "{\"Records\":[" + testing::join(wanted, ",") + "]}";
  EXPECT_EQ(read(testing::gzip(content)).records, wanted);
  EXPECT_EQ(read(zstd(content)).records, wanted);
  EXPECT_EQ(read(pack({{"x", content}}, as_raw_bzip2)).records, wanted);
  EXPECT_EQ(read(pack({{"x", content}}, as_raw_xz)).records, wanted);
  EXPECT_EQ(read(testing::gzip(zstd(testing::gzip(content)))).records, wanted);
  const std::size_t half = content.find("},{\"eventVersion\":\"1.08\"", content.size() / 2) + 2;
  EXPECT_EQ(read(zstd(content.substr(0, half)) + zstd(content.substr(half))).records, wanted) << "two frames";
}

TEST(Archive, ReadsEveryEntryRecursively) {
  const std::vector<std::string> list = testing::records(6, 1, false);
  const auto log = [&](std::size_t i) { return "{\"Records\":[" + list[i] + "]}"; };
  const std::string inner = pack({{"in.json", log(2)}, {"in.json.gz", testing::gzip(log(3))}}, as_zip);
  for (const bool tar : {false, true}) {
    const std::vector<Entry> entries = {
        {"AWSLogs/", ""}, {"AWSLogs/a.json", log(0)}, {"b.json.gz", testing::gzip(log(1))}, {"c.zip", inner},
        {"empty", ""},    {"notes.txt", "hello"}};
    const std::string outer = tar ? testing::gzip(pack(entries, as_tar)) : pack(entries, as_zip);
    const testing::Gatherer gatherer = read(outer);
    EXPECT_EQ(gatherer.records, std::vector<std::string>(list.begin(), list.begin() + 4));
    std::vector<std::string> paths;
    for (const FileEntry& file : gatherer.files) paths.push_back(file.path + "=" + std::string(name_of(file.outcome)));
    const std::string read_name(name_of(FileOutcome::read));
    EXPECT_EQ(paths, (std::vector<std::string>{"a!AWSLogs/a.json=" + read_name, "a!b.json.gz=" + read_name,
                                               "a!c.zip!in.json=" + read_name, "a!c.zip!in.json.gz=" + read_name,
                                               "a!empty=" + std::string(name_of(FileOutcome::set_aside)),
                                               "a!notes.txt=" + std::string(name_of(FileOutcome::unreadable))}));
  }
}

TEST(Archive, BooksDamageAndKeepsWhatIsWhole) {
  const std::vector<std::string> list = testing::records(400, 1, false);
  const std::string content = testing::join(list, "\n");
  std::string packed = zstd(content);
  packed.resize(packed.size() * 9 / 10);
  testing::Gatherer gatherer = read(packed);
  EXPECT_THAT(gatherer.files[0].reason, HasSubstr("zstd data is cut off"));

  packed = pack({{"x", content}}, as_raw_bzip2);
  packed.resize(packed.size() - 20);
  gatherer = read(packed);
  EXPECT_NE(gatherer.files[0].outcome, FileOutcome::read);
  EXPECT_THAT(gatherer.files[0].reason, HasSubstr("archive"));

  packed = pack({{"one", list[0]}, {"two", content}}, as_zip);
  packed.resize(packed.size() / 2);
  gatherer = read(packed);
  ASSERT_GE(gatherer.files.size(), 2U);
  EXPECT_EQ(gatherer.records.at(0), list[0]);
  EXPECT_EQ(gatherer.files[0].outcome, FileOutcome::read);
  EXPECT_NE(gatherer.files[1].outcome, FileOutcome::read);

  gatherer = read(pack({}, as_zip));
  ASSERT_EQ(gatherer.files.size(), 1U);
  EXPECT_EQ(gatherer.files[0].outcome, FileOutcome::set_aside);
}

TEST(Archive, AnEntryWithADamagedHeaderIsALoss) {
  const std::vector<std::string> list = testing::records(3, 1, false);
  std::string packed = pack({{"one", list[0]}, {"two", list[1]}, {"three", list[2]}}, as_tar);
  packed[packed.find("two") + 150] ^= 1;  // in the checksum of its header
  const testing::Gatherer gatherer = read(packed);
  EXPECT_EQ(gatherer.records, (std::vector<std::string>{list[0], list[2]}));
  EXPECT_TRUE(std::ranges::any_of(gatherer.files, [](const FileEntry& file) {
    return file.outcome != FileOutcome::read && file.reason.find("damaged archive") != std::string::npos;
  }));
}

bool says(const testing::Gatherer& gatherer, std::string_view reason) {
  return std::ranges::any_of(gatherer.files, [&](const FileEntry& file) {
    return file.outcome != FileOutcome::read && file.reason.find(reason) != std::string::npos;
  });
}

TEST(Archive, AZipsDirectoryKnowsWhatIsMissing) {
  const std::vector<std::string> list = testing::records(3, 1, false);
  const std::string whole = pack({{"one", list[0]}, {"two", list[1]}, {"three", list[2]}}, as_zip);
  EXPECT_FALSE(says(read(whole), "archive"));
  EXPECT_EQ(read(whole).records, list);

  std::string damaged = whole;
  damaged[damaged.find("two") - 30] ^= 1;  // the signature of its header
  const testing::Gatherer without_two = read(damaged);
  EXPECT_EQ(without_two.records, (std::vector<std::string>{list[0], list[2]}));
  EXPECT_TRUE(says(without_two, "directory names 3 entries, 2 were found"));

  EXPECT_TRUE(says(read(whole + whole), "several zips"));
  EXPECT_TRUE(says(read(whole.substr(0, whole.find("PK\x01\x02"))), "damaged archive"));
  EXPECT_TRUE(says(read(whole.substr(0, whole.find("PK\x05\x06"))), "without its directory"));
  EXPECT_TRUE(says(read(testing::gzip(pack({{"inner.zip", whole + whole}}, as_zip))), "several zips")) << "nested";
}

TEST(Archive, ATarCutBetweenEntriesIsALoss) {
  const std::vector<std::string> list = testing::records(2, 1, false);
  const std::string whole = pack({{"one", list[0]}, {"two", list[1]}}, as_tar);
  EXPECT_FALSE(says(read(whole), "archive"));
  const testing::Gatherer cut = read(whole.substr(0, whole.find("two")));
  EXPECT_EQ(cut.records, (std::vector<std::string>{list[0]}));
  EXPECT_TRUE(says(cut, "without its end mark"));
}

TEST(Archive, TarsOneBehindTheOther) {
  const std::vector<std::string> list = testing::records(2, 1, false);
  EXPECT_EQ(read(pack({{"one", list[0]}}, as_tar) + pack({{"two", list[1]}}, as_tar)).records, list);
}

TEST(Archive, AZstdFileMayBeginWithAFrameToSkip) {
  const std::vector<std::string> list = testing::records(2, 1, false);
  const std::string skipped("\x5a\x2a\x4d\x18\x03\0\0\0abc", 11);
  EXPECT_EQ(read(skipped + zstd(testing::join(list, "\n"))).records, list);
}

// Whatever byte of an archive is changed, every file has an end and a reason.
TEST(Archive, SurvivesChangedBytes) {
  const std::string log = "{\"Records\":[" + testing::join(testing::records(3, 1, false), ",") + "]}";
  const std::vector<Entry> entries = {{"a.json", log}, {"b.json.gz", testing::gzip(log)}};
  for (const std::string& packed :
       {pack(entries, as_zip), testing::gzip(pack(entries, as_tar)), zstd(log), pack({{"x", log}}, as_raw_bzip2)}) {
    for (std::size_t i = 0; i < packed.size(); i += 3) {
      std::string changed = packed;
      changed[i] = static_cast<char>(changed[i] ^ 0x41);
      const testing::Gatherer gatherer = read(changed);
      ASSERT_FALSE(gatherer.files.empty()) << i;
      for (const FileEntry& file : gatherer.files) {
        ASSERT_TRUE(file.outcome == FileOutcome::read || !file.reason.empty()) << i;
      }
    }
  }
}

}  // namespace
}  // namespace trailhound::source
