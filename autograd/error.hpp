// The one exception type of the library.
#pragma once

#include <cstddef>
#include <new>
#include <stdexcept>
#include <utility>
#include <vector>

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

// f(call), where memory that runs out is an Error, but for that of the caller's own functions: what
// call(g) runs passes through.
template <class F> decltype(auto) with_own_memory_errors(F&& f) {
  bool is_callers = false;
  const auto call = [&is_callers](auto&& g) {
    is_callers = true;
    auto result = g();
    is_callers = false;
    return result;
  };
  try {
    return std::forward<F>(f)(call);
  } catch (const std::bad_alloc&) {
    if (is_callers) throw;
    out_of_memory();
  }
}

// n zeros, and an empty vector with room for n.
// Throws: Error when memory runs out.
template <class T> std::vector<T> zeros(std::size_t n) {
  return with_memory_errors([n] { return std::vector<T>(n); });
}
template <class T> std::vector<T> room_for(std::size_t n) {
  return with_memory_errors([n] {
    std::vector<T> result;
    result.reserve(n);
    return result;
  });
}

}  // namespace detail
}  // namespace autograd
