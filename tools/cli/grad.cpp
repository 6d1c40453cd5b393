// autograd grad: derivatives as expressions.
#include <memory>
#include <string>
#include <vector>

#include "commands.hpp"
#include "problem.hpp"

namespace cli {

namespace {

struct GradArguments {
  ProblemArguments problem;
  std::vector<std::string> by;
  int order = 1;
  std::string format = "text";
  bool is_json = false;
};

// d^order f / d name^order.
autograd::GradientExpression nth_derivative(const Problem& first, const std::string& name,
                                            int order) {
  autograd::GradientExpression derivative =
      autograd::gradient_expression(first.result, first.input(name));
  for (int i = 2; i <= order; ++i) {
    const autograd::Expression text(derivative.to_string());
    autograd::Variables numbers;  // of the names that are left
    for (const std::string& each : text.variables()) numbers[each] = first.given.at(each);
    const Problem next = problem_of(text, numbers, text.variables());
    // A name that is gone: the derivative does not depend on it.
    bool depends = false;
    for (const Problem::Input& each : next.inputs) depends = depends || each.name == name;
    if (!depends) return {{}, autograd::Formula::of(0.0)};
    derivative = autograd::gradient_expression(next.result, next.input(name));
  }
  return derivative;
}

autograd::Notation notation_of(const std::string& word) {
  if (word == "latex") return autograd::Notation::kLatex;
  return word == "html" ? autograd::Notation::kHtml : autograd::Notation::kText;
}

std::string left_side(const std::string& f, const std::string& name, int order) {
  const std::string power = order == 1 ? "" : '^' + std::to_string(order);
  return 'd' + power + f + "/d" + name + power;
}

void grad(const GradArguments& arguments, Session& session) {
  const Problem problem = arguments.problem.read(ProblemArguments::Missing::kOne);
  std::vector<std::string> names = arguments.by;
  if (names.empty())
    for (const Problem::Input& each : problem.inputs) names.push_back(each.name);
  if (names.empty()) throw Failure("the expression has no inputs to differentiate by");

  Json all = Json::object();
  for (const std::string& name : names) {
    const std::string text =
        nth_derivative(problem, name, arguments.order).to_string(notation_of(arguments.format));
    const std::string left = left_side(problem.result_name, name, arguments.order);
    all[left] = text;
    const bool is_short = names.size() == 1 || arguments.is_json;
    if (!arguments.is_json) session.out.line(is_short ? text : left + " = " + text);
  }
  if (arguments.is_json) session.out.json(all);
}

}  // namespace

void add_grad(CLI::App& app, Session& session) {
  const auto arguments = std::make_shared<GradArguments>();
  CLI::App* const command = app.add_subcommand("grad", "The derivative as an expression");
  arguments->problem.add_to(*command);
  command->add_option("--wrt", arguments->by, "By this input; without it, by all of them")
      ->type_name("NAME")
      ->expected(1)
      ->take_all();
  command->add_option("--order", arguments->order, "The second derivative, the third, ...")
      ->check(CLI::Range(1, 10));
  command->add_option("--format", arguments->format, "text, latex or html")
      ->check(CLI::IsMember({"text", "latex", "html"}))
      ->type_name("FORMAT");
  add_json_flag(*command, arguments->is_json);
  add_examples(*command,
               "  autograd grad '1/(w0*x0 + w1)' --wrt w0\n"
               "  autograd grad 'tanh(w*x + b)' --wrt w --order 2\n"
               "  autograd grad 'dot(w, x)^2' w=[1,2,3] x=[4,5,6] --wrt 'w[0]'\n\n"
               "Numbers are needed only to say that a name is a vector, and how long it is.");
  command->callback([arguments, &session] { grad(*arguments, session); });
}

}  // namespace cli
