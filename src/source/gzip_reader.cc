#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <cstring>

#include "source/decoder.h"

namespace trailhound::source {
namespace {

constexpr std::size_t kGzipInput = 64 * 1024;
constexpr std::size_t kMaxStep = 1u << 30;  // isa-l counts in 32 bits

std::string name_of_failure(int code) {
  switch (code) {
    case ISAL_INVALID_BLOCK:
    case ISAL_INVALID_SYMBOL:
    case ISAL_INVALID_LOOKBACK:
      return "damaged gzip data";
    case ISAL_INVALID_WRAPPER:
    case ISAL_UNSUPPORTED_METHOD:
      return "damaged gzip header";
    case ISAL_INCORRECT_CHECKSUM:
      return "gzip checksum does not match";
    default:
      return "gzip data cannot be inflated";
  }
}

}  // namespace

struct GzipReader::State {
  inflate_state inflate;
  std::uint8_t input[kGzipInput];
};

GzipReader::GzipReader(ByteReader& below, InflationBudget& budget)
    : below_(below), budget_(budget), state_(std::make_unique_for_overwrite<State>()) {
  isal_inflate_init(&state_->inflate);
  state_->inflate.crc_flag = ISAL_GZIP;
  state_->inflate.avail_in = 0;
  state_->inflate.next_in = state_->input;
}

GzipReader::~GzipReader() = default;

std::string GzipReader::problem() const {
  std::string below = below_.problem();
  return below.empty() ? problem_ : below;
}

/// Moves what is left to the front and reads behind it; false if nothing came.
bool GzipReader::refill() {
  if (below_ended_) return false;
  inflate_state& inflate = state_->inflate;
  std::memmove(state_->input, inflate.next_in, inflate.avail_in);
  inflate.next_in = state_->input;
  const std::size_t got =
      below_.read(reinterpret_cast<char*>(state_->input) + inflate.avail_in, kGzipInput - inflate.avail_in);
  inflate.avail_in += static_cast<std::uint32_t>(got);
  below_ended_ = got == 0;
  return got > 0;
}

/// At the end of a member: true if another one follows.
bool GzipReader::start_next_member() {
  inflate_state& inflate = state_->inflate;
  while (inflate.avail_in < 2 && refill()) {
  }
  if (inflate.avail_in >= 2 && inflate.next_in[0] == 0x1f && inflate.next_in[1] == 0x8b) {
    isal_inflate_reset(&inflate);
    inflate.crc_flag = ISAL_GZIP;
    return true;
  }
  do {
    const auto* end = inflate.next_in + inflate.avail_in;
    if (std::any_of(inflate.next_in, const_cast<std::uint8_t*>(end), [](std::uint8_t b) { return b != 0; })) {
      problem_ = "bytes that are no gzip follow the gzip data";
      return false;
    }
    inflate.avail_in = 0;
  } while (refill());
  return false;
}

std::size_t GzipReader::read(char* out, std::size_t size) {
  if (ended_) return 0;
  size = std::min(size, kMaxStep);
  inflate_state& inflate = state_->inflate;
  inflate.next_out = reinterpret_cast<std::uint8_t*>(out);
  inflate.avail_out = static_cast<std::uint32_t>(size);
  while (inflate.avail_out > 0) {
    if (inflate.block_state == ISAL_BLOCK_FINISH) {
      if (start_next_member()) continue;
      ended_ = true;
      break;
    }
    if (inflate.avail_in == 0) refill();
    const std::uint32_t room = inflate.avail_out;
    const std::uint32_t input = inflate.avail_in;
    const int code = isal_inflate(&inflate);
    if (code != ISAL_DECOMP_OK) {
      problem_ = name_of_failure(code);
      ended_ = true;
      break;
    }
    const bool stuck = inflate.avail_out == room && inflate.avail_in == input;
    if (!stuck || inflate.block_state == ISAL_BLOCK_FINISH) continue;
    if (below_ended_) {
      problem_ = "gzip data is cut off";
      ended_ = true;
      break;
    }
    refill();
  }
  const std::size_t produced = size - inflate.avail_out;
  if (!budget_.spend(produced, problem_)) ended_ = true;
  return produced;
}

bool inflate_memory(std::string_view bytes, std::size_t max_size, std::string& out) {
  out.clear();
  if (bytes.size() < 2 || bytes[0] != '\x1f' || bytes[1] != '\x8b') {
    out = bytes;
    return bytes.size() <= max_size;
  }
  std::atomic<std::uint64_t> consumed = 0;
  Limits limits;
  MemoryReader memory(bytes, consumed);
  InflationBudget budget(limits, consumed);
  GzipReader gzip(memory, budget);
  for (;;) {
    const std::size_t had = out.size();
    out.resize(had + 64 * 1024);
    const std::size_t got = gzip.read(out.data() + had, 64 * 1024);
    out.resize(had + got);
    if (got == 0) return gzip.problem().empty();
    if (out.size() > max_size) return false;
  }
}

}  // namespace trailhound::source
