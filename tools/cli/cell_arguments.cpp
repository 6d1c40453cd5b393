#include "cell_arguments.hpp"

#include <algorithm>
#include <string_view>

#include <autograd/file.hpp>
#include "output.hpp"

namespace cli {

namespace {

constexpr std::size_t kMostTableBytes = std::size_t{1} << 30;

// The first of ; tab , that the first line with text has; blanks if it has none of them.
char separator_in(std::string_view text, const std::string& comment) {
  std::string_view line;
  while (!text.empty()) {
    line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const bool is_comment = !comment.empty() && line.starts_with(comment);
    if (!is_comment && line.find_first_not_of(" \t\r") != line.npos) break;
  }
  bool is_quoted = false;
  std::size_t semicolons = 0, commas = 0, blanks = 0;
  for (const char c : line) {
    if (c == '"') is_quoted = !is_quoted;
    if (is_quoted) continue;
    semicolons += c == ';';
    commas += c == ',';
    blanks += c == ' ' || c == '\t';
  }
  if (semicolons > 0) return ';';
  return commas > 0 || blanks == 0 ? ',' : ' ';
}

}  // namespace

void CellArguments::add_to(CLI::App& command) {
  command
      .add_option("--separator", separator_,
                  "auto, comma, semicolon, tab, blanks (one or more) or a sign")
      ->type_name("WORD")
      ->group("The file");
  command.add_flag("--no-header", has_no_header_, "The columns are named 1, 2, 3, ...")
      ->group("The file");
  command.add_option("--comment", comment_, "Lines that begin with this are passed over")
      ->type_name("TEXT")
      ->group("The file");
  command.add_flag("--decimal-comma", has_decimal_comma_, "1,5 is 1.5")->group("The file");
}

nn::Cells CellArguments::read(const std::string& file) const {
  nn::CellOptions options{.header = !has_no_header_,
                          .comment = comment_,
                          .decimal_comma = has_decimal_comma_,
                          .max_bytes = kMostTableBytes};
  if (separator_ == "auto") {
    options.separator = separator_in(autograd::file::read(file, kMostTableBytes), comment_);
  } else if (separator_ == "comma") {
    options.separator = ',';
  } else if (separator_ == "semicolon") {
    options.separator = ';';
  } else if (separator_ == "tab") {
    options.separator = '\t';
  } else if (separator_ == "blanks") {
    options.separator = ' ';
  } else if (separator_.size() == 1) {
    options.separator = separator_[0];
  } else {
    throw Failure("expected --separator auto, comma, semicolon, tab, blanks or one sign, got '" +
                  separator_ + "'");
  }
  return nn::read_cells(file, options);
}

}  // namespace cli
