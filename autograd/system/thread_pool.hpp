// Thread pool: threads that wait for work, so that a short piece need not start some.
//
// They are started when first needed, and end with the program. A forked child starts its own.
#pragma once

#include <cstddef>
#include <functional>

namespace autograd::detail {

// Calls work() here and, as far as there are threads to spare, on up to `helpers` others at the
// same time; returns when all of them have. work() must do with any number of callers, and not
// throw.
void run_with_helpers(std::size_t helpers, const std::function<void()>& work);

}  // namespace autograd::detail
