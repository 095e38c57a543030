#pragma once
/// The program in a folder of its own, for tests that look at it from outside.
///
///     TEST_F(Program, FindsTheThief) {
///       write("a.json", log_object(attack(1)));
///       EXPECT_THAT(scan().out, HasSubstr("thief"));
///     }

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <zlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "base/json_value.h"
#include "run/record_shorthand.h"
#include "temporary_folder.h"

namespace trailhound {

struct Outcome {
  int status = -1;
  std::string out;
  std::string err;
};

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Program : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directory(folder_ + "/logs"); }

  /// Runs the program in the test's folder.
  Outcome run(const std::string& arguments, const std::string& redirect = {}) {
    const std::string out = folder_ + "/out";
    const std::string err = folder_ + "/err";
    const std::string command = "cd " + folder_ + " && " + TRAILHOUND_BINARY + " " + arguments + " 2>" + err +
                                (redirect.empty() ? " >" + out : redirect);
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), redirect.empty() ? read_file(out) : "",
            read_file(err)};
  }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ + "/logs/" + name, std::ios::binary) << text;
  }

  /// Denied model listing by a long-term key: one record that makes the Bedrock rule fire.
  static std::string attack(std::uint64_t number, const std::map<std::string, std::string>& more = {}) {
    run::Shorthand values;
    for (const auto& [key, value] :
         std::map<std::string, std::string>{{"service", "bedrock"}, {"error", "AccessDenied"}, {"user", "thief"}}) {
      values[key] = {value};
    }
    for (const auto& [key, value] : more) values[key] = {value};
    std::string record;
    run::append_record(record, "ListFoundationModels",
                       Instant::from_seconds(1'772'442'000 + static_cast<std::int64_t>(number)), values, number);
    return record;
  }
  static std::string log_object(const std::string& records) { return "{\"Records\":[" + records + "]}"; }

  static std::string gzip(const std::string& text) {
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
  }

  /// Counts of the ledger that the last scan wrote.
  std::uint64_t counted(const std::string& what) {
    json::Document document;
    const std::string text = read_file(folder_ + "/ledger.json");
    const auto root = document.parse(text);
    return root ? root->find("records").find(what).unsigned_integer().value_or(~0ull) : ~0ull;
  }
  Outcome scan(const std::string& more = {}) { return run("scan logs --format jsonl --ledger ledger.json " + more); }

  TemporaryFolder temporary_;
  std::string folder_ = temporary_.path().string();
};

}  // namespace trailhound
