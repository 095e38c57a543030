#include "run/in_parallel.h"

#include <algorithm>
#include <thread>
#include <vector>

namespace trailhound::run {

Status in_parallel(unsigned workers, std::size_t jobs, const std::function<Status(unsigned worker, Jobs& jobs)>& work) {
  Jobs shared(jobs);
  std::vector<Status> done(workers);
  const auto run = [&](unsigned worker) {
    done[worker] = work(worker, shared);
    if (!done[worker]) shared.end();
  };
  {
    std::vector<std::jthread> threads;
    for (unsigned worker = 1; worker < workers; ++worker) threads.emplace_back(run, worker);
    run(0);
  }  // waits for them
  const auto failed = std::ranges::find_if(done, [](const Status& status) { return !status.has_value(); });
  return failed == done.end() ? Status() : *failed;
}

unsigned worker_count(unsigned asked, std::size_t jobs) {
  const unsigned wanted = asked > 0 ? asked : std::max(1u, std::thread::hardware_concurrency());
  return static_cast<unsigned>(std::clamp<std::size_t>(jobs, 1, wanted));
}

}  // namespace trailhound::run
