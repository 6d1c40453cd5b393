// autograd man: manual pages, from the definitions of the options.
#include <cctype>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>

#include <autograd/file.hpp>
#include "commands.hpp"
#include "help.hpp"
#include "messages.hpp"

namespace cli {

namespace {

// As text in a manual page: no minus becomes a hyphen, no line is taken for a request.
std::string roff(const std::string& text) {
  std::string result;
  bool is_at_start = true;
  for (const char c : text) {
    if (is_at_start && (c == '.' || c == '\'')) result += "\\&";
    if (c == '\\')
      result += "\\e";
    else if (c == '-')
      result += "\\-";
    else
      result += c;
    is_at_start = c == '\n';
  }
  return result;
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string option_entry(const OptionWords& option) {
  std::string names;
  for (const std::string& name : option.names)
    names += (names.empty() ? "" : ", ") + ("\\fB" + roff(name) + "\\fR");
  if (!option.argument.empty())
    names += (names.empty() ? "" : " ") + ("\\fI" + roff(option.argument) + "\\fR");
  return ".TP\n" + names + '\n' + roff(option.description) + '\n';
}

// The footer of the help: examples as they are, other lines as text.
std::string footer(const CLI::App& command) {
  std::istringstream lines(command.get_footer());
  std::string result;
  bool is_example = false;
  for (std::string line; std::getline(lines, line);) {
    if (line == "Examples:") {
      result += ".SH EXAMPLES\n";
      continue;
    }
    const bool begins_example = line.starts_with("  ");
    if (begins_example != is_example) result += begins_example ? ".nf\n" : ".fi\n.PP\n";
    is_example = begins_example;
    if (!line.empty()) result += roff(begins_example ? line.substr(2) : line) + '\n';
  }
  return is_example ? result + ".fi\n" : result;
}

std::string page(const CLI::App& command, const std::string& name) {
  std::string result = ".TH " + upper(name) +
                       " 1 \"\" \"autograd " AUTOGRAD_VERSION "\"\n.SH NAME\n" + roff(name) +
                       " \\- " + roff(command.get_description()) + "\n.SH SYNOPSIS\n" +
                       roff(synopsis(command)) + '\n';
  const auto arguments = positionals(command);
  if (!arguments.empty()) result += ".SH ARGUMENTS\n";
  for (const CLI::Option* each : arguments) result += option_entry(words_of(*each));
  result += ".SH OPTIONS\n";
  for (const CLI::Option* each : named_options(command)) result += option_entry(words_of(*each));
  const auto commands =
      command.get_subcommands([](const CLI::App* each) { return !each->get_name().empty(); });
  if (!commands.empty()) result += ".SH SUBCOMMANDS\n";
  for (const CLI::App* each : commands)
    result +=
        ".TP\n\\fB" + roff(each->get_name()) + "\\fR\n" + roff(each->get_description()) + '\n';
  return result + footer(command);
}

}  // namespace

namespace {

void write_all(const CLI::App& app, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const auto write = [&](const CLI::App& command, const std::string& name) {
    autograd::file::write(folder / (name + ".1"), page(command, name));
  };
  write(app, "autograd");
  for (const CLI::App* each :
       app.get_subcommands([](const CLI::App* one) { return !one->get_name().empty(); }))
    write(*each, "autograd-" + each->get_name());
}

}  // namespace

void add_man(CLI::App& app, Session& session) {
  const auto name = std::make_shared<std::string>(), folder = std::make_shared<std::string>();
  CLI::App* const command =
      app.add_subcommand("man", "The manual page of this command, or of a subcommand");
  command->add_option("name", *name, "A subcommand")->type_name("NAME");
  command->add_option("--all", *folder, "Write all pages into a folder")
      ->type_name("FOLDER")
      ->excludes("name");
  add_examples(
      *command,
      "  autograd man\n  autograd man train\n\nTo read one: autograd man train | man -l -");
  command->callback([name, folder, &app, &session] {
    if (!folder->empty()) return write_all(app, *folder);
    if (name->empty()) return session.out.print(page(app, "autograd"));
    check_subcommand(app, *name);
    session.out.print(page(*app.get_subcommand(*name), "autograd-" + *name));
  });
}

}  // namespace cli
