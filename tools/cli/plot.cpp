// autograd plot: an expression and its derivative as curves.
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include <autograd/file.hpp>
#include "commands.hpp"
#include "curve.hpp"
#include "problem.hpp"

namespace cli {

namespace {

struct PlotArguments {
  ProblemArguments problem;
  std::string file;
  std::size_t points = 241;
  bool is_alone = false, is_json = false;
};

struct PlotProblem {
  autograd::Expression expression;
  autograd::Variables given;
  std::string name;  // of what varies
  Limits range;
};

double range_end(const std::string& name, const std::string& text) {
  autograd::Variables variables;
  assign(variables, name, text);
  const auto* const number = std::get_if<autograd::Value>(&variables.at(name));
  if (number == nullptr || !std::isfinite(number->data()))
    throw Failure("expected a range of two numbers, as in x=-3..3, got '" + text + "'");
  return number->data();
}

PlotProblem read_plot(const PlotArguments& arguments) {
  PlotProblem result{autograd::Expression(arguments.problem.text()), {}, {}, {}};
  for (const std::string& word : arguments.problem.assignments()) {
    const auto [name, text] = assignment(word);
    const std::size_t dots = text.find("..");
    if (dots == std::string::npos) {
      assign(result.given, name, text);
      continue;
    }
    if (!result.name.empty())
      throw Failure("one name has a range: '" + result.name + "' or '" + name + "'");
    result.name = name;
    result.range = {range_end(name, text.substr(0, dots)), range_end(name, text.substr(dots + 2))};
    if (!(result.range.low < result.range.high))
      throw Failure("expected a range from a smaller number to a larger one, got '" + text + "'");
    result.given[name] = autograd::Value(result.range.low, name);
  }
  if (result.name.empty()) throw Failure("expected a range for one name, as in x=-3..3, got none");
  require_names(result.expression, result.given);
  return result;
}

// Gaps where the curve leaves the limits, as beside a pole.
autograd::Chart::Curve chart_curve(const std::string& name, const std::vector<double>& x,
                                   const std::vector<double>& y, Limits limits) {
  autograd::Chart::Curve result{name, {}};
  for (std::size_t i = 0; i < x.size(); ++i) {
    const bool is_inside = y[i] >= limits.low && y[i] <= limits.high;
    result.points.push_back({x[i], is_inside ? y[i] : std::nan("")});
  }
  return result;
}

Json json_of(const PlotProblem& problem, const Curve& curve) {
  Json points = Json::array();
  for (std::size_t i = 0; i < curve.x.size(); ++i)
    points.push_back({{problem.name, curve.x[i]},
                      {"value", json_number(curve.value[i])},
                      {"derivative", json_number(curve.slope[i])}});
  return points;
}

void plot(const PlotArguments& arguments, Session& session) {
  const PlotProblem problem = read_plot(arguments);
  const Curve curve =
      curve_of(problem.expression, problem.given, problem.name, problem.range, arguments.points);
  if (arguments.is_json) return session.out.json(json_of(problem, curve));

  std::vector<TextCurve> curves{{"f", "o", curve.value}};
  if (!arguments.is_alone) curves.push_back({"df/d" + problem.name, ".", curve.slope});
  if (arguments.file.empty())
    return session.out.print(text_plot(curves, problem.name, problem.range));
  const Limits limits = limits_of(curves);
  autograd::Chart chart{.x_name = problem.name};
  for (const TextCurve& each : curves)
    chart.curves.push_back(chart_curve(each.name, curve.x, each.y, limits));
  chart.save(arguments.file);
}

}  // namespace

void add_plot(CLI::App& app, Session& session) {
  const auto arguments = std::make_shared<PlotArguments>();
  CLI::App* const command =
      app.add_subcommand("plot", "An expression and its derivative as curves");
  arguments->problem.add_to(*command);
  command
      ->add_option("-o,--output", arguments->file, "An .svg or .png file; without it in characters")
      ->type_name("FILE");
  command->add_flag("--alone", arguments->is_alone, "Without the derivative");
  command->add_option("--points", arguments->points, "At how many places")
      ->check(CLI::Range(2, 100000));
  add_json_flag(*command, arguments->is_json);
  add_examples(*command,
               "  autograd plot 'x^3 - x' x=-1.5..1.5\n"
               "  autograd plot 'sigmoid(w*x)' w=4 x=-3..3 -o sigmoid.svg\n"
               "  autograd plot 'relu(x)' x=-1..1 --alone");
  command->callback([arguments, &session] { plot(*arguments, session); });
}

}  // namespace cli
