// Messages of the library in the words of the command.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace cli {

// Without the names of functions, and with the names of the command's options.
std::string for_users(std::string message);

// Throws: Failure if there is no subcommand of this name.
void check_subcommand(const CLI::App& app, const std::string& name);

// A wrong command line, in one line, with where to find help.
std::string usage_message(const CLI::App& app, std::string message);

}  // namespace cli
