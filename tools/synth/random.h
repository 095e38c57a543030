#pragma once
/// Random numbers that are the same on every machine and library: splitmix64. Not for secrets.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace trailhound::synth {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }
  /// 0 <= result < bound; bound > 0.
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  /// Small indices are much more likely than large ones, as services and identities are used in practice.
  std::size_t skewed(std::size_t size) {
    const double u = static_cast<double>(next() >> 11) / 9007199254740992.0;
    return static_cast<std::size_t>(static_cast<double>(size) * u * u * u);
  }
  template <class T>
  const T& pick(std::span<const T> items) {
    return items[below(items.size())];
  }
  std::string text(std::string_view alphabet, std::size_t size) {
    std::string out(size, ' ');
    for (char& c : out) c = alphabet[below(alphabet.size())];
    return out;
  }
  std::string hex(std::size_t size) { return text("0123456789abcdef", size); }
  std::string upper(std::size_t size) { return text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", size); }
  std::string uuid() { return hex(8) + "-" + hex(4) + "-4" + hex(3) + "-a" + hex(3) + "-" + hex(12); }

 private:
  std::uint64_t state_;
};

}  // namespace trailhound::synth
