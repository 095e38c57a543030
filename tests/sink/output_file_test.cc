// What is written is there, in order, whole or not at all.

#include "sink/output_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <deque>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <utility>

namespace trailhound::sink {
namespace {

class OutputFileTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }
  static std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }

 private:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("output_file_" + std::to_string(::getpid()));
};

// Pieces of all sizes, some of them lasting, and what they are together.
struct Pieces {
  explicit Pieces(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    for (int i = 0; i < 2'000; ++i) {
      const std::size_t most = random() % 50 == 0 ? 600'000 : random() % 3 == 0 ? 5'000 : 40;
      const auto letter = static_cast<char>('a' + random() % 26);
      pieces.emplace_back(std::string(random() % most, letter), random() % 2 == 0);
      whole += pieces.back().first;
    }
  }
  void write_to(OutputFile& file) const {
    for (const auto& [text, lasting] : pieces) {
      if (lasting) {
        file.write_lasting(text);
      } else {
        const std::string passing = text;
        file.write(passing);
      }
    }
  }
  std::deque<std::pair<std::string, bool>> pieces;
  std::string whole;
};

TEST_F(OutputFileTest, HoldsWhatWasWrittenInOrder) {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const Pieces pieces(seed);
    auto file = OutputFile::open(path("report"));
    ASSERT_TRUE(file);
    pieces.write_to(*file);
    EXPECT_FALSE(std::filesystem::exists(path("report")));
    OutputFile moved = *std::move(file);
    moved.write("end");
    ASSERT_TRUE(moved.close());
    EXPECT_TRUE(content_of(path("report")) == pieces.whole + "end") << seed;
    std::filesystem::remove(path("report"));
  }
}

TEST_F(OutputFileTest, APipeTakesItInPieces) {
  const Pieces pieces(4);
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  std::string read;
  std::jthread reader([&] { read = content_of(path("pipe")); });
  auto file = OutputFile::open(path("pipe"));
  ASSERT_TRUE(file);
  pieces.write_to(*file);
  ASSERT_TRUE(file->close());
  reader.join();
  EXPECT_TRUE(read == pieces.whole);
}

TEST_F(OutputFileTest, AFullDeviceIsAnErrorOfClosing) {
  auto file = OutputFile::open("/dev/full");
  ASSERT_TRUE(file);
  const std::string much(1'000'000, 'x');
  file->write(much);
  EXPECT_TRUE(file->failed());
  file->write_lasting(much);
  const Status closed = file->close();
  ASSERT_FALSE(closed);
  EXPECT_NE(closed.error().text().find("No space left"), std::string::npos) << closed.error().text();
}

TEST_F(OutputFileTest, WhatIsGivenUpLeavesNothing) {
  {
    auto file = OutputFile::open(path("report"));
    ASSERT_TRUE(file);
    file->write("half");
  }
  EXPECT_TRUE(std::filesystem::is_empty(std::filesystem::path(path("report")).parent_path()));
}

}  // namespace
}  // namespace trailhound::sink
