#include "source/find_inputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "inputs.h"
#include "sample.h"
#include "temporary_folder.h"

namespace trailhound::source {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class FindInputs : public ::testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& content = "x") {
    const fs::path path = folder_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << content;
    return path.string();
  }

  std::vector<std::string> found(const std::vector<std::string>& paths) {
    const auto inputs = find_inputs(paths, ledger_);
    EXPECT_TRUE(inputs.has_value()) << inputs.error().text();
    std::vector<std::string> out;
    if (inputs) {
      for (const Input& input : inputs_of(*inputs)) out.push_back(input.path);
    }
    return out;
  }

  TemporaryFolder temporary_;
  fs::path folder_ = temporary_.path();
  Ledger ledger_;
};

using List = std::vector<std::string>;

TEST_F(FindInputs, WalksFoldersInOrderAndTakesEveryName) {
  const List all = {write("Config/c.json"), write("b/2.json"), write("b/a/1.gz"), write("z"), write(".hidden")};
  List sorted = all;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(found({folder_.string()}), sorted);
  EXPECT_TRUE(ledger_.files.empty());
}

TEST_F(FindInputs, GivesUpWhenAskedToStop) {
  write("a.json");
  std::stop_source stop;
  const auto all = find_inputs({folder_.string()}, ledger_, stop.get_token());
  ASSERT_TRUE(all);
  EXPECT_EQ(all->size(), 1u);
  stop.request_stop();
  const auto none = find_inputs({folder_.string()}, ledger_, stop.get_token());
  ASSERT_TRUE(none);
  EXPECT_EQ(none->size(), 0u);
}

TEST_F(FindInputs, TakesAFileOnceHoweverItIsNamed) {
  const std::string file = write("a.json", "12345");
  const auto found = find_inputs({file, folder_.string() + "/./a.json", folder_.string(), "-", "-"}, ledger_);
  ASSERT_TRUE(found.has_value());
  const std::vector<Input> inputs = inputs_of(*found);
  ASSERT_EQ(inputs.size(), 2U);
  EXPECT_EQ(inputs[0].path, "-");
  EXPECT_FALSE(inputs[0].rereadable);
  EXPECT_EQ(inputs[1].path, file);
  EXPECT_EQ(inputs[1].bytes, 5U);
  EXPECT_TRUE(inputs[1].rereadable);
}

TEST_F(FindInputs, ExpandsGlobs) {
  const List wanted = {write("a1.json"), write("a2.json")};
  write("b.json");
  EXPECT_EQ(found({folder_.string() + "/a*.json"}), wanted);
  const std::string odd = write("[x].json");  // a name that looks like a glob but exists
  EXPECT_EQ(found({odd}), List{odd});
  EXPECT_FALSE(find_inputs({folder_.string() + "/none*.json"}, ledger_).has_value());
}

TEST_F(FindInputs, AFileThatAGlobFindsIsNeverStandardInput) {
  write("-");
  const fs::path before = fs::current_path();
  fs::current_path(folder_);
  const auto found = find_inputs({"?"}, ledger_);
  fs::current_path(before);
  ASSERT_TRUE(found.has_value());
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ(found->at(0)->path, "./-");
}

TEST_F(FindInputs, ManyFilesAreSortedAndTakenOnceOnDiskToo) {
  // More than the sorting keeps in memory.
  const std::string folder = std::string(100, 'f') + "/" + std::string(100, 'g');
  List wanted;
  for (int i = 0; i < 20'000; ++i)
    wanted.push_back(folder_.string() + "/" + folder + "/" + std::to_string(100'000 + i));
  fs::create_directories(folder_ / folder);
  for (const std::string& path : wanted) std::ofstream(path).flush();
  EXPECT_EQ(found({folder_.string(), (folder_ / ".").string(), folder_.string()}), wanted);
}

TEST_F(FindInputs, DoesNotFollowLinksToFolders) {
  write("a/x.json");
  fs::create_directory_symlink(folder_, folder_ / "a" / "loop");
  fs::create_symlink(folder_ / "gone", folder_ / "dangling");
  EXPECT_EQ(found({folder_.string()}), List{(folder_ / "a/x.json").string()});
  ASSERT_EQ(ledger_.files.size(), 2U);
  std::ranges::sort(ledger_.files, {}, &FileEntry::path);
  EXPECT_EQ(ledger_.files[0].path, (folder_ / "a/loop").string());
  EXPECT_EQ(ledger_.files[0].outcome, FileOutcome::set_aside);
  EXPECT_EQ(ledger_.files[1].path, (folder_ / "dangling").string());
  EXPECT_EQ(ledger_.files[1].outcome, FileOutcome::unreadable);
  EXPECT_TRUE(ledger_.files[1].left_unread);
}

TEST_F(FindInputs, RefusesWhatIsMissing) {
  const auto missing = find_inputs({(folder_ / "nothing").string()}, ledger_);
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().where, (folder_ / "nothing").string());
  EXPECT_THAT(missing.error().what, HasSubstr("no such file"));
}

TEST_F(FindInputs, NamesTheCommandThatFetchesABucket) {
  const auto inputs = find_inputs({"s3://bucket/AWSLogs/1/"}, ledger_);
  ASSERT_FALSE(inputs.has_value());
  EXPECT_EQ(inputs.error().hint, "aws s3 sync s3://bucket/AWSLogs/1/ ./bucket/AWSLogs/1");
}

TEST_F(FindInputs, BooksFilesThatCannotBeOpened) {
  if (::geteuid() == 0) GTEST_SKIP() << "root opens everything";
  const std::string file = write("a.json");
  fs::permissions(file, fs::perms::none);
  RecordSource source;
  testing::Gatherer gatherer;
  EXPECT_TRUE(source.read({file, 1}, gatherer));
  EXPECT_EQ(gatherer.files.at(0).outcome, FileOutcome::unreadable);
  EXPECT_THAT(gatherer.files[0].reason, HasSubstr("Permission denied"));
}

TEST_F(FindInputs, ReadsAFileAndBooksAMissingOne) {
  const std::vector<std::string> wanted = testing::records(30, 2, true);
  const std::string file = write("a.json", testing::gzip("{\"Records\":[" + testing::join(wanted, ",") + "]}"));
  RecordSource source;
  testing::Gatherer gatherer;
  EXPECT_TRUE(source.read({file, 1}, gatherer));
  EXPECT_TRUE(source.read({file + "x", 1}, gatherer));
  EXPECT_EQ(gatherer.records, wanted);
  EXPECT_EQ(source.bytes_consumed(), 0U);
  ASSERT_EQ(gatherer.files.size(), 2U);
  EXPECT_EQ(gatherer.files[1].outcome, FileOutcome::unreadable);
  EXPECT_THAT(gatherer.files[1].reason, HasSubstr("No such file"));
}

}  // namespace
}  // namespace trailhound::source
