// Pictures from DOT files, by the program dot of Graphviz.
#pragma once

#include <filesystem>
#include <string>

namespace autograd::detail {

// png, svg or pdf, from the end of the name.
//
// Throws:   Error if it is none of these.
std::string picture_format(const std::filesystem::path& picture);

// Makes `picture` from the DOT file `text`.
//
// Throws:   Error if dot is missing, fails, or takes more than `time_limit` seconds. Then an older
//           picture stays as it was.
void lay_out(const std::filesystem::path& text, const std::filesystem::path& picture,
             const std::string& format, double time_limit);

}  // namespace autograd::detail
