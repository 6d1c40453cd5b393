// autograd eval: the value of an expression and all its derivatives.
#include <memory>
#include <string>
#include <vector>

#include <autograd/text.hpp>
#include "commands.hpp"
#include "problem.hpp"

namespace cli {

namespace {

struct EvalArguments {
  ProblemArguments problem;
  int digits = 6;
  bool is_json = false;
};

void eval(const EvalArguments& arguments, Session& session) {
  const Problem problem = arguments.problem.read();
  std::vector<autograd::Value> leaves;
  for (const Problem::Input& each : problem.inputs) leaves.push_back(each.value);
  const std::vector<autograd::Value> slopes = autograd::derivatives(problem.result, leaves);
  const std::string& f = problem.result_name;

  if (arguments.is_json) {
    Json inputs = Json::object(), gradient = Json::object();
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      inputs[problem.inputs[i].name] = json_number(leaves[i].data());
      gradient[problem.inputs[i].name] = json_number(slopes[i].data());
    }
    return session.out.json({{"name", f},
                             {"value", json_number(problem.result.data())},
                             {"inputs", inputs},
                             {"gradient", gradient}});
  }

  const auto written = [&](double x) { return autograd::text::rounded(x, arguments.digits); };
  session.out.line(f + " = " + written(problem.result.data()));
  if (leaves.empty()) return;
  std::vector<autograd::text::TableRow> rows{{"input", "value", "derivative"}};
  for (std::size_t i = 0; i < leaves.size(); ++i)
    rows.push_back({problem.inputs[i].name, written(leaves[i].data()), written(slopes[i].data())});
  session.out.line();
  session.out.table(autograd::text::table(rows, "lr"));
  for (const autograd::Singular& each : autograd::find_singular(problem.result))
    session.out.print("\n" + each.to_string());
}

}  // namespace

void add_eval(CLI::App& app, Session& session) {
  const auto arguments = std::make_shared<EvalArguments>();
  CLI::App* const command =
      app.add_subcommand("eval", "The value of an expression and its gradient");
  arguments->problem.add_to(*command);
  command->add_option("--digits", arguments->digits, "Significant digits")
      ->check(CLI::Range(1, 17));
  add_json_flag(*command, arguments->is_json);
  add_examples(*command,
               "  autograd eval '1/(w0*x0 + w1)' w0=-2 x0=3 w1=4\n"
               "  autograd eval 'h = tanh(w*x + b); (h - t)^2' w=0.5 x=2 b=0 t=1\n"
               "  autograd eval 'dot(w, x)' w=[1,2] x=[pi,1/3] --json\n"
               "  autograd eval -f loss.txt w=0.5");
  command->callback([arguments, &session] { eval(*arguments, session); });
}

}  // namespace cli
