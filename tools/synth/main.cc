/// trailhound-synth: writes a synthetic CloudTrail corpus and the signals that must come out of it.
///
///     trailhound-synth --out corpus --megabytes 500 --seed 7 --accounts 5 --days 4 --sets 10
///
/// The same arguments give the same bytes. `corpus-expected.jsonl` has a line per planted signal: rule, severity,
/// group, first_seen, last_seen, event_count.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "attacks.h"
#include "base/json_writer.h"
#include "identities.h"
#include "log_files.h"
#include "random.h"
#include "record.h"
#include "replay.h"

namespace trailhound::synth {
namespace {

struct Options {
  std::string out;
  std::string replayed;  ///< a folder of real records to repeat instead of making some
  std::uint64_t kilobytes = 1024;
  std::uint64_t seed = 7;
  std::size_t accounts = 3;
  std::size_t people = 12;
  std::int64_t days = 3;
  std::size_t sets = 1;
  std::size_t file_kilobytes = 2500;
};

bool read_options(int count, char** words, Options& o) {
  std::map<std::string, std::string> values;
  for (int i = 1; i + 1 < count; i += 2) values[words[i]] = words[i + 1];
  const auto number = [&](const char* name, auto& target) {
    if (const auto at = values.find(name); at != values.end()) {
      target = static_cast<std::remove_reference_t<decltype(target)>>(std::strtoull(at->second.c_str(), nullptr, 10));
    }
  };
  o.out = values["--out"];
  o.replayed = values["--replay"];
  number("--kilobytes", o.kilobytes);
  if (values.contains("--megabytes")) {
    number("--megabytes", o.kilobytes);
    o.kilobytes *= 1000;
  }
  number("--seed", o.seed);
  number("--accounts", o.accounts);
  number("--people", o.people);
  number("--days", o.days);
  number("--sets", o.sets);
  number("--file-kilobytes", o.file_kilobytes);
  return !o.out.empty() && o.days >= 2 && o.accounts > 0 && o.people > 0;
}

Status write_expected(const std::string& path, const std::vector<ExpectedSignal>& expected) {
  std::string text;
  for (const ExpectedSignal& e : expected) {
    json::Writer w(text);
    w.begin_object().key("rule").string(e.rule).key("severity").string(e.severity).key("group").string(e.group);
    w.key("first_seen").time(e.first_seen).key("last_seen").time(e.last_seen);
    w.key("event_count").unsigned_integer(e.events).end_object();
    text += '\n';
  }
  std::ofstream file(path, std::ios::binary);
  file << text;
  return file.flush() ? Status{} : fail("cannot write the file", path);
}

void report(const LogFiles& files, const Options& o, std::size_t expected) {
  std::printf("%llu records, %llu files, %.1f MB of JSON in %s; %zu signals expected\n",
              static_cast<unsigned long long>(files.records()), static_cast<unsigned long long>(files.files()),
              static_cast<double>(files.bytes()) / 1e6, o.out.c_str(), expected);
}

Status generate(const Options& o) {
  Random random(o.seed);
  std::vector<std::string> accounts;
  for (std::size_t a = 0; a < o.accounts; ++a) {
    accounts.push_back(std::to_string(111122223333 + 100'000'000'001 * a % 888'000'000'000));
  }
  std::vector<Identity> people;
  for (const std::string& account : accounts) {
    for (Identity& identity : populate(random, account, o.people)) people.push_back(std::move(identity));
  }
  const Instant start = Instant::from_seconds(1'772'409'600);  // 2026-03-02T00:00:00Z
  const Duration span = Duration::seconds(o.days * 86'400);
  const Planted planted = plant(random, accounts, start, span, o.sets);

  LogFiles files(o.out, o.file_kilobytes * 1000, Random(o.seed + 1));
  const std::uint64_t bytes_wanted = o.kilobytes * 1000;
  std::size_t next_planted = 0;
  const auto add = [&](const Event& event) -> Status {
    std::string record = to_json(random, event);
    // At-least-once delivery: now and then a record comes twice.
    if (random.one_in(2000)) TRY_VOID(files.add(event.identity->account, event.region, event.time, record));
    return files.add(event.identity->account, event.region, event.time, std::move(record));
  };
  while (files.bytes() < bytes_wanted) {
    const double part = static_cast<double>(files.bytes()) / static_cast<double>(bytes_wanted);
    const Instant now =
        start + Duration::seconds(static_cast<std::int64_t>(part * static_cast<double>(span.micros) / 1e6));
    while (next_planted < planted.events.size() && planted.events[next_planted].time <= now) {
      TRY_VOID(add(planted.events[next_planted++]));
    }
    const Identity& who = people[random.skewed(people.size())];
    TRY_VOID(add(background_event(random, who, now + Duration::seconds(static_cast<std::int64_t>(random.below(120))))));
  }
  while (next_planted < planted.events.size()) TRY_VOID(add(planted.events[next_planted++]));
  TRY_VOID(files.finish());
  TRY_VOID(write_expected(o.out + "-expected.jsonl", planted.expected));
  report(files, o, planted.expected.size());
  return {};
}

/// The signals in real records are not known beforehand: the file of expectations is there, and empty.
Status repeat(const Options& o) {
  Random random(o.seed);
  LogFiles files(o.out, o.file_kilobytes * 1000, Random(o.seed + 1));
  TRY_VOID(replay(o.replayed, o.kilobytes * 1000, random, files));
  TRY_VOID(files.finish());
  TRY_VOID(write_expected(o.out + "-expected.jsonl", {}));
  report(files, o, 0);
  return {};
}

}  // namespace
}  // namespace trailhound::synth

int main(int count, char** words) {
  trailhound::synth::Options options;
  if (!trailhound::synth::read_options(count, words, options)) {
    std::fprintf(stderr,
                 "usage: trailhound-synth --out FOLDER [--kilobytes N | --megabytes N] [--seed N] [--accounts N]\n"
                 "         [--people N] [--days N>=2] [--sets N] [--file-kilobytes N] [--replay FOLDER]\n");
    return 2;
  }
  if (const auto done =
          options.replayed.empty() ? trailhound::synth::generate(options) : trailhound::synth::repeat(options);
      !done) {
    std::fprintf(stderr, "trailhound-synth: %s\n", done.error().text().c_str());
    return 1;
  }
  return 0;
}
