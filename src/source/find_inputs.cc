#include "source/find_inputs.h"

#include <glob.h>

#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

#include "base/spill_sorter.h"

namespace trailhound::source {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kS3Scheme = "s3://";

std::unexpected<Error> s3_error(const std::string& path) {
  std::string folder = path.substr(kS3Scheme.size());
  while (!folder.empty() && folder.back() == '/') folder.pop_back();
  return fail("reading from S3 directly is not possible yet", path, "aws s3 sync " + path + " ./" + folder);
}

void book_unreadable(Ledger& ledger, const std::string& path, const std::error_code& error) {
  FileEntry entry;
  entry.path = path;
  entry.outcome = FileOutcome::unreadable;
  entry.reason = "cannot open: " + error.message();
  entry.left_unread = true;
  ledger.book(std::move(entry));
}

/// What is no file and not walked into: said, but nothing was to be read there.
void book_passed_by(Ledger& ledger, const std::string& path, std::string reason) {
  FileEntry entry;
  entry.path = path;
  entry.outcome = FileOutcome::set_aside;
  entry.reason = std::move(reason);
  ledger.book(std::move(entry));
}

/// Sorting within this many bytes, twice.
constexpr std::size_t kSorting = 8u << 20;

/// Inputs in any order become a list; the same file named twice, by whatever path, is taken once.
class Gathering {
 public:
  /// `identity`: where it lies, without links.
  Status add(const Input& input, std::string_view identity) {
    std::string payload;
    for (int shift = 56; shift >= 0; shift -= 8) payload += static_cast<char>(added_ >> shift);
    ++added_;
    append(payload, input);
    return by_identity_.add(identity, payload.append(input.path));
  }

  Result<InputList> finish() {
    SpillSorter by_path({.budget = kSorting, .folder = {}});
    TRY_VOID(take_each_once(by_path));
    TRY(auto paths, by_path.finish());
    InputList inputs;
    while (true) {
      TRY(const auto item, paths.next());
      if (!item) return inputs;
      TRY_VOID(inputs.add(input_of(item->key, item->payload)));
    }
  }

 private:
  static constexpr std::size_t kNumber = sizeof(std::uint64_t);

  /// What they lie in, in memory or on disk, is given back at the end.
  Status take_each_once(SpillSorter& by_path) {
    TRY(auto identities, by_identity_.finish());
    std::string last;
    for (bool first = true;; first = false) {
      TRY(const auto item, identities.next());
      if (!item) return {};
      if (!first && item->key == last) continue;  // named a second time
      last = item->key;
      TRY_VOID(by_path.add(item->payload.substr(kNumber + kAbout), item->payload.substr(kNumber, kAbout)));
    }
  }

  static constexpr std::size_t kAbout = sizeof(std::uint64_t) + 1;

  static void append(std::string& payload, const Input& input) {
    payload.append(reinterpret_cast<const char*>(&input.bytes), sizeof(input.bytes));
    payload += input.rereadable ? '\1' : '\0';
  }
  static Input input_of(std::string_view path, std::string_view about) {
    Input input{.path = std::string(path), .rereadable = about.back() == '\1'};
    std::memcpy(&input.bytes, about.data(), sizeof(input.bytes));
    return input;
  }

  SpillSorter by_identity_{{.budget = kSorting, .folder = {}}};
  std::uint64_t added_ = 0;
};

/// Looks into what the user named.
class Finder {
 public:
  Finder(Ledger& ledger, const std::stop_token& stop) : ledger_(ledger), stop_(stop) {}

  Status add(const std::string& path) {
    if (path == "-") return inputs_.add({.path = path}, path);
    if (path.starts_with(kS3Scheme)) return s3_error(path);
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (fs::exists(status)) return add_existing(path, status);
    if (path.find_first_of("*?[") != std::string::npos) return add_glob(path);
    return fail(error && error != std::errc::no_such_file_or_directory ? "cannot open: " + error.message()
                                                                       : "no such file or folder",
                path);
  }

