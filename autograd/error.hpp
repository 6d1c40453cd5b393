// The one exception type of the library.
#pragma once

#include <new>
#include <stdexcept>
#include <utility>

namespace autograd {

// A caller's mistake, or a resource that ran out: what failed, what was expected, what was given,
// what to do.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

namespace detail {

// Throws: Error, and takes no memory for it.
[[noreturn]] void out_of_memory();

// f(), where memory that runs out is an Error. For work of the library alone: what a caller's own
// function throws is to pass through.
template <class F> decltype(auto) with_memory_errors(F&& f) {
  try {
    return std::forward<F>(f)();
  } catch (const std::bad_alloc&) {
    out_of_memory();
  }
}

}  // namespace detail
}  // namespace autograd
