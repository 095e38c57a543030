// parse(print(x)) equals x, for expressions and plans.
#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "plan/plan.h"
#include "plan/text_form.h"

namespace trailhound::plan {
namespace {

event::ColumnRef make_column(event::View view, std::string name) {
  event::Column column;
  column.view = view;
  column.name = std::move(name);
  column.type = column.name.ends_with("ip") ? LogicalType::ip : LogicalType::keyword;
  return std::make_shared<const event::Column>(std::move(column));
}

// Knows every name; those that end in "ip" are addresses.
class AnyColumn : public ColumnResolver {
 public:
  Result<event::ColumnRef> find(event::View view, std::string_view name) const override {
    if (name == "unknown") return fail("no such field");
    return make_column(view, std::string(name));
  }
};

std::string reprinted(std::string_view text) {
  const auto parsed = parse_expression(text, AnyColumn());
  return parsed ? print(*parsed) : "error " + parsed.error().text();
}

class RandomPlans {
 public:
  explicit RandomPlans(unsigned seed) : random_(seed) {}

  Plan plan() {
    Plan plan;
    for (std::size_t i = below(4); i > 0; --i) plan.queries.push_back(query());
    switch (below(9)) {
      case 8:
        plan.op = NewValue{duration(), coin(), duration(), text(), pick<Severity>(5)};
        break;
      case 0:
        plan.op = EachHit{};
        break;
      case 1:
        plan.op = trailing();
        break;
      case 2:
        plan.op = baseline();
        break;
      case 3:
        plan.op = RunThreshold{below(50), {}, 0, duration(), duration()};
        if (coin()) std::get<RunThreshold>(plan.op).distinct = index();
        if (std::get<RunThreshold>(plan.op).distinct) std::get<RunThreshold>(plan.op).least_distinct = below(9);
        break;
      case 4:
        plan.op = NewTerms{duration(), duration(), duration()};
        break;
      case 5:
        plan.op = sequence();
        break;
      case 6:
        plan.op = AnomalyJob{pick<AnomalyJob::Detector>(2), index(), duration(), 0.5};
        break;
      default:
        plan.op = run_aggregate();
        break;
    }
    plan.episode = {coin(), indexes(), duration(), duration()};
    if (coin()) plan.episode.suppression = suppression();
    return plan;
  }

  Expr expression(int depth) {
    const std::size_t kind = depth == 0 ? below(5) : below(16);
    const auto inner = [&] { return expression(depth - 1); };
    switch (kind) {
      case 0:
        return typed(Literal{values()});
      case 1:
        return plan::column(make_column(pick<event::View>(3), text()));
      case 2:
        return typed(Slot{index(), text()});
      case 3:
        return typed(Variable{index()});
      case 4:
        return typed(RunTime{});
      case 5:
        return typed(Exists{inner(), inner()});
      case 6:
        return typed(Single{inner()});
      case 7:
        return typed(Each{inner(), inner()});
      case 8:
        return typed(Not{inner()});
      case 9:
        return typed(And{list(depth - 1, below(4))});
      case 10:
        return typed(Or{list(depth - 1, below(4))});
      case 11:
        return typed(Present{inner(), pick<Present::Need>(3)});
      case 12:
        return typed(Compare{pick<ComparisonOp>(6), pick<Domain>(5), inner(), inner()});
      case 13:
        return typed(OneOf{inner(), pick<Domain>(5), values(), coin()});
      case 14:
        return coin() ? typed(Match{inner(), pattern()}) : typed(InNetwork{inner(), blocks()});
      default:
        return call(depth);
    }
  }

 private:
  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
  bool coin() { return below(2) == 0; }
  std::uint32_t index() { return static_cast<std::uint32_t>(below(9)); }
  template <class Enum>
  Enum pick(std::size_t count) {
    return static_cast<Enum>(below(count));
  }
  template <class Node>
  Expr typed(Node node) {
    return coin() ? make(std::move(node)) : make(std::move(node), pick<LogicalType>(16));
  }

