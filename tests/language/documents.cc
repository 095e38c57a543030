#include "documents.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "base/instant.h"
#include "base/json_value.h"
#include "base/json_writer.h"
#include "base/ledger.h"
#include "engine/evaluator.h"
#include "event/batch_reader.h"
#include "event/catalog.h"
#include "event/ecs_cell.h"
#include "event/java_text.h"
#include "event/json_path.h"

namespace trailhound::language_test {
namespace {

using event::LogicalType;

constexpr std::string_view kPlainRecord = R"({
  "eventVersion":"1.11","eventTime":"2026-03-01T12:00:00Z","eventName":"ListUsers","eventSource":"iam.amazonaws.com",
  "awsRegion":"us-east-1","sourceIPAddress":"198.51.100.7","userAgent":"aws-cli/2.15.0","eventType":"AwsApiCall",
  "eventCategory":"Management","readOnly":true,"managementEvent":true,"recipientAccountId":"111122223333",
  "userIdentity":{"type":"IAMUser","userName":"alice","principalId":"AIDAALICE","accountId":"111122223333",
    "arn":"arn:aws:iam::111122223333:user/alice","accessKeyId":"AKIAALICE"}})";

// Fields that a case declares ---------------------------------------------------------------------------------------

/// The texts of one declared field, one column: what its type cannot read is dropped.
class Converter {
 public:
  Converter(LogicalType type, Arena& arena) : type_(type), arena_(arena) {}

  Cell convert(const Cell& raw) {
    if (!raw.has_values()) return raw;
    for (const Scalar& scalar : raw.values()) add(scalar);
    if (scalars_.empty()) return Cell::absent();
    std::ranges::sort(scalars_);
    const auto duplicates = std::ranges::unique(scalars_);
    scalars_.erase(duplicates.begin(), duplicates.end());
    if (scalars_.size() == 1) return Cell::one(scalars_.front());
    return Cell::several(arena_.copy(std::span<const Scalar>(scalars_)));
  }

 private:
  void add(const Scalar& scalar) {
    const std::string text = to_text(scalar);
    const auto* integer = std::get_if<std::int64_t>(&scalar);
    const auto* real = std::get_if<double>(&scalar);
    switch (type_) {
      case LogicalType::keyword:
        if (event::utf16_length(text) <= event::kKeywordLimit) scalars_.emplace_back(arena_.copy(text));
        break;
      case LogicalType::boolean:
        if (text == "true" || text == "false") scalars_.emplace_back(text == "true");
        break;
      case LogicalType::integer:
      case LogicalType::long_integer:
        if (integer != nullptr) scalars_.emplace_back(*integer);
        if (real != nullptr) scalars_.emplace_back(static_cast<std::int64_t>(*real));
        break;
      case LogicalType::real:
        if (integer != nullptr) scalars_.emplace_back(static_cast<double>(*integer));
        if (real != nullptr) scalars_.emplace_back(*real);
        break;
      case LogicalType::ip:
        if (const auto ip = parse_ip(text)) scalars_.emplace_back(*ip);
        break;
      case LogicalType::date:
        if (const auto time = parse_iso_as_utc(text)) scalars_.emplace_back(time->micros);
        break;
      default:
        scalars_.emplace_back(arena_.copy(text));
    }
  }

  LogicalType type_;
  Arena& arena_;
  std::vector<Scalar> scalars_;
};

LogicalType type_named(std::string_view name) {
  static const std::map<std::string_view, LogicalType> kTypes = {{"keyword", LogicalType::keyword},
                                                                 {"text", LogicalType::text},
                                                                 {"long", LogicalType::long_integer},
                                                                 {"integer", LogicalType::integer},
                                                                 {"double", LogicalType::real},
                                                                 {"boolean", LogicalType::boolean},
                                                                 {"ip", LogicalType::ip},
                                                                 {"date", LogicalType::date},
                                                                 {"flattened", LogicalType::any},
                                                                 {"unsupported", LogicalType::unsupported}};
  const auto found = kTypes.find(name);
  if (found == kTypes.end()) throw std::runtime_error("no type of a field: " + std::string(name));
  return found->second;
}

