#include <algorithm>
#include <array>
#include <functional>
#include <sstream>
#include <string>
#include <string_view>

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

struct CommandEntry {
  std::string_view name;
  void (*add)(CLI::App& app, Session& session);
  bool is_alone = true;  // needs no definition but its own
};
constexpr std::array kCommands{
    CommandEntry{"eval", add_eval},       CommandEntry{"explain", add_explain},
    CommandEntry{"draw", add_draw},       CommandEntry{"page", add_page},
    CommandEntry{"check", add_check},     CommandEntry{"grad", add_grad},
    CommandEntry{"plot", add_plot},       CommandEntry{"minimize", add_minimize},
    CommandEntry{"ops", add_ops},         CommandEntry{"train", add_train},
    CommandEntry{"predict", add_predict}, CommandEntry{"inspect", add_inspect},
    CommandEntry{"export", add_export},   CommandEntry{"repl", add_repl},
    CommandEntry{"bench", add_bench},     CommandEntry{"completion", add_completion, false},
    CommandEntry{"man", add_man, false}};

}  // namespace

CLI::Option* add_names(CLI::App& command, const std::string& name, std::vector<std::string>& to,
                       const std::string& words) {
  return command.add_option(name, to, words)->type_name("NAME,...")->expected(1)->take_all();
}

std::vector<std::string> names_in(const std::vector<std::string>& lists) {
  std::vector<std::string> result;
  for (const std::string& list : lists) {
    std::istringstream names(list);
    for (std::string name; std::getline(names, name, ',');) result.push_back(name);
  }
  return result;
}

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

void define(CLI::App& app, Session& session, std::string_view word) {
  app.name("autograd");
  app.description(
      "Derivatives of expressions, step by step, and small neural networks, from the command "
      "line.");
  app.footer(
      "Examples:\n"
      "  autograd eval '1/(w0*x0 + w1)' w0=-2 x0=3 w1=4\n"
      "  autograd grad 'tanh(w*x + b)' --wrt w\n"
      "  autograd train spiral --hidden 8,8 --epochs 200\n"
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

  const bool is_alone = std::ranges::any_of(
      kCommands, [&](const CommandEntry& each) { return each.is_alone && each.name == word; });
  for (const CommandEntry& each : kCommands)
    if (!is_alone || each.name == word) each.add(app, session);
}

}  // namespace cli
