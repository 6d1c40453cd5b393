#include "autograd/check.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <map>
#include <new>

#include <autograd/inspect/finite_differences.hpp>
#include <autograd/inspect/graph_view.hpp>
#include <autograd/tape/sweep.hpp>
#include <autograd/text.hpp>

namespace autograd {

namespace {

std::string number_text(double x) { return text::rounded(x, 6); }

bool is_frozen(const CheckedDerivative& each) { return each.verdict == Verdict::kFrozen; }

bool is_confirmed(Verdict verdict) {
  return verdict == Verdict::kAgrees || verdict == Verdict::kKink;
}

std::string_view short_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAgrees:
      return "agrees";
    case Verdict::kKink:
      return "kink";
    case Verdict::kJump:
      return "jump";
    case Verdict::kUncertain:
      return "uncertain";
    case Verdict::kNotFinite:
      return "not finite";
    case Verdict::kWrongFactor:
      return "wrong factor";
    case Verdict::kFrozen:
      return "frozen";
    case Verdict::kDisagrees:
      break;
  }
  return "disagrees";
}

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
  Judge(CheckedDerivative& input, const detail::DifferenceEstimates& differences, double steepest,
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
    const detail::DifferenceEstimate* best = &differences_.central;
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
  const detail::DifferenceEstimates& differences_;
  double steepest_;
  std::size_t inputs_;
  const std::string& function_;
};

// Whether the reason may be a singular node. A kink that is confirmed is none.
bool may_be_singular(Verdict verdict) {
  return verdict == Verdict::kDisagrees || verdict == Verdict::kWrongFactor ||
         verdict == Verdict::kJump || verdict == Verdict::kUncertain;
}

// Adds the singular nodes that the derivative hangs on, the nearest to f in words.
void name_cause(CheckedDerivative& input, std::string& report, const std::vector<Singular>& found) {
  if (found.empty()) return;
  constexpr std::string_view kCut = ": nothing flows back to it";
  if (const auto at = input.words.find(kCut); at != std::string::npos) input.words.resize(at);
  input.words += ". The cause may be " + found.front().fact();
  for (const Singular& each : found) {
    const std::string text = each.to_string();
    if (report.find(text) == std::string::npos) report += text;
  }
}

}  // namespace

namespace {

GradientReport report_on(const detail::GradientToCheck& given,
                         const std::function<double(std::span<const double>)>& f) {
  GradientReport report;
  report.value = given.value;
  report.singular = given.singular;
  std::vector<double> x = given.x;
  const double again = f(x);
  const bool is_repeatable =
      std::abs(again - given.value) <= 1e-9 * std::abs(given.value) || !std::isfinite(given.value);
  double steepest = 0;
  for (const double each : given.gradient) {
    if (std::isfinite(each)) steepest = std::max(steepest, std::abs(each));
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    CheckedDerivative& input = report.inputs.emplace_back();
    input.name = given.names[i];
    input.at = x[i];
    input.analytic = given.gradient[i];
    if (!given.is_frozen.empty() && given.is_frozen[i]) {
      input.verdict = Verdict::kFrozen;
      input.words = "it is frozen: its gradient stays 0, and nothing was compared";
      continue;
    }
    if (!std::isfinite(given.value) || !std::isfinite(input.analytic)) {
      if (report.origin.empty()) {
        if (const auto found = given.find_nonfinite()) report.origin = found->to_string();
      }
      input.verdict = Verdict::kNotFinite;
      input.words = given.function + " is " + number_text(given.value) + ", the derivative " +
                    number_text(input.analytic);
      if (!report.origin.empty())
        input.words += ". " + report.origin.substr(0, report.origin.find(".\n"));
      if (report.origin.empty()) name_cause(input, report.singular, given.find_singular(i));
      continue;
    }
    if (!is_repeatable) {
      input.verdict = Verdict::kUncertain;
      input.words = "f gave " + number_text(given.value) + " and then " + number_text(again) +
                    " at the same point: let it draw the same random numbers each time";
      continue;
    }
    const detail::DifferenceEstimates differences = detail::finite_differences(
        [&](double at) {
          x[i] = at;
          const double y = f(x);
          x[i] = given.x[i];
          return y;
        },
        given.x[i], again);
    Judge(input, differences, steepest, x.size(), given.function).judge();
    if (may_be_singular(input.verdict)) name_cause(input, report.singular, given.find_singular(i));
  }
  return report;
}

}  // namespace

GradientReport detail::check(const GradientToCheck& given) {
  bool is_in_f = false;
  const auto f = [&](std::span<const double> x) {
    is_in_f = true;
    const double y = given.f(x);
    is_in_f = false;
    return y;
  };
  try {
    return report_on(given, f);
  } catch (const std::bad_alloc&) {
    if (is_in_f) throw;
    out_of_memory();
  }
}

std::vector<Singular> detail::singular_of_order(int order, const Value& y,
                                                std::span<const Value> inputs) {
  std::vector<Singular> found = find_singular(y, inputs);
  std::erase_if(found,
                [&](const Singular& each) { return !(order == 1 ? each.first : each.second); });
  return found;
}

