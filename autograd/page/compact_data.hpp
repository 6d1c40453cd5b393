// The same for a graph of too many values to write each one out.
#pragma once

#include <string>

#include <autograd/page.hpp>

namespace autograd::detail {

// As page_data(): numbers and operands as base64, formulas once for each kind of operation. The
// script makes the texts of a node from those when they are shown.
//
// Throws: Error as to_page() does.
// Cost:   linear; about fifty bytes for each value of two operands.
std::string compact_page_data(const Value& y, const PageOptions& options);

}  // namespace autograd::detail