event::ColumnRef declared_column(std::string_view name, LogicalType type, bool whole_flattened) {
  event::Column column;
  column.view = event::View::ecs;
  column.name = std::string(name);
  column.type = type;
  column.read = [path = event::JsonPath(name), type, whole_flattened](const event::Record& record, Arena& arena) {
    if (whole_flattened) {
      json::Value at = record.root();
      std::string_view rest = path.text();
      while (!rest.empty() && !at.find(rest)) {
        const std::size_t dot = std::min(rest.find('.'), rest.size());
        at = at.find(rest.substr(0, dot));
        rest.remove_prefix(std::min(dot + 1, rest.size()));
      }
      return event::ecs_flattened(rest.empty() ? at : at.find(rest), {}, arena);
    }
    const Cell raw = path.read(record.root(), arena);
    // Only leaves are indexed in a flattened field.
    if (type == LogicalType::any && raw.state() == Cell::State::object) return Cell::absent();
    return Converter(type, arena).convert(raw);
  };
  return std::make_shared<const event::Column>(std::move(column));
}

class DeclaredFields : public lang::Fields {
 public:
  explicit DeclaredFields(const std::vector<std::string_view>& lines) {
    for (const std::string_view line : lines) {
      const std::size_t blank = line.find_last_of(' ');
      if (blank == std::string_view::npos) throw std::runtime_error("no field and type: " + std::string(line));
      const std::string name(line.substr(0, line.find_last_not_of(' ', blank) + 1));
      const std::string_view type = line.substr(blank + 1);
      if (type == "flattened") roots_.insert(name);
      columns_.emplace(name, declared_column(name, type_named(type), type == "flattened"));
    }
  }

  Result<event::ColumnRef> find(std::string_view name) const override {
    if (const auto found = columns_.find(name); found != columns_.end()) return found->second;
    for (const std::string& root : roots_) {
      if (name.starts_with(root + ".") && event::JsonPath::is_valid(name)) {
        return declared_column(name, LogicalType::any, false);
      }
    }
    const std::string nearest = nearest_name(name, names());
    return fail("unknown field " + std::string(name), {}, nearest.empty() ? "" : "did you mean " + nearest + "?");
  }
  std::vector<std::string_view> names() const override {
    std::vector<std::string_view> found;
    for (const auto& [name, column] : columns_) found.push_back(name);
    return found;
  }

 private:
  std::map<std::string, event::ColumnRef, std::less<>> columns_;
  std::set<std::string> roots_;
};

// Records ------------------------------------------------------------------------------------------------------------

/// Members of `changes` over those of `base`, objects deeply; null takes one away.
void append_merged(json::Writer& writer, json::Value base, json::Value changes) {
  writer.begin_object();
  const auto append = [&](std::string_view key, json::Value value) {
    std::string text;
    value.append_json(text);
    writer.key(key);
    writer.raw(text);
  };
  for (const json::Member& member : base.members()) {
    const json::Value change = changes.find(member.key);
    if (!change) {
      append(member.key, member.value);
    } else if (change.is(json::Kind::object) && member.value.is(json::Kind::object)) {
      writer.key(member.key);
      append_merged(writer, member.value, change);
    } else if (!change.is(json::Kind::null)) {
      append(member.key, change);
    }
  }
  for (const json::Member& member : changes.members()) {
    if (!base.find(member.key) && !member.value.is(json::Kind::null)) append(member.key, member.value);
  }
  writer.end_object();
}

json::Value parse_or_throw(json::Document& document, std::string_view text) {
  auto value = document.parse(text);
  if (!value || !value->is(json::Kind::object)) throw std::runtime_error("no JSON object: " + std::string(text));
  return *value;
}

