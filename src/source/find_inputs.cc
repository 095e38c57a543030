#include <glob.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>

#include "source/input.h"

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
  ledger.files.push_back(std::move(entry));
}

/// What is no file and not walked into: said, but nothing was to be read there.
void book_passed_by(Ledger& ledger, const std::string& path, std::string reason) {
  FileEntry entry;
  entry.path = path;
  entry.outcome = FileOutcome::set_aside;
  entry.reason = std::move(reason);
  ledger.files.push_back(std::move(entry));
}

/// Gathers inputs; the same file named twice, by whatever path, is taken once.
class Finder {
 public:
  Finder(Ledger& ledger, const std::stop_token& stop) : ledger_(ledger), stop_(stop) {}

  Status add(const std::string& path) {
    if (path == "-") {
      add_file(path, 0, path);
      return {};
    }
    if (path.starts_with(kS3Scheme)) return s3_error(path);
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (fs::exists(status)) return add_existing(path, status);
    if (path.find_first_of("*?[") != std::string::npos) return add_glob(path);
    return fail(error && error != std::errc::no_such_file_or_directory ? "cannot open: " + error.message()
                                                                       : "no such file or folder",
                path);
  }

  std::vector<Input> take() {
    std::sort(inputs_.begin(), inputs_.end(), [](const Input& a, const Input& b) { return a.path < b.path; });
    return std::move(inputs_);
  }

 private:
  struct Folder {
    fs::path path;      ///< as shown
    fs::path identity;  ///< where it lies, without links
  };

  Status add_existing(const std::string& path, const fs::file_status& status) {
    if (fs::is_directory(status)) {
      walk(path);
    } else {
      std::error_code error;
      const std::uintmax_t size = fs::is_regular_file(status) ? fs::file_size(path, error) : 0;
      add_file(path, error ? 0 : size, canonical(path));
    }
    return {};
  }

  Status add_glob(const std::string& pattern) {
    glob_t found{};
    // Unsafe only with ~user, which is not asked for.
    const int code = ::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found);  // NOLINT(concurrency-mt-unsafe)
    const std::vector<std::string> paths(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    ::globfree(&found);
    if (code != 0) return fail("no file matches", pattern);
    for (const std::string& path : paths) {
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
  void walk(const std::string& root) {
    std::vector<Folder> folders = {{root, canonical(root)}};
    while (!folders.empty() && !stop_.stop_requested()) {
      const Folder folder = std::move(folders.back());
      folders.pop_back();
      std::error_code error;
      fs::directory_iterator item(folder.path, error);
      if (error) book_unreadable(ledger_, folder.path.string(), error);
      while (!error && item != fs::directory_iterator() && !stop_.stop_requested()) {
        add_item(*item, folder, folders);
        item.increment(error);
        if (error) book_unreadable(ledger_, folder.path.string(), error);
      }
    }
  }

  /// What is no link lies where its folder lies: only links are looked up, as there may be a million files.
  void add_item(const fs::directory_entry& item, const Folder& folder, std::vector<Folder>& folders) {
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
      add_file(path, error ? 0 : size, is_link ? canonical(path) : (folder.identity / item.path().filename()).string());
    } else if (item.exists(error)) {
      book_passed_by(ledger_, path, "a pipe, a socket or a device: name it to read it");
    } else {  // a link that leads nowhere
      book_unreadable(ledger_, path, error ? error : std::make_error_code(std::errc::no_such_file_or_directory));
    }
  }

  static std::string canonical(const std::string& path) {
    std::error_code error;
    const fs::path real = fs::canonical(path, error);
    return error ? path : real.string();
  }

  void add_file(const std::string& path, std::uint64_t bytes, const std::string& identity) {
    if (seen_.insert(identity).second) inputs_.push_back({path, bytes});
  }

  Ledger& ledger_;
  const std::stop_token& stop_;
  std::vector<Input> inputs_;
  std::set<std::string> seen_;
};

}  // namespace

Result<std::vector<Input>> find_inputs(const std::vector<std::string>& paths, Ledger& ledger,
                                       const std::stop_token& stop) {
  Finder finder(ledger, stop);
  for (const std::string& path : paths) TRY_VOID(finder.add(path));
  return finder.take();
}

}  // namespace trailhound::source
