#include "autograd/draw/graphviz.hpp"

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <system_error>

#include <autograd/error.hpp>
#include <autograd/inspect/graph_view.hpp>
#include <autograd/system/file.hpp>
#include <autograd/system/process.hpp>

namespace autograd::detail {

namespace {

namespace fs = std::filesystem;

std::string quoted(const fs::path& path) { return "'" + path.string() + "'"; }

// What dot said, as far as it helps.
std::string first_lines(std::string_view text) {
  std::string result;
  for (int line = 0; line < 3 && !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (!result.empty()) result += "; ";
    result += text.substr(0, std::min<std::size_t>(end, 300));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result.empty() ? "it gave no reason" : result;
}

std::string what_went_wrong(const ProcessResult& dot, double time_limit) {
  switch (dot.end) {
    case ProcessResult::End::kNotStarted:
      if (dot.code == ENOENT) {
        return "there is no program dot. Install Graphviz (apt install graphviz) and try again";
      }
      return "dot could not be started: " + std::generic_category().message(dot.code);
    case ProcessResult::End::kTimedOut:
      return "dot did not finish within " + short_number(time_limit, 3) +
             " s (options.time_limit). Draw a smaller graph, allow more time, or use sfdp, which "
             "is "
             "faster";
    case ProcessResult::End::kSignalled:
      return "dot was ended by signal " + std::to_string(dot.code) + ": " + first_lines(dot.errors);
    case ProcessResult::End::kExited:
      break;
  }
  if (dot.code == 0) return "dot wrote nothing: " + first_lines(dot.errors);
  return "dot ended with status " + std::to_string(dot.code) + ": " + first_lines(dot.errors);
}

}  // namespace

std::string picture_format(const fs::path& picture) {
  const std::string ending = picture.extension().string();
  for (const char* const format : {"png", "svg", "pdf"}) {
    if (ending == std::string(".") + format) return format;
  }
  throw Error("render(): no picture can be made of the name " + quoted(picture) +
              ": it must end in .png, .svg or .pdf");
}

void lay_out(const fs::path& text, const fs::path& picture, const std::string& format,
             double time_limit) {
  TemporaryFile drawn(picture);
  // Absolute names, so that none looks like an option.
  std::vector<std::string> command{"dot", "-T" + format, "-o", fs::absolute(drawn.path()).string(),
                                   fs::absolute(text).string()};
  if (format == "png") command.insert(command.begin() + 1, "-Gdpi=192");
  const ProcessResult dot = run(command, time_limit);
  const bool is_drawn =
      dot.end == ProcessResult::End::kExited && dot.code == 0 && fs::file_size(drawn.path()) > 0;
  if (is_drawn) return drawn.commit();
  throw Error("render(): cannot draw " + quoted(picture) + ": " + what_went_wrong(dot, time_limit) +
              ". The drawing is kept as text in " + quoted(text) + ".");
}

}  // namespace autograd::detail