  Result<InputList> finish() { return inputs_.finish(); }

 private:
  struct Folder {
    fs::path path;      ///< as shown
    fs::path identity;  ///< where it lies, without links
  };

  Status add_existing(const std::string& path, const fs::file_status& status) {
    if (fs::is_directory(status)) return walk(path);
    std::error_code error;
    const bool regular = fs::is_regular_file(status);
    const std::uintmax_t size = regular ? fs::file_size(path, error) : 0;
    return inputs_.add({path, error ? 0 : size, regular}, canonical(path));
  }

  Status add_glob(const std::string& pattern) {
    glob_t found{};
    // Unsafe only with ~user, which is not asked for.
    const int code = ::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found);  // NOLINT(concurrency-mt-unsafe)
    const auto freed = [](glob_t* list) { ::globfree(list); };
    const std::unique_ptr<glob_t, decltype(freed)> owner(&found, freed);
    if (code != 0) return fail("no file matches", pattern);
    for (std::size_t i = 0; i < found.gl_pathc && !stop_.stop_requested(); ++i) {
      std::string path = found.gl_pathv[i];
      if (path == "-") path = "./-";  // a file, not standard input
      std::error_code error;
      const fs::file_status status = fs::status(path, error);
      if (!fs::exists(status)) {
        book_unreadable(ledger_, path, error);
        continue;
      }
      TRY_VOID(add_existing(path, status));
    }
    return {};
  }

  /// Depth first without recursion. A folder that cannot be listed and a link that leads nowhere are booked.
  Status walk(const std::string& root) {
    std::vector<Folder> folders = {{root, canonical(root)}};
    while (!folders.empty() && !stop_.stop_requested()) {
      const Folder folder = std::move(folders.back());
      folders.pop_back();
      std::error_code error;
      fs::directory_iterator item(folder.path, error);
      if (error) book_unreadable(ledger_, folder.path.string(), error);
      while (!error && item != fs::directory_iterator() && !stop_.stop_requested()) {
        TRY_VOID(add_item(*item, folder, folders));
        item.increment(error);
        if (error) book_unreadable(ledger_, folder.path.string(), error);
      }
    }
    return {};
  }

  /// What is no link lies where its folder lies: only links are looked up, as there may be a million files.
  Status add_item(const fs::directory_entry& item, const Folder& folder, std::vector<Folder>& folders) {
    std::error_code error;
    const std::string& path = item.path().native();
    const bool is_link = item.is_symlink(error);
    if (item.is_directory(error)) {
      if (is_link) {
        book_passed_by(ledger_, path, "a link to a folder is not followed: name the folder to read it");
      } else {
        folders.push_back({item.path(), folder.identity / item.path().filename()});
      }
    } else if (item.is_regular_file(error)) {
      const std::uintmax_t size = item.file_size(error);
      return inputs_.add({path, error ? 0 : size, true},
                         is_link ? canonical(path) : (folder.identity / item.path().filename()).string());
    } else if (item.exists(error)) {
      book_passed_by(ledger_, path, "a pipe, a socket or a device: name it to read it");
    } else {  // a link that leads nowhere
      book_unreadable(ledger_, path, error ? error : std::make_error_code(std::errc::no_such_file_or_directory));
    }
    return {};
  }

  static std::string canonical(const std::string& path) {
    std::error_code error;
    const fs::path real = fs::canonical(path, error);
    return error ? path : real.string();
  }

  Ledger& ledger_;
  const std::stop_token& stop_;
  Gathering inputs_;
};

}  // namespace

Result<InputList> find_inputs(const std::vector<std::string>& paths, Ledger& ledger, const std::stop_token& stop) {
  Finder finder(ledger, stop);
  for (const std::string& path : paths) TRY_VOID(finder.add(path));
  return finder.finish();
}

}  // namespace trailhound::source