HessianReport detail::check_hessian(
    double value, Point x, const Matrix& hessian,
    const std::function<std::vector<double>(std::span<const double>)>& gradient_of,
    const std::function<std::vector<Singular>(std::size_t i, std::size_t k)>& find_singular) {
  HessianReport report;
  report.value = value;
  // The same steps are taken for every component: a gradient serves them all.
  std::map<std::vector<double>, std::vector<double>> known;
  const auto component = [&](std::span<const double> at, std::size_t i) {
    const auto [place, is_new] = known.try_emplace({at.begin(), at.end()});
    if (is_new) place->second = gradient_of(at);
    return place->second[i];
  };
  const std::vector<std::string> names = numbered_names(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    GradientToCheck row{names,
                        {x.begin(), x.end()},
                        component(x, i),
                        {},
                        [&](std::span<const double> at) { return component(at, i); },
                        [] { return std::optional<NonFinite>(); },
                        [&](std::size_t k) { return find_singular(i, k); },
                        {},
                        "df/d" + names[i],
                        std::move(report.singular)};
    for (std::size_t k = 0; k < x.size(); ++k) {
      row.gradient.push_back(hessian(i, k));
      row.names[k] = "d2f/d" + names[i] + "d" + names[k];
    }
    GradientReport checked = check(row);
    std::ranges::move(checked.inputs, std::back_inserter(report.inputs));
    report.singular = std::move(checked.singular);
  }
  return report;
}

bool GradientReport::ok() const {
  return std::all_of(inputs.begin(), inputs.end(), [](const CheckedDerivative& each) {
    return is_confirmed(each.verdict) || is_frozen(each);
  });
}

std::string GradientReport::to_string() const try {
  constexpr std::size_t kMostRows = 40;
  std::vector<text::TableRow> table{
      {"input", "at", "derivative", "differences", "+-", "step", "verdict"}};
  std::string sentences;
  std::size_t confirmed = 0, frozen = 0;
  for (const CheckedDerivative& each : inputs) {
    if (is_confirmed(each.verdict)) ++confirmed;
    if (is_frozen(each)) ++frozen;
    const bool is_fine = each.verdict == Verdict::kAgrees || is_frozen(each);
    if (!is_fine) sentences += each.name + ": " + each.words + ".\n";
    if (inputs.size() > kMostRows && is_fine) continue;
    const bool compared = each.step > 0;
    const auto shown = [&](double x, int digits) {
      return compared ? text::rounded(x, digits) : std::string("-");
    };
    table.push_back({each.name, number_text(each.at), number_text(each.analytic),
                     shown(each.numerical, 6), shown(each.error, 2), shown(each.step, 2),
                     std::string(short_text(each.verdict))});
  }

  return (table.size() > 1 ? text::table(table, "l") : "") + sentences + origin + singular +
         std::to_string(confirmed) + " of " + std::to_string(inputs.size() - frozen) +
         " derivatives are confirmed" +
         (frozen > 0 ? ", " + std::to_string(frozen) + " more frozen" : "") + ".\n";
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

// ---- leaves ----

namespace detail {

std::vector<std::string> numbered_names(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back("x[" + std::to_string(i) + "]");
  return names;
}

MovedLeaves::MovedLeaves(std::span<const Value> leaves) try
    : leaves_(leaves.begin(), leaves.end()) {
  for (const Value& leaf : leaves_) {
    if (leaf.id() >= 0 || leaf.id() == kZero) {
      const std::string what = leaf.id() == kZero
                                   ? "a Value that was given no number"
                                   : "the result of '" + std::string(leaf.op()) + "'";
      throw Error("check_gradient(): parameter " + std::to_string(home_.size()) + " is " + what +
                  ". Its data must be changed, which needs a leaf: a Value made from a number.");
    }
    home_.push_back(leaf.data());
  }
} catch (const std::bad_alloc&) {
  out_of_memory();
}

MovedLeaves::~MovedLeaves() { move_to(home_); }

std::vector<std::string> MovedLeaves::names() const {
  std::vector<std::string> names = numbered_names(leaves_.size());
  for (std::size_t i = 0; i < leaves_.size(); ++i) {
    if (!leaves_[i].label().empty()) names[i] = leaves_[i].label();
  }
  return names;
}

std::vector<bool> MovedLeaves::are_frozen() const {
  std::vector<bool> result;
  for (const Value& leaf : leaves_) result.push_back(leaf.is_frozen());
  return result;
}

void MovedLeaves::move_to(std::span<const double> x) {
  for (std::size_t i = 0; i < leaves_.size(); ++i) leaves_[i].set_data(x[i]);
}

std::vector<double> gradient_at(const Value& y, std::span<const Value> leaves) try {
  const ByNode<double> derivative = sweep(y.id());
  std::vector<double> result;
  for (const Value& leaf : leaves) {
    const bool is_known = leaf.id() <= y.id() && !leaf.is_frozen();
    result.push_back(is_known ? derivative[leaf.id()] : 0.0);
  }
  return result;
} catch (const std::bad_alloc&) {
  out_of_memory();
}

}  // namespace detail

}  // namespace autograd
