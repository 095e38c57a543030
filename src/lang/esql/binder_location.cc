// IP_LOCATION: columns with what a MaxMind database says of an address, `prefix.property`.

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "lang/esql/binder_state.h"
#include "lang/esql/codes.h"

namespace trailhound::esql {
namespace {

/// Kinds of databases, as bits.
using Kinds = unsigned;
constexpr Kinds kCity = 1, kCountry = 2, kAsn = 4;

struct Property {
  std::string_view name;
  Kinds in;              ///< the databases that have it
  Kinds by_default = 0;  ///< those of which it is a column without being asked for
};
/// In the order of the columns.
constexpr auto kProperties = std::to_array<Property>({
    {"ip", kCity | kCountry | kAsn, kAsn},
    {"country_in_european_union", kCity | kCountry},
    {"country_iso_code", kCity | kCountry, kCity | kCountry},
    {"country_name", kCity | kCountry, kCity | kCountry},
    {"continent_code", kCity | kCountry},
    {"continent_name", kCity | kCountry, kCity | kCountry},
    {"region_iso_code", kCity, kCity},
    {"region_name", kCity, kCity},
    {"city_name", kCity, kCity},
    {"timezone", kCity},
    {"location", kCity, kCity},
    {"asn", kAsn, kAsn},
    {"organization_name", kAsn, kAsn},
    {"network", kAsn, kAsn},
    {"postal_code", kCity},
    {"accuracy_radius", kCity},
    {"registered_country_in_european_union", kCity | kCountry},
    {"registered_country_iso_code", kCity | kCountry},
    {"registered_country_name", kCity | kCountry},
});

/// The end of a database's name says its kind, as that of MaxMind's type names does.
std::optional<Kinds> kind_of(std::string_view database) {
  if (database.ends_with("-City.mmdb")) return kCity;
  if (database.ends_with("-Country.mmdb")) return kCountry;
  if (database.ends_with("-ASN.mmdb")) return kAsn;
  return std::nullopt;
}

std::string names_in(Kinds kind) {
  std::string names;
  for (const Property& property : kProperties) {
    if (property.in & kind) names += (names.empty() ? "" : ", ") + std::string(property.name);
  }
  return names;
}

template <class T>
const T* value_of(const MapEntry& option) {
  return option.nested.empty() && !option.list ? std::get_if<T>(&option.value.value) : nullptr;
}

/// What stands behind WITH.
struct Options {
  Kinds kind = kCity;
  bool first_only = true;
  std::vector<const Property*> properties;
};

/// Reports what is wrong by `complain(code, message, hint)`.
template <class Complain>
class OptionReader {
 public:
  explicit OptionReader(const Complain& complain) : complain_(complain) {}

  std::optional<Options> read(const Map& map) {
    for (auto option = map.begin(); option != map.end(); ++option) {
      const auto same = [&](const MapEntry& other) { return other.key == option->key; };
      if (std::any_of(map.begin(), option, same)) refuse("the option " + option->key + " is there twice");
      read_option(*option);
    }
    choose_properties();
    return good_ ? std::optional(std::move(options_)) : std::nullopt;
  }

 private:
  void read_option(const MapEntry& option) {
    if (option.key == "database_file") {
      const auto* name = value_of<std::string>(option);
      if (name == nullptr) return refuse("database_file must be a text");
      if (const auto kind = kind_of(*name)) {
        options_.kind = *kind;
        return;
      }
      good_ = false;
      complain_(codes::kUnknownTable, "unknown database [" + *name + "]",
                "*-City.mmdb and *-Country.mmdb stand for --geoip FILE, *-ASN.mmdb for --asn FILE");
    } else if (option.key == "first_only") {
      const auto* first_only = value_of<bool>(option);
      if (first_only == nullptr) return refuse("first_only must be true or false");
      options_.first_only = *first_only;
    } else if (option.key == "properties") {
      if (!option.list) return refuse("properties must be a list of texts");
      wanted_ = &*option.list;
    } else {
      refuse("unknown option " + option.key, "database_file, properties and first_only are known");
    }
  }

  void choose_properties() {
    if (wanted_ == nullptr) {
      for (const Property& property : kProperties) {
        if (property.by_default & options_.kind) options_.properties.push_back(&property);
      }
      return;
    }
    for (const Literal& element : *wanted_) {
      const auto* name = std::get_if<std::string>(&element.value);
      if (name == nullptr) return refuse("properties must be a list of texts");
      const auto found = std::ranges::find_if(kProperties, [&](const Property& property) {
        return property.name == lower_ascii(*name) && (property.in & options_.kind);
      });
      if (found == kProperties.end()) {
        refuse("the database has no property [" + *name + "]", "it has " + names_in(options_.kind));
      } else if (std::ranges::find(options_.properties, &*found) == options_.properties.end()) {
        options_.properties.push_back(&*found);
      }
    }
  }

  void refuse(const std::string& message, const std::string& hint = {}) {
    good_ = false;
    complain_(codes::kValue, message, hint);
  }

  const Complain& complain_;
  Options options_;
  const std::vector<Literal>* wanted_ = nullptr;
  bool good_ = true;
};

/// A function of the plan that no query can call by name.
constexpr FunctionSignature kLocation{"ip_location", FunctionKind::scalar, "aab", "s"};

}  // namespace

void Binder::bind_location(const Extract& extract, BoundStep& step) {
  const auto complain = [&](std::string_view code, const std::string& message, const std::string& hint) {
    reporter_.error(code, step.at, step.name + ": " + message, hint);
  };
  auto input = bind(*extract.input);
  const bool fits =
      input && (is_string(input->type) || input->type == LogicalType::ip || input->type == LogicalType::null);
  if (input && !fits) {
    reporter_.error(codes::kArgumentType, at(*extract.input),
                    step.name + " only supports KEYWORD, TEXT or IP values, found expression [" +
                        source_of(*extract.input) + "] type [" + upper_name(input->type) + "]");
  }
  BoundEval eval;
  const auto options = OptionReader(complain).read(extract.options);
  for (const Property* property : options ? options->properties : std::vector<const Property*>()) {
    const std::string database = options->kind == kAsn ? "asn." : "geoip.";
    const auto column = schema_.address_property(database + std::string(property->name));
    if (!column) {
      reporter_.error(codes::kUnknownTable, step.at, column.error().what, column.error().hint);
      break;
    }
    Attribute target = new_attribute(extract.prefix.text + "." + std::string(property->name), (*column)->type);
    BoundPtr value;
    if (fits) {
      auto looked_up = make(*extract.input, Operation::column, target.type);
      looked_up->column = *column;
      auto first_only = make(*extract.input, Operation::constant, LogicalType::boolean);
      first_only->constant = {options->first_only};
      auto call = make(*extract.input, Operation::call, target.type);
      // Warnings are about the command as a whole.
      call->at = step.at;
      call->source = step.source;
      call->function = &kLocation;
      call->operands = {input, std::move(looked_up), std::move(first_only)};
      value = std::move(call);
    }
    eval.assignments.push_back({std::move(target), std::move(value)});
  }
  for (const auto& assignment : eval.assignments) scope_.define(assignment.target);
  step.node = std::move(eval);
}

}  // namespace trailhound::esql
