// The subcommands, each in the file of its name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "output.hpp"

namespace cli {

void add_eval(CLI::App& app, Session& session);
void add_explain(CLI::App& app, Session& session);
void add_draw(CLI::App& app, Session& session);
void add_page(CLI::App& app, Session& session);
void add_check(CLI::App& app, Session& session);
void add_grad(CLI::App& app, Session& session);
void add_plot(CLI::App& app, Session& session);
void add_minimize(CLI::App& app, Session& session);
void add_train(CLI::App& app, Session& session);
void add_predict(CLI::App& app, Session& session);
void add_inspect(CLI::App& app, Session& session);
void add_export(CLI::App& app, Session& session);
void add_bench(CLI::App& app, Session& session);
void add_repl(CLI::App& app, Session& session);
void add_completion(CLI::App& app, Session& session);
void add_man(CLI::App& app, Session& session);
void add_ops(CLI::App& app, Session& session);

// All of them, with what they have in common; or that one alone which `word` names, as most of the
// time a command takes to start would go into definitions.
void define(CLI::App& app, Session& session, std::string_view word);

// Adds the flag --json, "For a machine to read".
void add_json_flag(CLI::App& command, bool& is_json);

// An option that takes names with commas between, and may be given several times; names_in() gives
// them one by one.
CLI::Option* add_names(CLI::App& command, const std::string& name, std::vector<std::string>& to,
                       const std::string& words);
std::vector<std::string> names_in(const std::vector<std::string>& lists);

// Checks of numbers.
CLI::Validator above_zero();
CLI::Validator not_negative();

// Below the options in the help of a subcommand.
void add_examples(CLI::App& command, const std::string& examples);

}  // namespace cli
