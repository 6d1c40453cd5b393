#include "help.hpp"

#include <algorithm>
#include <cstddef>
#include <sstream>

namespace cli {

namespace {

constexpr std::size_t kColumn = 28;  // where descriptions begin

std::string joined(const std::vector<std::string>& words, const std::string& between) {
  std::string result;
  for (const std::string& word : words) result += (result.empty() ? "" : between) + word;
  return result;
}

class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App* app, std::string /*name*/) const override {
    return "Usage: " + synopsis(*app) + '\n';
  }

  std::string make_group(std::string name, bool is_positional,
                         std::vector<const CLI::Option*> options) const override {
    std::string result = '\n' + name + ":\n";
    for (const CLI::Option* each : options) result += make_option(each, is_positional);
    return result;
  }

  std::string make_option(const CLI::Option* option, bool is_positional) const override {
    const OptionWords words = words_of(*option);
    std::string left = is_positional ? words.argument : joined(words.names, ", ");
    if (!is_positional && !words.argument.empty()) left += ' ' + words.argument;
    return two_columns(left, words.description);
  }

  std::string make_subcommand(const CLI::App* command) const override {
    return two_columns(command->get_name(), command->get_description());
  }

 private:
  static std::string two_columns(const std::string& left, const std::string& right) {
    std::string line = "  " + left;
    if (line.size() + 2 > kColumn)
      line += '\n' + std::string(kColumn, ' ');
    else
      line.resize(kColumn, ' ');
    return line + right + '\n';
  }
};

// The words between the braces of CLI11's description of what is allowed, "WORD:{a,b,c}".
std::vector<std::string> choices_in(const std::string& type) {
  const std::size_t open = type.find('{'), close = type.find('}');
  if (open == std::string::npos || close == std::string::npos) return {};
  std::istringstream words(type.substr(open + 1, close - open - 1));
  std::vector<std::string> result;
  for (std::string word; std::getline(words, word, ',');) {
    const std::size_t arrow = word.find("->");  // of a map: word->value
    result.push_back(word.substr(0, arrow));
  }
  return result;
}

}  // namespace

OptionWords words_of(const CLI::Option& option) {
  OptionWords result;
  for (const std::string& name : option.get_snames()) result.names.push_back('-' + name);
  for (const std::string& name : option.get_lnames()) result.names.push_back("--" + name);
  const bool is_flag = option.get_type_size() == 0;
  const std::string type = option.get_type_name();
  if (!is_flag) result.argument = type.substr(0, type.find(':'));
  result.choices = choices_in(type);
  result.description = option.get_description();
  const std::string standard = option.get_default_str();
  const bool is_shown = !is_flag && !standard.empty() && standard != "[]" && standard != "\"\"";
  if (is_shown) result.description += " [" + standard + ']';
  return result;
}

std::vector<const CLI::Option*> named_options(const CLI::App& command) {
  return command.get_options([](const CLI::Option* option) { return option->nonpositional(); });
}

std::vector<const CLI::Option*> positionals(const CLI::App& command) {
  return command.get_options([](const CLI::Option* option) { return option->get_positional(); });
}

std::string synopsis(const CLI::App& command) {
  std::string result = command.get_name();
  for (const CLI::App* up = command.get_parent(); up != nullptr; up = up->get_parent())
    result.insert(0, up->get_name() + ' ');
  result += " [OPTIONS]";
  for (const CLI::Option* each : positionals(command)) result += ' ' + words_of(*each).argument;
  const auto has_subcommands =
      !command.get_subcommands([](const CLI::App* each) { return !each->get_name().empty(); })
           .empty();
  return has_subcommands ? result + " SUBCOMMAND ..." : result;
}

std::shared_ptr<CLI::FormatterBase> help_formatter() { return std::make_shared<HelpFormatter>(); }

}  // namespace cli