  std::string text() {
    static const std::vector<std::string> parts{
        "a",    "user.name",          " ",      "\"",         "\\", "é", "\xFF", "\n", "(", "::", "ip",
        "\x1B", std::string(1, '\0'), "\u0085", "\U0001F600", ":",  "]", "-"};
    std::string out;
    for (std::size_t i = below(5); i > 0; --i) out += parts[below(parts.size())];
    return out;
  }
  Value value() {
    switch (below(6)) {
      case 0:
        return {};
      case 1:
        return coin();
      case 2:
        return below(3) == 0 ? std::numeric_limits<std::int64_t>::min() : std::int64_t(below(100)) - 50;
      case 3: {
        const std::vector<double> odd{0.0,
                                      -0.0,
                                      5,
                                      -2.5,
                                      1e300,
                                      5e-324,
                                      std::numeric_limits<double>::infinity(),
                                      std::numeric_limits<double>::quiet_NaN(),
                                      0.1};
        return odd[below(odd.size())];
      }
      case 4:
        return text();
      default:
        return coin() ? *parse_ip("10.0.0.1") : *parse_ip("2001:db8::7");
    }
  }
  Values values() {
    Values list;
    for (std::size_t i = below(4); i > 0; --i) list.push_back(value());
    return list;
  }
  std::vector<Expr> list(int depth, std::size_t count) {
    std::vector<Expr> out;
    for (std::size_t i = 0; i < count; ++i) out.push_back(expression(depth));
    return out;
  }
  Expr call(int depth) {
    const auto function = pick<Function>(18);
    const FunctionInfo& row = info(function);
    const auto most = static_cast<std::size_t>(row.max_arguments < 0 ? row.min_arguments + 2 : row.max_arguments);
    const auto least = static_cast<std::size_t>(row.min_arguments);
    return typed(Call{function, list(depth - 1, least + below(most - least + 1))});
  }
  Pattern pattern() {
    std::vector<Pattern::Piece> pieces;
    for (std::size_t i = below(5); i > 0; --i) pieces.push_back({pick<Pattern::Piece::Kind>(3), ""});
    for (Pattern::Piece& piece : pieces) {
      if (piece.kind == Pattern::Piece::Kind::literal) piece.text = text();
    }
    return {std::move(pieces), pick<Pattern::Fold>(3)};
  }
  std::vector<Cidr> blocks() {
    std::vector<Cidr> list;
    for (std::size_t i = below(3); i > 0; --i) list.push_back(*parse_cidr(coin() ? "10.0.0.0/8" : "2001:db8::/33"));
    return list;
  }

