#pragma once
/// The raw names of the hot values, for views that show them under whatever name. Inside src/event only.

#include <optional>
#include <string_view>

#include "event/column.h"

namespace trailhound::event {

/// The hot value at a raw path ("eventName", "userIdentity.arn").
[[nodiscard]] std::optional<Hot> hot_at(std::string_view raw_path);

/// A column of any type, still without a way to read it.
[[nodiscard]] Column named_column(View view, std::string_view name);
/// A column that shows a hot value through `from_hot`.
[[nodiscard]] Column hot_column(View view, std::string_view name, Hot hot,
                                std::function<Cell(const Cell& hot, Arena& arena)> from_hot);

}  // namespace trailhound::event
