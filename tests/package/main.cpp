// A stranger's program: it takes a gradient, and ends with 0 if that is right.

#include <autograd/autograd.hpp>
#include <nn/nn.hpp>

int main() {
  autograd::Value x = 3.0;
  autograd::Value y = x * x;
  y.backward();
  return x.grad() == 6.0 ? 0 : 1;
}
