#include "arguments.hpp"

#include <algorithm>

namespace cli {

namespace {

// -o, -o graph.png, --json: a letter that is an option, or two minuses and a letter.
bool is_option(const std::string& word) {
  constexpr std::string_view kShort = "fho";
  if (word.size() < 2) return false;
  if (word[1] == '-') return word.size() == 2 || (word[2] >= 'a' && word[2] <= 'z');
  return word.size() == 2 && kShort.find(word[1]) != kShort.npos;
}

}  // namespace

std::vector<std::string> arguments_for_parser(std::vector<std::string> words) {
  for (std::string& word : words)
    if (word.starts_with('-') && !is_option(word)) word.insert(0, " ");
  std::ranges::reverse(words);
  return words;
}

}  // namespace cli
