// From a trace to a program: schedules and programs as values, and their texts.

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <autograd/kernels/kernel.hpp>
#include <autograd/replay/schedule.hpp>
#include <tests/support/documents.hpp>

using autograd::Function;
using autograd::Value;
namespace detail = autograd::detail;
namespace ops = autograd::ops;
using detail::Argument;
using detail::Fused;
using detail::Instruction;
using detail::Output;
using detail::Program;
using detail::Results;
using detail::Schedule;
using detail::Trace;
using Node = Trace::Node;
using Nodes = std::vector<Node>;

namespace {

template <class Op> constexpr detail::ReplayCode code = detail::code<Op>;

// A trace with one parameter p, and inputs x and y.
struct Draft {
  Trace t;
  Node p = t.add_leaf(Trace::kParameter, 0), x = t.add_leaf(Trace::kInput, 0),
       y = t.add_leaf(Trace::kInput, 1);

  template <class Op> Node add(std::initializer_list<Node> operands) {
    return t.add(code<Op>, operands);
  }
  Schedule schedule(Nodes nodes, const std::vector<Output>& outputs) {
    t.outputs = std::move(nodes);
    return detail::schedule(t, outputs, 1);
  }
};

constexpr Output kValue{Output::kRow, Results::kValues, 0};
constexpr Output kTotal{Output::kSum, Results::kValues, 0};
constexpr Output kInputGradient{Output::kRow, Results::kDerivatives, 1};

Argument of_register(std::size_t r) { return {Argument::kRegister, r}; }

// The README was written with g++, which evaluates the operands in a rule from right to left;
// clang++ records them in another order.
#ifdef __clang__
constexpr bool kIsClang = true;
#else
constexpr bool kIsClang = false;
#endif

bool are_same(const Instruction& a, const Instruction& b) {
  return a.kernel == b.kernel && a.out == b.out && a.a == b.a && a.b == b.b && a.c == b.c;
}

}  // namespace

TEST_CASE("stages: the README shows those of 1 / (p0 x0 + p1)" * doctest::skip(kIsClang)) {
  const Function f =
      Function::trace([](auto p, auto x) { return 1 / (p[0] * x[0] + p[1]); }, {-2, 4}, {3});
  const std::string readme = documents::text_of("autograd/replay/README.md");
  CHECK_MESSAGE(readme.find("```\n" + f.stages() + "```\n") != std::string::npos,
                "autograd/replay/README.md does not have\n", f.stages());
}

TEST_CASE("stages: guards, carried values and negated outputs are told") {
  const Function f = Function::trace(
      [](auto p, auto x) {
        const Value center = mean_over_rows(std::vector<Value>{x[0] * p[0]});
        return x[0] < 2 ? (x[0] - center) * exp(x[0]) : x[0];
      },
      {3}, {1});
  const std::string text = f.stages();
  for (const char* part : {"guard 0 = ", "guard 0 is ", "is true", "mean over rows",
                           "carried 0 = ", "\nfuse_sums\n", "\nprogram\n"})
    CHECK_MESSAGE(text.find(part) != std::string::npos, part, " in\n", text);
}

TEST_CASE("stages: of a long function the text begins with the simplified trace") {
  const Function f = Function::trace(
      [](auto x) {
        Value y = x[0];
        for (int i = 0; i < 300; ++i) y = sin(y);
        return std::array{y, x[0]};
      },
      {1});
  CHECK(f.stages().starts_with("trace, after all passes\n"));
}

