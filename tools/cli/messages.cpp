#include "messages.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "output.hpp"

namespace cli {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kOptions{
    {{"another ColumnOptions::missing", "--missing"},
     {"CellOptions::header = false", "--no-header"},
     {"CellOptions::decimal_comma", "--decimal-comma"},
     {"is one_hot, ordinal or dropped", "is for --one-hot, --ordinal or --drop"},
     {"validation data for early stopping", "--validation for --patience"},
     {", with all names", ""}}};

// Takes "nn::read_csv: " and "expression: " away.
void drop_function_name(std::string& message) {
  const std::size_t colon = message.find(": ");
  if (colon == std::string::npos) return;
  const std::string_view front = std::string_view(message).substr(0, colon);
  const bool is_function = std::ranges::all_of(front, [](char c) {
    return c == ':' || c == '_' || c == '(' || c == ')' || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
  });
  if (is_function && (front.find("::") != front.npos || front.ends_with("()")))
    message.erase(0, colon + 2);
}

}  // namespace

std::string for_users(std::string message) {
  drop_function_name(message);
  for (const auto& [ours, users] : kOptions) {
    const std::size_t found = message.find(ours);
    if (found != std::string::npos) message.replace(found, ours.size(), users);
  }
  while (message.ends_with('\n')) message.pop_back();
  return message;
}

void check_subcommand(const CLI::App& app, const std::string& name) {
  std::string names;
  for (const CLI::App* each : app.get_subcommands({})) {
    if (each->get_name() == name) return;
    names += (names.empty() ? "" : ", ") + each->get_name();
  }
  throw Failure("there is no subcommand '" + name.substr(0, 40) + "'; there are: " + names);
}

std::string usage_message(const CLI::App& app, std::string message) {
  std::ranges::replace(message, '\n', ' ');
  std::string command = "autograd";
  for (const CLI::App* each : app.get_subcommands()) command += ' ' + each->get_name();
  return message + " (see " + command + " --help)";
}

}  // namespace cli
