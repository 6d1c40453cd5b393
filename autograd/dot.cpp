#include "autograd/dot.hpp"

#include <algorithm>
#include <new>

#include <autograd/dot/drawing.hpp>
#include <autograd/dot/folded.hpp>
#include <autograd/dot/paths.hpp>
#include <autograd/draw/graphviz.hpp>
#include <autograd/draw/picture_program.hpp>
#include <autograd/file.hpp>
#include <autograd/inspect/graph_view.hpp>
#include <autograd/singular.hpp>
#include <autograd/tape_picture.hpp>

namespace autograd {

namespace {

using detail::GraphView;

constexpr std::size_t kMostFoldedBoxes = 60;

GraphView shown_graph(const Value& y, const DotOptions& options) {
  GraphView view = detail::list_graph(y);
  return options.from ? detail::paths_from(view, *options.from) : view;
}

// Boxes and operations.
std::size_t node_count(const GraphView& view) {
  return view.nodes.size() +
         static_cast<std::size_t>(std::count_if(view.nodes.begin(), view.nodes.end(),
                                                [](const auto& node) { return !node.op.empty(); }));
}

void check(const DotOptions& options) {
  if (options.digits < 1 || options.digits > 17) {
    throw Error("to_dot(): options.digits must be from 1 to 17, not " +
                std::to_string(options.digits));
  }
}

}  // namespace

std::string to_dot(const Value& y, const DotOptions& options) try {
  check(options);
  const GraphView view = shown_graph(y, options);
  if (options.fold > 0) return detail::folded_text(view, options.fold, options, "");
  return detail::GraphDrawing(view, find_singular(y), options).text();
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

void render(const Value& y, const std::filesystem::path& path, const DotOptions& options) try {
  check(options);
  const std::string format = detail::picture_format(path);
  const GraphView view = shown_graph(y, options);
  std::string drawing;
  if (options.fold > 0) {
    drawing = detail::folded_text(view, options.fold, options, "");
  } else if (const std::size_t nodes = node_count(view); nodes <= options.node_limit) {
    drawing = detail::GraphDrawing(view, find_singular(y), options).text();
  } else if (const std::size_t depth = detail::depth_to_fold(view, kMostFoldedBoxes); depth > 0) {
    drawing = detail::folded_text(view, depth, options,
                                  "folded by parts: " + std::to_string(nodes) +
                                      " boxes and operations are too many for one drawing");
  } else {
    return tape_picture(y, {.title = options.title}).save(path);
  }
  std::filesystem::path text = path;
  text.replace_extension(".dot");
  file::write(text, drawing);
  detail::lay_out(text, path, format, options.time_limit);
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

}  // namespace autograd
