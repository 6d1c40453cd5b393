// Pictures from DOT files, by the program dot of Graphviz.
#pragma once

#include <filesystem>
#include <string>

namespace autograd::detail {

// Makes `picture` from the DOT file `text`.
//
// Throws:   Error if dot is missing, fails, or takes more than `time_limit` seconds. Then an older
//           picture stays as it was.
void lay_out(const std::filesystem::path& text, const std::filesystem::path& picture,
             const std::string& format, double time_limit);

}  // namespace autograd::detail
