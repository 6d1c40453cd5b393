// The help of the command, made from the definitions of its options.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace cli {

// What is told of an option, in the help, in the man pages and in completions.
struct OptionWords {
  std::vector<std::string> names;    // -o, --output; none of a positional argument
  std::string argument;              // FILE; empty of a flag
  std::string description;           // one sentence, with the default behind it
  std::vector<std::string> choices;  // the words that it takes, if they are few
};
OptionWords words_of(const CLI::Option& option);

// The options that have a name, and the positional arguments.
std::vector<const CLI::Option*> named_options(const CLI::App& command);
std::vector<const CLI::Option*> positionals(const CLI::App& command);

// "autograd eval [OPTIONS] EXPRESSION NAME=NUMBER..."
std::string synopsis(const CLI::App& command);

std::shared_ptr<CLI::FormatterBase> help_formatter();

}  // namespace cli