TEST_CASE("schedule: uniform nodes are in the prologue, the others in the body") {
  Draft d;
  const Node square = d.add<ops::Square>({d.p}), exp = d.add<ops::Exp>({square}),
             product = d.add<ops::Mul>({exp, d.x}), sine = d.add<ops::Sin>({product});
  const Schedule s = d.schedule({sine}, {kValue});
  REQUIRE(s.phases.size() == 1);
  CHECK(s.phases[0].prologue == Nodes{square, exp});
  CHECK(s.phases[0].body == Nodes{product, sine});
  CHECK(s.phases[0].preloaded == Nodes{exp});
  // Parameters come first; a uniform that only its own prologue reads has no place.
  CHECK(s.uniform[d.p] == 0);
  CHECK(s.uniform[exp] == 1);
  CHECK(s.uniform[square] == detail::kNone);
  CHECK(s.uniform_count == 2);
}

TEST_CASE("schedule: an operation that only one other takes is computed with it") {
  Draft d;
  const Node sum = d.add<ops::Add>({d.x, d.p}), root = d.add<ops::Sqrt>({sum}),
             shared = d.add<ops::Mul>({d.x, d.y}), twice = d.add<ops::Add>({shared, shared});
  const Schedule s = d.schedule({root, twice}, {kValue, kInputGradient});
  CHECK(s.fused[root] == sum);
  CHECK(s.fused[twice] == detail::kNone);
  CHECK(s.phases[0].body == Nodes{root, shared, twice});
}

TEST_CASE("schedule: an output is used as what it is wanted for, without its sign") {
  Draft d;
  const Node y = d.add<ops::Sin>({d.x}), minus = d.add<ops::Neg>({y}),
             condition = d.add<ops::Less>({d.x, d.p});
  const Output guard{Output::kGuard, Results::kValues, 4, true};
  const Schedule s = d.schedule({minus, condition}, {kInputGradient, guard});
  const auto& stored = s.uses[s.first_use[y]];
  CHECK(stored.kernel == detail::kStoreNegated);
  CHECK(stored.to == Argument(Argument::kInputGradient, 1));
  const auto& checked = s.uses[s.first_use[condition]];
  CHECK(checked.kernel == detail::kCheckTrue);
  CHECK(checked.to == Argument(Argument::kGuard, 4));
  CHECK(s.phases[0].body == Nodes{y, condition});
}

TEST_CASE("schedule: the total of a sum is made of the totals of its terms") {
  Draft d;
  const Node product = d.add<ops::Mul>({d.x, d.y}), sine = d.add<ops::Sin>({d.x}),
             sum = d.add<ops::Sub>({d.add<ops::Add>({product, sine}), d.p});
  const Schedule s = d.schedule({sum}, {kTotal});
  CHECK(s.phases[0].body == Nodes{product, sine});
  CHECK(s.is_only_summed[product]);
  CHECK_FALSE(s.is_only_summed[sine]);
  REQUIRE(s.totals.size() == 3);
  const auto uniform = std::ranges::find(s.totals, true, &Program::Totals::are_uniform);
  REQUIRE(uniform != s.totals.end());
  CHECK(uniform->factor == -1);
  CHECK(std::ranges::count(s.totals, false, &Program::Totals::is_added) == 1);
}

TEST_CASE("schedule: a mean over the rows ends a phase, and rows needed later are carried") {
  Draft d;
  const Node sine = d.add<ops::Sin>({d.x}), mean = d.add<ops::RowMean>({sine}),
             apart = d.add<ops::Sub>({sine, mean});
  const Schedule s = d.schedule({apart}, {kValue});
  REQUIRE(s.phases.size() == 2);
  CHECK(s.phases[0].body == Nodes{sine});
  REQUIRE(s.phases[0].means.size() == 1);
  CHECK(s.phases[0].means[0].uniform == s.uniform[mean]);
  CHECK(s.phases[1].body == Nodes{apart});
  CHECK(s.carried[sine] == 0);
  CHECK(s.carried_count == 1);
}

