// Every operation declares where it has no derivative: found by numbers, and compared.

#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <autograd/ops/singularity.hpp>
#include <tests/support/numeric.hpp>
#include <tests/support/operations.hpp>

namespace {

namespace ops = autograd::ops;
using operations::Operation;
using ops::Singularity;

bool differ(double x, double y, double by) {
  return !(std::abs(x - y) <= by * std::fmax(1.0, std::fmax(std::abs(x), std::abs(y))));
}

// What values and slopes beside the point say.
Singularity found(const Operation& operation, double x, double y, std::size_t operand) {
  constexpr double kStep = 1e-7;
  const auto value = [&](double steps) {
    const double step = steps * kStep;
    return operand == 0 ? operation.value(x + step, y) : operation.value(x, y + step);
  };
  const auto slope = [&](double steps) {
    const double step = steps * kStep;
    return operand == 0 ? operation.derivatives(x + step, y)[0]
                        : operation.derivatives(x, y + step)[1];
  };
  const double here = value(0), left = value(-1), right = value(1);
  if (std::isinf(here)) return Singularity::kPole;
  if (std::isinf(left) && right == -left) return Singularity::kEdge;  // as x log 0
  if (std::isnan(left) || std::isnan(right)) return Singularity::kEdge;
  if (std::abs(left - here) > 0.1 || std::abs(right - here) > 0.1) return Singularity::kJump;
  if (std::isinf(slope(0))) return Singularity::kEdge;
  const double before = slope(-1), after = slope(1);
  if (differ(before, after, 1e-2)) return Singularity::kKink;
  const double left_bend = (before - slope(-2)) / kStep;
  const double right_bend = (slope(2) - after) / kStep;
  return differ(left_bend, right_bend, 1e-2) ? Singularity::kCurvatureJump : Singularity::kNone;
}

std::string name(Singularity kind) {
  return std::vector<std::string>{"nothing", "a jump", "a kink", "a jump of the curvature",
                                  "a pole",  "an edge"}
      .at(static_cast<std::size_t>(kind));
}

// Special points: 0, whole numbers and halves between, ends of domains, ties. The last one is
// ordinary.
const std::vector<double> kNumbers = {0.0,  -0.0, 0.5,  -0.5, 1.0,  -1.0, 1.5,
                                      -1.5, 2.0,  -2.0, 3.0,  -3.0, 0.7};

}  // namespace

TEST_CASE("singularities: what an operation declares is what its values and slopes show") {
  std::vector<int> kinds(6);
  for (const Operation& each : operations::all()) {
    for (const double x : kNumbers) {
      for (const double y : each.arity() == 2 ? kNumbers : std::vector<double>{0.0}) {
        for (std::size_t operand = 0; operand < each.arity(); ++operand) {
          const double r = each.value(x, y), slope = each.derivatives(x, y)[operand];
          const Singularity declared = each.singularity(operand, x, y);
          // Outside of the domain, or where the local derivative says itself that there is none.
          if (std::isnan(r) ||
              (std::isnan(slope) && !std::isinf(r) && declared == Singularity::kNone))
            continue;
          const Singularity expected = found(each, x, y, operand);
          ++kinds[static_cast<std::size_t>(expected)];
          if (declared != expected)
            FAIL_CHECK(each.info.name, " at ", numeric::point({x, y}), ", operand ", operand + 1,
                       ": declares ", name(declared), ", but there is ", name(expected));
        }
      }
    }
  }
  for (std::size_t kind = 0; kind < kinds.size(); ++kind)
    CHECK_MESSAGE(kinds[kind] > 0, name(static_cast<Singularity>(kind)));
}

TEST_CASE("singularities: operations of many operands declare theirs by the result") {
  CHECK(ops::singularity_of<ops::Norm>(0, 0.0, 0.0) == Singularity::kKink);
  CHECK(ops::singularity_of<ops::Norm>(0, 1.0, 1.0) == Singularity::kNone);
  CHECK(ops::singularity_of<ops::LogSumExp>(0, -ops::kInfinity, -ops::kInfinity) ==
        Singularity::kKink);
  CHECK(ops::singularity_of<ops::Sum>(0, 0.0, 0.0) == Singularity::kNone);
}