  Duration duration() {
    const std::int64_t units[] = {
        0, 1, 1'000, 90'000'000, 3'600'000'000, -86'400'000'000, std::numeric_limits<std::int64_t>::min()};
    return {units[below(7)]};
  }
  std::vector<std::uint32_t> indexes() {
    std::vector<std::uint32_t> list;
    for (std::size_t i = below(3); i > 0; --i) list.push_back(index());
    return list;
  }
  std::vector<NamedExpr> named() {
    std::vector<NamedExpr> list;
    for (std::size_t i = below(3); i > 0; --i) list.push_back({text(), expression(2)});
    return list;
  }
  Query query() { return {text(), coin() ? expression(4) : nullptr, named(), pick<MissingKey>(3), named()}; }
  LinearTerm term() {
    const double factors[] = {1, 2, 0.5, -3};
    return {coin() ? -1 : static_cast<int>(below(3)), factors[below(4)]};
  }
  Condition condition(int depth) {
    ConditionNode node;
    const auto operands = [&] {
      std::vector<Condition> out;
      for (std::size_t i = below(3); i > 0; --i) out.push_back(condition(depth - 1));
      return out;
    };
    switch (depth == 0 ? 0 : below(4)) {
      case 0:
        node.node = ConditionCompare{term(), pick<ComparisonOp>(6), term()};
        break;
      case 1:
        node.node = ConditionAll{operands()};
        break;
      case 2:
        node.node = ConditionAny{operands()};
        break;
      default:
        node.node = ConditionThen{condition(depth - 1), condition(depth - 1)};
        break;
    }
    return std::make_shared<const ConditionNode>(std::move(node));
  }
  TrailingCondition::Measure measure() { return {pick<TrailingCondition::Aggregation>(4), indexes()}; }
  TrailingCondition trailing() {
    TrailingCondition out{duration(), {}, {}};
    for (std::size_t i = below(3); i > 0; --i) out.measures.push_back(measure());
    for (std::size_t i = below(3); i > 0; --i) {
      out.cases.push_back({text(), pick<Severity>(5), coin() ? condition(3) : nullptr});
    }
    return out;
  }
  Baseline baseline() {
    Baseline out{measure(), duration(), duration(), duration(), 0.5, 7, {}, text(), pick<Severity>(5)};
    if (coin()) out.learning_bound = 3.25;
    return out;
  }
  Suppression suppression() {
    Suppression out{pick<Suppression::By>(2), indexes(), {}, duration(), coin()};
    if (coin()) out.duration = duration();
    return out;
  }
  Sequence sequence() {
    Sequence out;
    for (std::size_t i = below(4); i > 0; --i) out.stages.push_back({index(), coin()});
    if (coin()) out.until = index();
    if (coin()) out.max_span = duration();
    out.ordered = coin();
    return out;
  }
  RunAggregate run_aggregate() {
    RunAggregate out;
    for (std::size_t i = below(3); i > 0; --i) {
      out.measures.push_back({text(), pick<RunAggregate::Aggregation>(8), index(), {}, pick<LogicalType>(16)});
      if (coin()) out.measures.back().filter = index();
    }
    if (coin()) out.bucket_key = index();
    out.bucket = duration();
    out.look_back = duration();
    out.interval = duration();
    if (coin()) out.having = expression(3);
    out.outputs = named();
    return out;
  }

  std::mt19937 random_;
};

TEST(RoundTrip, RandomExpressions) {
  RandomPlans random(11);
  for (int round = 0; round < 5'000; ++round) {
    const Expr expression = random.expression(5);
    const std::string text = print(expression);
    const auto parsed = parse_expression(text, AnyColumn());
    ASSERT_TRUE(parsed) << parsed.error().text() << "\n" << text;
    ASSERT_TRUE(equal(*parsed, expression)) << text << "\n" << print(*parsed);
    ASSERT_EQ(print(*parsed), text);
  }
}

TEST(RoundTrip, RandomPlans) {
  RandomPlans random(12);
  for (int round = 0; round < 2'000; ++round) {
    const Plan plan = random.plan();
    const std::string text = print(plan);
    const auto parsed = parse_plan(text, AnyColumn());
    ASSERT_TRUE(parsed) << parsed.error().text() << "\n" << text;
    ASSERT_TRUE(equal(*parsed, plan)) << text << "\n" << print(*parsed);
  }
}

TEST(RoundTrip, EqualTellsRandomPlansApart) {
  RandomPlans random(13);
  Plan last = random.plan();
  for (int round = 0; round < 500; ++round) {
    Plan next = random.plan();
    ASSERT_EQ(equal(last, next), print(last) == print(next));
    last = std::move(next);
  }
}

TEST(TextForm, ReadsAsDocumented) {
  for (const char* text : {
           R"(ecs:user.name)",
           R"(datadog:@evt.name)",
           R"(ecs:"name with blanks")",
           R"((exists raw:errorCode (= %0 "AccessDenied")))",
           R"((=:folded (single ecs:event.action) "listusers"))",
           R"((one_of:text %0 ["a" 5 true] or_null))",
           R"((match:ascii %0 * "role/" ?))",
           R"((in_network ecs:source.ip ["10.0.0.0/8" "2001:db8::/32"]))",
           R"((date_trunc 300000000 (single ecs:when))::datetime)",
           R"((and (present leaf ecs:a) (not false) (is_true null)))",
           R"((< (slot 2 "count") -2.5))",
           R"(ip"10.0.0.1")",
           R"(["a" "b"])",
           R"([null])",
           "now",
       }) {
    EXPECT_EQ(reprinted(text), text);
  }
}

TEST(TextForm, SpacingIsFree) { EXPECT_EQ(reprinted(" ( and\n\ttrue( not false ) ) "), "(and true (not false))"); }

TEST(TextForm, ErrorsSayWhereAndWhat) {
  EXPECT_EQ(reprinted("(and true\n  (frobnicate 1))"), "error 2:3: unknown node or function frobnicate");
  EXPECT_EQ(reprinted("(not true false)"), "error 1:1: wrong number of operands for not");
  EXPECT_EQ(reprinted("(= ecs:unknown 1)"), "error 1:4: no such field");
  EXPECT_EQ(reprinted("true true"), "error 1:6: there is text behind the end");
  EXPECT_EQ(reprinted("(and true"), "error 1:10: a bracket is not closed: ) is missing");
  EXPECT_EQ(reprinted("99999999999999999999"), "error 1:1: neither a literal nor a column: 99999999999999999999");
  EXPECT_EQ(reprinted("5::nothing"), "error 1:1: unknown type nothing");
}

TEST(TextForm, DeepNestingIsRefusedNotCrashed) {
  for (const char* opener : {"(not ", "[", "("}) {
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += opener;
    EXPECT_FALSE(parse_expression(text, AnyColumn()));
    EXPECT_FALSE(parse_plan(text, AnyColumn()));
  }
}

TEST(TextForm, DamagedTextGivesErrorsOrPlans) {
  RandomPlans random(14);
  std::mt19937 dice(15);
  for (int round = 0; round < 3'000; ++round) {
    std::string text = print(random.plan());
    for (int change = 0; change < 3; ++change) {
      const std::size_t at = dice() % text.size();
      if (dice() % 2 == 0)
        text.erase(at, dice() % 4);
      else
        text[at] = "()[]\"\\:q% 9"[dice() % 11];
      if (text.empty()) text = "(";
    }
    const auto parsed = parse_plan(text, AnyColumn());
    if (parsed)
      ASSERT_TRUE(parse_plan(print(*parsed), AnyColumn()));
    else
      ASSERT_FALSE(parsed.error().what.empty());
  }
}

TEST(TextForm, WidePlansAreBrokenIntoLines) {
  Plan plan;
  plan.queries.push_back({"a", constant(true), {}, MissingKey::drop, {}});
  std::vector<Expr> tests;
  for (int i = 0; i < 9; ++i) tests.push_back(make(Present{column(make_column(event::View::ecs, "some.long.name"))}));
  plan.queries[0].filter = make(IsTrue{all_of(tests)});
  const std::string text = print(plan);
  for (std::size_t start = 0; start < text.size(); start = text.find('\n', start) + 1) {
    EXPECT_LE(text.find('\n', start) - start, 112u);
  }
  EXPECT_TRUE(text.starts_with("(plan\n  (query \"a\"\n    (filter\n      (is_true\n        (and\n")) << text;
}

TEST(TextForm, QueriesWithoutAFilterAndMissingPartsPrint) {
  Plan plan;
  plan.queries.push_back({"a", nullptr, {}, MissingKey::drop, {}});
  plan.op = EachHit{};
  const auto again = parse_plan(print(plan), AnyColumn());
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->queries.at(0).filter, nullptr);
  EXPECT_EQ(print(Expr()), "none");
  EXPECT_EQ(print(make(IsTrue{nullptr})), "(is_true none)");
  EXPECT_EQ(print(make(Single{nullptr}, LogicalType::any)), "(single none)");
  EXPECT_EQ(print(make(And{{nullptr, constant(true)}})), "(and none true)");
}

}  // namespace
}  // namespace trailhound::plan
