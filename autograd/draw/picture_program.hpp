// Pictures that another program makes of a text.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace autograd::detail {

struct PictureProgram {
  std::string name;     // as it is started
  std::string package;  // what to install if it is missing
  std::string caller;   // the function that errors are of
  std::string limit;    // the option that limits its time, as " (options.time_limit)"
  std::string advice;   // if it takes too long
};

// Makes `picture` of the file `text`. `format` is png, svg or pdf.
//
// Throws:   Error if the program is missing, fails, or takes more than `time_limit` seconds. Then an
//           older picture stays as it was.
void make_picture(const PictureProgram& program, const std::vector<std::string>& arguments,
                  const std::filesystem::path& text, const std::filesystem::path& picture,
                  const std::string& format, double time_limit);

// png, svg or pdf, from the end of the name.
//
// Throws:   Error if it is none of these.
std::string picture_format(const std::filesystem::path& picture);

}  // namespace autograd::detail
