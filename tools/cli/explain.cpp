// autograd explain: the chain rule, written out, and worksheets of it.
#include <memory>
#include <string>

#include <autograd/file.hpp>
#include "commands.hpp"
#include "problem.hpp"

namespace cli {

namespace {

struct ExplainArguments {
  ProblemArguments problem;
  std::string format = "text", difficulty = "medium", only, file;
  autograd::ExplainOptions options;
  bool is_worksheet = false, is_key = false;
};

autograd::Difficulty difficulty_of(const std::string& word) {
  if (word == "easy") return autograd::Difficulty::kEasy;
  return word == "hard" ? autograd::Difficulty::kHard : autograd::Difficulty::kMedium;
}

std::string explanation(const ExplainArguments& arguments, const Problem& problem) {
  autograd::ExplainOptions options = arguments.options;
  if (!arguments.only.empty()) options.from = problem.input(arguments.only);
  const autograd::Explanation result = autograd::explain(problem.result, options);
  if (arguments.format == "md") return result.markdown();
  if (arguments.format == "latex") return result.latex();
  if (arguments.format == "html") return result.html();
  if (arguments.format == "json") return result.json();
  return result.text();
}

void explain(const ExplainArguments& arguments, Session& session) {
  const Problem problem = arguments.problem.read();
  std::string text;
  if (arguments.is_worksheet || arguments.is_key) {
    const autograd::Worksheet sheet(
        problem.result,
        {.difficulty = difficulty_of(arguments.difficulty), .digits = arguments.options.digits});
    if (arguments.is_worksheet) text = sheet.text();
    if (arguments.is_key) text += (text.empty() ? "" : "\n") + sheet.key();
  } else {
    text = explanation(arguments, problem);
  }
  if (!text.ends_with('\n')) text += '\n';
  if (arguments.file.empty()) return session.out.print(text);
  autograd::file::write(arguments.file, text);
}

}  // namespace

void add_explain(CLI::App& app, Session& session) {
  const auto arguments = std::make_shared<ExplainArguments>();
  CLI::App* const command =
      app.add_subcommand("explain", "The chain rule, step by step; worksheets of it");
  arguments->problem.add_to(*command);
  command->add_option("--format", arguments->format, "text, md, latex, html or json")
      ->check(CLI::IsMember({"text", "md", "latex", "html", "json"}))
      ->type_name("FORMAT");
  command->add_option("--only", arguments->only, "Only the path from this input")
      ->type_name("NAME");
  command
      ->add_flag("--forward", arguments->options.forward_mode,
                 "Forward mode beside the reverse one, from the input of --only")
      ->needs("--only");
  CLI::Option* const worksheet = command->add_flag("--worksheet", arguments->is_worksheet,
                                                   "A sheet with blanks instead, to be filled in");
  CLI::Option* const key =
      command->add_flag("--key", arguments->is_key, "The answers to the blanks of the worksheet");
  worksheet->excludes("--only")->excludes("--format");
  key->excludes("--only")->excludes("--format");
  command->add_option("--difficulty", arguments->difficulty, "Of the worksheet: easy, medium, hard")
      ->check(CLI::IsMember({"easy", "medium", "hard"}))
      ->type_name("WORD");
  command->add_option("--digits", arguments->options.digits, "Significant digits")
      ->check(CLI::Range(1, 17));
  command->add_option("-o,--output", arguments->file, "Write to a file")->type_name("FILE");
  add_examples(*command,
               "  autograd explain '1/(w0*x0 + w1)' w0=-2 x0=3 w1=4\n"
               "  autograd explain '1/(w0*x0 + w1)' w0=-2 x0=3 w1=4 --only w0 --forward\n"
               "  autograd explain '(a*b + 1)^2' a=2 b=3 --format html -o steps.html\n"
               "  autograd explain '(a*b + 1)^2' a=2 b=3 --worksheet --difficulty hard");
  command->callback([arguments, &session] { explain(*arguments, session); });
}

}  // namespace cli
