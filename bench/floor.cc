/// The floor: how fast the data can be read at all. Inflates every file (isa-l, the inflate that a scan uses) and
/// builds simdjson's full DOM of it; nothing else. One thread a processor, files shared as a scan shares them, parsers
/// and buffers reused. A fixed program: do not tune it along with the scan.
///
///     trailhound-floor FOLDER [THREADS]

#include <isa-l/igzip_lib.h>
#include <simdjson.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace {

struct File {
  std::string path;
  std::uintmax_t size;
};

std::vector<File> files_below(const char* folder) {
  std::vector<File> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string path = entry.path().string();
    if (entry.is_regular_file() && (path.ends_with(".json.gz") || path.ends_with(".json"))) {
      files.push_back({path, entry.file_size()});
    }
  }
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.size > b.size; });
  return files;
}

struct Reader {
  std::vector<std::uint8_t> packed;
  std::vector<std::uint8_t> text;
  simdjson::dom::parser parser;
  std::uint64_t bytes = 0;
  std::uint64_t records = 0;

  bool read(const File& file) {
    packed.resize(file.size);
    std::FILE* in = std::fopen(file.path.c_str(), "rb");
    if (in == nullptr || std::fread(packed.data(), 1, file.size, in) != file.size) return false;
    std::fclose(in);
    std::size_t size = file.size;
    if (packed.size() > 2 && packed[0] == 0x1f && packed[1] == 0x8b) {
      size = inflate();
    } else {
      if (text.size() < size + simdjson::SIMDJSON_PADDING) text.resize(size + simdjson::SIMDJSON_PADDING);
      std::copy(packed.begin(), packed.end(), text.begin());
    }
    const auto root = parser.parse(text.data(), size, false);
    simdjson::dom::array list;
    if (root["Records"].get(list) != simdjson::SUCCESS) return false;
    records += list.size();
    bytes += size;
    return true;
  }

  std::size_t inflate() {
    inflate_state state;
    isal_inflate_init(&state);
    state.crc_flag = ISAL_GZIP;
    state.next_in = packed.data();
    state.avail_in = static_cast<std::uint32_t>(packed.size());
    std::size_t size = 0;
    do {
      if (text.size() < size + (1u << 20)) text.resize(std::max<std::size_t>(text.size() * 2, 4u << 20));
      state.next_out = text.data() + size;
      state.avail_out = static_cast<std::uint32_t>(text.size() - size - simdjson::SIMDJSON_PADDING);
      const std::uint32_t room = state.avail_out;
      if (isal_inflate(&state) != ISAL_DECOMP_OK) return 0;
      size += room - state.avail_out;
    } while (state.block_state != ISAL_BLOCK_FINISH);
    return size;
  }
};

}  // namespace

int main(int count, char** words) {
  if (count < 2) {
    std::fprintf(stderr, "usage: trailhound-floor FOLDER [THREADS]\n");
    return 2;
  }
  const auto files = files_below(words[1]);
  const unsigned threads = count > 2 ? static_cast<unsigned>(std::atoi(words[2])) : std::thread::hardware_concurrency();
  std::atomic<std::size_t> next{0};
  std::atomic<std::uint64_t> bytes{0}, records{0}, failed{0};
  {
    std::vector<std::jthread> pool;
    for (unsigned i = 0; i < std::max(1u, threads); ++i) {
      pool.emplace_back([&] {
        Reader reader;
        for (std::size_t f = next++; f < files.size(); f = next++) {
          if (!reader.read(files[f])) ++failed;
        }
        bytes += reader.bytes;
        records += reader.records;
      });
    }
  }
  std::printf("%llu records, %llu bytes, %zu files, %llu failed\n", static_cast<unsigned long long>(records),
              static_cast<unsigned long long>(bytes), files.size(), static_cast<unsigned long long>(failed));
  return failed == 0 ? 0 : 1;
}
