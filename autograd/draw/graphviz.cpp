#include "autograd/draw/graphviz.hpp"

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <system_error>

#include <autograd/error.hpp>
#include <autograd/file.hpp>
#include <autograd/system/process.hpp>
#include <autograd/text.hpp>

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
  using End = ProcessResult::End;
  switch (dot.end) {
    case End::kNotStarted:
      if (dot.code == ENOENT)
        return "there is no program dot. Install Graphviz (apt install graphviz) and try again";
      return "dot could not be started: " + std::generic_category().message(dot.code);
    case End::kTimedOut:
      return "dot did not finish within " + text::rounded(time_limit, 3) +
             " s (options.time_limit). Draw a smaller graph, allow more time, or use sfdp, which "
             "is faster";
    case End::kTooLong:
      return "dot wrote more than a picture can have";
    case End::kSignalled:
      return "dot was ended by signal " + std::to_string(dot.code) + ": " + first_lines(dot.errors);
    case End::kExited:
    case End::kStatusLost:
      break;
  }
  if (dot.code != 0)
    return "dot ended with status " + std::to_string(dot.code) + ": " + first_lines(dot.errors);
  return (dot.output.empty() ? "dot wrote nothing: " : "dot wrote no complete picture: ") +
         first_lines(dot.errors);
}

struct Format {
  const char* name;
  std::vector<std::string_view> beginnings;  // one of them
  std::string_view end;                      // blanks may follow
};

const std::vector<Format>& formats() {
  using namespace std::string_view_literals;
  static const std::vector<Format> result{
      {"png", {"\x89PNG\r\n\x1a\n"sv}, "IEND\xae\x42\x60\x82"sv},
      {"svg", {"<?xml"sv, "<svg"sv}, "</svg>"sv},
      {"pdf", {"%PDF-"sv}, "%%EOF"sv}};
  return result;
}

// Whether `data` begins and ends as a picture does: a program may fail on the way, or may not be
// Graphviz.
bool is_complete(std::string_view data, const std::string& format) {
  const auto found =
      std::ranges::find_if(formats(), [&](const Format& each) { return each.name == format; });
  data = data.substr(0, data.find_last_not_of(" \t\r\n") + 1);
  return data.ends_with(found->end) && std::ranges::any_of(found->beginnings, [&](auto beginning) {
           return data.starts_with(beginning);
         });
}

}  // namespace

std::string picture_format(const fs::path& picture) {
  const std::string ending = picture.extension().string();
  for (const Format& each : formats()) {
    if (ending == std::string(".") + each.name) return each.name;
  }
  throw Error("render(): no picture can be made of the name " + quoted(picture) +
              ": it must end in .png, .svg or .pdf");
}

void lay_out(const fs::path& text, const fs::path& picture, const std::string& format,
             double time_limit) {
  std::vector<std::string> command{"dot", "-T" + format};
  if (format == "png") command.push_back("-Gdpi=192");
  const ProcessResult dot = run(command, text, {.seconds = time_limit});
  const bool has_failed = dot.end != ProcessResult::End::kStatusLost &&
                          (dot.end != ProcessResult::End::kExited || dot.code != 0);
  if (!has_failed && is_complete(dot.output, format)) return file::write(picture, dot.output);
  throw Error("render(): cannot draw " + quoted(picture) + ": " + what_went_wrong(dot, time_limit) +
              ". The drawing is kept as text in " + quoted(text) + ".");
}

}  // namespace autograd::detail
