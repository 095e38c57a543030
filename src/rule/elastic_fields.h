#pragma once
/// The fields that an Elastic rule may name: those of the catalog, and, where the rule reads other data sets too, any
/// name at all, as a field that CloudTrail documents never carry.
///
/// For a rule over signals the fields that these alone have (`kibana.alert.*`) count as fields that may be there.

#include <map>
#include <memory>
#include <string>

#include "base/instant.h"
#include "lang/esql/schema.h"

namespace trailhound::rule {

class ElasticFields final : public esql::Schema {
 public:
  enum class Unknown { refused, absent };

  /// The catalog must outlive it. Not thread-safe: unknown fields are remembered. `type` is what those have.
  ElasticFields(const event::Catalog& catalog, Unknown unknown, event::LogicalType type = event::LogicalType::keyword)
      : schema_(catalog), unknown_(unknown), type_(type) {}

  /// From now on the rule reads signals too.
  void add_signals() { signals_ = true; }

  [[nodiscard]] Result<event::ColumnRef> find(std::string_view name) const override;
  [[nodiscard]] std::vector<std::string_view> names() const override { return schema_.names(); }
  [[nodiscard]] Result<event::ColumnRef> document_id() const override { return schema_.document_id(); }
  [[nodiscard]] event::ColumnRef index_name() const override;
  /// Also without a database: the rule says that it needs one.
  [[nodiscard]] Result<event::ColumnRef> address_property(std::string_view name) const override {
    return schema_.address_property(name);
  }
  [[nodiscard]] plan::Expr run_time(lang::WhichRun which) const override;

  /// The grid and window of the rule's runs: gives `now` a meaning.
  void set_runs(Duration interval, Duration look_back) {
    interval_ = interval;
    look_back_ = look_back;
  }

 private:
  [[nodiscard]] event::ColumnRef remembered(event::Column&& column) const;

  esql::CatalogSchema schema_;
  Unknown unknown_;
  event::LogicalType type_;
  bool signals_ = false;
  Duration interval_ = {};  ///< zero: no runs
  Duration look_back_ = {};
  mutable std::map<std::string, event::ColumnRef, std::less<>> absent_;
};

}  // namespace trailhound::rule
