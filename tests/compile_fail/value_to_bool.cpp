// A Value is not a condition: what is meant is one of its numbers.

#include <autograd/value.hpp>

int main() {
  autograd::Value value = 1.0;
#ifdef SHOULD_FAIL
  if (value) return 1;
#else
  if (value.data() != 1.0) return 1;
#endif
}
