#include "base/backtracking_regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <array>

namespace trailhound {

namespace {

constexpr std::uint32_t kMatchLimit = 1'000'000;  // calls of the inner match function: some tens of milliseconds
constexpr std::uint32_t kHeapLimit = 20'000;      // kilobytes
constexpr std::uint32_t kDepthLimit = 100'000;
constexpr std::uint32_t kParenthesesLimit = 200;

template <auto release>
struct Releaser {
  template <class T>
  void operator()(T* handle) const {
    release(handle);
  }
};
using CodeHandle = std::unique_ptr<pcre2_code, Releaser<pcre2_code_free>>;
using CompileContext = std::unique_ptr<pcre2_compile_context, Releaser<pcre2_compile_context_free>>;
using MatchContext = std::unique_ptr<pcre2_match_context, Releaser<pcre2_match_context_free>>;
using MatchData = std::unique_ptr<pcre2_match_data, Releaser<pcre2_match_data_free>>;

PCRE2_SPTR bytes(std::string_view text) {
  // PCRE2 wants a pointer even for the empty text.
  return reinterpret_cast<PCRE2_SPTR>(text.data() == nullptr ? "" : text.data());
}

}  // namespace

struct BacktrackingRegex::Code {
  CodeHandle code;
  MatchContext limits;
  bool compiled_to_machine_code = false;
};

Result<BacktrackingRegex> BacktrackingRegex::compile(std::string_view pattern, const Options& options) {
  if (pattern.size() > options.max_pattern) return fail("the regular expression is too long");
  const CompileContext context(pcre2_compile_context_create(nullptr));
  pcre2_set_newline(context.get(), options.any_line_end ? PCRE2_NEWLINE_ANY : PCRE2_NEWLINE_LF);
  pcre2_set_parens_nest_limit(context.get(), kParenthesesLimit);
  std::uint32_t flags = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
  if (options.multiline) flags |= PCRE2_MULTILINE;
  if (options.only_named_groups) flags |= PCRE2_NO_AUTO_CAPTURE;
  if (options.dollar_at_very_end) flags |= PCRE2_DOLLAR_ENDONLY;
  int error = 0;
  PCRE2_SIZE offset = 0;
  auto code = std::make_shared<Code>();
  code->code.reset(pcre2_compile(bytes(pattern), pattern.size(), flags, &error, &offset, context.get()));
  if (!code->code) {
    std::array<PCRE2_UCHAR, 256> message{};
    pcre2_get_error_message(error, message.data(), message.size());
    return fail(reinterpret_cast<const char*>(message.data()), "character " + std::to_string(offset + 1));
  }
  code->compiled_to_machine_code = pcre2_jit_compile(code->code.get(), PCRE2_JIT_COMPLETE) == 0;
  code->limits.reset(pcre2_match_context_create(nullptr));
  pcre2_set_match_limit(code->limits.get(), kMatchLimit);
  pcre2_set_heap_limit(code->limits.get(), kHeapLimit);
  pcre2_set_depth_limit(code->limits.get(), kDepthLimit);
  return BacktrackingRegex(std::move(code));
}

BacktrackingRegex::Outcome BacktrackingRegex::match(std::string_view text, std::size_t from, std::vector<Group>& groups,
                                                    bool not_empty_at_start) const {
  const MatchData data(pcre2_match_data_create_from_pattern(code_->code.get(), nullptr));
  if (!data) return Outcome::gave_up;
  const std::uint32_t flags = not_empty_at_start ? PCRE2_NOTEMPTY_ATSTART : 0;
  const auto run = [&](std::uint32_t more) {
    return pcre2_match(code_->code.get(), bytes(text), text.size(), from, flags | more, data.get(),
                       code_->limits.get());
  };
  int found = run(0);
  // The machine code's stack is small; the interpreter has the heap.
  if (found == PCRE2_ERROR_JIT_STACKLIMIT) found = run(PCRE2_NO_JIT);
  if (found == PCRE2_ERROR_NOMATCH) return Outcome::no_match;
  if (found < 0) return Outcome::gave_up;
  const std::uint32_t count = pcre2_get_ovector_count(data.get());
  const PCRE2_SIZE* places = pcre2_get_ovector_pointer(data.get());
  groups.assign(count, {});
  for (std::size_t i = 0; i < count; ++i) {
    // \K inside a look-ahead could put the beginning behind the end; such a match is none.
    if (places[2 * i] == PCRE2_UNSET || places[2 * i] > places[2 * i + 1]) continue;
    groups[i] = {places[2 * i], places[2 * i + 1]};
  }
  return groups[0].is_set() ? Outcome::match : Outcome::no_match;
}

std::size_t BacktrackingRegex::group_count() const {
  std::uint32_t count = 0;
  pcre2_pattern_info(code_->code.get(), PCRE2_INFO_CAPTURECOUNT, &count);
  return count;
}

std::vector<std::pair<std::string, std::size_t>> BacktrackingRegex::names() const {
  std::uint32_t count = 0;
  std::uint32_t entry_size = 0;
  PCRE2_SPTR table = nullptr;
  pcre2_pattern_info(code_->code.get(), PCRE2_INFO_NAMECOUNT, &count);
  pcre2_pattern_info(code_->code.get(), PCRE2_INFO_NAMEENTRYSIZE, &entry_size);
  pcre2_pattern_info(code_->code.get(), PCRE2_INFO_NAMETABLE, static_cast<void*>(&table));
  std::vector<std::pair<std::string, std::size_t>> names;
  for (std::uint32_t i = 0; i < count; ++i) {
    const PCRE2_SPTR entry = table + std::size_t{i} * entry_size;  // the number in two bytes, then the name
    names.emplace_back(reinterpret_cast<const char*>(entry + 2), std::size_t{entry[0]} << 8 | entry[1]);
  }
  return names;
}

}  // namespace trailhound
