// The parts of a page that are the same for all graphs.
#pragma once

#include <string_view>

namespace autograd::detail {

std::string_view page_style();
std::string_view page_model_script();      // values, gradients, steps: without a browser
std::string_view page_compact_script();    // the nodes of a large graph: without a browser
std::string_view page_layout_script();     // places of cards: without a browser
std::string_view page_parts_script();      // parts, open or closed: without a browser
std::string_view page_view_script();       // the drawing
std::string_view page_pointers_script();   // moving and zooming
std::string_view page_controls_script();   // the bar, the keys, the numbers of the leaves
std::string_view page_worksheet_script();  // questions and answers
std::string_view page_plane_script();      // rows, the plane of two inputs
std::string_view page_training_script();   // a step of training: without a browser
std::string_view page_training_controls_script();
std::string_view page_tape_script();  // the table of a large graph, and what is around a step

}  // namespace autograd::detail
