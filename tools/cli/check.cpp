// autograd check: derivatives held against differences, and claims against derivatives.
#include <memory>
#include <string>
#include <vector>

#include "commands.hpp"
#include "problem.hpp"

namespace cli {

namespace {

struct CheckArguments {
  ProblemArguments problem;
  std::vector<std::string> claims;
  bool is_json = false;
};

const char* name_of(autograd::Verdict verdict) {
  switch (verdict) {
    case autograd::Verdict::kAgrees:
      return "agrees";
    case autograd::Verdict::kKink:
      return "kink";
    case autograd::Verdict::kJump:
      return "jump";
    case autograd::Verdict::kUncertain:
      return "uncertain";
    case autograd::Verdict::kNotFinite:
      return "not finite";
    case autograd::Verdict::kWrongFactor:
      return "wrong factor";
    case autograd::Verdict::kDisagrees:
      return "disagrees";
    case autograd::Verdict::kFrozen:
      return "frozen";
  }
  return "";
}

void check_derivatives(const CheckArguments& arguments, const Problem& problem, Session& session) {
  std::vector<autograd::Value> leaves;
  for (const std::string& name : problem.names) {
    const auto& variable = problem.given.at(name);
    if (const auto* const number = std::get_if<autograd::Value>(&variable)) {
      leaves.push_back(*number);
    } else {
      const auto& elements = std::get<std::vector<autograd::Value>>(variable);
      leaves.insert(leaves.end(), elements.begin(), elements.end());
    }
  }
  if (leaves.empty()) throw Failure("the expression has no inputs whose derivatives to check");
  const autograd::GradientReport report =
      autograd::check_gradient([&] { return problem.expression.evaluate(problem.given); }, leaves);
  session.exit_code = report.ok() ? 0 : 1;
  if (!arguments.is_json) {
    session.out.print(report.to_string());
    return session.out.line(report.ok() ? session.out.styled(Style::kGood, "The gradient is right.")
                                        : session.out.styled(Style::kBad, "Not confirmed."));
  }
  Json inputs = Json::array();
  for (const autograd::CheckedDerivative& each : report.inputs) {
    inputs.push_back({{"name", each.name},
                      {"at", json_number(each.at)},
                      {"derivative", json_number(each.analytic)},
                      {"difference", json_number(each.numerical)},
                      {"verdict", name_of(each.verdict)},
                      {"words", each.words}});
  }
  session.out.json({{"ok", report.ok()}, {"value", json_number(report.value)}, {"inputs", inputs}});
}

void check_claims(const CheckArguments& arguments, const Problem& problem, Session& session) {
  Json answers = Json::array();
  bool are_right = true;
  for (const std::string& claim : arguments.claims) {
    const std::size_t equals = claim.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == claim.size())
      throw Failure("expected --claim NAME=EXPRESSION, as in --claim x='2*x', got '" +
                    claim.substr(0, 40) + "'");
    const std::string name = claim.substr(0, equals), text = claim.substr(equals + 1);
    const auto checked = autograd::check_claim(problem.result, problem.input(name), text);
    are_right = are_right && checked.is_right();
    if (arguments.is_json) {
      answers.push_back({{"name", name},
                         {"claim", text},
                         {"right", checked.is_right()},
                         {"words", checked.message}});
      continue;
    }
    const Style style = checked.is_right() ? Style::kGood : Style::kBad;
    session.out.line("d" + problem.result_name + "/d" + name + " = " + text + ": " +
                     session.out.styled(style, checked.message));
  }
  if (arguments.is_json) session.out.json({{"ok", are_right}, {"claims", answers}});
  session.exit_code = are_right ? 0 : 1;
}

void check(const CheckArguments& arguments, Session& session) {
  const Problem problem = arguments.problem.read();
  if (arguments.claims.empty()) {
    check_derivatives(arguments, problem, session);
  } else {
    check_claims(arguments, problem, session);
  }
}

}  // namespace

void add_check(CLI::App& app, Session& session) {
  const auto arguments = std::make_shared<CheckArguments>();
  CLI::App* const command =
      app.add_subcommand("check", "Is the gradient right? And is your own derivative?");
  arguments->problem.add_to(*command);
  command
      ->add_option("--claim", arguments->claims,
                   "A derivative of your own, to be judged instead; as often as you like")
      ->type_name("NAME=EXPRESSION")
      ->expected(1)
      ->take_all();
  add_json_flag(*command, arguments->is_json);
  add_examples(*command,
               "  autograd check '1/(w0*x0 + w1)' w0=-2 x0=3 w1=4\n"
               "  autograd check '1/(w0*x0 + w1)' w0=-2 x0=3 w1=4 --claim w0='-x0/(w0*x0 + w1)^2'");
  command->callback([arguments, &session] { check(*arguments, session); });
}

}  // namespace cli
