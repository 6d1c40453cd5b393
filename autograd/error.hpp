// The one exception type of the library.
#pragma once

#include <stdexcept>

namespace autograd {

// A caller's mistake, or a resource that ran out: what failed, what was expected, what was given,
// what to do.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace autograd
