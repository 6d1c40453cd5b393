// autograd minimize: to where an expression is least, step by step.
#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <autograd/text.hpp>
#include "commands.hpp"
#include "problem.hpp"

namespace cli {

namespace {

using autograd::Minimum;
using autograd::Value;

struct MinimizeArguments {
  ProblemArguments problem;
  std::string method = "bfgs", file;
  std::vector<std::string> fixed;
  autograd::MinimizeOptions options;
  double rate = 0;
  int digits = 6;
  bool is_json = false;
};

// What is moved: those given numbers that are not fixed.
class Moved {
 public:
  Moved(const Problem& problem, const std::vector<std::string>& fixed) : problem_(problem) {
    for (const std::string& name : fixed)
      if (!problem.given.contains(name)) (void)problem.input(name);  // says which there are
    for (const std::string& name : problem.names) {
      if (std::ranges::find(fixed, name) != fixed.end()) continue;
      for (const Problem::Input& each : problem.inputs)
        if (each.name == name || each.name.starts_with(name + '[')) inputs_.push_back(each);
      names_.push_back(name);
    }
    if (inputs_.empty()) throw Failure("the expression has no names to move");
  }

  std::vector<double> start() const {
    std::vector<double> result;
    for (const Problem::Input& each : inputs_) result.push_back(each.value.data());
    return result;
  }
  const std::vector<Problem::Input>& inputs() const { return inputs_; }

  Value operator()(std::span<const Value> x) const {
    autograd::Variables variables = problem_.given;
    std::size_t at = 0;
    for (const std::string& name : names_) {
      auto& variable = variables[name];
      if (auto* const number = std::get_if<Value>(&variable)) {
        *number = x[at++];
      } else {
        for (Value& each : std::get<std::vector<Value>>(variable)) each = x[at++];
      }
    }
    return problem_.expression.evaluate(variables);
  }

 private:
  const Problem& problem_;
  std::vector<Problem::Input> inputs_;
  std::vector<std::string> names_;
};

autograd::Minimiser method_of(const std::string& word) {
  if (word == "gradient") return autograd::Minimiser::kGradientDescent;
  return word == "newton" ? autograd::Minimiser::kNewton : autograd::Minimiser::kBfgs;
}

double largest_slope(const Minimum::Place& place) {
  double result = 0;
  for (const double each : place.gradient) result = std::max(result, std::abs(each));
  return result;
}

// The steps, those in the middle left out if they are many.
std::string path_table(const Minimum& found, const Moved& moved, int digits) {
  constexpr std::size_t kFirst = 10, kLast = 5;
  std::vector<autograd::text::TableRow> rows{{"step", "f", "largest slope"}};
  for (const Problem::Input& each : moved.inputs()) rows[0].push_back(each.name);
  const std::size_t count = found.path.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (count > kFirst + kLast + 1 && i == kFirst) {
      rows.push_back({"..."});
      i = count - kLast;
    }
    const Minimum::Place& place = found.path[i];
    rows.push_back({std::to_string(i), autograd::text::rounded(place.value, digits),
                    autograd::text::rounded(largest_slope(place), 3)});
    for (const double x : place.x) rows.back().push_back(autograd::text::rounded(x, digits));
  }
  return autograd::text::table(rows, "r");
}

// The path over a map of the expression, for two numbers; the value against the step for others.
autograd::Chart chart_of(const Minimum& found, const Moved& moved) {
  autograd::Chart chart;
  std::vector<autograd::PicturePoint> points;
  if (moved.inputs().size() != 2) {
    for (const Minimum::Place& each : found.path)
      points.push_back({static_cast<double>(points.size()), each.value});
    chart.x_name = "step";
    chart.curves.push_back({"f", points});
    return chart;
  }
  for (const Minimum::Place& each : found.path) points.push_back({each.x[0], each.x[1]});
  const auto [left, right] = std::ranges::minmax(points, {}, &autograd::PicturePoint::x);
  const auto [bottom, top] = std::ranges::minmax(points, {}, &autograd::PicturePoint::y);
  const double room = 0.2 * std::max({right.x - left.x, top.y - bottom.y, 1e-3});
  const auto value_at = [&](double x, double y) {
    const autograd::NoGradGuard guard;
    const std::vector<Value> at{Value(x), Value(y)};
    // In steps of ten: a valley is seen beside a mountain.
    return std::log10(1e-12 + moved(at).data() - found.value());
  };
  autograd::Chart::Map map =
      autograd::map_of(value_at, {left.x - room, bottom.y - room}, {right.x + room, top.y + room});
  // The line of the map is half way between the least and the largest.
  double low = INFINITY, high = -INFINITY;
  for (const double each : map.values) {
    if (!std::isfinite(each)) continue;
    low = std::min(low, each);
    high = std::max(high, each);
  }
  for (double& each : map.values) each -= (low + high) / 2;
  chart.map = std::move(map);
  chart.x_name = moved.inputs()[0].name;
  chart.y_name = moved.inputs()[1].name;
  chart.curves.push_back({"path", points});
  return chart;
}

Json json_of(const Minimum& found, const Moved& moved) {
  const auto numbers = [&](const std::vector<double>& of) {
    Json result = Json::object();
    for (std::size_t i = 0; i < of.size(); ++i) result[moved.inputs()[i].name] = json_number(of[i]);
    return result;
  };
  Json path = Json::array();
  for (const Minimum::Place& each : found.path)
    path.push_back({{"at", numbers(each.x)},
                    {"value", json_number(each.value)},
                    {"gradient", numbers(each.gradient)}});
  return {{"converged", found.converged()},
          {"end", autograd::to_string(found.end)},
          {"value", json_number(found.value())},
          {"at", numbers(found.x())},
          {"calls", found.calls},
          {"path", path}};
}

void minimize(const MinimizeArguments& arguments, Session& session) {
  const Problem problem = arguments.problem.read();
  const Moved moved(problem, arguments.fixed);
  autograd::MinimizeOptions options = arguments.options;
  options.method = method_of(arguments.method);
  if (arguments.rate != 0) options.rate = arguments.rate;
  if (options.rate && options.method != autograd::Minimiser::kGradientDescent)
    throw Failure("--rate is that of --method gradient; the other methods find their steps");
  const Minimum found = autograd::minimize(std::cref(moved), moved.start(), options);
  session.exit_code = found.converged() ? 0 : 1;
  if (!arguments.file.empty()) chart_of(found, moved).save(arguments.file);
  if (arguments.is_json) return session.out.json(json_of(found, moved));

  session.out.table(path_table(found, moved, arguments.digits));
  std::string words = "After " + std::to_string(found.path.size() - 1) + " steps and " +
                      std::to_string(found.calls) +
                      " gradients: " + std::string(autograd::to_string(found.end)) + '.';
  session.out.line(session.out.styled(found.converged() ? Style::kGood : Style::kBad, words));
}

}  // namespace

