#pragma once
/// The inputs of a list, for tests that go through a few of them.

#include <vector>

#include "source/find_inputs.h"

namespace trailhound::source {

inline std::vector<Input> inputs_of(const InputList& list) {
  std::vector<Input> inputs;
  for (std::size_t i = 0; i < list.size(); ++i) inputs.push_back(list.at(i).value());
  return inputs;
}

}  // namespace trailhound::source
