// autograd page: one HTML file that steps through the chain rule of an expression, or of a model.
#include <memory>
#include <string>
#include <vector>

#include "commands.hpp"
#include "data_arguments.hpp"
#include "model_rows.hpp"
#include "network_arguments.hpp"
#include "prepared.hpp"
#include "problem.hpp"

namespace cli {

namespace {

struct PageArguments {
  ProblemArguments problem;
  DataArguments data;
  std::string model, file = "page.html", title;
  int digits = 5;
};

void page_of_model(const PageArguments& arguments) {
  if (!arguments.data.is_given())
    throw Failure("--model takes --data: rows with targets, or the set that it was trained on");
  const nn::Model model = load_model(arguments.model);
  const TrainingData data =
      arguments.data.read(/*seed=*/0, model.columns ? &*model.columns : nullptr);
  const Preparation preparation{model.features, model.standardiser, model.target_standardiser,
                                /*has_signs=*/model.classes.size() == 2};
  nn::write_page(
      model.net, preparation.apply(data.train), arguments.file,
      {.title = arguments.title, .digits = arguments.digits, .loss = loss_named(model.loss)});
}

void page(const PageArguments& arguments, Session& session) {
  if (!arguments.model.empty()) {
    page_of_model(arguments);
  } else {
    Problem problem = arguments.problem.read();
    if (problem.result.label().empty()) problem.result.set_label(problem.result_name);
    autograd::write_page(problem.result, arguments.file,
                         {.title = arguments.title, .digits = arguments.digits});
  }
  session.out.line("Written: " + arguments.file);
}

}  // namespace

void add_page(CLI::App& app, Session& session) {
  const auto arguments = std::make_shared<PageArguments>();
  CLI::App* const command =
      app.add_subcommand("page", "An HTML page that steps through the chain rule; also of a model");
  arguments->problem.add_to(*command);
  command->add_option("-o,--output", arguments->file, "The page, which needs no other file")
      ->type_name("FILE");
  command->add_option("--title", arguments->title, "Above the page")->type_name("TEXT");
  command->add_option("--digits", arguments->digits, "Significant digits")
      ->check(CLI::Range(1, 17));
  command->add_option("--model", arguments->model, "Instead of an expression: a model of train")
      ->type_name("MODEL")
      ->excludes("expression", "--file");
  arguments->data.add_source_to(*command);
  command->get_option("--data")->needs("--model");
  add_examples(*command,
               "  autograd page '1/(w0*x0 + w1)' w0=-2 x0=3 w1=4\n"
               "  autograd page 'h = tanh(w*x + b); (h - t)^2' w=1 x=2 b=0 t=1 -o unit.html\n"
               "  autograd page --model trained/model.json --data xor -o net.html\n\n"
               "Open it in a browser: it is one file, and fetches nothing.");
  command->callback([arguments, &session] { page(*arguments, session); });
}

}  // namespace cli
