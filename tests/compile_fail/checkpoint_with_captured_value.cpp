// A generic callable of a checkpoint takes Values by its operands alone: the derivative by a captured
// one would be lost.

#include <autograd/custom.hpp>

int main() {
  const autograd::Value w = 3.0, x = 2.0;
#ifdef SHOULD_FAIL
  const autograd::Value y = autograd::checkpoint([w](auto in) { return w * in[0]; }, {x});
#else
  const autograd::Value y = autograd::checkpoint([](auto in) { return in[1] * in[0]; }, {x, w});
#endif
  return y == 6.0 ? 0 : 1;
}
