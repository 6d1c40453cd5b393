// A graph by its parts: a box for each part, an arrow for the values of one that another one uses.
#pragma once

#include <cstddef>
#include <string>

#include <autograd/dot.hpp>
#include <autograd/inspect/graph_view.hpp>

namespace autograd::detail {

// The drawing, with parts told apart down to the depth. `note` stands below the title.
std::string folded_text(const GraphView& view, std::size_t depth, const DotOptions& options,
                        const std::string& note);

// The depth at which the drawing says most in no more than `most` boxes; 0 if there is none, or
// nothing to fold.
std::size_t depth_to_fold(const GraphView& view, std::size_t most);

}  // namespace autograd::detail
