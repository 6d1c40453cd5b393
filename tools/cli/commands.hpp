// The subcommands, each in the file of its name.
#pragma once

#include <CLI/CLI.hpp>

#include "output.hpp"

namespace cli {

void add_eval(CLI::App& app, Session& session);
void add_explain(CLI::App& app, Session& session);
void add_draw(CLI::App& app, Session& session);
void add_check(CLI::App& app, Session& session);
void add_grad(CLI::App& app, Session& session);
void add_plot(CLI::App& app, Session& session);
void add_minimize(CLI::App& app, Session& session);
void add_ops(CLI::App& app, Session& session);

// All of them, with what they have in common.
void define(CLI::App& app, Session& session);

// Adds the flag --json, "For a machine to read".
void add_json_flag(CLI::App& command, bool& is_json);

// Checks of numbers.
CLI::Validator above_zero();
CLI::Validator not_negative();

// Below the options in the help of a subcommand.
void add_examples(CLI::App& command, const std::string& examples);

}  // namespace cli
