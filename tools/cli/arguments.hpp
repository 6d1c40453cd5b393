// The words of a command line, so that expressions are not taken for options.
#pragma once

#include <string>
#include <vector>

namespace cli {

// The words in the reverse order, as CLI::App::parse() takes them. An expression that begins with a
// minus, '-x^2', gets a blank in front, by which the parser knows it from an option.
std::vector<std::string> arguments_for_parser(std::vector<std::string> words);

}  // namespace cli
