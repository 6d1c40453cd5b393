// What the script of a page reads: the graph, its cards and its steps.
#pragma once

#include <string>

#include <autograd/page.hpp>

namespace autograd::detail {

// "const PAGE = {...};" and the functions of the operations.
//
// Throws: Error as to_page() does.
std::string page_data(const Value& y, const PageOptions& options);

}  // namespace autograd::detail
