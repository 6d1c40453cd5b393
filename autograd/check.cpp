#include "autograd/check.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <map>
#include <new>

#include <autograd/check/judge.hpp>
#include <autograd/inspect/description.hpp>
#include <autograd/inspect/finite_differences.hpp>
#include <autograd/text.hpp>

namespace autograd {

namespace {

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
      input.words = given.function + " is " + detail::number_text(given.value) +
                    ", the derivative " + detail::number_text(input.analytic);
      if (!report.origin.empty())
        input.words += ". " + report.origin.substr(0, report.origin.find(".\n"));
      if (report.origin.empty()) name_cause(input, report.singular, given.find_singular(i));
      continue;
    }
    if (!is_repeatable) {
      input.verdict = Verdict::kUncertain;
      input.words = "f gave " + detail::number_text(given.value) + " and then " +
                    detail::number_text(again) +
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
    detail::judge(input, differences, steepest, x.size(), given.function);
    if (may_be_singular(input.verdict)) name_cause(input, report.singular, given.find_singular(i));
  }
  return report;
}

}  // namespace

GradientReport detail::check(const GradientToCheck& given) {
  return with_own_memory_errors([&](const auto& call) {
    return report_on(given,
                     [&](std::span<const double> x) { return call([&] { return given.f(x); }); });
  });
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
  return with_own_memory_errors([&](const auto& call) {
    HessianReport report;
    report.value = value;
    // The same steps are taken for every component: a gradient serves them all.
    std::map<std::vector<double>, std::vector<double>> known;
    const auto component = [&](std::span<const double> at, std::size_t i) {
      const auto [place, is_new] = known.try_emplace({at.begin(), at.end()});
      if (is_new) place->second = call([&] { return gradient_of(at); });
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
  });
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
    table.push_back({each.name, detail::number_text(each.at), detail::number_text(each.analytic),
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

}  // namespace autograd
