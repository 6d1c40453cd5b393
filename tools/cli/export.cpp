// autograd export: a model as C++ or JavaScript.
#include <memory>
#include <string>

#include <autograd/file.hpp>
#include "commands.hpp"
#include "model_rows.hpp"

namespace cli {

namespace {

struct ExportArguments {
  std::string model, language = "cpp", name = "predict", file;
};

void export_model(const ExportArguments& arguments, Session& session) {
  const nn::Model model = load_model(arguments.model);
  const std::string text = arguments.language == "cpp" ? nn::to_cpp(model, arguments.name)
                                                       : nn::to_javascript(model, arguments.name);
  if (arguments.file.empty()) return session.out.print(text);
  autograd::file::write(arguments.file, text);
}

}  // namespace

void add_export(CLI::App& app, Session& session) {
  const auto arguments = std::make_shared<ExportArguments>();
  CLI::App* const command =
      app.add_subcommand("export", "A model as a C++ header or as JavaScript");
  command->add_option("model", arguments->model, "The model.json that train has written")
      ->type_name("MODEL")
      ->required();
  command->add_option("--to", arguments->language, "cpp or js")
      ->check(CLI::IsMember({"cpp", "js"}))
      ->type_name("LANGUAGE");
  command->add_option("--name", arguments->name, "Of the function")->type_name("NAME");
  command->add_option("-o,--output", arguments->file, "Write to a file")->type_name("FILE");
  add_examples(*command,
               "  autograd export trained/model.json -o model.hpp\n"
               "  autograd export trained/model.json --to js --name classify\n\n"
               "The function takes the numbers that `autograd inspect` lists as inputs, and gives\n"
               "what the network says: of classes the logits, of numbers the targets' own units.");
  command->callback([arguments, &session] { export_model(*arguments, session); });
}

}  // namespace cli
