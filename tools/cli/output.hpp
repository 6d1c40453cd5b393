// What the command writes to its standard output: with colours on a terminal, without elsewhere.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace cli {

using Json = nlohmann::ordered_json;

// The command cannot do what was asked: one line on standard error, and exit code 2.
class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class Style { kHeading, kGood, kBad, kMuted };

// Kept until flush(), so that nothing appears if the command fails on its way.
class Output {
 public:
  // The environment variable NO_COLOR turns colours off.
  Output();

  void print(std::string_view text) { text_ += text; }
  void line(std::string_view text = "") { (text_ += text) += '\n'; }
  // The first line as a heading.
  void table(const std::string& lines);
  void json(const Json& value) { line(value.dump(2, ' ', false, Json::error_handler_t::replace)); }
  // Throws: Failure if the output is closed or the disk is full.
  void flush();

  bool has_colours() const { return has_colours_; }
  std::string styled(Style style, std::string_view text) const;

 private:
  std::string text_;
  bool has_colours_;
};

// What all subcommands share.
struct Session {
  Output out;
  int exit_code = 0;  // 1 where the answer is no
};

// A number, or "nan", "inf", "-inf", which JSON has no numbers for.
Json json_number(double x);

}  // namespace cli
