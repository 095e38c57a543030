#pragma once
/// The way in which trailhound says "could not".
///
/// `Result<T>` is returned wherever the outside world (a file, a rule, a log record) can make an operation fail.
/// Exceptions are for bugs; none crosses a folder. Losses that do not stop the work go to the Ledger, findings about
/// rules go to Diagnostics: see those headers.
///
///     Result<Bytes> read(const Path&);
///     TRY(auto bytes, read(path));            // returns the error to the caller
///     if (auto r = read(path); !r) log(r.error().text());

#include <cstdint>
#include <expected>
#include <string>
#include <utility>

namespace trailhound {

/// What failed, where, and what the user can do about it. `what` is a full clause without a final stop; `where` is
/// "file", "file:line:column" or "file:@offset" and may be empty; `hint` may be empty.
struct Error {
  std::string what;
  std::string where;
  std::string hint;
  /// What was asked for was right; the machine could not do it: its disk is full.
  bool of_machine = false;

  /// "where: what (hint)", leaving out the empty parts.
  [[nodiscard]] std::string text() const;
};

template <class T>
using Result = std::expected<T, Error>;
using Status = Result<void>;

/// `return fail("cannot open", path, "check the permissions");`
[[nodiscard]] inline std::unexpected<Error> fail(std::string what, std::string where = {}, std::string hint = {}) {
  return std::unexpected(Error{std::move(what), std::move(where), std::move(hint)});
}

}  // namespace trailhound

// The one macro that a function cannot replace: it returns from the caller.
#define TRAILHOUND_CONCAT_INNER(a, b) a##b
#define TRAILHOUND_CONCAT(a, b) TRAILHOUND_CONCAT_INNER(a, b)
#define TRAILHOUND_TRY_IMPL(result, declaration, ...)             \
  auto result = (__VA_ARGS__);                                    \
  if (!result) return std::unexpected(std::move(result).error()); \
  declaration = *std::move(result)
/// Declares a variable from a Result or returns its error: `TRY(auto bytes, read(path));`
#define TRY(declaration, ...) TRAILHOUND_TRY_IMPL(TRAILHOUND_CONCAT(try_result_, __LINE__), declaration, __VA_ARGS__)
/// For a Status: returns the error or goes on: `TRY_VOID(flush());`
#define TRY_VOID(...)                                   \
  if (auto status_ = (__VA_ARGS__); !status_) {         \
    return std::unexpected(std::move(status_).error()); \
  }
