// A Value is not an index or a count, not even by a cast.

#include <autograd/value.hpp>

int main() {
  autograd::Value value = 1.0;
#ifdef SHOULD_FAIL
  return static_cast<int>(value) - 1;
#else
  return static_cast<int>(value.data()) - 1;
#endif
}
