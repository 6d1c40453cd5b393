// A Value is not a truth value: compare it with a number.

#include <autograd/comparisons.hpp>

int main() {
  autograd::Value value = 1.0;
#ifdef SHOULD_FAIL
  bool is_positive = value;
#else
  bool is_positive = value > 0.0;
#endif
  return is_positive ? 0 : 1;
}
