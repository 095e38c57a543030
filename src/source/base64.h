#pragma once
/// Base64 as AWS services write it. Internal to src/source.

#include <optional>
#include <string>
#include <string_view>

namespace trailhound::source {

/// Decodes the standard or the URL alphabet, with or without padding; line breaks are skipped. Nothing if another
/// character occurs.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace trailhound::source
