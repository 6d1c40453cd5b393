// autograd draw: the graph of an expression as a picture, or in characters.
#include <filesystem>
#include <memory>
#include <string>

#include <autograd/file.hpp>
#include "commands.hpp"
#include "problem.hpp"

namespace cli {

namespace {

struct DrawArguments {
  ProblemArguments problem;
  std::string file, only;
  autograd::DotOptions options;
  bool goes_down = false, by_gradient = false, is_plain = false;
};

void draw(const DrawArguments& arguments, Session& session) {
  Problem problem = arguments.problem.read();
  if (problem.result.label().empty()) problem.result.set_label(problem.result_name);
  // Without inputs there is nothing to differentiate by.
  if (!problem.inputs.empty()) problem.result.backward();
  autograd::DotOptions options = arguments.options;
  if (!arguments.only.empty()) options.from = problem.input(arguments.only);
  if (arguments.goes_down) options.direction = autograd::Direction::kTopToBottom;
  if (arguments.by_gradient) options.colour_by = autograd::ColourBy::kGradient;
  options.colours = !arguments.is_plain;

  if (arguments.file.empty()) return session.out.print(autograd::to_tree(problem.result));
  if (std::filesystem::path(arguments.file).extension() == ".dot")
    return autograd::file::write(arguments.file, autograd::to_dot(problem.result, options));
  autograd::render(problem.result, arguments.file, options);
}

}  // namespace

void add_draw(CLI::App& app, Session& session) {
  const auto arguments = std::make_shared<DrawArguments>();
  CLI::App* const command = app.add_subcommand("draw", "The graph of an expression as a picture");
  arguments->problem.add_to(*command);
  command
      ->add_option("-o,--output", arguments->file,
                   "A .png, .svg, .pdf or .dot file; without it a tree of characters")
      ->type_name("FILE");
  command->add_option("--title", arguments->options.title, "Above the picture")->type_name("TEXT");
  command->add_option("--only", arguments->only, "Only the paths from this input")
      ->type_name("NAME");
  command->add_flag("--local", arguments->options.local_derivatives,
                    "The local derivatives on the edges");
  command->add_flag("--contributions", arguments->options.contributions,
                    "What arrives along each edge on the way back");
  command->add_flag("--down", arguments->goes_down, "From top to bottom");
  command->add_flag("--by-gradient", arguments->by_gradient, "Colours by the gradient");
  command->add_flag("--plain", arguments->is_plain, "Black on white");
  command->add_flag("--legend", arguments->options.legend, "What the signs mean");
  command->add_option("--digits", arguments->options.digits, "Significant digits")
      ->check(CLI::Range(1, 17));
  add_examples(*command,
               "  autograd draw '1/(w0*x0 + w1)' w0=-2 x0=3 w1=4 -o graph.png\n"
               "  autograd draw 'relu(w*x)' w=-2 x=3 --local --contributions -o graph.svg\n"
               "  autograd draw '(a + b)*a' a=1 b=2");
  command->callback([arguments, &session] { draw(*arguments, session); });
}

}  // namespace cli