void add_minimize(CLI::App& app, Session& session) {
  const auto arguments = std::make_shared<MinimizeArguments>();
  CLI::App* const command = app.add_subcommand(
      "minimize", "To where an expression is least, from the given numbers, step by step");
  arguments->problem.add_to(*command);
  command->add_option("--method", arguments->method, "gradient, newton or bfgs")
      ->check(CLI::IsMember({"gradient", "newton", "bfgs"}))
      ->type_name("METHOD");
  command->add_option("--rate", arguments->rate, "Of gradient descent: one rate for all steps")
      ->check(above_zero())
      ->type_name("NUMBER")
      ->default_str("");
  command->add_option("--fix", arguments->fixed, "A name that stays as it is; several times")
      ->type_name("NAME")
      ->expected(1)
      ->take_all();
  command->add_option("--steps", arguments->options.most_steps, "At most so many")
      ->check(CLI::Range(0, 1000000));
  command
      ->add_option("--tolerance", arguments->options.tolerance, "It ends where no slope is larger")
      ->check(not_negative())
      ->type_name("NUMBER");
  command->add_option("--digits", arguments->digits, "Significant digits")
      ->check(CLI::Range(1, 17));
  command
      ->add_option("-o,--output", arguments->file,
                   "The path as an .svg or .png file, over a map if two names are moved")
      ->type_name("FILE");
  add_json_flag(*command, arguments->is_json);
  add_examples(*command,
               "  autograd minimize '100*(y - x^2)^2 + (1 - x)^2' x=-1.2 y=1\n"
               "  autograd minimize '100*(y - x^2)^2 + (1 - x)^2' x=-1.2 y=1 --method newton\n"
               "  autograd minimize '(x - a)^2' x=0 a=3 --fix a --method gradient --rate 0.1");
  command->callback([arguments, &session] { minimize(*arguments, session); });
}

}  // namespace cli
