#pragma once
/// What the user named on the command line becomes a list of inputs in the order of their paths.
///
///     TRY(const InputList inputs, source::find_inputs({"dump/", "logs/*.json.gz", "-"}, ledger));
///
/// Folders are walked recursively (symbolic links to folders are not followed, to keep out of loops), globs the shell
/// left alone are expanded, "-" is standard input. The order is by path, so that results do not depend on the file
/// system. A path that does not exist is an error; an unreadable file inside a folder is a ledger entry. "s3://..." is
/// an error whose hint is the exact `aws s3 sync` command. Once it is asked to stop it returns soon, with a part of the
/// list. Memory does not grow with the number of files, but for what a glob finds. An Error that is the machine's is
/// that of the temporary disk; any other is the user's.

#include <stop_token>
#include <string>
#include <vector>

#include "base/ledger.h"
#include "base/result.h"
#include "source/input_list.h"

namespace trailhound::source {

[[nodiscard]] Result<InputList> find_inputs(const std::vector<std::string>& paths, Ledger& ledger,
                                            const std::stop_token& stop = {});

}  // namespace trailhound::source
