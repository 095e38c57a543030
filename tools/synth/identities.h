#pragma once
/// Who acts in the synthetic cloud.

#include <cstdint>
#include <string>
#include <vector>

#include "random.h"

namespace trailhound::synth {

inline const std::vector<std::string> kRegions = {
    "us-east-1",      "eu-west-1",      "us-west-2",  "eu-central-1",   "us-east-2",  "ap-southeast-1",
    "ap-northeast-1", "ap-southeast-2", "eu-west-2",  "ca-central-1",   "sa-east-1",  "us-west-1",
    "eu-north-1",     "eu-west-3",      "ap-south-1", "ap-northeast-2", "eu-south-1",
};

struct Identity {
  enum class Kind { user, role, console, service };
  Kind kind = Kind::user;
  std::string account;
  std::string name;     ///< user or role
  std::string session;  ///< of a role
  std::string arn;      ///< empty for services
  std::string key;      ///< access key id; empty for services
  std::string principal;
  std::string address;
  std::string agent;
  std::vector<std::string> regions;  ///< where it works
  std::vector<std::size_t> calls;    ///< the few calls it makes, as indices of the call table
};

/// A user with a long-term key, or a session of a role with a temporary one.
[[nodiscard]] Identity make_user(Random& random, const std::string& account, const std::string& name);
[[nodiscard]] Identity make_role(Random& random, const std::string& account, const std::string& name,
                                 const std::string& session);
/// The population of one account: users, role sessions, console users, services.
[[nodiscard]] std::vector<Identity> populate(Random& random, const std::string& account, std::size_t people);

}  // namespace trailhound::synth
