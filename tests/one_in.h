#pragma once
/// How much of its usual effort a property test makes: sanitized builds are five to ten times slower, and what they
/// look for shows early.
///
///     for (int round = 0; round < 1500 / kOneIn; ++round) ...
///     EXPECT_GT(fired, 3000u / kOneIn);

namespace trailhound {

#ifdef TRAILHOUND_SANITIZED
inline constexpr int kOneIn = 8;
#else
inline constexpr int kOneIn = 1;
#endif

}  // namespace trailhound
