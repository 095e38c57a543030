#include "base/text_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace trailhound {
namespace {

constexpr std::size_t kStep = 64 * 1024;

class Descriptor {
 public:
  explicit Descriptor(const std::string& path) : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

std::unexpected<Error> failed(const char* what, int error, const std::string& path) {
  return fail(std::string(what) + ": " + std::generic_category().message(error), path);
}

}  // namespace

Result<std::string> read_text_file(const std::string& path, std::size_t most) {
  const Descriptor file(path);
  if (file.number() < 0) return failed("cannot be opened", errno, path);
  std::string text;
  std::array<char, kStep> bytes;  // NOLINT(cppcoreguidelines-pro-type-member-init): read() fills it
  for (;;) {
    const ssize_t got = ::read(file.number(), bytes.data(), bytes.size());
    if (got == 0) return text;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed("cannot be read", errno, path);
    text.append(bytes.data(), static_cast<std::size_t>(got));
    if (text.size() > most) return fail("is larger than " + std::to_string(most >> 20) + " MB", path);
  }
}

}  // namespace trailhound
