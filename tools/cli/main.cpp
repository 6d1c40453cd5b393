// The command `autograd`: what it does is in the files of its subcommands.
#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>
#include <new>
#include <sstream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "arguments.hpp"
#include "commands.hpp"
#include "messages.hpp"

namespace {

constexpr int kCannot = 2;  // the exit code

int fail(const std::string& message) {
  std::fprintf(stderr, "autograd: %s\n", message.c_str());
  return kCannot;
}

int parse_and_run(int count, char** words) {
  cli::Session session;
  CLI::App app;
  cli::define(app, session, count > 1 ? words[1] : "");
  if (count > 1 && words[1][0] != '-') cli::check_subcommand(app, words[1]);
  try {
    app.parse(cli::arguments_for_parser({words + 1, words + count}));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != 0) return fail(cli::usage_message(app, error.what()));
    std::ostringstream text;
    app.exit(error, text, text);
    session.out.print(text.str());
  }
  session.out.flush();
  return session.exit_code;
}

}  // namespace

int main(int count, char** words) {
  // Writing to a closed pipe is an error like any other.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return parse_and_run(count, words);
  } catch (const std::bad_alloc&) {
    return fail("there is not enough memory");
  } catch (const std::exception& error) {
    return fail(cli::for_users(error.what()));
  }
}
