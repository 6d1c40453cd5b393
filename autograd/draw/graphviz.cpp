#include "autograd/draw/graphviz.hpp"

#include <vector>

#include <autograd/draw/picture_program.hpp>

namespace autograd::detail {

void lay_out(const std::filesystem::path& text, const std::filesystem::path& picture,
             const std::string& format, double time_limit) {
  const PictureProgram dot{"dot", "Graphviz (apt install graphviz)", "render()",
                           " (options.time_limit)",
                           ". Draw a smaller graph, allow more time, or use sfdp, which is faster"};
  std::vector<std::string> arguments{"-T" + format};
  if (format == "png") arguments.push_back("-Gdpi=192");
  make_picture(dot, arguments, text, picture, format, time_limit);
}

}  // namespace autograd::detail
