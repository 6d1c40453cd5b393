#include "autograd/draw/picture_program.hpp"

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

std::string in_quotes(const fs::path& path) { return "'" + path.string() + "'"; }

// What the program said, as far as it helps.
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

std::string what_went_wrong(const PictureProgram& program, const ProcessResult& result,
                            double time_limit) {
  using End = ProcessResult::End;
  const std::string& name = program.name;
  switch (result.end) {
    case End::kNotStarted:
      if (result.code == ENOENT)
        return "there is no program " + name + ". Install " + program.package + " and try again";
      return name + " could not be started: " + std::generic_category().message(result.code);
    case End::kTimedOut:
      return name + " did not finish within " + text::rounded(time_limit, 3) + " s" +
             program.limit + program.advice;
    case End::kTooLong:
      return name + " wrote more than a picture can have";
    case End::kSignalled:
      return name + " was ended by signal " + std::to_string(result.code) + ": " +
             first_lines(result.errors);
    case End::kExited:
    case End::kStatusLost:
      break;
  }
  if (result.code != 0) {
    return name + " ended with status " + std::to_string(result.code) + ": " +
           first_lines(result.errors);
  }
  return name + (result.output.empty() ? " wrote nothing: " : " wrote no complete picture: ") +
         first_lines(result.errors);
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
  throw Error("render(): no picture can be made of the name " + in_quotes(picture) +
              ": it must end in .png, .svg or .pdf");
}

void make_picture(const PictureProgram& program, const std::vector<std::string>& arguments,
                  const fs::path& text, const fs::path& picture, const std::string& format,
                  double time_limit) {
  std::vector<std::string> command{program.name};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const ProcessResult result = run(command, text, {.seconds = time_limit});
  const bool has_failed = result.end != ProcessResult::End::kStatusLost &&
                          (result.end != ProcessResult::End::kExited || result.code != 0);
  if (!has_failed && is_complete(result.output, format)) return file::write(picture, result.output);
  throw Error(program.caller + ": cannot draw " + in_quotes(picture) + ": " +
              what_went_wrong(program, result, time_limit) + ". The drawing is kept as text in " +
              in_quotes(text) + ".");
}

}  // namespace autograd::detail
