// autograd completion: what bash, zsh and fish complete, from the definitions of the options.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "commands.hpp"
#include "help.hpp"

namespace cli {

namespace {

std::string spaced(const std::vector<std::string>& words) {
  std::string result;
  for (const std::string& word : words) result += (result.empty() ? "" : " ") + word;
  return result;
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* each) { return !each->get_name().empty(); });
}

std::string command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* each : commands_of(app)) names.push_back(each->get_name());
  return spaced(names);
}

// With each of `characters` after a backslash.
std::string backslashed(const std::string& text, const std::string& characters) {
  std::string result;
  for (const char c : text) {
    if (characters.find(c) != std::string::npos) result += '\\';
    result += c;
  }
  return result;
}

// ---- bash ----

std::string bash_script(const CLI::App& app) {
  std::string words, choices;
  for (const CLI::App* command : commands_of(app)) {
    std::vector<std::string> names;
    for (const CLI::Option* option : named_options(*command)) {
      const OptionWords each = words_of(*option);
      names.insert(names.end(), each.names.begin(), each.names.end());
      if (each.choices.empty()) continue;
      for (const std::string& name : each.names)
        choices += "    '" + command->get_name() + ' ' + name + "') COMPREPLY=($(compgen -W '" +
                   spaced(each.choices) + "' -- \"$word\")); return ;;\n";
    }
    words += "    " + command->get_name() + ") options='" + spaced(names) + "' ;;\n";
  }
  return "# Completion of autograd in bash: source <(autograd completion bash)\n"
         "_autograd() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} options\n"
         "  COMPREPLY=()\n"
         "  if ((COMP_CWORD == 1)); then\n"
         "    COMPREPLY=($(compgen -W '" +
         command_names(app) +
         "' -- \"$word\"))\n"
         "    return\n"
         "  fi\n"
         "  case \"${COMP_WORDS[1]} $before\" in\n" +
         choices +
         "  esac\n"
         "  case \"${COMP_WORDS[1]}\" in\n" +
         words +
         "  esac\n"
         "  if [[ $word == -* ]]; then\n"
         "    COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
         "  else\n"
         "    COMPREPLY=($(compgen -f -- \"$word\"))\n"
         "  fi\n"
         "}\n"
         "complete -o filenames -F _autograd autograd\n";
}

// ---- zsh ----

std::string zsh_option(const OptionWords& option, const std::string& name) {
  std::string result = name + '[' + backslashed(option.description, "[]:'") + ']';
  if (!option.argument.empty()) {
    result += ':' + backslashed(option.argument, ":'") + ':';
    result += option.choices.empty() ? "_files" : "(" + spaced(option.choices) + ")";
  }
  std::string quoted;
  for (const char c : result) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return "      '" + quoted + "' \\\n";
}

std::string zsh_script(const CLI::App& app) {
  std::string descriptions, cases;
  for (const CLI::App* command : commands_of(app)) {
    std::string description = command->get_description();
    std::erase(description, '\'');
    descriptions += "    '" + command->get_name() + ':' + backslashed(description, ":") + "'\n";
    cases += "    " + command->get_name() + ")\n      _arguments \\\n";
    for (const CLI::Option* option : named_options(*command)) {
      const OptionWords each = words_of(*option);
      for (const std::string& name : each.names) cases += zsh_option(each, name);
    }
    cases += "      '*:file:_files' ;;\n";
  }
  return "#compdef autograd\n"
         "# Completion of autograd in zsh: autograd completion zsh > \"${fpath[1]}/_autograd\"\n"
         "_autograd() {\n"
         "  local -a commands\n"
         "  commands=(\n" +
         descriptions +
         "  )\n"
         "  if (( CURRENT == 2 )); then\n"
         "    _describe command commands\n"
         "    return\n"
         "  fi\n"
         "  local command=$words[2]\n"
         "  shift words\n"
         "  (( CURRENT-- ))\n"
         "  case $command in\n" +
         cases +
         "  esac\n"
         "}\n"
         "compdef _autograd autograd\n";
}

// ---- fish ----

std::string fish_script(const CLI::App& app) {
  std::string result = "# Completion of autograd in fish: autograd completion fish | source\n";
  for (const CLI::App* command : commands_of(app)) {
    const std::string name = command->get_name();
    result += "complete -c autograd -f -n __fish_use_subcommand -a " + name + " -d '" +
              backslashed(command->get_description(), "'\\") + "'\n";
    for (const CLI::Option* option : named_options(*command)) {
      const OptionWords each = words_of(*option);
      result += "complete -c autograd -n '__fish_seen_subcommand_from " + name + "'";
      for (const std::string& word : each.names)
        result += word.starts_with("--") ? " -l " + word.substr(2) : " -s " + word.substr(1);
      if (!each.argument.empty()) result += " -r";
      if (!each.choices.empty()) result += " -f -a '" + spaced(each.choices) + "'";
      result += " -d '" + backslashed(each.description, "'\\") + "'\n";
    }
  }
  return result;
}

}  // namespace

void add_completion(CLI::App& app, Session& session) {
  const auto shell = std::make_shared<std::string>();
  CLI::App* const command =
      app.add_subcommand("completion", "Completion of this command for a shell");
  command->add_option("shell", *shell, "bash, zsh or fish")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}))
      ->type_name("SHELL")
      ->required();
  add_examples(*command,
               "  autograd completion bash\n"
               "  autograd completion fish\n\n"
               "In bash: source <(autograd completion bash); in fish: autograd completion fish |\n"
               "source; in zsh: autograd completion zsh > \"${fpath[1]}/_autograd\"");
  command->callback([shell, &app, &session] {
    session.out.print(*shell == "bash"  ? bash_script(app)
                      : *shell == "zsh" ? zsh_script(app)
                                        : fish_script(app));
  });
}

}  // namespace cli
