#pragma once
/// What the user named on the command line becomes a sorted list of inputs.
///
///     TRY(auto inputs, source::find_inputs({"dump/", "logs/*.json.gz", "-"}, ledger));
///
/// Folders are walked recursively (symbolic links to folders are not followed, to keep out of loops), globs the shell
/// left alone are expanded, "-" is standard input. The order is by path, so that results do not depend on the file
/// system. A path that does not exist is an error; an unreadable file inside a folder is a ledger entry. "s3://..." is
/// an error whose hint is the exact `aws s3 sync` command. Once it is asked to stop it returns soon, with a part of the
/// list.

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "base/ledger.h"
#include "base/result.h"

namespace trailhound::source {

struct Input {
  std::string path;         ///< as shown to the user; "-" for standard input
  std::uint64_t bytes = 0;  ///< size on disk, 0 if unknown; for progress only
};

[[nodiscard]] Result<std::vector<Input>> find_inputs(const std::vector<std::string>& paths, Ledger& ledger,
                                                     const std::stop_token& stop = {});

}  // namespace trailhound::source
