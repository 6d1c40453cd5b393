// A generic callable inside of another one does not take its numbers: their derivatives would be
// mixed up. What is a constant inside goes there as a plain number.

#include <autograd/gradient.hpp>

int main() {
  const auto f = [](auto x) {
    const auto inner = [&](auto y) {
#ifdef SHOULD_FAIL
      return y[0] * x[1];
#else
      return y[0] * x[1].data();
#endif
    };
    return x[0] * autograd::gradient(inner, {3.0})[0];
  };
  return autograd::gradient(f, {2.0, 5.0})[0] == 5.0 ? 0 : 1;
}
