#include <functional>
#include <string>

#include <autograd/text.hpp>
#include "commands.hpp"
#include "help.hpp"

namespace cli {

namespace {

CLI::Validator number_that(const std::function<bool(double)>& is_right, const std::string& words) {
  return CLI::Validator(
      [is_right, words](std::string& text) {
        double x = 0;
        const std::string number = CLI::detail::trim_copy(text);
        const bool is_number =
            autograd::text::read_number(number, x) == autograd::text::Reading::kNumber;
        return is_number && is_right(x) ? "" : "expected " + words + ", got " + number;
      },
      "");
}

}  // namespace

CLI::Validator above_zero() {
  return number_that([](double x) { return x > 0 && x <= 1e300; }, "a number above 0");
}

CLI::Validator not_negative() {
  return number_that([](double x) { return x >= 0 && x <= 1e300; }, "a number of at least 0");
}

void add_json_flag(CLI::App& command, bool& is_json) {
  command.add_flag("--json", is_json, "Print JSON, for another program to read");
}

void add_examples(CLI::App& command, const std::string& examples) {
  command.footer("Examples:\n" + examples);
}

void define(CLI::App& app, Session& session) {
  app.name("autograd");
  app.description(
      "Derivatives of expressions, step by step, and small neural networks, from the command "
      "line.");
  app.footer(
      "Examples:\n"
      "  autograd eval '1/(w0*x0 + w1)' w0=-2 x0=3 w1=4\n"
      "  autograd grad 'tanh(w*x + b)' --wrt w\n"
      "  autograd explain --help\n\n"
      "An expression is written as on paper, x^2 + sin(x)/2; several statements are separated by\n"
      "semicolons, h = tanh(w*x + b); (h - t)^2, and [x, y] is a vector. `autograd ops` lists the\n"
      "operations.\n\n"
      "Exit codes: 0 done, 1 the answer is no (as of a check that fails), 2 it cannot be done.");
  app.require_subcommand(1);
  app.set_version_flag("--version", "autograd " AUTOGRAD_VERSION, "Print the version and leave");
  app.set_help_flag("-h,--help", "Print this help and leave");
  app.formatter(help_formatter());
  app.option_defaults()->always_capture_default();

  add_eval(app, session);
  add_explain(app, session);
  add_draw(app, session);
  add_check(app, session);
  add_grad(app, session);
  add_plot(app, session);
  add_minimize(app, session);
  add_ops(app, session);
}

}  // namespace cli
