#pragma once
/// Value lists, with which exception entries of type "list" compare. Kibana exports one as a text file that is called
/// as the list ("blocked-ips.txt"), a value a line; that file is looked for beside the rule's.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace trailhound::rule {

/// The lines that are not empty, without blanks around them. Errors: no such file, no plain file name, too long.
[[nodiscard]] Result<std::vector<std::string>> read_value_list(const std::string& rule_file, std::string_view list);

}  // namespace trailhound::rule
