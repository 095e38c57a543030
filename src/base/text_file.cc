#include "base/text_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
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
  for (;;) {
    const std::size_t had = text.size();
    text.resize(had + std::max(kStep, had));
    const ssize_t got = ::read(file.number(), text.data() + had, text.size() - had);
    const int error = errno;
    text.resize(had + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got == 0) return text;
    if (got < 0 && error != EINTR) return failed("cannot be read", error, path);
    if (text.size() > most) return fail("is larger than " + std::to_string(most >> 20) + " MB", path);
  }
}

}  // namespace trailhound