TEST_CASE("lower: instructions say what they read and write") {
  Draft d;
  const Node sum = d.add<ops::Add>({d.x, d.p}), root = d.add<ops::Sqrt>({sum}),
             power = d.add<ops::Pow>({root, d.y});
  const Program program = lower(d.schedule({power}, {kValue}));
  REQUIRE(program.phases.size() == 1);
  CHECK(program.phases[0].prologue.empty());
  CHECK(program.phases[0].preloaded == std::vector<std::uint32_t>{0});
  const Fused root_of_sum{detail::FusedFirst::index<ops::Add>(),
                          detail::FusedLastOfOne::index<ops::Sqrt>(), Fused::kOfOne};
  const std::vector<Instruction> expected{
      {detail::kLoad, of_register(0), {Argument::kInput, 0}, {}, {}},
      {root_of_sum.kernel(), of_register(1), of_register(0), {Argument::kPreloaded, 0}, {}},
      {detail::kLoad, of_register(0), {Argument::kInput, 1}, {}, {}},
      {code<ops::Pow>, of_register(2), of_register(1), of_register(0), {}},
      {detail::kStore, {Argument::kOutput, 0}, of_register(2), {}, {}}};
  CHECK(std::ranges::equal(program.phases[0].body, expected, are_same));
  CHECK(program.registers == 3);
  CHECK(program.block == 256);
}

TEST_CASE("lower: a register is used again after its last reader") {
  Draft d;
  Node y = d.x;
  for (int i = 0; i < 50; ++i) y = d.add<ops::Sin>({y});
  CHECK(lower(d.schedule({y}, {kValue})).registers == 2);
}

TEST_CASE("lower: many registers make small blocks") {
  Draft d;
  Nodes all;
  for (int i = 0; i < 40; ++i) all.push_back(d.add<ops::Sin>({i == 0 ? d.x : all.back()}));
  const Node sum = d.t.add(code<ops::Norm>, all);
  const Program program = lower(d.schedule({sum}, {kValue}));
  CHECK(program.registers > 40);
  CHECK(program.block == 64);
}

TEST_CASE("kernels: every table has each operation, each fused pair and the rest") {
  for (const detail::Kernels* table : detail::usable_kernels()) {
    const auto has = [&](std::size_t kernel) {
      return table->fast[kernel] != nullptr && table->nan_safe[kernel] != nullptr;
    };
    for (std::size_t i = 0; i < ops::All::size; ++i) CHECK(has(i));
    CHECK(has(detail::kUnlessNan));
    CHECK(has(detail::kGaussian));
    for (std::size_t i = detail::kBroadcast; i < detail::kKernelCount; ++i) CHECK(has(i));
  }
}

TEST_CASE("kernels: a fused pair and its kernel name one another") {
  std::set<std::array<std::size_t, 3>> all;
  for (std::size_t i = detail::kFused; i < detail::kKernelCount; ++i) {
    const Fused pair = Fused::of(static_cast<std::uint16_t>(i));
    CHECK(pair.kernel() == i);
    CHECK(pair.first < detail::FusedFirst::size);
    CHECK(pair.last <
          (pair.form == Fused::kOfOne ? detail::FusedLastOfOne::size : detail::FusedLast::size));
    all.insert({pair.first, pair.last, pair.form});
  }
  CHECK(all.size() == detail::kKernelCount - detail::kFused);
}

TEST_CASE("stages: the trace says which part operations were recorded in") {
  const Function f = Function::trace(
      [](std::span<const Value> p, std::span<const Value> x) {
        const autograd::Scope layer("layer", 1);
        Value sum;
        for (std::size_t k = 0; k < 2; ++k) {
          const autograd::Scope unit("unit", k);
          sum += tanh(p[k] * x[0]);
        }
        return sum;
      },
      {0.5, 2}, {1});
  const std::string text = f.stages();
  const auto first = text.find("# layer 1, unit 0\n"), second = text.find("# layer 1, unit 1\n");
  CHECK(first != std::string::npos);
  CHECK(second != std::string::npos);
  CHECK(first < second);
  CHECK(text.find("# no part\n") > second);
  // Passes move operations between parts: what they make has none.
  CHECK(text.find("# layer", second + 1) == std::string::npos);
}
