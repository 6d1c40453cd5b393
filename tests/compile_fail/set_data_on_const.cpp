// A constant Value names one node for good, and its number cannot be changed through it.

#include <autograd/value.hpp>

int main() {
#ifdef SHOULD_FAIL
  const autograd::Value value = 1.0;
#else
  autograd::Value value = 1.0;
#endif
  value.set_data(2.0);
  return value.data() == 2.0 ? 0 : 1;
}
