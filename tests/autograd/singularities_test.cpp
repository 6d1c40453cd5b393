// Every operation declares where it has no derivative: found by numbers, and compared.

#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <autograd/ops/singularity.hpp>
#include <tests/support/numeric.hpp>

namespace {

namespace ops = autograd::ops;
using ops::Singularity;

struct Point {
  double x, y;
};

template <class Op> double value(Point at) {
  if constexpr (Op::domain.size() == 1) {
    return Op::value(at.x);
  } else {
    return Op::value(at.x, at.y);
  }
}

template <class Op> double slope(Point at, std::size_t operand) {
  if constexpr (Op::domain.size() == 1) {
    return Op::dx(at.x, Op::value(at.x));
  } else {
    const double r = Op::value(at.x, at.y);
    return operand == 0 ? Op::dx(at.x, at.y, r) : Op::dy(at.x, at.y, r);
  }
}

template <class Op> Singularity declared(Point at, std::size_t operand) {
  if constexpr (Op::domain.size() == 1) {
    return ops::singularity_of<Op>(operand, value<Op>(at), at.x);
  } else {
    return ops::singularity_of<Op>(operand, value<Op>(at), at.x, at.y);
  }
}

bool differ(double x, double y, double by) {
  return !(std::abs(x - y) <= by * std::fmax(1.0, std::fmax(std::abs(x), std::abs(y))));
}

// What values and slopes beside the point say.
template <class Op> Singularity found(Point at, std::size_t operand) {
  constexpr double kStep = 1e-7;
  const auto beside = [&](double steps) {
    Point moved = at;
    (operand == 0 ? moved.x : moved.y) += steps * kStep;
    return moved;
  };
  const double here = value<Op>(at), left = value<Op>(beside(-1)), right = value<Op>(beside(1));
  if (std::isinf(here)) return Singularity::kPole;
  if (std::isinf(left) && right == -left) return Singularity::kEdge;  // as x log 0
  if (std::isnan(left) || std::isnan(right)) return Singularity::kEdge;
  if (std::abs(left - here) > 0.1 || std::abs(right - here) > 0.1) return Singularity::kJump;
  if (std::isinf(slope<Op>(at, operand))) return Singularity::kEdge;
  const double before = slope<Op>(beside(-1), operand), after = slope<Op>(beside(1), operand);
  if (differ(before, after, 1e-2)) return Singularity::kKink;
  const double left_bend = (before - slope<Op>(beside(-2), operand)) / kStep;
  const double right_bend = (slope<Op>(beside(2), operand) - after) / kStep;
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
  ops::Elementary::for_each([&]<class Op> {
    constexpr std::size_t kOperands = Op::domain.size();
    for (const double x : kNumbers) {
      for (const double y : kOperands == 2 ? kNumbers : std::vector<double>{0.0}) {
        for (std::size_t operand = 0; operand < kOperands; ++operand) {
          const Point at{x, y};
          const double r = value<Op>(at);
          // Outside of the domain, or where the local derivative says itself that there is none.
          if (std::isnan(r) || (std::isnan(slope<Op>(at, operand)) && !std::isinf(r) &&
                                declared<Op>(at, operand) == Singularity::kNone))
            continue;
          const Singularity expected = found<Op>(at, operand);
          ++kinds[static_cast<std::size_t>(expected)];
          if (declared<Op>(at, operand) != expected)
            FAIL_CHECK(Op::info.name, " at ", numeric::point(std::vector<double>{x, y}),
                       ", operand ", operand + 1, ": declares ", name(declared<Op>(at, operand)),
                       ", but there is ", name(expected));
        }
      }
    }
  });
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
