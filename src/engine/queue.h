#pragma once
/// The queue that operators keep per group. Most groups have one or two hits, so an empty queue must cost nothing:
/// std::deque allocates when it is made, Boost's when the first element comes. Inside src/engine only.

#include <boost/container/deque.hpp>

namespace trailhound::engine {

template <class T>
using Queue = boost::container::deque<T>;

}  // namespace trailhound::engine