template <std::size_t... I>
std::array<event::CellDictionary, event::kHotCount> make_dictionaries(std::index_sequence<I...>) {
  return {{(static_cast<void>(I), event::CellDictionary())...}};
}

}  // namespace

struct Documents::Impl {
  event::Catalog catalog;
  std::unique_ptr<lang::Fields> fields;
  bool declared = false;
  std::size_t count = 0;

  // Documents of declared fields: a batch made by hand.
  std::vector<json::Document> parsed;
  std::array<event::CellDictionary, event::kHotCount> dictionaries =
      make_dictionaries(std::make_index_sequence<event::kHotCount>{});
  event::Batch batch;
  // Records of CloudTrail: an array as a scan reads it.
  std::string records;

  void add_document(std::string_view text) {
    const json::Value root = parse_or_throw(parsed.emplace_back(), text);
    batch.times.push_back(Instant::from_seconds(static_cast<std::int64_t>(count)));
    batch.ids.push_back({0, count});
    for (std::size_t i = 0; i < event::kHotCount; ++i) batch.hot[i].push_back(event::CellDictionary::kAbsent);
    batch.roots.push_back(root);
    batch.identities.emplace_back();
    batch.event_ids.emplace_back(std::string_view());
    ++count;
  }
  void add_record(std::string_view text) {
    json::Document base, changes;
    const json::Value plain = parse_or_throw(base, kPlainRecord);
    if (!records.empty()) records += ',';
    json::Writer writer(records);
    append_merged(writer, plain, parse_or_throw(changes, text));
    ++count;
  }
};

Documents::Documents(const TextCase& one)
    : Documents(one.lines("fields"), one.has("events") ? one.lines("events") : one.lines("documents")) {}

Documents::Documents(const std::vector<std::string_view>& fields, const std::vector<std::string_view>& documents)
    : impl_(std::make_unique<Impl>()) {
  impl_->declared = !fields.empty();
  impl_->batch.dictionaries = &impl_->dictionaries;
  if (impl_->declared) {
    impl_->fields = std::make_unique<DeclaredFields>(fields);
  } else {
    impl_->fields = std::make_unique<lang::EcsFields>(impl_->catalog);
  }
  for (const std::string_view text : documents) {
    if (impl_->declared) {
      impl_->add_document(text);
    } else {
      impl_->add_record(text);
    }
  }
}

Documents::~Documents() = default;

const lang::Fields& Documents::fields() const { return *impl_->fields; }

std::size_t Documents::size() const { return impl_->count; }

void Documents::for_each(const std::function<void(std::size_t, const event::Record&)>& use) const {
  if (impl_->declared) {
    for (std::size_t row = 0; row < impl_->count; ++row) use(row, event::Record(impl_->batch, row));
    return;
  }
  std::string text = "[" + impl_->records + "]";
  const std::size_t size = text.size();
  text.append(json::Document::kPadding, ' ');
  source::RecordWindow window;
  window.text = text.data();
  window.size = size;
  event::BatchReader reader;
  FileEntry file;
  std::size_t seen = 0;
  (void)reader.read(window, file, [&](event::Batch& batch) {
    for (std::size_t row = 0; row < batch.size(); ++row) use(seen++, event::Record(batch, row));
  });
  if (seen != impl_->count) throw std::runtime_error("a document is no CloudTrail record");
}

std::vector<std::size_t> Documents::matching(const plan::Expr& filter) const {
  std::vector<std::size_t> found;
  Arena arena;
  for_each([&](std::size_t index, const event::Record& record) {
    engine::EvaluationContext context{.record = &record, .arena = arena};
    const Truth truth = engine::truth(filter, context);
    if (truth == Truth::unknown) throw std::runtime_error("a filter is unknown: " + plan::print(filter));
    if (truth == Truth::yes) found.push_back(index + 1);
  });
  return found;
}

