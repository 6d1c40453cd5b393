// One step of training of a page, as JavaScript.
#pragma once

#include <cstddef>
#include <string>

#include <autograd/page.hpp>
#include <autograd/page/java_script.hpp>

namespace autograd::detail {

// {name, numbers, memory, lines: [{name, text, uses, value: (a) => ...}], ...}: the lines call the
// operations of `functions`, which gets those that they need.
//
// Throws: Error for a line that is no expression, and for a name that nothing has.
std::string update_as_items(const PageUpdate& update, std::size_t weights, JavaScript& functions);

}  // namespace autograd::detail
