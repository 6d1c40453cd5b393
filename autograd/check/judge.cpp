#include "autograd/check/judge.hpp"

#include <algorithm>
#include <cmath>

#include <autograd/text.hpp>

namespace autograd::detail {

namespace {

std::string number_text(double x) { return text::rounded(x, 6); }

// -1, 2, 1/2, -1/2, 3, 1/3, ... if the ratio is one of these; else 0.
double round_factor(double ratio, double tolerance, std::size_t inputs) {
  const double size = std::abs(ratio), turned = size < 1 ? 1 / size : size;
  const double nearest = std::round(turned);
  const bool is_small = nearest <= 100 || nearest == static_cast<double>(inputs);
  if (!is_small || std::abs(turned - nearest) > tolerance * turned) return 0;
  return std::copysign(size < 1 ? 1 / nearest : nearest, ratio);
}

std::string factor_text(double factor) {
  const double size = std::abs(factor);
  const std::string sign = factor < 0 ? "-" : "";
  return size < 1 ? sign + "1/" + number_text(1 / size) : sign + number_text(size);
}

std::string cause_of(double factor) {
  if (factor == -1) return "a sign is wrong";
  std::string cause = factor < 0 ? "a sign is wrong, and " : "";
  if (std::abs(factor) == 2) return cause + "a contribution is counted twice, or a 1/2 is missing";
  if (std::abs(factor) == 0.5) return cause + "one of two contributions, or a 2, is missing";
  const bool too_large = std::abs(factor) > 1;
  const std::string count = number_text(too_large ? std::abs(factor) : 1 / std::abs(factor));
  return cause + (too_large
                      ? "a division by " + count + " is missing, as in a sum meant as a mean"
                      : "it is divided by " + count + " once too often, as in a mean of means");
}

// One input: what is known of it, and the verdict.
class Judge {
 public:
  // `steepest` is the largest derivative with respect to any input.
  Judge(CheckedDerivative& input, const DifferenceEstimates& differences, double steepest,
        std::size_t inputs, const std::string& function)
      : input_(input),
        differences_(differences),
        steepest_(steepest),
        inputs_(inputs),
        function_(function) {}

  void judge() {
    take_numerical();
    const bool known = std::isfinite(input_.error);
    const double size = std::max(std::abs(input_.analytic), std::abs(input_.numerical));
    const bool within = std::abs(input_.analytic - input_.numerical) <= slack(size);
    if (differences_.has_jump) return say_jump();
    if (differences_.has_kink() && lies_between_sides()) return say_kink();
    if (!known) return say_uncertain(function_ + " has no finite differences here");
    if (within && (input_.error <= 1e-3 * size || is_negligible(input_.error))) {
      input_.verdict = Verdict::kAgrees;
      input_.words = "agrees with the differences";
      return;
    }
    if (within) return say_uncertain("the digits of " + function_ + " cancel");
    say_wrong();
  }

 private:
  // The central estimate, or the one of the side where f is finite.
  void take_numerical() {
    const DifferenceEstimate* best = &differences_.central;
    if (!std::isfinite(best->error)) {
      best = differences_.left.error < differences_.right.error ? &differences_.left
                                                                : &differences_.right;
    }
    input_.numerical = best->value;
    input_.error = best->error;
    input_.step = best->step;
    input_.left = differences_.left.value;
    input_.right = differences_.right.value;
  }

  double slack(double size) const { return 1e-6 * size + 4 * input_.error; }
  // An error that is large beside this derivative, but not beside the others or, of a derivative
  // of 0, beside the digits of f.
  bool is_negligible(double error) const {
    const double digits = differences_.largest / std::max(1.0, std::abs(input_.at));
    return error <= 1e-8 * steepest_ || (input_.analytic == 0 && error <= 1e-8 * digits);
  }
  bool lies_between_sides() const {
    const auto [low, high] = std::minmax(differences_.left.value, differences_.right.value);
    const double more = slack(std::max(std::abs(low), std::abs(high)));
    return input_.analytic >= low - more && input_.analytic <= high + more;
  }

  void say_kink() {
    input_.verdict = Verdict::kKink;
    input_.words = function_ + " has a kink " + where() + ": its slope is " +
                   number_text(input_.left) + " on the left and " + number_text(input_.right) +
                   " on the right, and the derivative lies between them";
  }
  void say_jump() {
    input_.verdict = Verdict::kJump;
    input_.words = function_ + " jumps " + where() +
                   ": it has no derivative there to compare with. Check at another point";
  }
  void say_uncertain(const std::string& why) {
    input_.verdict = Verdict::kUncertain;
    input_.words = why + ": the differences give " + number_text(input_.numerical) + " +- " +
                   text::rounded(input_.error, 2) + ", which says nothing about " +
                   number_text(input_.analytic) +
                   ". Check at another point, or take constants that are large off " + function_;
  }
  void say_wrong() {
    const double ratio = input_.analytic / input_.numerical;
    const double tolerance = std::max(1e-5, 4 * input_.error / std::abs(input_.numerical));
    input_.factor = tolerance < 0.01 ? round_factor(ratio, tolerance, inputs_) : 0;
    if (input_.factor != 0 && input_.factor != 1) {
      input_.verdict = Verdict::kWrongFactor;
      input_.words = "the derivative is " + factor_text(input_.factor) +
                     " times what it should be: " + cause_of(input_.factor);
      return;
    }
    input_.factor = 1;
    input_.verdict = Verdict::kDisagrees;
    input_.words = "the derivative is " + number_text(input_.analytic) +
                   ", but the differences give " + number_text(input_.numerical) + " +- " +
                   text::rounded(input_.error, 2);
    if (differences_.has_kink()) {
      input_.words += "; " + function_ + " has a kink " + where() + ", with slope " +
                      number_text(input_.left) + " on the left and " + number_text(input_.right) +
                      " on the right";
    } else if (input_.analytic == 0) {
      input_.words += ": nothing flows back to it, as where data() or detach() has cut the graph";
    }
  }
  std::string where() const {
    return "between " + input_.name + " - h and " + input_.name +
           " + h, h = " + number_text(input_.step);
  }

  CheckedDerivative& input_;
  const DifferenceEstimates& differences_;
  double steepest_;
  std::size_t inputs_;
  const std::string& function_;
};

}  // namespace

void judge(CheckedDerivative& input, const DifferenceEstimates& differences, double steepest,
           std::size_t inputs, const std::string& function) {
  Judge(input, differences, steepest, inputs, function).judge();
}

}  // namespace autograd::detail
