// A Value is not an index or a count, unless by a cast.

#include <autograd/value.hpp>

int main() {
  autograd::Value value = 1.0;
#ifdef SHOULD_FAIL
  const int count = value;
#else
  const int count = static_cast<int>(value);
#endif
  return count - 1;
}