std::string findings_text(const Diagnostics& diagnostics, Diagnostic::Severity severity) {
  std::string text;
  for (const Diagnostic& finding : diagnostics.all()) {
    if (finding.severity != severity) continue;
    if (!text.empty()) text += '\n';
    text +=
        std::to_string(finding.place.at.line) + ":" + std::to_string(finding.place.at.column) + " " + finding.message;
    if (!finding.hint.empty()) text += " (hint: " + finding.hint + ")";
  }
  return text;
}

namespace {

std::string numbers_text(const std::vector<std::size_t>& numbers, std::size_t of) {
  if (numbers.empty()) return "none";
  std::string text;
  for (const std::size_t number : numbers) text += (text.empty() ? "" : ", ") + std::to_string(number);
  return numbers.size() == of && of > 1 ? "all (" + text + ")" : text;
}

std::string normal_numbers(std::string_view expected, std::size_t of) {
  std::vector<std::size_t> numbers;
  if (expected == "all") {
    for (std::size_t i = 1; i <= of; ++i) numbers.push_back(i);
  } else if (expected != "none") {
    std::string text(expected);
    std::ranges::replace(text, ',', ' ');
    std::istringstream stream(text);
    for (std::size_t number = 0; stream >> number;) numbers.push_back(number);
    if (!stream.eof() || numbers.empty()) throw std::runtime_error("expect: no numbers: " + std::string(expected));
  }
  return numbers_text(numbers, of);
}

/// Every expected line must be the beginning of (place) and part of (words) the finding of its rank.
std::string compare_findings(const std::vector<std::string_view>& expected, const std::string& found) {
  std::istringstream stream(found);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  bool same = lines.size() == expected.size();
  for (std::size_t i = 0; same && i < lines.size(); ++i) {
    const std::size_t blank = std::min(expected[i].find(' '), expected[i].size());
    const std::string_view words = expected[i].substr(std::min(blank + 1, expected[i].size()));
    same = lines[i].starts_with(std::string(expected[i].substr(0, blank)) + " ") &&
           lines[i].find(words) != std::string::npos;
  }
  if (same) return {};
  std::string wanted;
  for (const std::string_view line : expected) wanted += "\n  " + std::string(line);
  return "expected:" + (wanted.empty() ? " nothing" : wanted) + "\nfound: " + (found.empty() ? "nothing" : found);
}

}  // namespace

std::string check_filter_case(const TextCase& one, const LowerFilter& lower) {
  const Documents documents(one);
  const std::string_view query = one.value("query");
  const std::string_view expected = one.value("expect");
  if (!one.has("query") || expected.empty()) throw std::runtime_error("a case needs query: and expect:");
  Diagnostics diagnostics;
  const lang::Origin origin;
  lang::Reporter reporter(query, origin, diagnostics);
  const std::optional<plan::Expr> filter = lower(query, documents.fields(), reporter);

  const std::string warnings = findings_text(diagnostics, Diagnostic::Severity::warning);
  if (const std::string wrong = compare_findings(one.lines("warning"), warnings); !wrong.empty()) {
    return "warnings " + wrong;
  }
  const std::string errors = findings_text(diagnostics, Diagnostic::Severity::error);
  if (filter.has_value() == (reporter.errors() > 0)) return "a filter in spite of errors, or neither: " + errors;
  if (expected.starts_with("error ")) {
    const std::string wrong = compare_findings({expected.substr(6)}, errors);
    return wrong.empty() ? wrong : "errors " + wrong;
  }
  if (!filter) return "errors: " + errors;
  const std::string wanted = normal_numbers(expected, documents.size());
  const std::string found = numbers_text(documents.matching(*filter), documents.size());
  if (wanted == found) return {};
  return "expected " + wanted + ", found " + found + "\n" + plan::print(*filter);
}

}  // namespace trailhound::language_test
