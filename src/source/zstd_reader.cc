#include <zstd.h>

#include <algorithm>

#include "source/decoder.h"

namespace trailhound::source {

struct ZstdReader::State {
  State() : context(ZSTD_createDCtx()), buffer(ZSTD_DStreamInSize()) {}
  ~State() { ZSTD_freeDCtx(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  ZSTD_DCtx* context;
  std::vector<char> buffer;
  ZSTD_inBuffer input{nullptr, 0, 0};
  std::size_t pending = 0;  ///< not 0 while inside a frame
};

ZstdReader::ZstdReader(ByteReader& below, InflationBudget& budget)
    : below_(below), budget_(budget), state_(std::make_unique<State>()) {}

ZstdReader::~ZstdReader() = default;

std::string ZstdReader::problem() const {
  std::string below = below_.problem();
  return below.empty() ? problem_ : below;
}

std::size_t ZstdReader::read(char* out, std::size_t size) {
  if (ended_ || size == 0) return 0;
  State& state = *state_;
  ZSTD_outBuffer output{out, size, 0};
  bool input_ended = false;
  while (output.pos < output.size) {
    if (state.input.pos == state.input.size) {
      const std::size_t got = below_.read(state.buffer.data(), state.buffer.size());
      state.input = {state.buffer.data(), got, 0};
      input_ended = got == 0;
      if (input_ended && state.pending == 0) {
        ended_ = true;
        break;
      }
    }
    const std::size_t before = output.pos;
    const std::size_t code = ZSTD_decompressStream(state.context, &output, &state.input);
    if (ZSTD_isError(code)) {
      problem_ = std::string("damaged zstd data: ") + ZSTD_getErrorName(code);
      ended_ = true;
      break;
    }
    state.pending = code;
    if (input_ended && output.pos == before && code != 0) {
      problem_ = "zstd data is cut off";
      ended_ = true;
      break;
    }
  }
  if (!budget_.spend(output.pos, problem_)) ended_ = true;
  return output.pos;
}

}  // namespace trailhound::source
